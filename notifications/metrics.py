"""
What a monitor reads (指标): how old the oldest due message is, what waits, what came of attempts, whether the account closes.

All about messages and runs is counted from the rows when it is asked, so that it is the same on every server,
worker and restart. Only requests are counted here, by the template of their route. No label is an id or a
name of anything that a person may stand behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from workflow.rules.errors import Unavailable
from workflow.services.clock import Instant
from workflow.services.completeness import Account, last_account
from workflow.services.run_reports import MEANINGS, Alarm, alarms
from workflow.services.sweeping import swept_through
from workflow.store import message_counts, runs
from workflow.store.unit_of_work import UnitOfWork, UnitsOfWork

CONTENT_TYPE = CONTENT_TYPE_LATEST
BUCKETS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 60.0)
"""Seconds of a request; it is over at the latest after GUITU_LONGEST_ANSWER."""

UNMATCHED = "unmatched"
"""The route of a request that has none: its path is never a label."""


class Metrics:
    """
    The metrics of one process, in a registry of its own.

    Args:
        make_uow: gives units of work that only read.
    """

    def __init__(self, make_uow: UnitsOfWork, clock: Callable[[], Instant]) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._requests = Histogram(
            "guitu_request_seconds",
            "Requests, by method, route and class of the answer",
            ("method", "route", "answer"),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._registry.register(_Rows(make_uow, clock))

    def note_request(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """Count one request; `route` is a template such as `/api/v1/cases/{case_id}`."""
        answer = f"{status // 100}xx"
        self._requests.labels(method, route or UNMATCHED, answer).observe(seconds)

    def text(self) -> bytes:
        """All of them, as Prometheus reads them."""
        return generate_latest(self._registry)


class _Rows(Collector):
    """What is counted from the rows; where they cannot be read, only that."""

    def __init__(self, make_uow: UnitsOfWork, clock: Callable[[], Instant]) -> None:
        self._make_uow, self._clock = make_uow, clock

    def describe(self) -> Sequence[Metric]:
        """Asks no database while it is registered."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """One transaction that only reads."""
        found: list[Metric] = []
        try:
            clock = self._clock()
            with self._make_uow() as uow:
                found += [*_messages(uow, clock), *_attempts(uow, clock)]
                found += [*_runs(uow, clock), *_account(last_account(uow), clock)]
                found += [_alarms(alarms(uow, clock))]
        except Unavailable:
            found = []
        yield _gauge("guitu_database_up", "Whether the database can be read", bool(found))
        yield from found


def _messages(uow: UnitOfWork, clock: Instant) -> Iterator[Metric]:
    queued, held = message_counts.waiting(uow.session, clock.now)
    oldest = message_counts.oldest_due(uow.session, clock.now)
    age = (clock.now - oldest).total_seconds() if oldest else 0.0
    yield _gauge("guitu_messages_queued", "Messages whose time has come", queued)
    yield _gauge("guitu_messages_held", "Messages that go out later", held)
    yield _gauge("guitu_oldest_due_seconds", "How long the oldest of those queued waits", age)


def _attempts(uow: UnitOfWork, clock: Instant) -> Iterator[Metric]:
    found = GaugeMetricFamily(
        "guitu_attempts_today",
        "Attempts to send the messages for today, by channel and outcome",
        labels=("channel", "outcome"),
    )
    for channel, outcome, count in message_counts.outcomes_for(uow.session, clock.today):
        found.add_metric((channel, outcome), count)
    yield found


def _runs(uow: UnitOfWork, clock: Instant) -> Iterator[Metric]:
    last = next((row for row in runs.latest(uow.session, runs.SWEEP) if row.ended_at), None)
    if last is not None:
        seconds = (last.ended_at - last.started_at).total_seconds()
        yield _gauge("guitu_sweep_seconds", "How long the last sweep took", seconds)
    through = swept_through(uow)
    if through is not None:
        days = (clock.today - through).days
        yield _gauge("guitu_days_since_sweep", "Days since the last day that was swept", days)


def _account(account: Account | None, clock: Instant) -> Iterator[Metric]:
    if account is None:
        return
    age = (clock.now - account.made_at).total_seconds()
    yield _gauge("guitu_account_age_seconds", "How long ago the last account was made", age)
    yield _gauge("guitu_open_cases", "Open cases", account.open_cases)
    yield _gauge("guitu_cases_with_step", "Open cases with a next step", account.with_step)
    yield _by(
        "guitu_account_gap",
        "What the last account does not account for; all have to be 0",
        "part",
        {name: getattr(account, name) for name in ("unnamed", "untold", "adrift")},
    )
    yield _by("guitu_items_today", "Items of the account's day", "became", dict(account.items))


def _alarms(found: Sequence[Alarm]) -> Metric:
    counts: dict[str, int] = {what: sum(one.what == what for one in found) for what in MEANINGS}
    return _by("guitu_alarms", "What somebody has to look into, by its sort", "what", counts)


def _gauge(name: str, said: str, value: float) -> Metric:
    return GaugeMetricFamily(name, said, value=value)


def _by(name: str, said: str, label: str, counts: dict[str, int]) -> Metric:
    found = GaugeMetricFamily(name, said, labels=(label,))
    for value, count in counts.items():
        found.add_metric((value,), count)
    return found
