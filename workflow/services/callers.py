"""
Who calls (调用者): a session's account, its role, and which cases they reach today.

Reach is asked anew at each request, from the postings of the day: who was posted
elsewhere yesterday reaches nothing of it today, and no token outlives that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from workflow.rules.access import AccountRole
from workflow.store.callers import Behind
from workflow.store.reach import NOTHING, Reach
from workflow.store.statements import Row


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


def caller_of(found: Behind) -> Caller:
    """The caller behind a session that stands."""
    row = found.row
    return Caller(
        account_id=row.account_id,
        session_id=row.session_id,
        handle=row.handle,
        role=row.role,
        staff_id=row.staff_id,
        reach=_reach(row, found.reached),
        own_offices=found.own,
        must_change=row.must_change,
        kind=row.kind,
        used_at=row.used_at,
    )


def _reach(row: Row, offices: frozenset[UUID]) -> Reach:
    """Offices with those below for who works in one, their chairs for a helper; an administrator reaches nothing."""
    if row.role == "helper":
        return Reach(helper=row.handle)
    if offices:
        return Reach(offices, helper=row.handle if row.role == "worker" else None)
    if row.role == "county" and row.staff_id is None:
        return Reach(unplaced=True)
    return NOTHING
