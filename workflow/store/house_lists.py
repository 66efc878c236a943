"""Where offices, staff and leaves are read a page at a time, within a caller's scope and in an order that stays."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, literal, select, tuple_
from sqlalchemy.orm import Session

from workflow.store.offices import as_known, below_query, covers
from workflow.store.scopes import Scope, staff_within
from workflow.store.tables import (
    Found,
    LeaveRow,
    OfficeRow,
    OfficeSpanRow,
    PostingRow,
    StaffRow,
    table_of,
)

OFFICES, SPANS = table_of(OfficeRow), table_of(OfficeSpanRow)
STAFF, POSTINGS, LEAVES = table_of(StaffRow), table_of(PostingRow), table_of(LeaveRow)
DEPUTIES = STAFF.alias("deputy")
_LEAVES = (
    select(LEAVES, STAFF.c.handle, DEPUTIES.c.handle.label("deputy"))
    .join(STAFF, STAFF.c.id == LEAVES.c.staff_id)
    .outerjoin(DEPUTIES, DEPUTIES.c.id == LEAVES.c.deputy_id)
)
OfficePlace = tuple[str, str, UUID]
"""Where a page of offices ended: division, name and id."""

LeavePlace = tuple[date, UUID]
"""Where a page of leaves ended: the first day and the id."""


def offices(
    session: Session,
    *,
    on: date,
    known_at: datetime | None = None,
    under: UUID | None = None,
    limit: int,
    after: OfficePlace | None = None,
) -> Sequence[Found]:
    """
    The offices that were open on a day, as known at an instant: their span, division and level.

    Args:
        under: only this office and those that belonged below it.
    """
    place = (OFFICES.c.division, SPANS.c.name, OFFICES.c.id)
    query = (
        select(SPANS, OFFICES.c.division, OFFICES.c.level)
        .join(OFFICES, OFFICES.c.id == SPANS.c.office_id)
        .where(as_known(SPANS, known_at), covers(SPANS, on))
        .order_by(*place)
        .limit(limit)
    )
    if under is not None:
        query = query.where(OFFICES.c.id.in_(below_query([under], on=on, known_at=known_at)))
    if after is not None:
        query = query.where(_behind(place, after))
    return session.execute(query).all()


def staff(
    session: Session,
    scope: Scope,
    *,
    since: date | None,
    limit: int,
    after: str | None = None,
    only: UUID | None = None,
) -> Sequence[Found]:
    """
    The staff within a scope, by handle.

    Args:
        since: only those who are posted on this day or later; None for all.
        only: this one, if they are within it.
    """
    query = select(STAFF).where(staff_within(scope, since=since))
    if only is not None:
        query = query.where(STAFF.c.id == only)
    if after is not None:
        query = query.where(STAFF.c.handle > after)
    return session.execute(query.order_by(STAFF.c.handle).limit(limit)).all()


def postings(session: Session, staff_ids: Collection[UUID]) -> dict[UUID, list[Found]]:
    """Every posting of several members of staff as it is held now, in order."""
    query = select(POSTINGS).where(POSTINGS.c.staff_id.in_(staff_ids), as_known(POSTINGS, None))
    found: dict[UUID, list[Found]] = {}
    for row in session.execute(query.order_by(POSTINGS.c.first_on, POSTINGS.c.id)):
        found.setdefault(row.staff_id, []).append(row)
    return found


def leaves(
    session: Session,
    scope: Scope,
    *,
    since: date,
    limit: int,
    after: LeavePlace | None = None,
    of_staff: UUID | None = None,
) -> Sequence[Found]:
    """The leaves of staff within a scope that are not over before a day, with the handles of who is away and who deputises."""
    place = (LEAVES.c.first_on, LEAVES.c.id)
    query = (
        _LEAVES.where(as_known(LEAVES, None), LEAVES.c.last_on >= since, staff_within(scope))
        .order_by(*place)
        .limit(limit)
    )
    if of_staff is not None:
        query = query.where(LEAVES.c.staff_id == of_staff)
    if after is not None:
        query = query.where(_behind(place, after))
    return session.execute(query).all()


def leave(session: Session, leave_id: UUID) -> Found | None:
    """One leave, also one that was withdrawn."""
    return session.execute(_LEAVES.where(LEAVES.c.id == leave_id)).first()


def _behind(place: Sequence[ColumnElement[Any]], after: Sequence[Any]) -> ColumnElement[bool]:
    """That a row comes after the one with which a page ended."""
    values = (literal(value, column.type) for column, value in zip(place, after, strict=True))
    return tuple_(*place) > tuple_(*values)
