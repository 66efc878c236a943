"""
The runs of jobs (定时运行记录): what a sweep did on a day, as known at an instant. One without an end is the alarm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from workflow.rules.terms import DAY
from workflow.services.clock import Instant
from workflow.services.completeness import Account, accounts_of
from workflow.services.sweeping import KIND
from workflow.store import runs
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

DAYS_BACK = 30
LONGEST_RUN = timedelta(hours=1)
"""A run is over by then: the first one after a new release projects 100,000 cases anew in well under an hour."""


@dataclass(frozen=True, slots=True)
class RunView:
    """
    One run.

    Args:
        for_day: the civil day that it was for.
        ended_at: None while it runs, and where it died.
        counts: what it did; empty until its end.
        failures: the cases that it could not do, each with the code of its error.
        account: whether every case has a next step and every notice went its way; None where none was made.
    """

    id: UUID
    kind: str
    for_day: date
    started_at: datetime
    ended_at: datetime | None
    counts: Mapping[str, int]
    failures: tuple[tuple[UUID, str], ...]
    account: Account | None = None


def runs_of(
    uow: UnitOfWork,
    *,
    on: date | None = None,
    known_at: datetime | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> list[RunView]:
    """
    The last runs, the latest first.

    Args:
        on: only those for this day.
        known_at: as it was at an instant: what had not ended by then had no end yet.
        after: when the last one of the page before began, and its id.
    """
    rows = runs.listed(uow.session, on=on, known_at=known_at, after=after, limit=limit)
    ids = [row.id for row in rows]
    failed = runs.failures_of_many(uow.session, ids, known_at)
    made = accounts_of(uow, ids, known_at)
    return [_view(row, failed.get(row.id, ()), made.get(row.id), known_at) for row in rows]


def _view(
    row: Found,
    failed: tuple[tuple[UUID, str], ...],
    account: Account | None,
    known_at: datetime | None,
) -> RunView:
    ended = row.ended_at
    if ended is not None and known_at is not None and ended > known_at:
        ended = None
    counts = dict(row.counts) if ended is not None else {}
    return RunView(row.id, row.kind, row.for_day, row.started_at, ended, counts, failed, account)


@dataclass(frozen=True, slots=True)
class Alarm:
    """
    What somebody has to look into.

    Args:
        what: `no_end`: it died, or it has run for an hour; `missed_day`: nobody looked at the calendar on that
            day, and what fell due was told later; `failures`: the last run could not do some cases.
        run_id: None where there was no run.
    """

    what: Literal["no_end", "missed_day", "failures"]
    for_day: date
    run_id: UUID | None


def alarms(uow: UnitOfWork, clock: Instant) -> list[Alarm]:
    """What was wrong with the sweeps of the last thirty days; empty where all is well."""
    since = clock.today - DAYS_BACK * DAY
    dead = runs.without_end(uow.session, KIND, clock.now - DAYS_BACK * DAY, clock.now - LONGEST_RUN)
    found = [Alarm("no_end", row.for_day, row.id) for row in dead]
    found += [Alarm("missed_day", day, None) for day in _missed(uow, since, clock.today)]
    for row in runs.latest(uow.session, KIND):
        if runs.failures_of(uow.session, row.id):
            found.append(Alarm("failures", row.for_day, row.id))
    return found


def _missed(uow: UnitOfWork, since: date, today: date) -> Iterator[date]:
    """The days before today, and after the first run ever, for which no run came to its end."""
    first = runs.first_day(uow.session, KIND)
    run = set(runs.days_run(uow.session, KIND, since))
    day = max(since, first) if first else today
    while day < today:
        if day not in run:
            yield day
        day += DAY
