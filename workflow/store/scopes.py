"""
Whose house a caller keeps: the condition that every question about staff and their leave carries.

Beside `reach`, which is about cases: an administrator keeps the whole house and reaches
no case; a helper reaches cases and keeps nothing but their own leave.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true

from workflow.store.offices import as_known
from workflow.store.tables import PostingRow, StaffRow, table_of

STAFF, POSTINGS = table_of(StaffRow), table_of(PostingRow)


@dataclass(frozen=True, slots=True)
class Scope:
    """
    What a caller keeps; nothing unless said.

    Args:
        everything: the whole house.
        offices: what belongs to these offices, those below included by whoever made this.
        staff_id: what is their own.
        handle: whom they entered themselves and nobody posted anywhere yet, so that they can.
    """

    everything: bool = False
    offices: frozenset[UUID] = frozenset()
    staff_id: UUID | None = None
    handle: str | None = None


NO_HOUSE = Scope()


def staff_within(scope: Scope, *, since: date | None = None) -> ColumnElement[bool]:
    """
    The condition on `staff` that leaves whom this caller may know of.

    Args:
        since: only those who are posted on this day or later; None: whoever ever was, and whoever was nowhere yet.
    """
    if scope.everything:
        return true() if since is None else _posted(None, since)
    ways: list[ColumnElement[bool]] = []
    if scope.offices:
        ways.append(_posted(scope.offices, since))
    if since is None and scope.handle is not None:
        ways.append(and_(STAFF.c.recorded_by == scope.handle, ~_posted(None, None)))
    if scope.staff_id is not None:
        ways.append(STAFF.c.id == scope.staff_id)
    return or_(*ways) if ways else false()


def _posted(offices: frozenset[UUID] | None, since: date | None) -> ColumnElement[bool]:
    found = [POSTINGS.c.staff_id == STAFF.c.id, as_known(POSTINGS, None)]
    if offices is not None:
        found.append(POSTINGS.c.office_id.in_(sorted(offices)))
    if since is not None:
        found.append(or_(POSTINGS.c.last_on.is_(None), POSTINGS.c.last_on >= since))
    return exists(select(POSTINGS.c.id).where(and_(*found)).correlate(STAFF))
