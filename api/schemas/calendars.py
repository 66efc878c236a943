"""The working days of a year, and days that an office sets itself."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import ConfigDict, Field, StrictBool

from api.schemas.values import Day, Incoming, Outgoing
from workflow.services.calendar_days import NewDay
from workflow.services.calendar_overrides import FIRST, LAST

Year = Annotated[int, Path(ge=FIRST.year, le=LAST.year, description="年份 The year.")]


class DayPublic(Outgoing):
    """A day on which the calendar is not what the week says: a holiday, or a weekend that is worked."""

    day: date
    is_working: bool
    name: str | None


class SetDayPublic(Outgoing):
    """A day that was set here, against the calendar that travels with the program."""

    id: UUID
    day: date
    is_working: bool
    name: str
    recorded_at: datetime
    recorded_by: str


class YearPublic(Outgoing):
    """A year: whether it was announced (else it is Monday to Friday), and each day that departs from the week."""

    year: int
    official: bool
    days: list[DayPublic]
    set: list[SetDayPublic]


class DayCreate(Incoming):
    """One day to be set."""

    id: UUID
    day: Day
    is_working: StrictBool
    name: str = Field(default="", max_length=200)

    def read(self) -> NewDay:
        """The day, in the words of the services."""
        return NewDay(self.id, self.day, self.is_working, self.name)


class DaysCreate(Incoming):
    """Days to be set, such as a year's announcement at once; taken or refused whole."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "days": [
                        {
                            "id": "0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0c01",
                            "day": "2027-03-15",
                            "is_working": False,
                            "name": "停电",
                        }
                    ]
                }
            ]
        }
    )

    days: list[DayCreate] = Field(min_length=1, max_length=200)


class DaysChangedPublic(Outgoing):
    """On how many days the calendar now answers otherwise, and how many cases are looked at again for it."""

    days: int
    cases: int
