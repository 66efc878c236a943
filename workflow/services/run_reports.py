"""
The runs of jobs (定时运行记录): what a sweep did on a day, as known at an instant. One without an end is the alarm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from uuid import UUID

from workflow.rules.events.fields import Means
from workflow.rules.terms import DAY
from workflow.services.clock import Instant
from workflow.services.completeness import Account, accounts_of, last_account
from workflow.services.modes import demo_today
from workflow.services.sweeping import swept_through
from workflow.store import message_counts, runs
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

DAYS_BACK = 30
LONGEST_RUN = timedelta(hours=1)
"""A run is over by then: the first one after a new release projects 100,000 cases anew in well under an hour."""

SWEPT_BY = time(7, 0)
"""By this hour the day has been looked at: messages go out from eight on."""

LONGEST_LOOK = timedelta(minutes=10)
"""What failed so shortly before midnight may not have been seen on its day."""

LONGEST_WAIT = timedelta(minutes=30)
"""A message whose time has come has been tried by then, whatever else there is to send; after a start, all that waited."""


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


What = Literal[
    "no_end",
    "missed_day",
    "not_today",
    "failures",
    "gap",
    "message_failed",
    "messages_stuck",
]

MEANINGS: Mapping[str, Means] = {
    "no_end": Means("没有结束：可能中断了", "has no end: it may have died"),
    "missed_day": Means(
        "这一天没有运行，到期的事后来才通知", "no run on this day; what fell due was told later"
    ),
    "not_today": Means("今天还没有运行", "nobody has looked at this day yet"),
    "failures": Means("有个案没有办成", "some cases could not be done"),
    "gap": Means("账有缺口，见运行记录的明细", "the account does not close; the run says where"),
    "message_failed": Means("有消息谁也没收到", "messages reached nobody"),
    "messages_stuck": Means("有消息到时未发", "messages wait whose time has come"),
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """
    What somebody has to look into; one of a sort for a day is one alarm, however often it is seen.

    Args:
        what: `no_end`: it died, or it has run for an hour; `missed_day`: nobody looked at the calendar on that
            day, and what fell due was told later; `not_today`: nobody has looked at it yet today; `failures`:
            the last run could not do some cases; `gap`: the account does not close; `message_failed`: a
            message reached nobody; `messages_stuck`: one waits whose time has come long since.
        run_id: None where there was no run.
        count: how many cases, messages or items, where there is something to count.
    """

    what: What
    for_day: date
    run_id: UUID | None
    count: int = 1


def alarms(uow: UnitOfWork, clock: Instant) -> list[Alarm]:
    """What is wrong with the sweeps of the last thirty days, and with today's messages; empty where all is well."""
    since = clock.today - DAYS_BACK * DAY
    dead = runs.without_end(uow.session, clock.now - DAYS_BACK * DAY, clock.now - LONGEST_RUN)
    found = [Alarm("no_end", row.for_day, row.id) for row in dead]
    if demo_today(uow) is None:  # whose clock stands still, and skips days
        found += [Alarm("missed_day", day, None) for day in _missed(uow, since, clock.today)]
        found += _not_today(uow, clock)
    for row in runs.latest(uow.session, runs.SWEEP):
        if failed := runs.failures_of(uow.session, row.id):
            found.append(Alarm("failures", row.for_day, row.id, len(failed)))
    return [*found, *_of_messages(uow, clock)]


def _missed(uow: UnitOfWork, since: date, today: date) -> Iterator[date]:
    """The days before today, and after the first run ever, for which no run came to its end."""
    first = runs.first_day(uow.session, runs.SWEEP)
    run = set(runs.days_run(uow.session, runs.SWEEP, since))
    day = max(since, first) if first else today
    while day < today:
        if day not in run:
            yield day
        day += DAY


def _not_today(uow: UnitOfWork, clock: Instant) -> Iterator[Alarm]:
    """That nobody has told today's notices, though the first message of the day is about to go out, and nobody is at it."""
    through = swept_through(uow)
    late = clock.now >= Instant.on(clock.today, SWEPT_BY).now
    if not late or through is None or through >= clock.today:
        return
    begun = runs.first_begun(uow.session, clock.today, (runs.SWEEP, runs.COUNTY_SWEEP))
    if begun is None or begun <= clock.now - LONGEST_RUN:
        yield Alarm("not_today", clock.today, None)


def _of_messages(uow: UnitOfWork, clock: Instant) -> Iterator[Alarm]:
    """What is left over in today's account, what reached nobody today, and what should have gone out."""
    account = last_account(uow)
    if account is not None and account.for_day == clock.today and not account.closes:
        yield Alarm("gap", clock.today, account.run_id, account.gap)
    since = Instant.on(clock.today, time()).now - LONGEST_LOOK
    if failed := message_counts.failed_since(uow.session, since, clock.today - 7 * DAY):
        yield Alarm("message_failed", clock.today, None, failed)
    if _is_stuck(uow, clock.now):
        queued, _ = message_counts.waiting(uow.session, clock.now)
        yield Alarm("messages_stuck", clock.today, None, queued)


def _is_stuck(uow: UnitOfWork, now: datetime) -> bool:
    """Whether one has waited for long, though somebody could have been at it: a server that was off begins with what is old."""
    oldest = message_counts.oldest_due(uow.session, now)
    if oldest is None or oldest >= now - LONGEST_WAIT:
        return False
    begun = runs.first_since(uow.session, oldest)
    return begun is None or begun < now - LONGEST_WAIT
