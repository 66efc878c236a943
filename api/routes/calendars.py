"""The working days: what the official calendar says of a year, and days that are set against it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from api.context import Context, may
from api.schemas.calendars import (
    DayPublic,
    DaysChangedPublic,
    DaysCreate,
    SetDayPublic,
    Year,
    YearPublic,
)
from api.schemas.problems import problems
from workflow.rules.workdays import WorkDays
from workflow.services import calendar_days
from workflow.services.calendar_days import SetDay

router = APIRouter(prefix="/calendar", tags=["calendar 工作日历"])
Reading = Annotated[Context, may("calendar", "read")]
Writing = Annotated[Context, may("calendar", "write")]


@router.get(
    "/{year}", summary="一年的工作日 The working days of a year", responses=problems(401, 403, 422)
)
def show_year(year: Year, here: Reading) -> YearPublic:
    """Holidays and worked weekends. A year that was not announced yet is Monday to Friday, and says so."""
    days, own = here.read(
        lambda uow: (
            calendar_days.work_days_in(uow, here.parts.calendar),
            calendar_days.set_days_of(uow),
        )
    )
    return _year(year, days, own)


@router.post(
    "/days",
    status_code=201,
    summary="设定工作日或休息日 Set days",
    responses=problems(401, 403, 409, 422),
)
def set_days(sent: DaysCreate, here: Writing) -> DaysChangedPublic:
    """Every case that a day concerns is looked at again. Sending it twice is harmless."""
    new = [each.read() for each in sent.days]
    done = here.write(lambda uow: calendar_days.set_days(uow, new, clock=here.clock, by=here.by))
    return DaysChangedPublic.model_validate(done)


@router.delete(
    "/days/{day_id}",
    summary="撤回设定的日子 Take a day back",
    responses=problems(401, 403, 404, 422),
)
def withdraw_day(day_id: UUID, here: Writing) -> DaysChangedPublic:
    """The program's own calendar answers for it again. Sending it twice is harmless."""
    done = here.write(
        lambda uow: calendar_days.withdraw_day(
            uow, override_id=day_id, clock=here.clock, by=here.by
        )
    )
    return DaysChangedPublic.model_validate(done)


def _year(year: int, days: WorkDays, own: list[SetDay]) -> YearPublic:
    first = date(year, 1, 1)
    every = [first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days)]
    departs = [
        DayPublic(day=day, is_working=days.is_working(day), name=days.names.get(day))
        for day in every
        if days.is_working(day) != (day.weekday() < 5) or day in days.names
    ]
    mine = [SetDayPublic.model_validate(one) for one in own if one.day.year == year]
    return YearPublic(year=year, official=not days.is_provisional(first), days=departs, set=mine)
