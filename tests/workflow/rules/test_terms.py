"""Date arithmetic (domain.md D1-D3, D8b, D9), against a naive reckoning for every start in 2004-2035."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from tests.histories import DAYS, day
from workflow.rules.pack import Span
from workflow.rules.terms import (
    add_months,
    dates_touched,
    last_day_of_term,
    span_before,
    span_from,
)

LENGTHS = (1, 2, 3, 6, 12, 13, 24, 36)


def every_start() -> Iterator[date]:
    """Every day of 2004-2035: eight leap years, and month ends of every shape."""
    first, last = date(2004, 1, 1), date(2035, 12, 31)
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def corresponding(first: date, months: int) -> tuple[date, bool]:
    """The corresponding day counted month by month, and whether the month has one: written to be unlike the code."""
    year, month = first.year, first.month
    for _ in range(months):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    for back in range(4):
        try:
            return date(year, month, first.day - back), back == 0
        except ValueError:
            continue
    raise AssertionError("no month is shorter than 28 days")


@pytest.mark.parametrize("months", LENGTHS)
def test_months_are_counted_to_the_corresponding_day_or_the_months_end(months: int) -> None:
    for first in every_start():
        assert add_months(first, months) == corresponding(first, months)[0], first


@pytest.mark.parametrize("months", LENGTHS)
def test_a_term_includes_its_first_day_and_ends_the_day_before_the_corresponding_one(
    months: int,
) -> None:
    for first in every_start():
        end, exists = corresponding(first, months)
        wanted = end - timedelta(days=1) if exists else end
        assert last_day_of_term(first, months) == wanted, first


def test_months_back_are_the_corresponding_day_or_the_months_end_too() -> None:
    assert add_months(day("2024-03-31"), -1) == day("2024-02-29")
    assert add_months(day("2024-01-15"), -13) == day("2022-12-15")


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        ("2020-02-29", 36, "2023-02-28"),
        ("2020-08-31", 6, "2021-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2023-03-20", 36, "2026-03-19"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-28", 12, "2025-02-27"),
        ("2025-01-01", 24, "2026-12-31"),
    ],
)
def test_the_terms_of_the_domain(first: str, months: int, last: str) -> None:
    assert last_day_of_term(day(first), months) == day(last)


def test_a_term_never_rolls_over_a_holiday() -> None:
    last = last_day_of_term(day("2023-10-02"), 12)
    assert last == day("2024-10-01")
    assert not DAYS.is_working(last)


def test_n_days_from_a_day_leave_that_day_out() -> None:
    assert span_from(day("2023-03-12"), Span(15, "d"), DAYS) == day("2023-03-27")


def test_working_days_pass_over_the_national_holiday_and_its_shifted_weekends() -> None:
    assert span_from(day("2024-09-30"), Span(3, "wd"), DAYS) == day("2024-10-10")


def test_months_from_a_month_end_are_a_month_end() -> None:
    assert span_from(day("2023-08-31"), Span(6, "m"), DAYS) == day("2024-02-29")


@pytest.mark.parametrize(
    ("span", "before"),
    [
        (Span(30, "d"), "2026-02-17"),
        (Span(7, "wd"), "2026-03-10"),
        (Span(1, "m"), "2026-02-19"),
    ],
)
def test_a_span_before_a_day_counts_back(span: Span, before: str) -> None:
    assert span_before(day("2026-03-19"), span, DAYS) == day(before)


def test_an_absence_touches_both_its_dates() -> None:
    assert dates_touched(day("2024-05-01"), day("2024-05-03")) == 3
    assert dates_touched(day("2024-05-01"), day("2024-05-01")) == 1
    assert dates_touched(day("2024-05-03"), day("2024-05-01")) == 0
