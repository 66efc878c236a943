"""
The outlook (预见): what a case will owe until the case itself can become another one.

A window that opens, or passes its due day, changes no case: all about it was known
before. So between two days on which more can happen (`changes.turns`) nothing has to
be folded: what is owed on a day is what stood before, and what comes within the
horizon. The same as `fold` and `plan` for that day, which a test shows for any history.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from workflow.rules.case import Case
from workflow.rules.changes import first_within, turns, window_days
from workflow.rules.history import History
from workflow.rules.measures import Measure
from workflow.rules.obligations.owed import Obligation
from workflow.rules.pack import Pack
from workflow.rules.plan import plan
from workflow.rules.stages import IN_TERM
from workflow.rules.team import Team, team_of
from workflow.rules.telling import Key

STEADY = frozenset((*IN_TERM, "follow_up"))
"""The stages in which windows are most of what the calendar brings about."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """
    What is known of a case ahead, as long as nothing is recorded and pack and calendar stay the same.

    Args:
        until: the first day for which the case is to be folded again.
        through: the last day on which something listed may open.
        owed: what stands, or will, in the order of `plan`; of what it is owed for, only what its row shows.
        early: those that were seen before they open: they fell away, and came back under their key.
    """

    until: date
    through: date
    team: Team
    owed: tuple[Obligation, ...]
    early: frozenset[Key]


def plan_ahead(case: Case, through: date) -> tuple[list[Obligation], list[Obligation] | None]:
    """
    What `plan` gives, and what opens after its horizon up to a day.

    The second is None where nothing is to come within the horizon, so that `plan` looks for the next step.
    """
    horizon = case.on + timedelta(days=case.pack.settings.horizon_days)
    found = plan(case, max(through, horizon))
    near = [one for one in found if one.opens_on <= horizon]
    if case.open and not _something_to_come(near, case.on):
        return plan(case), None
    return near, found[len(near) :]


def outlook_of(
    case: Case,
    history: History,
    planned: tuple[Sequence[Obligation], Sequence[Obligation] | None],
    known_on: Mapping[Key, date],
    through: date,
) -> Outlook | None:
    """
    The outlook of a case from its day on; None where each day may bring something else.

    Args:
        history: what the case was folded from.
        planned: what `plan_ahead` gave.
        known_on: the day on which each obligation was first seen open.
    """
    near, ahead = planned
    if ahead is None or not _is_steady(case, history):
        return None
    if not all(one.stands() for one in ahead):
        return None
    owed = [one for one in (*near, *ahead) if one.stands()]
    if any(one.paused or one.withdrawn or one.held_since for one in owed):
        return None
    after = case.on
    until = min((day for day in turns(case, owed, after) if day > after), default=date.max)
    early = (one.key for one in owed if known_on.get(one.key, date.max) < one.opens_on)
    return Outlook(until, through, team_of(case), tuple(owed), frozenset(early))


def owed_on(outlook: Outlook, pack: Pack, day: date) -> list[Obligation] | None:
    """
    What stands on a later day, or will within the horizon; None where the case is to be folded for it.

    Args:
        pack: the one that the case was folded with.
    """
    horizon = day + timedelta(days=pack.settings.horizon_days)
    if day >= outlook.until or horizon > outlook.through:
        return None
    found = [one for one in outlook.owed if one.opens_on <= horizon]
    return found if _something_to_come(found, day) else None


def next_change_within(
    outlook: Outlook, owed: Collection[Obligation], pack: Pack, after: date
) -> date:
    """What `changes.next_change` gives, rungs left out, for a day for which `owed_on` gave what is owed."""
    horizon = after + timedelta(days=pack.settings.horizon_days // 2)
    return first_within((outlook.until, *window_days(owed)), after, horizon)


def _is_steady(case: Case, history: History) -> bool:
    """Whether no clock stands still, nobody is away or in hospital, and nothing recorded lies ahead."""
    ahead = bool(history.standing) and history.standing[-1].on > case.on
    ill = any(c.kind == "hospital" and c.until is None for c in case.circumstances)
    return case.stage in STEADY and not ahead and not ill and not _any_lasts(case.measures)


def _any_lasts(measures: Iterable[Measure]) -> bool:
    """Whether a stop or an absence has no last day yet."""
    return any(
        any(stop.until is None for stop in (*one.stops, *one.waits))
        or any(absence.last is None for absence in one.absences)
        for one in measures
    )


def _something_to_come(found: Iterable[Obligation], on: date) -> bool:
    return any(one.opens_on > on and one.stands() for one in found)
