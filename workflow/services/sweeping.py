"""
The sweep (定时运行): what the calendar brings about on a day, for every case whose day has come.

Cases are projected some hundred at a time, one transaction each; where one of
them cannot be done they are taken one by one, and the bad one is written down
with its id and error and stops nobody. What falls due in cases that do not change
is told by one statement. Safe to run twice, late, or on two machines: what was
told is told once, and a run that was missed is caught up in one go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from traceback import extract_tb
from uuid import UUID, uuid4

import structlog

from workflow.rules.catching_up import caught_up
from workflow.rules.errors import GuituError, Unavailable
from workflow.rules.telling import Notice
from workflow.rules.telling import notices as notices_of
from workflow.rules.terms import DAY
from workflow.rules.workdays import WorkDays
from workflow.services.calendar_days import work_days_in
from workflow.services.case_files import load_many
from workflow.services.clock import Instant
from workflow.services.collecting import uncollected
from workflow.services.foreseeing import Foreseen, foresee
from workflow.services.pinning import packs_within
from workflow.services.projecting import Packs, Projection, project
from workflow.store import calendar_days, cases, notices, rungs, runs, stamps, turns
from workflow.store.cases import SWEPT_THROUGH
from workflow.store.unit_of_work import UnitOfWork, UnitsOfWork, in_one_go

"""The cases of one county, before the sweep of all of them: several machines share a morning that way."""
AT_ONCE = 200
"""Cases a transaction: enough that statements cost little, few enough that a writer waits no second."""

AHEAD = 50 * AT_ONCE
"""Cases a question: where all of a county wait for one day, each question goes through them all."""

TRY_AGAIN = timedelta(hours=1)
"""After so long a case is tried again that could not be done."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that could not be done, and why: the code of the error and where it arose, never its text."""

    case_id: UUID
    error: str


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did: cases projected, notices told, rows written, and the cases that it could not do."""

    run_id: UUID
    for_day: date
    cases: int
    notices: int
    rows: int
    failures: tuple[Failure, ...]


@dataclass(slots=True)
class _Run:
    """A run under way."""

    uow_factory: UnitsOfWork
    packs: Packs
    calendar: WorkDays | None
    clock: Instant
    id: UUID = field(default_factory=uuid4)
    cases: int = 0
    told: int = 0
    rows: int = 0
    failures: list[Failure] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        found = {"cases": self.cases, "notices": self.told, "rows": self.rows}
        return {**found, "failures": len(self.failures)}

    @property
    def report(self) -> RunReport:
        day, failures = self.clock.today, tuple(self.failures)
        return RunReport(self.id, day, self.cases, self.told, self.rows, failures)


def sweep(
    uow_factory: UnitsOfWork,
    *,
    packs: Packs,
    calendar: WorkDays | None,
    clock: Instant,
    ended: Callable[[], datetime] | None = None,
    passed: Callable[[int, int], None] | None = None,
) -> RunReport:
    """
    Project every case whose day has come, tell what is due today, and note when to look next.

    Args:
        uow_factory: gives a new unit of work each time.
        calendar: the working days; None for those of the database, asked anew for each chunk.
        clock: the instant and day of the run; any day, so that a demo or an operator may name one.
        ended: asked for the instant at the end; without it the run ends at the instant that it began.
        passed: told how many of how many cases are done; each is counted once more for it.
    """
    run = _Run(uow_factory, packs, calendar, clock)
    with uow_factory() as uow:
        runs.begin(uow.session, run.id, kind=runs.SWEEP, for_day=clock.today, started_at=clock.now)
        due = cases.count_due_on(uow.session, clock.today) if passed else 0
    for chunk in _due(uow_factory, clock.today):
        run.cases += len(chunk)
        _sweep_chunk(run, chunk)
        if passed:
            passed(run.cases, max(due, run.cases))
    run.told = in_one_go(uow_factory, lambda uow: _end(uow, run, ended))
    tell = log.info if run.cases or run.told else log.debug
    tell("sweep", run_id=str(run.id), for_day=clock.today.isoformat(), **run.counts)
    return run.report


def sweep_county(
    uow_factory: UnitsOfWork,
    division: str,
    *,
    packs: Packs,
    calendar: WorkDays | None,
    clock: Instant,
) -> RunReport:
    """
    The part of a day's sweep that is about the cases of one county's offices.

    The sweep finds them done, and tells what falls due in cases that do not change.

    Args:
        division: the county's code.
    """
    run = _Run(uow_factory, packs, calendar, clock)
    with uow_factory() as uow:
        runs.begin(
            uow.session, run.id, kind=runs.COUNTY_SWEEP, for_day=clock.today, started_at=clock.now
        )
    for chunk in _due(uow_factory, clock.today, division):
        run.cases += len(chunk)
        _sweep_chunk(run, chunk)
    with uow_factory() as uow:
        runs.end(uow.session, run.id, ended_at=clock.now, counts=run.counts)
    return run.report


def counties_to_sweep(uow: UnitOfWork, clock: Instant) -> tuple[str, ...]:
    """The codes of the counties that may be swept apart: where there are several, before the day's first sweep."""
    through = swept_through(uow)
    if through is not None and through >= clock.today:
        return ()
    if clock.today in runs.days_begun(uow.session, runs.COUNTY_SWEEP, clock.today):
        return ()
    found = cases.divisions_due_on(uow.session, clock.today)
    return tuple(found) if len(found) > 1 else ()


def is_due(uow: UnitOfWork, clock: Instant) -> bool:
    """
    Whether a sweep would find anything to do: the day has not been swept, or a case waits to be looked at.

    A case that the last sweep could not do is tried again an hour later, and not at each look at the clock.
    """
    through = swept_through(uow)
    if through is None or through < clock.today:
        return True
    last = next(iter(runs.latest(uow.session, runs.SWEEP)), None)
    tried = last.id if last is not None and last.started_at > clock.now - TRY_AGAIN else None
    return cases.any_due_on(uow.session, clock.today, but_failed_in=tried)


def sweep_through(
    uow_factory: UnitsOfWork,
    *,
    packs: Packs,
    calendar: WorkDays | None,
    after: date,
    through: date,
    lived: Callable[[Instant], object] | None = None,
) -> list[RunReport]:
    """
    Live the days after one and up to another, as a demo does whose clock is moved.

    Days on which nothing is due in any case are skipped; the last one is always run.

    Args:
        lived: told after each day that was swept.
    """
    found: list[RunReport] = []
    day = after
    while day < through:
        with uow_factory() as uow:
            due = min(next_day(uow, day) or through, through)
        day = max(due, day + DAY)
        clock = Instant.on(day)
        found.append(sweep(uow_factory, packs=packs, calendar=calendar, clock=clock))
        if lived:
            lived(clock)
    return found


def dawn(uow_factory: UnitsOfWork, *, packs: Packs, calendar: WorkDays | None, day: date) -> None:
    """Let a day begin: the rows show what is open on it. What is to be told is left to the day's sweep."""

    def projected(uow: UnitOfWork, chunk: Sequence[UUID]) -> None:
        calendar_days.keep(uow.session)
        files = load_many(uow, cases.find_many(uow.session, chunk))
        wait = {one.id: one.next_change_on for one in files if one.next_change_on}
        days = work_days_in(uow, calendar)
        project(uow, files, packs_within(uow, packs), days, day, wait=wait)

    for chunk in _due(uow_factory, day):
        in_one_go(uow_factory, partial(projected, chunk=chunk))


def next_day(uow: UnitOfWork, after: date) -> date | None:
    """The first day after this one on which the calendar brings something about; any earlier one that still waits."""
    found = (cases.next_due(uow.session), rungs.next_day(uow.session, after))
    return min((day for day in found if day is not None), default=None)


def swept_through(uow: UnitOfWork) -> date | None:
    """The last day that a sweep has told to its end."""
    found = stamps.read(uow.session, SWEPT_THROUGH)
    return date.fromisoformat(found) if found else None


def _due(
    uow_factory: UnitsOfWork, day: date, division: str | None = None
) -> Iterator[Sequence[UUID]]:
    """The cases whose day has come, some hundred at a time; those that a run could not do are asked for once."""
    after = None
    while True:
        with uow_factory() as uow:
            places = cases.due_on(uow.session, day, AHEAD, after=after, division=division)
        if not places:
            return
        after = places[-1]
        for start in range(0, len(places), AT_ONCE):
            yield [case_id for _, case_id in places[start : start + AT_ONCE]]


def _sweep_chunk(run: _Run, chunk: Sequence[UUID]) -> None:
    """Some cases in one transaction; where that fails, each in one of its own."""
    try:
        with uncollected():
            told, rows = in_one_go(run.uow_factory, lambda uow: _sweep_cases(uow, chunk, run))
    except Unavailable:
        raise  # it is not this case that cannot be done
    except Exception as error:  # noqa: BLE001 (the job's edge: one bad case stops nobody)
        if len(chunk) == 1:
            run.failures.append(_note(run, chunk[0], error))
        else:
            for case_id in chunk:
                _sweep_chunk(run, [case_id])
    else:
        run.told, run.rows = run.told + told, run.rows + rows


def _sweep_cases(uow: UnitOfWork, case_ids: Sequence[UUID], run: _Run) -> tuple[int, int]:
    """
    Move cases on to today and tell what is due in them; gives back how many notices and how many rows were written.

    What can be foreseen is not folded.
    """
    today = run.clock.today
    calendar_days.keep(uow.session)
    held = cases.waiting(uow.session, case_ids, today)  # of the others another run took care since
    days, packs = work_days_in(uow, run.calendar), packs_within(uow, run.packs)
    foreseen, others, rows = foresee(uow, held, packs, days, today)
    due = [(one.id, notice) for one in foreseen for notice in _notices(one, one.waiting, today)]
    if others:
        done, more = project(uow, load_many(uow, others), packs, days, today)
        rows += more
        for found in done:
            waiting = found.file.next_change_on
            assert waiting is not None
            due += [(found.file.id, notice) for notice in _notices(found, waiting, today)]
    return notices.add_new(uow.session, due, run.clock.now), rows


def _end(uow: UnitOfWork, run: _Run, ended: Callable[[], datetime] | None) -> int:
    """Tell what is due in cases that do not change, and write down that the run has ended; all that it told."""
    clock = run.clock
    turns.take(uow.session, "the end of a sweep")
    told = run.told + rungs.tell_due(uow.session, clock.today, swept_through(uow), clock.now)
    stamps.raise_to(uow.session, SWEPT_THROUGH, clock.today)
    counts = {**run.counts, "notices": told}
    runs.end(uow.session, run.id, ended_at=ended() if ended else clock.now, counts=counts)
    return told


def _notices(found: Projection | Foreseen, waiting: date, today: date) -> list[Notice]:
    """What is to be told about a case today, and what was missed since its day came."""
    told_through = waiting - DAY
    known_on = caught_up(found.teller, found.owed, today, found.known_on, told_through)
    return notices_of(found.teller, found.owed, today, known_on)


def _note(run: _Run, case_id: UUID, error: Exception) -> Failure:
    failure = Failure(case_id, _named(error))
    log.error("case_failed", run_id=str(run.id), case_id=str(case_id), error=failure.error)
    with run.uow_factory() as uow:
        runs.note_failure(uow.session, run.id, case_id, error=failure.error, at=run.clock.now)
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
