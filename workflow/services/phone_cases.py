"""
A case as a phone carries it (随身个案): enough to do the day's work without a signal, and no more.

Codes and dates, no words and no states: labels and articles travel once for all cases, and what is due on a
day the phone says itself (`docs/vectors/due.json`). Of the person there is what calling and finding them
needs, never a number of identity. What is empty is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from workflow.rules.case import Case
from workflow.rules.closing import SAYS_ABOUT
from workflow.rules.events import EVENTS, to_wire
from workflow.rules.exits import exit_day
from workflow.rules.moves import SOMETIMES_APPROVED, Offer, moves
from workflow.rules.obligations.owed import Obligation
from workflow.rules.plan import plan
from workflow.rules.remits import Remit, chairs_of, offered
from workflow.services.case_files import CaseFile
from workflow.services.viewing import lines_of, team_view, terms_of
from workflow.services.views import EventView
from workflow.store.profiles import Profile

LAST_EVENTS = 20
LAST_SETTLED = 5
"""Of what happened, and of what is done: the last ones, counted, so that a day that passes changes nothing."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Opened:
    """A case, folded today, and what else is shown of it."""

    file: CaseFile
    case: Case
    profile: Profile | None
    captured: Mapping[str, datetime]


def content_of(opened: Opened, remit: Remit, today: date) -> Json:
    """
    The case as it is carried; which of its fields a role may read is asked of the table.

    Args:
        remit: what they may record whose phone it is; a helper sees their own chair.
    """
    file, case = opened.file, opened.case
    events = list(_events(opened, remit, today))
    return _said(
        id=file.id,
        version=file.version,
        person=_person(opened),
        office_id=file.office_id,
        policy=case.pack.name,
        opened_on=file.opened_on,
        ended_on=case.ended_on,
        stage=case.stage,
        way=[{"stage": stay.stage, "on": stay.first} for stay in case.stays],
        **_ends(case, today),
        team=_team(case, remit),
        obligations=[_obligation(one) for one in _obligations(case, remit)],
        moves=list(_moves(case, remit, {one["id"] for one in events if "id" in one}, today)),
        events=events,
    )


def _said(**fields: Any) -> Json:
    """What there is of these fields."""
    return {name: value for name, value in fields.items() if not _empty(value)}


def _empty(value: object) -> bool:
    return value is None or value is False or value in ([], {}, ())


def _person(opened: Opened) -> Json:
    known = opened.profile or Profile()
    return _said(
        id=opened.file.subject_id,
        name=known.name,
        born=known.born,
        phones=list(known.phones),
        address=known.address,
    )


def _ends(case: Case, today: date) -> Json:
    terms, exit_on = terms_of(case, today), exit_day(case, today)
    return {
        "ends_on": terms[-1].ends_on if terms else None,
        "exit_on": exit_on.day,
        "exit_projected": exit_on.projected,
    }


def _team(case: Case, remit: Remit) -> Json:
    team = team_view(case)
    if remit.helper is not None:
        team = team.of(remit.helper)
    chairs = [
        _said(
            role=chair.role,
            helper=chair.helper,
            assigned_on=chair.assigned_on,
            acknowledged_on=chair.acknowledged_on,
        )
        for chair in team.chairs
    ]
    return _said(chairs=chairs, empty=list(team.empty), waived=list(team.waived))


def _obligations(case: Case, remit: Remit) -> Iterator[Obligation]:
    """What stands, statutory first and then by due day; behind it the last that were settled."""
    owed = plan(case)
    if remit.helper is not None:
        chairs = chairs_of(case, remit.helper)
        owed = [one for one in owed if one.owner in chairs]
    yield from sorted((one for one in owed if one.stands()), key=_pressing)
    settled = sorted((one for one in owed if one.settled()), key=lambda one: (one.due_on, one.key))
    yield from settled[-LAST_SETTLED:]


def _pressing(one: Obligation) -> tuple[bool, date, tuple[str, str]]:
    return one.rule.cited.basis != "law", one.due_on, one.key


def _obligation(one: Obligation) -> Json:
    return _said(
        kind=one.kind,
        occurrence=one.occurrence,
        opens_on=one.opens_on,
        due_on=one.due_on,
        owner=one.owner,
        closed_on=one.closed_on,
        missed_on=one.missed_by.on if one.missed_by else None,
        excused_on=one.excused_by.on if one.excused_by else None,
        withdrawn=one.withdrawn,
        ended_on=one.ended_on,
        held_since=one.held_since,
        about=_about(one),
    )


def _about(one: Obligation) -> str | None:
    """What it is about, where the form that closes it has to say so."""
    return one.ref if one.kind in SAYS_ABOUT else None


def _moves(case: Case, remit: Remit, events: set[str], today: date) -> Iterator[Json]:
    """What can be recorded today; of events to be voided those that are shown."""
    for offer in offered(remit, case, moves(case, today)):
        if offer.possible:
            choices = {name: _chosen(name, found, events) for name, found in offer.choices.items()}
            words = to_wire(EVENTS[offer.event], choices)
            yield _said(event=offer.event, choices=words, approval=_approval(offer))


def _chosen(name: str, found: Sequence[str], events: set[str]) -> list[str]:
    return [one for one in found if name != "event_id" or one in events]


def _approval(offer: Offer) -> str | None:
    sometimes = "sometimes" if offer.event in SOMETIMES_APPROVED else None
    return "always" if offer.needs_approval else sometimes


def _events(opened: Opened, remit: Remit, today: date) -> Iterator[Json]:
    lines = [one for one in lines_of(opened.file, opened.case, opened.captured) if one.on <= today]
    if remit.helper is not None:
        lines = [one for one in lines if one.recorded_by == remit.helper]
        lines = [one for one in lines if remit.covers(one.event)]
    yield from map(_line, lines[-LAST_EVENTS:])


def _line(one: EventView) -> Json:
    return _said(
        id=one.id,
        event=one.event,
        on=one.on,
        at=one.at,
        recorded_on=one.recorded_on if one.recorded_on != one.on else None,
        recorded_by=one.recorded_by,
        approved_by=one.approved_by,
        fields={name: value for name, value in one.fields.items() if value is not None},
        closes=[list(key) for key in one.closes],
        voided=one.voided,
        out_of_stage=one.out_of_stage,
        entered_late=one.entered_late,
    )
