"""How fast a channel is fed: the first few at once, then one by one, in the order of coming; nobody waits too long."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from time import monotonic

from hypothesis import given
from hypothesis import strategies as st

from notifications.gateway import SENT, Outcome
from notifications.gateways.deadlines import left
from notifications.gateways.pace import Pace
from notifications.gateways.sending import sent


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


def paced(a_second: float, burst: int) -> tuple[Pace, Clock]:
    clock = Clock()
    return Pace(a_second, burst, clock=clock, wait=clock.wait), clock


def test_a_burst_goes_at_once_and_then_one_by_one() -> None:
    pace, clock = paced(10, 3)
    went = []
    for _ in range(6):
        assert pace.turn(patience=1) == 0
        went.append(round(clock.now - 100, 6))
    assert went == [0, 0, 0, 0.1, 0.2, 0.3]


def test_a_pause_gives_the_burst_back_and_no_more() -> None:
    pace, clock = paced(10, 3)
    for _ in range(3):
        pace.turn(1)
    clock.now += 1_000
    begun = clock.now
    for _ in range(3):
        pace.turn(1)
    assert clock.now == begun
    pace.turn(1)
    assert clock.now > begun


def test_whoever_would_wait_too_long_is_told_for_how_long_and_takes_nobodys_turn() -> None:
    pace, clock = paced(1, 1)
    assert pace.turn(0) == 0
    assert pace.turn(0.5) == 1
    assert pace.turn(0.5) == 1
    clock.now += 1
    assert pace.turn(0) == 0


@given(
    a_second=st.floats(0.1, 1_000),
    burst=st.integers(1, 50),
    pauses=st.lists(st.floats(0, 5), max_size=60),
)
def test_never_more_than_the_burst_and_the_rate(
    a_second: float, burst: int, pauses: list[float]
) -> None:
    pace, clock = paced(a_second, burst)
    begun = clock.now
    for number, pause in enumerate(pauses, 1):
        clock.now += pause
        assert pace.turn(1e9) == 0
        assert number <= burst + (clock.now - begun) * a_second + 1e-6


def test_threads_share_one_pace() -> None:
    pace, begun = Pace(100, 1), monotonic()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(pace.turn, [5.0] * 11)) == [0.0] * 11
    assert monotonic() - begun >= 0.1


# ------------------------------------------------------------------ a send


def test_time_that_is_over_anywhere_on_the_way_is_an_outcome() -> None:
    def slow() -> None:
        while left():
            pass

    pace = Pace(100, 100)
    assert sent(slow, pace=pace, seconds=0.05) == Outcome("again", "timeout")
    assert sent(lambda: None, pace=pace, seconds=0.05) == SENT


def test_whoever_is_not_given_a_turn_in_half_the_time_hands_nothing_over() -> None:
    handed: list[int] = []
    pace = Pace(1, 1)
    assert sent(lambda: handed.append(1), pace=pace, seconds=0.2) == SENT
    outcome = sent(lambda: handed.append(2), pace=pace, seconds=0.2)
    assert (outcome.became, outcome.code) == ("again", "paced")
    assert outcome.after is not None
    assert handed == [1]
