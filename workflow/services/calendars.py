"""
Which days the State Council (国务院) has made working days: builds the table that the rules are handed.

Official data comes from the `chinese_calendar` library, corrected by
`workflow/data/calendar-overrides.toml` and by what the caller hands in (an
administrator's rows). Where neither speaks, Monday to Friday, marked
provisional. A library year counts as official only when it has the National
Day in it: the announcement of one year can close days at the end of another.

Source: domain.md D7.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path

import chinese_calendar

from workflow.rules.workdays import WorkDays
from workflow.services.calendar_overrides import (
    FIRST,
    LAST,
    CalendarRefused,
    Overrides,
    is_whole,
    read_overrides,
    refuse_outside,
)

__all__ = [
    "FIRST",
    "LAST",
    "CalendarRefused",
    "official_years",
    "work_days",
    "work_days_with",
]

_NATIONAL_DAY = "National Day"


def work_days(overrides: Mapping[date, bool] | None = None) -> WorkDays:
    """
    The table of working days from 1995 to 2045.

    Args:
        overrides: days that the caller knows better, true where offices work; they win over library and file.

    Raises:
        CalendarRefused: the bundled file is wrong, or a day lies outside the table.
    """
    return build_table(_bundled(), overrides) if overrides else _plain()


def work_days_with(standing: Mapping[date, bool], names: Mapping[date, str]) -> WorkDays:
    """
    The program's table with the days laid over it that an office set; a year that they make whole is official.

    Args:
        standing: days that were set, true where offices work.
        names: what the closed ones are called.

    Raises:
        CalendarRefused: the bundled file is wrong, or a day lies outside the table.
    """
    bundled = _bundled()
    refuse_outside(standing.keys(), "calendar_overrides")
    working = {**bundled.working, **standing}
    whole = {year for year in {day.year for day in standing} if is_whole(year, working)}
    years = bundled.official_years | whole
    return build_table(Overrides(working, {**bundled.names, **names}, years), {})


def official_years() -> frozenset[int]:
    """The years whose working days the library knows in full."""
    holidays: Mapping[date, str] = chinese_calendar.holidays
    days = (day for day, name in holidays.items() if name == _NATIONAL_DAY and day.month == 10)
    return frozenset(day.year for day in days)


def build_table(corrections: Overrides, overrides: Mapping[date, bool]) -> WorkDays:
    """The library's table with these corrections, and with these overrides on top of them."""
    refuse_outside(overrides.keys(), "overrides")
    corrected = {**corrections.working, **overrides}
    opened = {day for day, works in corrected.items() if works}
    shut = corrected.keys() - opened
    closed = set(chinese_calendar.holidays) - opened | shut
    shifted = set(chinese_calendar.workdays) - shut | opened
    return WorkDays(
        [
            day
            for day in _every_day()
            if day in shifted or (day.weekday() < 5 and day not in closed)
        ],
        first=FIRST,
        last=LAST,
        official_years=official_years() | corrections.official_years,
        names=_names(closed, corrections.names),
        version=_version(corrected, corrections.official_years),
    )


@cache
def _bundled() -> Overrides:
    """The corrections that travel with the program, read once."""
    file = Path(str(files("workflow") / "data" / "calendar-overrides.toml"))
    return read_overrides(file, official_years())


@cache
def _plain() -> WorkDays:
    return build_table(_bundled(), {})


def _every_day() -> Iterator[date]:
    return (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1))


def _names(closed: set[date], added: Mapping[date, str]) -> dict[date, str]:
    """The Chinese name of each closed day, where library or file knows one."""
    chinese = {holiday.value: str(holiday.chinese) for holiday in chinese_calendar.Holiday}
    known = {day: chinese[name] for day, name in chinese_calendar.holidays.items()} | dict(added)
    return {day: name for day, name in known.items() if day in closed}


def _version(corrected: Mapping[date, bool], years: frozenset[int]) -> str:
    """Which data this is: the library's version, and a short print of the corrections where there are any."""
    library = f"chinesecalendar {chinese_calendar.__version__}"
    if not corrected and not years:
        return library
    text = f"{sorted(corrected.items())} {sorted(years)}"
    return f"{library} + {hashlib.sha256(text.encode()).hexdigest()[:8]}"
