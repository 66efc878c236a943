"""
What a database is for: an office's real cases, or a demo whose clock can be moved. Stamped once, for good.

No demo may touch real cases, and no real case may be entered where somebody
moves the clock: so each mode refuses a database stamped with the other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Literal

from workflow.rules.errors import Refused
from workflow.rules.terms import DAY
from workflow.rules.workdays import WorkDays
from workflow.services.clock import Instant
from workflow.services.projecting import Packs
from workflow.services.sweeping import RunReport, dawn, sweep_through
from workflow.store import cases, stamps
from workflow.store.unit_of_work import UnitOfWork, UnitsOfWork

Mode = Literal["demo", "production"]
Demo = Literal["county", "worked_cases"]
MODE, DEMO_TODAY, DEMO_OF, DEMO_LOADED = "mode", "demo_today", "demo_of", "demo_loaded"
LONGEST_JUMP_YEARS = 10
LAST_DAY = date(2045, 12, 31)


def check_mode(uow: UnitOfWork, wanted: Mode) -> None:
    """
    See that the database may be used in this mode; it need not be stamped yet.

    Raises:
        Refused: `demo_database` or `office_database`: it is the other one.
    """
    found = stamps.read(uow.session, MODE)
    if found is None and wanted == "demo" and cases.any_known(uow.session):
        found = "production"
    if found == "demo" and wanted != "demo":
        raise Refused("demo_database")
    if found is not None and found != wanted:
        raise Refused("office_database")


def stamp(uow: UnitOfWork, wanted: Mode) -> None:
    """
    Stamp the database with its mode; one that bears it already stays as it is.

    Raises:
        Refused: it is the other one.
    """
    check_mode(uow, wanted)
    if stamps.read(uow.session, MODE) is None:
        stamps.put(uow.session, MODE, wanted)


def demo_today(uow: UnitOfWork) -> date | None:
    """The day that it is in a demo; None in every other database."""
    if stamps.read(uow.session, MODE) != "demo":
        return None
    found = stamps.read(uow.session, DEMO_TODAY)
    return date.fromisoformat(found) if found else None


def set_demo_today(uow: UnitOfWork, day: date) -> None:
    """Say which day it is in a demo."""
    if stamps.read(uow.session, MODE) != "demo":
        raise Refused("demo_only")
    stamps.put(uow.session, DEMO_TODAY, day.isoformat())


def claim_demo(uow: UnitOfWork, wanted: Demo) -> None:
    """
    Say what a demo database is filled with, once and for good.

    Raises:
        Refused: `demo_only`, or `other_demo`: it holds the other one.
    """
    if stamps.read(uow.session, MODE) != "demo":
        raise Refused("demo_only")
    found = stamps.read(uow.session, DEMO_OF)
    if found is None:
        stamps.put(uow.session, DEMO_OF, wanted)
    elif found != wanted:
        raise Refused("other_demo")


def is_loaded(uow: UnitOfWork) -> bool:
    """Whether all of a demo lies in this database; one whose loading was interrupted does not."""
    return stamps.read(uow.session, DEMO_LOADED) is not None


def begin_demo(uow: UnitOfWork, day: date) -> None:
    """Say that all of a demo is there, and that it stands at this day."""
    set_demo_today(uow, day)
    stamps.put(uow.session, DEMO_LOADED, day.isoformat())


def move_clock(
    uow_factory: UnitsOfWork,
    to: date,
    *,
    packs: Packs,
    calendar: WorkDays | None,
    lived: Callable[[Instant], object] | None = None,
) -> list[RunReport]:
    """
    Live a demo from its day up to another one, which then begins.

    Each day is lived to its end, with what is told on it. The new day only dawns:
    the rows show what is open on it, and its records come before its digest.

    Args:
        lived: told of each day that was swept, so that messages are sent on it.

    Raises:
        Refused: the database is no demo, the day lies behind, or too far ahead.
    """
    with uow_factory() as uow:
        today = demo_today(uow)
    if today is None:
        raise Refused("demo_only")
    if to < today:
        raise Refused("clock_backwards", to=to, today=today)
    last = min(date(today.year + LONGEST_JUMP_YEARS, today.month, 1), LAST_DAY)
    if to > last:
        raise Refused("clock_too_far", to=to, last=last)
    runs = sweep_through(
        uow_factory,
        packs=packs,
        calendar=calendar,
        after=today - DAY,
        through=to - DAY,
        lived=lived,
    )
    with uow_factory() as uow:
        set_demo_today(uow, to)
    dawn(uow_factory, packs=packs, calendar=calendar, day=to)
    return runs
