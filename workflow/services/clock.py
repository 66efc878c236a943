"""
Now: the instant and the civil day that a use case is handed, once, at its edge.

Nothing here reads a clock; `api.bootstrap` does, or a test, a demo, a rehearsal
says what time it is. The day is that of the office, whatever zone a machine is in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Self
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
MORNING = time(8, 30)
"""When the day's digest is told (domain.md section 9): the hour of a day that has no other."""


@dataclass(frozen=True, slots=True)
class Instant:
    """An aware instant in UTC, and the civil day on which it falls in the office's zone."""

    now: datetime
    today: date

    @classmethod
    def at(cls, now: datetime) -> Self:
        """
        This instant.

        Raises:
            ValueError: it has no offset, so nobody knows when it is.
        """
        if now.utcoffset() is None:
            raise ValueError("an instant needs its offset")
        return cls(now.astimezone(UTC), civil_day(now))

    @classmethod
    def on(cls, day: date, at: time = MORNING) -> Self:
        """That hour of a day in the office's zone."""
        return cls.at(datetime.combine(day, at, ZONE))


def civil_day(instant: datetime) -> date:
    """The civil day on which an aware instant falls in the office's zone."""
    return instant.astimezone(ZONE).date()


@dataclass(frozen=True, slots=True)
class AsOf:
    """
    What a view is asked as: as true on a day, as known at an instant.

    Args:
        on: the civil day.
        known_at: nothing recorded after this instant counts; None for all that is known now.
    """

    on: date
    known_at: datetime | None = None
