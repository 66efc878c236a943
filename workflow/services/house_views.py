"""
The house as it is looked at (机构与人员一览): offices with their spans, staff with their postings, who is away.

Names are opened for those who may read them, and for nobody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from workflow.rules.errors import NotFound
from workflow.services import divisions
from workflow.services.clock import AsOf
from workflow.services.staffing import StaffProfile, read_staff
from workflow.store import house_lists, offices
from workflow.store.house_lists import LeavePlace, OfficePlace
from workflow.store.scopes import Scope
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

DAY = timedelta(days=1)


# ------------------------------------------------------------------ offices


@dataclass(frozen=True, slots=True)
class OfficeView:
    """
    An office as it was on a day.

    Args:
        since: the day from which it has had this name and been under this parent.
    """

    id: UUID
    name: str
    division: str
    division_name: str
    level: str
    parent_id: UUID | None
    since: date

    @property
    def place(self) -> OfficePlace:
        """Where a page that ends with it ends."""
        return (self.division, self.name, self.id)


@dataclass(frozen=True, slots=True)
class SpanView:
    """What was held of an office for some days."""

    id: UUID
    name: str
    parent_id: UUID | None
    first_on: date
    last_on: date | None
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class OfficeHistory:
    """
    One office from its first day on.

    Args:
        closed_on: the first day on which it is closed; None while it is open.
        successor_id: the office that took over when it closed, if one did.
    """

    id: UUID
    division: str
    division_name: str
    level: str
    spans: tuple[SpanView, ...]
    closed_on: date | None
    successor_id: UUID | None


def offices_on(
    uow: UnitOfWork,
    asked: AsOf,
    *,
    under: UUID | None = None,
    limit: int = 50,
    after: OfficePlace | None = None,
) -> list[OfficeView]:
    """
    The offices that were open on a day, as known at an instant, by division and name.

    Args:
        under: only this office and those below it.
    """
    rows = house_lists.offices(
        uow.session, on=asked.on, known_at=asked.known_at, under=under, limit=limit, after=after
    )
    return [
        OfficeView(
            id=row.office_id,
            name=row.name,
            division=row.division,
            division_name=divisions.division(row.division).full_name,
            level=row.level,
            parent_id=row.parent_id,
            since=row.first_on,
        )
        for row in rows
    ]


def office_history(
    uow: UnitOfWork, office_id: UUID, known_at: datetime | None = None
) -> OfficeHistory:
    """
    One office with all its spans, as known at an instant.

    Raises:
        NotFound: there is no such office, or none was known by then.
    """
    row = offices.find(uow.session, office_id)
    spans = offices.spans_of(uow.session, office_id, known_at=known_at)
    if row is None or not spans:
        raise NotFound("not_found", what=str(office_id))
    last = spans[-1]
    return OfficeHistory(
        id=office_id,
        division=row.division,
        division_name=divisions.division(row.division).full_name,
        level=row.level,
        spans=tuple(_span(each) for each in spans),
        closed_on=None if last.last_on is None else last.last_on + DAY,
        successor_id=last.successor_id,
    )


def span_of(uow: UnitOfWork, office_id: UUID, span_id: UUID) -> SpanView:
    """
    A span of an office, also one that was replaced.

    Raises:
        NotFound: there is no such span, or it is another office's.
    """
    span = offices.find_span(uow.session, span_id)
    if span is None or span.office_id != office_id:
        raise NotFound("not_found", what=str(span_id))
    return _span(span)


def _span(row: Found) -> SpanView:
    return SpanView(
        id=row.id,
        name=row.name,
        parent_id=row.parent_id,
        first_on=row.first_on,
        last_on=row.last_on,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
    )


# ------------------------------------------------------------------ staff


@dataclass(frozen=True, slots=True)
class PostingView:
    """Where somebody works as what, from a day to a day."""

    id: UUID
    office_id: UUID
    role: str
    first_on: date
    last_on: date | None


@dataclass(frozen=True, slots=True)
class StaffView:
    """
    A member of staff.

    Args:
        profile: None for those who may not read it, and where the key was destroyed when they left.
    """

    id: UUID
    handle: str
    profile: StaffProfile | None
    postings: tuple[PostingView, ...]


def staff_within(
    uow: UnitOfWork,
    scope: Scope,
    *,
    since: date | None,
    named: bool,
    limit: int = 50,
    after: str | None = None,
) -> list[StaffView]:
    """
    The staff within a scope, by handle, each with every posting.

    Args:
        since: only those who are posted on this day or later; None: those who were, too, and who is nowhere yet.
        named: whether their names are opened.
    """
    rows = house_lists.staff(uow.session, scope, since=since, limit=limit, after=after)
    return _staff(uow, rows, named=named)


def staff_member(uow: UnitOfWork, scope: Scope, staff_id: UUID, *, named: bool) -> StaffView:
    """
    One member of staff within a scope.

    Raises:
        NotFound: they are not within it, or there is nobody of that id.
    """
    rows = house_lists.staff(uow.session, scope, since=None, limit=1, only=staff_id)
    if not rows:
        raise NotFound("not_found", what=str(staff_id))
    return _staff(uow, rows, named=named)[0]


def _staff(uow: UnitOfWork, rows: Sequence[Found], *, named: bool) -> list[StaffView]:
    ids = [row.id for row in rows]
    profiles = read_staff(uow, ids) if named else {}
    postings = house_lists.postings(uow.session, ids)
    return [
        StaffView(
            id=row.id,
            handle=row.handle,
            profile=profiles.get(row.id),
            postings=tuple(
                PostingView(one.id, one.office_id, one.role, one.first_on, one.last_on)
                for one in postings.get(row.id, ())
            ),
        )
        for row in rows
    ]


# ------------------------------------------------------------------ who is away


@dataclass(frozen=True, slots=True)
class LeaveView:
    """
    A leave, both days included.

    Args:
        deputy: the handle of who hears instead; None: the office's supervisor does.
    """

    id: UUID
    staff_id: UUID
    handle: str
    first_on: date
    last_on: date
    deputy_id: UUID | None
    deputy: str | None

    @property
    def place(self) -> LeavePlace:
        """Where a page that ends with it ends."""
        return (self.first_on, self.id)


def leaves_within(
    uow: UnitOfWork,
    scope: Scope,
    *,
    since: date,
    limit: int = 50,
    after: LeavePlace | None = None,
    of_staff: UUID | None = None,
) -> list[LeaveView]:
    """The leaves of staff within a scope that are not over before a day, in the order of their first days."""
    rows = house_lists.leaves(
        uow.session, scope, since=since, limit=limit, after=after, of_staff=of_staff
    )
    return [_leave(row) for row in rows]


def leave(uow: UnitOfWork, leave_id: UUID) -> LeaveView:
    """
    One leave, also one that was taken back, for whoever just wrote it.

    Raises:
        NotFound: there is none of that id.
    """
    row = house_lists.leave(uow.session, leave_id)
    if row is None:
        raise NotFound("not_found", what=str(leave_id))
    return _leave(row)


def _leave(row: Found) -> LeaveView:
    return LeaveView(
        id=row.id,
        staff_id=row.staff_id,
        handle=row.handle,
        first_on=row.first_on,
        last_on=row.last_on,
        deputy_id=row.deputy_id,
        deputy=row.deputy,
    )
