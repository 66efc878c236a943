"""
Which days are working days (工作日), answered from a table handed in (domain.md D1, D7).

The table covers a span of years; where it is silent the answer is Monday to
Friday and `is_provisional` says so. Knows no library and no clock:
`workflow.services.calendars` builds the table from the State Council's calendar.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

_DAY = timedelta(days=1)


class WorkDays:
    """
    A frozen table of working days from 1 January of one year to 31 December of another.

    Outside the table every answer falls back to Monday to Friday.
    """

    __slots__ = (
        "_first",
        "_length",
        "_next",
        "_number",
        "_previous",
        "_working",
        "names",
        "official_years",
        "version",
    )

    def __init__(
        self,
        working: Iterable[date],
        *,
        first: date,
        last: date,
        official_years: Iterable[int],
        names: Mapping[date, str] | None = None,
        version: str = "",
    ) -> None:
        """
        Args:
            working: every working day from `first` to `last`.
            official_years: the years that the State Council has announced; the others are provisional.
            names: the holiday's name by its date, for *why* sentences.
            version: says which data this is, so that a projection can tell that it changed.
        """
        self._first = first.toordinal()
        self._length = last.toordinal() - self._first + 1
        self._working = sorted(day.toordinal() for day in working)
        self.official_years = frozenset(official_years)
        self.names = dict(names or {})
        self.version = version
        self._build_tables()

    def _build_tables(self) -> None:
        """Three look-ups by day: the next working day, the last one, and how many there were up to it."""
        following, preceding, number = array("i"), array("i"), array("i")
        position, days = 0, self._working
        for ordinal in range(self._first, self._first + self._length):
            while position < len(days) and days[position] < ordinal:
                position += 1
            here = position < len(days) and days[position] == ordinal
            following.append(days[position] if position < len(days) else 0)
            preceding.append(ordinal if here else (days[position - 1] if position else 0))
            number.append(position + (1 if here else 0))
        self._next, self._previous, self._number = following, preceding, number

    def is_working(self, day: date) -> bool:
        """Whether offices work on this day."""
        index = day.toordinal() - self._first
        if 0 <= index < self._length:
            return self._next[index] == day.toordinal()
        return day.weekday() < 5

    def is_provisional(self, day: date) -> bool:
        """Whether the year of this day has not been announced yet, so that the answer may change."""
        return day.year not in self.official_years

    def on_or_after(self, day: date) -> date:
        """The day itself if it is a working day, else the next one (D1)."""
        index = day.toordinal() - self._first
        if 0 <= index < self._length and self._next[index]:
            ordinal = self._next[index]
            return day if ordinal == day.toordinal() else date.fromordinal(ordinal)
        while not self.is_working(day):
            day += _DAY
        return day

    def on_or_before(self, day: date) -> date:
        """The day itself if it is a working day, else the last one before it."""
        index = day.toordinal() - self._first
        if 0 <= index < self._length and self._previous[index]:
            ordinal = self._previous[index]
            return day if ordinal == day.toordinal() else date.fromordinal(ordinal)
        while not self.is_working(day):
            day -= _DAY
        return day

    def add(self, day: date, count: int) -> date:
        """
        The `count`-th working day after `day`, which is not counted itself; before it where `count` is negative.

        Example: 3 working days from Wednesday 3 July 2024 is Monday 8 July.
        """
        index = day.toordinal() - self._first
        if 0 <= index < self._length:
            at = (
                self._number[index] + count - 1 if count > 0 else self._number_before(index) + count
            )
            if count and 0 <= at < len(self._working):
                return date.fromordinal(self._working[at])
        return self._walk(day, count)

    def _number_before(self, index: int) -> int:
        """How many working days lie strictly before the day at this index."""
        return self._number[index] - (1 if self._next[index] == self._first + index else 0)

    def _walk(self, day: date, count: int) -> date:
        step = _DAY if count > 0 else -_DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def count(self, after: date, through: date) -> int:
        """How many working days lie after `after` and up to `through`, which is included."""
        lo, hi = after.toordinal(), through.toordinal()
        if self._first <= lo and hi < self._first + self._length:
            return bisect_right(self._working, hi) - bisect_right(self._working, lo)
        return sum(self.is_working(date.fromordinal(o)) for o in range(lo + 1, hi + 1))

    def closed_days(self, first: date, last: date) -> list[date]:
        """The days on which offices are closed from `first` to `last`, both included: what a *why* must name."""
        span = range(first.toordinal(), last.toordinal() + 1)
        return [day for day in map(date.fromordinal, span) if not self.is_working(day)]
