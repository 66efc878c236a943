"""
Where the staff are read and written: who works where as what on a day, who is on leave, and who hears instead.

Postings and leaves are rows with two times: the days on which they hold, and from
when to when that was known. Names are sealed; everybody else here is a handle.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, func, insert, or_, select, update
from sqlalchemy.orm import Session

from workflow.store.offices import as_known, covers
from workflow.store.tables import DataKeyRow, Found, LeaveRow, PostingRow, StaffRow, table_of

STAFF, POSTINGS, LEAVES = table_of(StaffRow), table_of(PostingRow), table_of(LeaveRow)
DEPUTY, KEYS = STAFF.alias("deputy"), table_of(DataKeyRow)


# ------------------------------------------------------------------ who they are


def find(session: Session, staff_id: UUID, *, to_write: bool = False) -> Found | None:
    """
    The row of a member of staff, or None where there is none of that id.

    Args:
        to_write: nobody else changes their postings or leaves until this transaction ends.
    """
    query = select(STAFF).where(STAFF.c.id == staff_id)
    return session.execute(query.with_for_update(key_share=True) if to_write else query).first()


def by_handle(session: Session, handle: str) -> Found | None:
    """The row of whoever has this handle."""
    return session.execute(select(STAFF).where(STAFF.c.handle == handle)).first()


def find_many(session: Session, staff_ids: Collection[UUID]) -> Sequence[Found]:
    """The rows of several members of staff, by handle."""
    query = select(STAFF).where(STAFF.c.id.in_(staff_ids))
    return session.execute(query.order_by(STAFF.c.handle)).all()


def with_handles(session: Session, handles: Collection[str]) -> Sequence[Found]:
    """The rows of those who have one of these handles."""
    query = select(STAFF).where(STAFF.c.handle.in_(handles))
    return session.execute(query.order_by(STAFF.c.handle)).all()


def counted(session: Session) -> tuple[int, int]:
    """How many there are, and of how many the name can be read: neither changes unless somebody came or was shredded."""
    query = select(func.count(STAFF.c.id), func.count(KEYS.c.owner_id))
    found = query.select_from(STAFF).outerjoin(KEYS, KEYS.c.owner_id == STAFF.c.id)
    everybody, readable = session.execute(found).one()
    return everybody, readable


def add(
    session: Session, staff_id: UUID, *, handle: str, profile: bytes, at: datetime, by: str
) -> None:
    """Write a new member of staff down."""
    row = {"id": staff_id, "handle": handle, "profile": profile}
    session.execute(insert(STAFF), [{**row, "recorded_at": at, "recorded_by": by}])


# ------------------------------------------------------------------ postings and leaves as rows


def find_posting(session: Session, posting_id: UUID) -> Found | None:
    """A posting, also one that was withdrawn."""
    return _find(session, POSTINGS, posting_id)


def postings_of(
    session: Session, staff_id: UUID, *, known_at: datetime | None = None
) -> Sequence[Found]:
    """Every posting of a member of staff as known at an instant, in order."""
    return _of_staff(session, POSTINGS, staff_id, known_at)


def add_posting(session: Session, row: Mapping[str, Any], *, at: datetime, by: str) -> None:
    """Write a posting down as known from an instant on."""
    _add(session, POSTINGS, row, at, by)


def withdraw_posting(session: Session, posting_id: UUID, *, at: datetime, by: str) -> None:
    """From this instant on it is no longer held to be true."""
    _withdraw(session, POSTINGS, posting_id, at, by)


def find_leave(session: Session, leave_id: UUID) -> Found | None:
    """A leave, also one that was withdrawn."""
    return _find(session, LEAVES, leave_id)


def leaves_of(
    session: Session, staff_id: UUID, *, known_at: datetime | None = None
) -> Sequence[Found]:
    """Every leave of a member of staff as known at an instant, in order."""
    return _of_staff(session, LEAVES, staff_id, known_at)


def leaves_deputised(session: Session, staff_id: UUID, since: date) -> Sequence[Found]:
    """The leaves of others, not over before a day, for which this one deputises."""
    mine = select(LEAVES).where(LEAVES.c.deputy_id == staff_id, as_known(LEAVES, None))
    return session.execute(mine.where(LEAVES.c.last_on >= since).order_by(LEAVES.c.first_on)).all()


def add_leave(session: Session, row: Mapping[str, Any], *, at: datetime, by: str) -> None:
    """Write a leave down as known from an instant on."""
    _add(session, LEAVES, row, at, by)


def withdraw_leave(session: Session, leave_id: UUID, *, at: datetime, by: str) -> None:
    """From this instant on it is no longer held to be true."""
    _withdraw(session, LEAVES, leave_id, at, by)


def _find(session: Session, table: Table, row_id: UUID) -> Found | None:
    return session.execute(select(table).where(table.c.id == row_id)).first()


def _of_staff(
    session: Session, table: Table, staff_id: UUID, known_at: datetime | None
) -> Sequence[Found]:
    query = select(table).where(table.c.staff_id == staff_id, as_known(table, known_at))
    return session.execute(query.order_by(table.c.first_on, table.c.id)).all()


def _add(session: Session, table: Table, row: Mapping[str, Any], at: datetime, by: str) -> None:
    session.execute(insert(table), [{**row, "recorded_at": at, "recorded_by": by}])


def _withdraw(session: Session, table: Table, row_id: UUID, at: datetime, by: str) -> None:
    ended = update(table).where(table.c.id == row_id, table.c.withdrawn_at.is_(None))
    session.execute(ended.values(withdrawn_at=at, withdrawn_by=by))


# ------------------------------------------------------------------ who is there on a day


def on_leave(
    session: Session, day: date, *, known_at: datetime | None = None
) -> dict[str, str | None]:
    """
    Who is on leave on a day, and who deputises: handles, None where nobody does.

    A deputy who is on leave as well passes it on to their own; where that comes
    back to somebody who is away, nobody deputises.
    """
    query = (
        select(STAFF.c.handle, DEPUTY.c.handle.label("deputy"))
        .select_from(LEAVES)
        .join(STAFF, STAFF.c.id == LEAVES.c.staff_id)
        .outerjoin(DEPUTY, DEPUTY.c.id == LEAVES.c.deputy_id)
        .where(as_known(LEAVES, known_at), covers(LEAVES, day))
    )
    named = {row.handle: row.deputy for row in session.execute(query)}
    return {handle: _standing_in(handle, named) for handle in sorted(named)}


def _standing_in(handle: str, named: Mapping[str, str | None]) -> str | None:
    """The first deputy along the way who is not on leave."""
    seen: set[str] = set()
    at: str | None = handle
    while at is not None and at in named and at not in seen:
        seen.add(at)
        at = named[at]
    return None if at in seen else at


def posted(
    session: Session,
    office_ids: Collection[UUID],
    day: date,
    *,
    role: str | None = None,
    known_at: datetime | None = None,
) -> Sequence[Found]:
    """Who is posted at these offices on a day: `handle`, `staff_id`, `office_id` and `role`, by handle."""
    query = (
        select(STAFF.c.handle, POSTINGS.c.staff_id, POSTINGS.c.office_id, POSTINGS.c.role)
        .join(STAFF, STAFF.c.id == POSTINGS.c.staff_id)
        .where(
            POSTINGS.c.office_id.in_(office_ids),
            as_known(POSTINGS, known_at),
            covers(POSTINGS, day),
        )
        .order_by(STAFF.c.handle, POSTINGS.c.office_id, POSTINGS.c.role)
    )
    if role is not None:
        query = query.where(POSTINGS.c.role == role)
    return session.execute(query).all()


def all_posted(session: Session, day: date) -> Sequence[Found]:
    """Everybody who is posted anywhere on a day: `handle`, `office_id` and `role`, by handle."""
    query = (
        select(STAFF.c.handle, POSTINGS.c.office_id, POSTINGS.c.role)
        .join(STAFF, STAFF.c.id == POSTINGS.c.staff_id)
        .where(as_known(POSTINGS, None), covers(POSTINGS, day))
        .order_by(STAFF.c.handle, POSTINGS.c.office_id, POSTINGS.c.role)
    )
    return session.execute(query).all()


def offices_of(session: Session, staff_id: UUID, day: date) -> frozenset[UUID]:
    """The offices to which a member of staff is posted on a day."""
    query = select(POSTINGS.c.office_id).where(
        POSTINGS.c.staff_id == staff_id, as_known(POSTINGS, None), covers(POSTINGS, day)
    )
    return frozenset(session.execute(query).scalars())


def posted_since(session: Session, staff_id: UUID, day: date) -> Sequence[Found]:
    """The postings of a member of staff that last on a day or begin after it."""
    lasts = or_(POSTINGS.c.last_on.is_(None), POSTINGS.c.last_on >= day)
    query = select(POSTINGS).where(POSTINGS.c.staff_id == staff_id, as_known(POSTINGS, None), lasts)
    return session.execute(query.order_by(POSTINGS.c.first_on)).all()
