"""
Who calls (调用者): a session's account, its role, and which cases they reach today.

Reach is asked anew at each request, from the postings of the day: who was posted
elsewhere yesterday reaches nothing of it today, and no token outlives that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from workflow.rules.access import AccountRole
from workflow.store import offices, staff
from workflow.store.reach import NOTHING, Reach
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Caller:
    """
    Whoever sent a request.

    Args:
        handle: how records name them.
        reach: the cases that they may know of.
        own_offices: the offices where they are posted today, without those below.
        must_change: that they may do nothing yet but set a password of their own.
        kind: `browser` or `token`.
        used_at: when the session was last known to be used.
    """

    account_id: UUID
    session_id: UUID
    handle: str
    role: AccountRole
    staff_id: UUID | None
    reach: Reach
    own_offices: frozenset[UUID]
    must_change: bool
    kind: str
    used_at: datetime


def caller_of(uow: UnitOfWork, row: Found, today: date) -> Caller:
    """The caller behind a session that stands."""
    own = _own_offices(uow, row, today)
    return Caller(
        account_id=row.account_id,
        session_id=row.session_id,
        handle=row.handle,
        role=row.role,
        staff_id=row.staff_id,
        reach=_reach(uow, row, own, today),
        own_offices=own,
        must_change=row.must_change,
        kind=row.kind,
        used_at=row.used_at,
    )


def _own_offices(uow: UnitOfWork, row: Found, today: date) -> frozenset[UUID]:
    if row.role == "integration" and row.office_id is not None:
        return frozenset({row.office_id})
    if row.role in ("county", "supervisor", "worker") and row.staff_id is not None:
        return staff.offices_of(uow.session, row.staff_id, today)
    return frozenset()


def _reach(uow: UnitOfWork, row: Found, own: frozenset[UUID], today: date) -> Reach:
    """Offices with those below for who works in one, their chairs for a helper; an administrator reaches nothing."""
    if row.role == "helper":
        return Reach(helper=row.handle)
    if own:
        within = offices.below_all(uow.session, own, on=today)
        return Reach(within, helper=row.handle if row.role == "worker" else None)
    if row.role == "county" and row.staff_id is None:
        return Reach(unplaced=True)
    return NOTHING
