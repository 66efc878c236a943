"""The one scheduler: it ticks at once and again, beside itself never, and a failing tick is counted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

from structlog.testing import capture_logs

from notifications.schedule import Schedule, start

PATIENCE = 10.0


@contextmanager
def running(tick: Callable[[], object], every_seconds: float) -> Iterator[Schedule]:
    schedule = start(tick, every_seconds)
    try:
        yield schedule
    finally:
        schedule.shutdown()


def until(what: Callable[[], bool]) -> bool:
    """Wait for something that another thread brings about."""
    pause = Event()
    for _ in range(int(PATIENCE / 0.02)):
        if what():
            return True
        pause.wait(0.02)
    return False


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

    with capture_logs() as logs, running(fail, 0.05) as schedule:
        assert until(lambda: schedule.failures >= 2)
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

    with running(slow, 0.05) as schedule:
        assert begun.wait(PATIENCE)
        assert until(lambda: schedule.skipped >= 1)
        go_on.set()
    assert max(most) == 1


def test_it_stops_and_may_be_stopped_twice() -> None:
    schedule = start(lambda: None, 3600)
    seen = [schedule.running]
    for _ in range(2):
        schedule.shutdown()
        seen.append(schedule.running)
    assert seen == [True, False, False]
