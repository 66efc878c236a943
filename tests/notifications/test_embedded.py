"""The engine within the server: it ticks at once and again, beside itself never, and a failing tick is counted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

from structlog.testing import capture_logs

from notifications.engines.embedded import Embedded, Every
from notifications.jobs import Ticked
from notifications.planning import Kick
from tests.waiting import until

PATIENCE = 10.0


class Work:
    """Jobs that do as a test says."""

    def __init__(self, tick: Callable[[], object], planned: int = 0) -> None:
        self._act, self._planned = tick, planned
        self.delivered = 0

    def tick(self, kick: Kick | None = None) -> Ticked:
        self._act()
        return Ticked(None, {"messages": self._planned} if self._planned else {})

    def deliver(self) -> None:
        self.delivered += 1

    def look(self) -> None:
        """Nothing is looked at."""


@contextmanager
def running(work: Work | Callable[[], object], every_seconds: float) -> Iterator[Embedded]:
    found = work if isinstance(work, Work) else Work(work)
    engine = Embedded(found, Every(tick=every_seconds, deliver=3600, look=3600))
    engine.start()
    try:
        yield engine
    finally:
        engine.stop()


def test_it_ticks_at_once() -> None:
    ticked = Event()
    with running(ticked.set, 3600):
        assert ticked.wait(PATIENCE)


def test_it_ticks_again() -> None:
    runs: list[int] = []
    with running(lambda: runs.append(1), 0.05):
        assert until(lambda: len(runs) >= 3)


def test_a_failing_tick_is_counted_and_the_next_one_runs() -> None:
    runs: list[int] = []

    def fail() -> None:
        runs.append(1)
        raise RuntimeError("disk full")

    with capture_logs() as logs, running(fail, 0.05) as engine:
        assert until(lambda: engine.failures >= 2)
    assert len(runs) >= 2
    assert {
        "event": "job_failed",
        "job": "tick",
        "error": "RuntimeError",
        "log_level": "error",
    } in logs


def test_a_slow_tick_is_never_run_beside_itself() -> None:
    begun, go_on = Event(), Event()
    running_now: list[int] = []
    most: list[int] = []

    def slow() -> None:
        running_now.append(1)
        most.append(len(running_now))
        begun.set()
        go_on.wait(PATIENCE)
        running_now.pop()

    with running(slow, 0.05) as engine:
        assert begun.wait(PATIENCE)
        assert until(lambda: engine.skipped >= 1)
        go_on.set()
    assert max(most) == 1


def test_what_was_planned_is_delivered_at_once() -> None:
    work = Work(lambda: None, planned=1)
    with running(work, 0.05):
        assert until(lambda: work.delivered >= 3)  # its own turn comes once an hour


def test_where_nothing_was_planned_only_the_first_tick_is_followed_by_delivery() -> None:
    ticks: list[int] = []
    work = Work(lambda: ticks.append(1))
    with running(work, 0.05):
        assert until(lambda: len(ticks) >= 5)
    assert work.delivered == 1


def test_it_stops_and_may_be_stopped_twice() -> None:
    engine = Embedded(Work(lambda: None), Every(tick=3600))
    engine.start()
    seen = [engine.running]
    for _ in range(2):
        engine.stop()
        seen.append(engine.running)
    assert seen == [True, False, False]
