"""Identity numbers: what can be one, and two ways of writing one are one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.persons import NOWHERE, number
from workflow.rules.identity_numbers import (
    EARLIEST,
    Wrong,
    birth_date,
    check_character,
    plain_number,
    wrong_with,
)

TODAY = date(2026, 3, 2)
PRINTED = "11010519491231002X"  # the example that the standard itself prints

born = st.dates(EARLIEST, TODAY)
sequence = st.integers(1, 999)


def test_the_example_of_the_standard_is_right() -> None:
    assert wrong_with(PRINTED, TODAY) is None
    assert birth_date(PRINTED) == date(1949, 12, 31)


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        " 110105 19491231 002X ",
        "110105-19491231-002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "\u200b11010519491231002X",
    ],
)
def test_ways_of_typing_one_number_are_one(typed: str) -> None:
    assert plain_number(typed) == PRINTED


def test_an_old_number_is_the_one_its_holder_has_now() -> None:
    assert plain_number("110105491231002") == PRINTED
    assert wrong_with("110105491231002", TODAY) is None


@given(born, sequence)
def test_an_area_that_no_list_knows_is_not_refused(day: date, n: int) -> None:
    assert number(day, n).startswith(NOWHERE)
    assert wrong_with(number(day, n), TODAY) is None


@given(born, sequence, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_caught(day: date, n: int, place: int, by: int) -> None:
    right = number(day, n)
    digit = "0123456789X".index(right[place])
    changed = "0123456789X"[(digit + by) % (11 if place == 17 else 10)]
    typed = right[:place] + changed + right[place + 1 :]
    assert (wrong_with(typed, TODAY) is None) == (typed == right)


@given(born, sequence, st.integers(0, 15))
def test_two_neighbours_in_the_wrong_order_are_always_caught(day: date, n: int, at: int) -> None:
    right = number(day, n)
    typed = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
    assert (wrong_with(typed, TODAY) is None) == (typed == right)


def test_a_wrong_check_character_is_told_with_the_right_one() -> None:
    assert wrong_with(PRINTED[:17] + "1", TODAY) == Wrong("check", "X")


@pytest.mark.parametrize(
    "typed", ["", "12345", "1101051949123100", PRINTED + "1", "某甲", "X" * 18]
)
def test_what_has_another_shape_is_no_number(typed: str) -> None:
    assert wrong_with(typed, TODAY) == Wrong("shape")
    assert birth_date(typed) is None


@pytest.mark.parametrize("day", ["19490231", "19491331", "18000101", "00000000"])
def test_what_is_no_birth_date_is_refused(day: str) -> None:
    first = f"{NOWHERE}{day}001"
    assert wrong_with(first + check_character(first), TODAY) == Wrong("birth_date")


def test_nobody_is_born_tomorrow() -> None:
    assert wrong_with(number(TODAY), TODAY) is None
    assert wrong_with(number(TODAY + timedelta(days=1)), TODAY) == Wrong("birth_date")


@given(st.text(max_size=30))
def test_no_text_breaks_the_check(typed: str) -> None:
    plain = plain_number(typed)
    assert plain_number(plain) == plain
    wrong_with(typed, TODAY)
