"""How often and when a message goes again: each promise of `notifications.retrying`."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from notifications.gateway import SENT, Outcome
from notifications.retrying import FIRST_S, LEAST_S, LONGEST_S, TRIES, pause

AGAIN = Outcome("again", "timeout")


def low(least: float, most: float) -> float:
    return least


def high(least: float, most: float) -> float:
    return most


def test_the_limit_of_a_pause_doubles() -> None:
    assert [pause(AGAIN, tries, high) for tries in range(1, TRIES)] == [30, 60, 120, 240]


def test_any_moment_up_to_the_limit_is_possible_but_never_at_once() -> None:
    assert pause(AGAIN, 3, low) == LEAST_S


def test_after_so_many_tries_it_is_enough() -> None:
    assert pause(AGAIN, TRIES, high) is None


def test_a_peer_that_asks_for_patience_is_tried_more_often_and_never_sooner_than_it_asks() -> None:
    busy = Outcome("again", "rate_limited", after=600)
    assert pause(busy, TRIES, low) == 600
    assert pause(busy, 10, low) is None


def test_a_peer_that_asks_for_a_day_is_left_alone() -> None:
    assert pause(Outcome("again", "rate_limited", after=86_400), 1, low) is None


def test_what_is_sent_or_refused_does_not_go_again() -> None:
    assert pause(SENT, 1, high) is None
    assert pause(Outcome("refused", "address_unknown"), 1, high) is None


@given(st.integers(1, TRIES - 1), st.floats(0, 1), st.none() | st.floats(0, LONGEST_S))
def test_a_pause_is_never_below_what_is_asked_and_never_beyond_half_an_hour(
    tries: int, chance: float, after: float | None
) -> None:
    found = pause(Outcome("again", "x", after), tries, lambda least, most: least + chance * most)
    assert found is not None
    assert max(LEAST_S, after or 0) <= found <= max(LONGEST_S, FIRST_S)
