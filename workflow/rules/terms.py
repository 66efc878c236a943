"""
Date arithmetic of the trade (domain.md D1-D3, D8b, D9): spans, months, terms.

Months are always counted from the first day itself, never from a day that was
already clamped to a month's end. Knows no pack and no clock.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from workflow.rules.pack import Span
from workflow.rules.workdays import WorkDays

DAY = timedelta(days=1)
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _month_length(year: int, month: int) -> int:
    if month == 2 and (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)):
        return 29
    return _LENGTHS[month - 1]


@lru_cache(maxsize=1 << 16)
def add_months(day: date, months: int) -> date:
    """
    The corresponding day so many months on; the last day of the month where there is none (D8b).

    Example: 31 January and one month is 28 or 29 February.
    """
    at = day.year * 12 + day.month - 1 + months
    year, month = at // 12, at % 12 + 1
    return date(year, month, min(day.day, _month_length(year, month)))


def last_day_of_term(first: date, months: int) -> date:
    """
    The last day of a term of so many months that includes its first day (D2); terms never roll.

    It is the day before the corresponding day; where that month has no
    corresponding day, the month's last day is the term's last day.
    Example: 29 February 2020 and 36 months is 28 February 2023.
    """
    end = add_months(first, months)
    return end - DAY if end.day == first.day else end


def span_from(day: date, span: Span, days: WorkDays) -> date:
    """The last day of a span counted from `day`, which is not counted itself, before any rolling (D1, D8b)."""
    if span.unit == "d":
        return day + timedelta(days=span.amount)
    if span.unit == "wd":
        return days.add(day, span.amount)
    return add_months(day, span.amount)


def span_before(day: date, span: Span, days: WorkDays) -> date:
    """The day that lies a span before `day`."""
    if span.unit == "d":
        return day - timedelta(days=span.amount)
    if span.unit == "wd":
        return days.add(day, -span.amount)
    return add_months(day, -span.amount)


def dates_touched(first: date, last: date) -> int:
    """How many calendar dates an absence touches, both ends counted (D9): out on the 1st, back on the 3rd is 3."""
    return max(0, (last - first).days + 1)
