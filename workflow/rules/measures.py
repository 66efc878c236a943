"""
A measure (措施): community detox, isolation or recovery, its term and how its clock stops (domain.md D2-D6).

A measure holds what its own events said; dates that follow from them are
reckoned on demand for a day, because while the clock stands still "today is
counted" (D4).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from workflow.rules.terms import DAY

if TYPE_CHECKING:
    from workflow.rules.case import Fact

MeasureKind = Literal["community_detox", "isolation", "recovery"]
Mark = Literal["", "reported", "spent"]
Ending = Literal[
    "expired", "terminated", "revoked", "superseded", "changed", "released", "lapsed", "closed"
]


@dataclass(slots=True)
class Stop:
    """The clock standing still: from its first day (included) to the day it runs again (excluded; None: still)."""

    first: date
    until: date | None = None

    def length(self, on: date) -> int:
        """Days that stand still as known on a day, which is counted while the stop lasts (D4)."""
        return ((self.until or on + DAY) - self.first).days


@dataclass(slots=True)
class Absence:
    """Away from home (D9, CD-09): from `first` to `last`, both counted; `last` is None while away."""

    left: Fact
    first: date
    reported: bool
    return_on: date | None
    last: date | None = None
    back: Fact | None = None
    mark: Mark = ""

    def dates(self, on: date) -> int:
        """Calendar dates touched up to a day, that day included."""
        last = on if self.last is None or self.last > on else self.last
        return max(0, (last - self.first).days + 1)


@dataclass(slots=True)
class Missed:
    """A test refused or evaded that counts: the notice was served and no excuse accepted."""

    fact: Fact
    mark: Mark = ""


@dataclass(slots=True)
class Review:
    """A threshold reached (CD-11): the ground, the day, the fact that reached it, and the answer if there was one."""

    ground: str
    reached_on: date
    by: Fact
    answer: Fact | None = None
    ended_on: date | None = None


@dataclass(slots=True)
class TermEnd:
    """An end of term as one decision set it: the day, from when it holds, and how many stops it already counted."""

    last_day: date
    set_by: Fact
    stops_counted: int
    early: bool = False


@dataclass(slots=True)
class Measure:
    """
    One measure from its order on.

    `ordinal` goes by recording (m1, m2 ...). `starts_on` is None until the
    person has reported in; `waits` are the custodies before that, `stops` those
    that stop the term. `base` and `previous` say where the case stood before
    the order, for a revocation.
    """

    kind: MeasureKind
    order: Fact
    served_on: date
    decision_no: str
    base: str
    previous: Measure | None
    months: int
    offset_days: int = 0
    ordinal: int = 0
    changed_over: bool = False
    starts_on: date | None = None
    started_by: Fact | None = None
    ends: list[TermEnd] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    waits: list[Stop] = field(default_factory=list)
    escapes: int = 0
    ended_on: date | None = None
    how: Ending | None = None
    ended_by: Fact | None = None
    time_left: bool = False
    absences: list[Absence] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    breaches: list[Fact] = field(default_factory=list)
    refusals: list[Fact] = field(default_factory=list)
    proposals: list[tuple[str, Fact]] = field(default_factory=list)
    restarts: list[Fact] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its part of a natural key: `m1`."""
        return f"m{self.ordinal}"

    @property
    def revoked(self) -> bool:
        """Whether the order was revoked, so that it counts for no date, anchor, counter or bar."""
        return self.how == "revoked"

    def open_stop(self) -> Stop | None:
        """The stop that lasts, if one does."""
        for stops in (self.stops, self.waits):
            if stops and stops[-1].until is None:
                return stops[-1]
        return None

    def ends_on(self, on: date, *, before: date = date.max) -> date | None:
        """
        The last day of the term as known on a day, moved by the days that the clock stood (D4, D5).

        None before the person has reported in. Stops that began on or after
        `before` are left out.
        """
        if not self.ends:
            return None
        end = self.ends[-1]
        return self.real(end.last_day, on, since=end.stops_counted, before=before)

    def real(self, day: date, on: date, *, since: int = 0, before: date = date.max) -> date:
        """A day of the unstopped grid, moved by every stop that began on or before it (D4), from the nth stop on."""
        for stop in self.stops[since:] if since else self.stops:
            first = stop.first
            if first <= day and first < before:
                day += (stop.until or on + DAY) - first
        return day

    def unstopped(self, day: date, on: date) -> date:
        """The day of the unstopped grid on which a real day lies; within a stop, the stop's first day."""
        for index in range(len(self.stops) - 1, -1, -1):
            stop = self.stops[index]
            if day >= stop.first:
                length = stop.length(on)
                day = (
                    stop.first if (day - stop.first).days < length else day - timedelta(days=length)
                )
        return day

    def shifted(
        self,
        due: date,
        opened_on: date,
        on: date,
        roll: Roll,
        *,
        since: int = 0,
        before: date = date.max,
    ) -> date:
        """
        A due day not yet rolled, moved by each stop that began while it was still to come (D4).

        What was already overdue keeps its date, and so does what was closed by
        a stop's first day (`before`). Something opened while the clock stood
        moves by the rest of the stop only.
        """
        for stop in self.stops[since:]:
            if stop.first < before and roll(due) >= stop.first:
                until = stop.until or on + DAY
                due += timedelta(days=max(0, (until - max(stop.first, opened_on)).days))
        return due


if TYPE_CHECKING:
    from collections.abc import Callable

    Roll = Callable[[date], date]
