"""Working days: shifted weekends, holidays, years not yet announced, days outside the table."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.rules.workdays import WorkDays
from workflow.services.calendars import work_days

DAYS = work_days()
INSIDE = st.dates(date(1995, 1, 1), date(2045, 12, 31))
ANYWHERE = st.dates(date(1980, 1, 1), date(2060, 12, 31))
FEW = st.integers(min_value=1, max_value=400)


def closed_in_a_row(first: date, last: date) -> list[date]:
    """Every day from first to last, both included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


# ------------------------------------------------------------------ the official calendar


def test_spring_festival_2024_is_closed_and_named() -> None:
    festival = closed_in_a_row(date(2024, 2, 10), date(2024, 2, 17))
    assert DAYS.closed_days(date(2024, 2, 5), date(2024, 2, 18)) == festival
    assert {DAYS.names[day] for day in festival} == {"春节"}


def test_the_two_sundays_around_spring_festival_2024_are_working_days() -> None:
    for sunday in (date(2024, 2, 4), date(2024, 2, 18)):
        assert sunday.weekday() == 6
        assert DAYS.is_working(sunday)
        assert DAYS.on_or_after(sunday) == sunday
        assert sunday not in DAYS.names


def test_a_deadline_in_the_festival_rolls_to_the_working_sunday_after_it() -> None:
    assert DAYS.on_or_after(date(2024, 2, 12)) == date(2024, 2, 18)
    assert DAYS.on_or_before(date(2024, 2, 12)) == date(2024, 2, 9)


def test_three_working_days_step_over_the_festival() -> None:
    assert DAYS.add(date(2024, 2, 8), 3) == date(2024, 2, 19)  # Fri 9, Sun 18, Mon 19
    assert DAYS.add(date(2024, 2, 19), -3) == date(2024, 2, 8)
    assert DAYS.count(date(2024, 2, 8), date(2024, 2, 19)) == 3


def test_three_working_days_from_a_wednesday_is_the_monday_after() -> None:
    assert DAYS.add(date(2024, 7, 3), 3) == date(2024, 7, 8)


def test_no_working_days_from_a_day_is_the_day_itself() -> None:
    assert DAYS.add(date(2024, 2, 12), 0) == date(2024, 2, 12)


# ------------------------------------------------------------------ where nothing is announced


def test_a_year_not_yet_announced_is_monday_to_friday_and_says_so() -> None:
    national_day = date(2035, 10, 1)  # a Monday: surely closed one day, but not announced
    assert DAYS.is_working(national_day)
    assert not DAYS.is_working(date(2035, 10, 6))
    assert DAYS.is_provisional(national_day)


@pytest.mark.parametrize("year", range(2004, 2027))
def test_announced_years_are_not_provisional(year: int) -> None:
    assert not DAYS.is_provisional(date(year, 6, 1))
    assert not DAYS.is_working(date(year, 10, 1))


@pytest.mark.parametrize("day", [date(1994, 12, 30), date(2046, 1, 1), date(2050, 10, 3)])
def test_outside_the_table_it_is_monday_to_friday_and_provisional(day: date) -> None:
    assert DAYS.is_working(day) is (day.weekday() < 5)
    assert DAYS.is_provisional(day)


def test_adding_walks_over_both_ends_of_the_table() -> None:
    assert DAYS.add(date(2045, 12, 29), 2) == date(2046, 1, 2)
    assert DAYS.add(date(1995, 1, 3), -3) == date(1994, 12, 29)
    assert DAYS.count(date(2045, 12, 29), date(2046, 1, 2)) == 2


def test_rolling_walks_over_both_ends_of_the_table() -> None:
    assert DAYS.on_or_after(date(2045, 12, 30)) == date(2046, 1, 1)
    assert DAYS.on_or_before(date(1995, 1, 1)) == date(1994, 12, 30)


def test_a_table_without_a_single_working_day_still_answers() -> None:
    closed = WorkDays([], first=date(2024, 1, 1), last=date(2024, 1, 7), official_years=[2024])
    assert closed.on_or_after(date(2024, 1, 3)) == date(2024, 1, 8)
    assert closed.on_or_before(date(2024, 1, 3)) == date(2023, 12, 29)
    assert closed.add(date(2024, 1, 3), 1) == date(2024, 1, 8)


# ------------------------------------------------------------------ for every day


@given(INSIDE, FEW)
def test_adding_and_counting_agree(day: date, count: int) -> None:
    later = DAYS.add(day, count)
    assert DAYS.is_working(later)
    assert DAYS.count(day, later) == count


@given(ANYWHERE, FEW)
def test_adding_back_lands_on_the_day_that_counting_says(day: date, count: int) -> None:
    earlier = DAYS.add(day, -count)
    assert DAYS.is_working(earlier)
    assert DAYS.count(earlier - timedelta(days=1), day - timedelta(days=1)) == count


@given(ANYWHERE)
def test_rolling_never_lands_on_a_closed_day_nor_passes_a_working_one(day: date) -> None:
    later, earlier = DAYS.on_or_after(day), DAYS.on_or_before(day)
    assert earlier <= day <= later
    assert DAYS.is_working(later)
    assert DAYS.is_working(earlier)
    assert len(DAYS.closed_days(earlier, later)) == max((later - earlier).days - 1, 0)


@given(ANYWHERE, ANYWHERE, FEW)
def test_later_days_never_give_earlier_answers(one: date, other: date, count: int) -> None:
    first, second = sorted((one, other))
    assert DAYS.on_or_after(first) <= DAYS.on_or_after(second)
    assert DAYS.on_or_before(first) <= DAYS.on_or_before(second)
    assert DAYS.add(first, count) <= DAYS.add(second, count)
    assert DAYS.add(first, count) < DAYS.add(first, count + 1)


@settings(max_examples=30)  # outside the table days are counted one by one
@given(ANYWHERE, ANYWHERE, ANYWHERE)
def test_counts_of_two_stretches_add_up(one: date, other: date, third: date) -> None:
    first, middle, last = sorted((one, other, third))
    assert DAYS.count(first, middle) + DAYS.count(middle, last) == DAYS.count(first, last)


@given(ANYWHERE, st.integers(min_value=0, max_value=60))
def test_closed_days_and_working_days_make_up_the_stretch(day: date, length: int) -> None:
    last = day + timedelta(days=length)
    working = DAYS.count(day - timedelta(days=1), last)
    assert working + len(DAYS.closed_days(day, last)) == length + 1
