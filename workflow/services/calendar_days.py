"""
The days that an office sets itself (日历更正): the State Council's announcement of a year, or a day that the program has wrong.

Dated facts: each says what was known of a day since when, and at most one stands
a day. Whoever changes one lets every case be looked at again that it can touch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from workflow.rules.errors import Conflict, Invalid, NotFound, Refused
from workflow.rules.workdays import WorkDays
from workflow.services.calendars import FIRST, LAST, work_days, work_days_with
from workflow.services.clock import Instant
from workflow.store import calendar_days, next_looks
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

LONGEST_NAME = 200
LONGEST_TAIL = timedelta(days=366)
"""How long after the end of a case a day can still matter to it: what was to be done after an exit."""


@dataclass(frozen=True, slots=True)
class NewDay:
    """
    A day as it is set.

    Args:
        id: made by the client (UUIDv7), so that sending it twice is harmless.
        is_working: whether offices work on it.
        name: what a closed day is called, for *why* sentences.
    """

    id: UUID
    day: date
    is_working: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class SetDay:
    """A day that was set, as the record holds it."""

    id: UUID
    day: date
    is_working: bool
    name: str
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class DaysChanged:
    """On how many days the calendar now answers otherwise, and how many cases are looked at again for it."""

    days: int
    cases: int


def work_days_in(uow: UnitOfWork, given: WorkDays | None) -> WorkDays:
    """
    The calendar that was given, or where none was the one that holds in this database, as this transaction sees it.

    To be asked once the cases are held: a day that is set meanwhile then waits for them, or they for it.
    """
    return work_days_of(uow) if given is None else given


def work_days_of(uow: UnitOfWork, *, known_at: datetime | None = None) -> WorkDays:
    """
    The calendar that counts: the program's, with the days laid over it that stand.

    One small query; the table is built once for the same days.

    Args:
        known_at: as the days were known at that instant.
    """
    return _laid_over(calendar_days.answers(uow.session, known_at))


def work_days_from(rows: Sequence[Found]) -> WorkDays:
    """The calendar that counts, out of what was found where it was asked together with others."""
    return _laid_over(calendar_days.as_answers(rows))


def set_days_of(uow: UnitOfWork, *, known_at: datetime | None = None) -> list[SetDay]:
    """The days that stand, in order; as known at an instant."""
    names = ("id", "day", "is_working", "name", "recorded_at", "recorded_by")
    rows = calendar_days.standing(uow.session, known_at)
    return [SetDay(*(getattr(row, name) for name in names)) for row in rows]


def set_day(
    uow: UnitOfWork,
    *,
    override_id: UUID,
    day: date,
    is_working: bool,
    name: str = "",
    clock: Instant,
    by: str,
) -> DaysChanged:
    """Set one day; what stood on it is withdrawn. Raises as `set_days` does."""
    return set_days(uow, [NewDay(override_id, day, is_working, name)], clock=clock, by=by)


def set_days(uow: UnitOfWork, new: Sequence[NewDay], *, clock: Instant, by: str) -> DaysChanged:
    """
    Set days, such as a year's announcement at once; what stood on them is withdrawn.

    A year whose great holidays are all among the days that stand is official from then on. Days whose
    id is known are left as they are, even if they were withdrawn since.

    Raises:
        Refused: a day lies outside the calendar.
        Invalid: a day stands twice in the request, or a name is too long.
        Conflict: an id is known with other content.
    """
    _check(new)
    calendar_days.one_writer(uow.session)
    known = {row.id: row for row in calendar_days.with_ids(uow.session, [one.id for one in new])}
    fresh = [one for one in new if not _already_set(one, known.get(one.id))]
    if not fresh:
        return DaysChanged(0, 0)
    before, days = work_days_of(uow), [one.day for one in fresh]
    calendar_days.withdraw(uow.session, days, at=clock.now, by=by)
    calendar_days.add(uow.session, [_row(one) for one in fresh], at=clock.now, by=by)
    return _look_again(uow, before, days, clock)


def withdraw_day(uow: UnitOfWork, *, override_id: UUID, clock: Instant, by: str) -> DaysChanged:
    """
    Take back a day that was set: the program's own calendar answers for it again. Twice is harmless.

    Raises:
        NotFound: no day was set under this id.
    """
    calendar_days.one_writer(uow.session)
    row = next(iter(calendar_days.with_ids(uow.session, [override_id])), None)
    if row is None:
        raise NotFound("not_found", what=str(override_id))
    if row.withdrawn_at is not None:
        return DaysChanged(0, 0)
    before = work_days_of(uow)
    calendar_days.withdraw(uow.session, [row.day], at=clock.now, by=by)
    return _look_again(uow, before, [row.day], clock)


def _check(new: Sequence[NewDay]) -> None:
    seen: set[date] = set()
    ids: set[UUID] = set()
    for one in new:
        if not FIRST <= one.day <= LAST:
            raise Refused("day_outside_calendar", day=one.day, first=FIRST, last=LAST)
        if one.day in seen or one.id in ids:
            raise Invalid("day_given_twice", day=one.day)
        if len(one.name) > LONGEST_NAME:
            raise Invalid("day_name_too_long", day=one.day, longest=LONGEST_NAME)
        seen.add(one.day)
        ids.add(one.id)


def _already_set(one: NewDay, known: Found | None) -> bool:
    if known is None:
        return False
    if (known.day, known.is_working, known.name) != (one.day, one.is_working, one.name):
        raise Conflict("day_id_conflict", id=str(one.id))
    return True


def _row(one: NewDay) -> dict[str, Any]:
    return {"id": one.id, "day": one.day, "is_working": one.is_working, "name": one.name}


def _look_again(
    uow: UnitOfWork, before: WorkDays, touched: Sequence[date], clock: Instant
) -> DaysChanged:
    """Let the cases be looked at that a day can touch which is now another than before; a new name touches none."""
    now = work_days_of(uow)
    moved = [day for day in touched if before.is_working(day) != now.is_working(day)]
    if not moved:
        return DaysChanged(0, 0)
    since = min(moved) - LONGEST_TAIL
    count = next_looks.look_at_all(uow.session, clock.today, ended_since=since)
    return DaysChanged(len(moved), count)


@lru_cache(maxsize=8)
def _laid_over(days: tuple[calendar_days.Answer, ...]) -> WorkDays:
    """The program's table with these days; the same table for the same days, whichever database they come from."""
    if not days:
        return work_days()
    standing = {day: works for day, works, _ in days}
    return work_days_with(standing, {day: name for day, works, name in days if name and not works})
