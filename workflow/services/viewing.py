"""
Looking at a case: stage, way, terms, exit, team, what is owed and why, what was told.

It is folded from its events on the day asked for; the list of all is `services.case_lists`.
Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from workflow.rules.breaches import counters_of
from workflow.rules.case import Case, Fact
from workflow.rules.due import state
from workflow.rules.events import EVENTS, EventVoided
from workflow.rules.events.fields import Means
from workflow.rules.exits import exit_day
from workflow.rules.fold import fold
from workflow.rules.history import Recorded, history_of
from workflow.rules.moves import moves
from workflow.rules.obligations.owed import Obligation
from workflow.rules.plan import plan
from workflow.rules.reasons import told_because, why
from workflow.rules.reasons.otherwise import inputs, would_change
from workflow.rules.team import empty_chairs, suggested, told
from workflow.rules.workdays import WorkDays
from workflow.services.calendar_days import work_days_of
from workflow.services.case_files import CaseFile, load
from workflow.services.case_lists import next_step
from workflow.services.clock import AsOf, Instant, civil_day
from workflow.services.event_forms import dump
from workflow.services.pinning import packs_within, pinned
from workflow.services.projecting import Packs
from workflow.services.views import (
    CaseView,
    ChairView,
    EventView,
    NoticeView,
    ObligationView,
    StageView,
    TeamView,
    TermView,
)
from workflow.store import events, notices, people
from workflow.store.reach import Reach
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

__all__ = [
    "CaseView",
    "case_view",
    "folded",
    "lines_of",
    "obligation_view",
    "team_view",
    "terms_of",
]


def case_view(
    uow: UnitOfWork,
    case_id: UUID,
    *,
    packs: Packs,
    calendar: WorkDays | None,
    clock: Instant,
    as_of: AsOf | None = None,
    reach: Reach | None = None,
    own_chair: str | None = None,
) -> CaseView:
    """
    Everything about one case today; or as true on a day, as known at an instant.

    Args:
        calendar: the working days; None for those of this database, as known then.
        reach: which cases the caller may know of; None for the engine itself.
        own_chair: a helper who sees their own chairs, what these owe, and nothing of others.

    Raises:
        NotFound: there is no such case within reach.
    """
    as_of = as_of or AsOf(clock.today)
    case_file = load(uow, case_id, reach, known_at=as_of.known_at)
    case = folded(uow, case_file, as_of, packs, calendar)
    view = _view(uow, case_file, case, as_of)
    return view if own_chair is None else _from_a_chair(view, own_chair)


def _from_a_chair(view: CaseView, helper: str) -> CaseView:
    """What a helper sees of a case: their own chairs, and what is owed from them."""
    team = view.team.of(helper)
    roles = {one.role for one in team.chairs}
    owed = tuple(one for one in view.obligations if one.owner in roles)
    return replace(
        view,
        team=team,
        obligations=owed,
        next_step=next_step(owed),
        events=(),
        notices=(),
        moves=(),
    )


def folded(
    uow: UnitOfWork, case_file: CaseFile, as_of: AsOf, packs: Packs, calendar: WorkDays | None
) -> Case:
    """The case as asked for: with the pack that counted then, and the calendar as it was known."""
    known_at, policy = as_of.known_at, case_file.policy
    if known_at is not None:
        policy = pinned(uow, case_file.id, known_at)
    days = calendar if calendar is not None else work_days_of(uow, known_at=known_at)
    pack = packs_within(uow, packs)(policy)
    return fold(history_of(case_file.recorded), pack, days, as_of.on, team=case_file.team)


def _view(uow: UnitOfWork, case_file: CaseFile, case: Case, as_of: AsOf) -> CaseView:
    today = as_of.on
    owed = [(one, obligation_view(one, case, today)) for one in plan(case)]
    terms, exit_on = terms_of(case, today), exit_day(case, today)
    told_by_then = notices.of_case(uow.session, case_file.id, known_at=as_of.known_at)
    return CaseView(
        id=case_file.id,
        person_id=case_file.person_id,
        name=people.name_of(uow.session, uow.ring, case_file.subject_id),
        policy=case.pack.name,
        version=case_file.version,
        on=today,
        opened_on=case_file.opened_on,
        ended_on=case.ended_on,
        stage=case.stage,
        stages=tuple(StageView(s.first, s.stage, s.by.name) for s in case.stays),
        terms=terms,
        ends_on=terms[-1].ends_on if terms else None,
        exit_on=exit_on.day,
        exit_projected=exit_on.projected,
        exit_barred=case.barred(),
        counters=counters_of(case.measures, today, case.pack.thresholds),
        team=team_view(case),
        obligations=tuple(view for _, view in owed),
        next_step=next_step([view for one, view in owed if one.stands()]),
        events=tuple(_timeline(uow, case_file, case)),
        notices=tuple(_notice(row) for row in told_by_then),
        moves=tuple(moves(case, today)),
    )


def terms_of(case: Case, on: date) -> tuple[TermView, ...]:
    """The terms that began, in order, without what was revoked."""
    begun = [m for m in case.measures if not m.revoked and m.ends_on(on) is not None]
    return tuple(TermView(m.kind, m.starts_on, m.ends_on(on)) for m in begun)


def team_view(case: Case) -> TeamView:
    chairs = tuple(
        ChairView(
            chair.role,
            chair.helper,
            chair.assigned.on if chair.assigned else None,
            chair.acknowledged.on if chair.acknowledged else None,
        )
        for chair in case.chairs.values()
    )
    empty = tuple(empty_chairs(case)) if case.team_since is not None and case.open else ()
    return TeamView(chairs, empty, tuple(case.waived), tuple(suggested(case)))


def obligation_view(one: Obligation, case: Case, today: date) -> ObligationView:
    return ObligationView(
        kind=one.kind,
        label=one.rule.label,
        occurrence=one.occurrence,
        opens_on=one.opens_on,
        due_on=one.due_on,
        closed_on=one.closed_on,
        state=state(one, today),
        owner=one.owner,
        told=told(case, one.owner, today)[0],
        told_because=Means(
            told_because(one, case, today, "zh"), told_because(one, case, today, "en")
        ),
        basis=one.rule.cited.basis,
        source=one.rule.cited.source,
        why=Means(why(one, case, "zh"), why(one, case, "en")),
        pack=case.pack.name,
        inputs=inputs(one, case),
        would_change=would_change(one, case),
    )


def _notice(row: Found) -> NoticeView:
    return NoticeView(row.told_on, row.kind, row.occurrence, row.rung, row.role, row.told_to)


def _timeline(uow: UnitOfWork, case_file: CaseFile, case: Case) -> list[EventView]:
    captured = {row.id: row.captured_at for row in events.of_case(uow.session, case_file.id)}
    return lines_of(case_file, case, captured)


def lines_of(
    case_file: CaseFile, case: Case, captured: Mapping[str, datetime | None]
) -> list[EventView]:
    """
    What happened, in order: recorded and derived, voided ones marked, and what lies ahead.

    Args:
        captured: when devices noted the events that they noted, by id.
    """
    facts = sorted(_flat(case.facts.values()), key=lambda fact: fact.pos)
    seen = {fact.rec.id for fact in facts if fact.rec is not None}
    voids = [rec.event for rec in case_file.recorded if isinstance(rec.event, EventVoided)]
    voided = {event.event_id for event in voids}
    lines = [
        _derived(fact)
        if fact.rec is None
        else _line(fact.rec, captured.get(fact.rec.id), out=fact.out, voided=False)
        for fact in facts
    ]
    lines += [
        _line(rec, captured.get(rec.id), out=False, voided=rec.id in voided)
        for rec in case_file.recorded
        if rec.id not in seen
    ]
    return sorted(lines, key=lambda line: line.on)


def _flat(groups: Iterable[list[Fact]]) -> Iterator[Fact]:
    for group in groups:
        yield from group


def _derived(fact: Fact) -> EventView:
    label = EVENTS[fact.name].label
    return EventView(
        None, fact.name, label, fact.on, None, None, None, None, {}, (), False, fact.out, False
    )


def _line(rec: Recorded, captured_at: datetime | None, *, out: bool, voided: bool) -> EventView:
    known = civil_day(captured_at) if captured_at else rec.recorded_on
    return EventView(
        id=rec.id,
        event=rec.event.name,
        label=rec.event.label,
        on=rec.on,
        at=rec.at,
        recorded_on=rec.recorded_on,
        recorded_by=rec.recorded_by,
        approved_by=rec.approved_by,
        fields=dump(rec.event),
        closes=rec.closes or (),
        voided=voided,
        out_of_stage=out,
        entered_late=known > rec.on,
    )
