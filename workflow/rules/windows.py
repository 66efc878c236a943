"""
Windows: the stretches of time in each of which one test, visit or meeting is owed (domain.md D8, D8a).

A grid is reckoned from the measure's first day as if the clock had never
stopped; `workflow.rules.measures` moves it by the days that the clock stood.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from workflow.rules.pack import Frequency
from workflow.rules.terms import DAY, add_months

Window = tuple[date, date]


def boundary_after(first: date, day: date, frequency: Frequency) -> date:
    """The first boundary of the grid counted from `first` that lies after `day` (`day` not before `first`)."""
    if frequency.every_days:
        passed = (day - first).days // frequency.every_days + 1
        return first + timedelta(days=passed * frequency.every_days)
    for start in starts_from(first, frequency, (day.year - first.year) - 1):
        if start > day:
            return start
    raise AssertionError("a grid has no end")


def starts_from(first: date, frequency: Frequency, year: int = 0) -> Iterator[date]:
    """The starts of a grid's windows, from a year of the measure on (0 is the first), without end."""
    year = max(0, year)
    while True:
        count = frequency.per_year[min(year, len(frequency.per_year) - 1)]
        step = 12 // count
        for k in range(count):
            yield add_months(first, 12 * year + k * step)
        year += 1


@lru_cache(maxsize=1 << 14)
def tiles(
    first: date, frequency: Frequency, last: date, term_end: date | None
) -> tuple[Window, ...]:
    """
    The windows that tile the days from `first` to `last`, in order, each (first day, last day), both included.

    Where a term ends (`term_end`, its last day) no window starts on or after
    the corresponding day that ends it, and the last one reaches to its last
    day. Without a term the last window may reach beyond `last`.
    """
    limit = last if term_end is None else min(last, term_end)
    found: list[date] = []
    if frequency.every_days:
        step = timedelta(days=frequency.every_days)
        start = first
        while start <= limit:
            found.append(start)
            start += step
        after = start
    else:
        for start in starts_from(first, frequency):
            if start > limit:
                after = start
                break
            found.append(start)
    if (
        term_end is not None
        and len(found) > 1
        and found[-1] == term_end
        and _ends_term(first, term_end)
    ):
        found.pop()
        after = term_end + DAY
    return _closed(found, after, term_end)


def _ends_term(first: date, term_end: date) -> bool:
    """Whether the term's last day is itself the clamped corresponding day (29 February and its like, D2)."""
    return term_end.day < first.day and (term_end + DAY).day == 1


def _closed(starts: list[date], after: date, term_end: date | None) -> tuple[Window, ...]:
    ends = [start - DAY for start in starts[1:]]
    ends.append(after - DAY)
    if term_end is not None:
        ends = [min(end, term_end) for end in ends]
        if starts and after > term_end:
            ends[-1] = term_end
    return tuple(zip(starts, ends, strict=True))


@lru_cache(maxsize=1 << 12)
def changing_tiles(
    first: date,
    frequency: Frequency,
    changes: tuple[tuple[date, Frequency], ...],
    last: date,
    term_end: date | None,
) -> tuple[Window, ...]:
    """
    The windows where the frequency changes on the way (D8a).

    The window running on the day of a change keeps its end; the next one runs
    from the day after it to the next boundary of the new grid.
    """
    limit = last if term_end is None else min(last, term_end)
    found: list[Window] = []
    start, ahead = first, list(changes)
    while start <= limit:
        while ahead and ahead[0][0] < start:
            frequency = ahead.pop(0)[1]
        end = boundary_after(first, start, frequency) - DAY
        if term_end is not None and (
            end >= term_end or (end + DAY == term_end and _ends_term(first, term_end))
        ):
            found.append((start, term_end))
            break
        found.append((start, end))
        start = end + DAY
    return tuple(found)
