"""
The notices (通知) of somebody: what the rungs told to the roles in which they stand today.

A notice is told to a role; who stands in it is found when they look: the helper in the chair or
their deputy, the supervisors of the office, the county office, and the county office for its
supervisors where there are none. Never nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.services.callers import Caller
from workflow.services.staffing import unled
from workflow.store import notice_lists, people, staff
from workflow.store.notice_lists import Place, Standing
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

__all__ = ["NoticeItem", "Place", "notices_for", "told_to"]


@dataclass(frozen=True, slots=True)
class NoticeItem:
    """
    One notice.

    Args:
        name: of the person, where it can still be read.
        role: the one that the rung names; `to` the one that it was told to.
    """

    case_id: UUID
    name: str | None
    kind: str
    occurrence: str
    on: date
    rung: str
    role: str
    to: str

    @property
    def place(self) -> Place:
        """Where it stands in the list."""
        return self.on, self.case_id, self.kind, self.occurrence, self.to


def notices_for(
    uow: UnitOfWork, caller: Caller, today: date, *, limit: int, after: Place | None = None
) -> list[NoticeItem]:
    """What was told up to today to the roles in which a caller stands, the newest first."""
    rows = told_to(uow, caller, today, limit=limit, after=after)
    known = people.profiles_of(uow.session, uow.ring, {row.subject_id for row in rows})
    return [
        NoticeItem(
            case_id=row.case_id,
            name=known[row.subject_id].name if row.subject_id in known else None,
            kind=row.kind,
            occurrence=row.occurrence,
            on=row.told_on,
            rung=row.rung,
            role=row.role,
            to=row.told_to,
        )
        for row in rows
    ]


def told_to(
    uow: UnitOfWork, caller: Caller, today: date, *, limit: int, after: Place | None = None
) -> Sequence[Found]:
    """The same as rows, of which no name is opened."""
    standing = _standing(uow, caller, today)
    return notice_lists.told(uow.session, caller.reach, standing, today, limit=limit, after=after)


def _standing(uow: UnitOfWork, caller: Caller, today: date) -> Standing:
    leave = staff.on_leave(uow.session, today)
    handles = {caller.handle, *(away for away, by in leave.items() if by == caller.handle)}
    reach = caller.reach
    if caller.role == "supervisor":
        return Standing(frozenset(handles), (("supervisor", reach.offices),))
    if caller.role == "county":
        alone = unled(uow, reach.offices, today)
        heard = (("county_office", reach.offices), ("supervisor", alone))
        return Standing(frozenset(handles), heard, reach.unplaced)
    return Standing(frozenset(handles))
