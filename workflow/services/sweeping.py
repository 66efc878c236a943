"""
The tick (定时运行): what the calendar brings about on a day, for every case whose day has come.

One transaction a case. A bad case is written down with its id and error and
stops nobody. Safe to run twice, late, or on two machines: what was told is told
once, and a run that was missed is caught up in one go.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from traceback import extract_tb
from uuid import UUID, uuid4

import structlog

from workflow.rules.catching_up import caught_up
from workflow.rules.errors import GuituError
from workflow.rules.telling import notices as notices_of
from workflow.rules.terms import DAY
from workflow.rules.workdays import WorkDays
from workflow.services.clock import Instant
from workflow.services.projecting import Packs, load, project
from workflow.store import cases, notices, runs
from workflow.store.unit_of_work import UnitOfWork, UnitsOfWork

KIND = "tick"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that could not be done, and why: the code of the error and where it arose, never its text."""

    case_id: UUID
    error: str


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did: cases looked at, notices told, rows written, and the cases that it could not do."""

    run_id: UUID
    for_day: date
    cases: int
    notices: int
    rows: int
    failures: tuple[Failure, ...]


def tick(
    uow_factory: UnitsOfWork,
    *,
    packs: Packs,
    calendar: WorkDays,
    clock: Instant,
    ended: Callable[[], datetime] | None = None,
) -> RunReport:
    """
    Look at every case whose day has come: project it, tell what is due today, and note when to look next.

    Args:
        uow_factory: gives a new unit of work each time.
        clock: the instant and day of the run; any day, so that a demo or an operator may name one.
        ended: asked for the instant at the end; without it the run ends at the instant that it began.
    """
    run_id, told, rows = uuid4(), 0, 0
    failures: list[Failure] = []
    with uow_factory() as uow:
        runs.begin(uow.session, run_id, kind=KIND, for_day=clock.today, started_at=clock.now)
        waiting = cases.due_on(uow.session, clock.today)
    for case_id in waiting:
        try:
            with uow_factory() as uow:
                done = _tick_case(uow, case_id, packs, calendar, clock)
        except Exception as error:  # noqa: BLE001 (the job's edge: one bad case stops nobody)
            failures.append(_note(uow_factory, run_id, case_id, error, clock))
        else:
            told, rows = told + done[0], rows + done[1]
    counts = {"cases": len(waiting), "notices": told, "rows": rows, "failures": len(failures)}
    with uow_factory() as uow:
        runs.end(uow.session, run_id, ended_at=ended() if ended else clock.now, counts=counts)
    tell = log.info if waiting else log.debug
    tell("tick", run_id=str(run_id), for_day=clock.today.isoformat(), **counts)
    return RunReport(run_id, clock.today, len(waiting), told, rows, tuple(failures))


def tick_through(
    uow_factory: UnitsOfWork,
    *,
    packs: Packs,
    calendar: WorkDays,
    after: date,
    through: date,
) -> list[RunReport]:
    """
    Live the days after one and up to another, as a demo does whose clock is moved.

    Days on which nothing is due in any case are skipped; the last one is always run.
    """
    found: list[RunReport] = []
    day = after
    while day < through:
        with uow_factory() as uow:
            following = cases.next_due(uow.session)
        due = through if following is None else min(following, through)
        day = max(due, day + DAY)
        clock = Instant.on(day)
        found.append(tick(uow_factory, packs=packs, calendar=calendar, clock=clock))
    return found


def _tick_case(
    uow: UnitOfWork, case_id: UUID, packs: Packs, calendar: WorkDays, clock: Instant
) -> tuple[int, int]:
    """One case in one transaction; gives back how many notices were told and how many rows written."""
    case_file = load(uow, case_id)
    today, waiting = clock.today, case_file.next_change_on
    if waiting is None or waiting > today:
        return 0, 0  # another run was here since
    found = project(uow, case_file, packs(case_file.policy), calendar, today)
    known_on = caught_up(found.case, found.owed, today, found.known_on, waiting - timedelta(days=1))
    due = notices_of(found.case, found.owed, today, known_on)
    told = notices.add_new(uow.session, case_id, due, clock.now)
    cases.set_dates(uow.session, case_id, next_change_on=found.next_change_on)
    return told, found.written


def _note(
    uow_factory: UnitsOfWork, run_id: UUID, case_id: UUID, error: Exception, clock: Instant
) -> Failure:
    failure = Failure(case_id, _named(error))
    log.error("case_failed", run_id=str(run_id), case_id=str(case_id), error=failure.error)
    with uow_factory() as uow:
        runs.note_failure(uow.session, run_id, case_id, error=failure.error, at=clock.now)
    return failure


def _named(error: Exception) -> str:
    """The code or type of an error and the line where it arose: its text might hold what somebody wrote."""
    what = (
        f"{type(error).__name__}:{error.code}"
        if isinstance(error, GuituError)
        else type(error).__name__
    )
    trace = extract_tb(error.__traceback__)
    return f"{what} at {trace[-1].name}:{trace[-1].lineno}" if trace else what
