"""
What a caller keeps of the house (管理范围): all of it, what belongs to their offices, or only what is their own.

Every list below asks within it, and every change is checked against it first, in the
same transaction. Offices are known to everybody, so what is beyond one's own is
refused as such; staff who are beyond it answer as if they were not there.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from workflow.rules.access import Grant
from workflow.rules.errors import Forbidden, NotFound, Refused
from workflow.services.callers import Caller
from workflow.store import house_lists, staff
from workflow.store.scopes import NO_HOUSE, Scope
from workflow.store.unit_of_work import UnitOfWork

WHOLE_HOUSE = Scope(everything=True)


def scope_of(caller: Caller, grant: Grant) -> Scope:
    """What this row of the table lets a caller keep today."""
    match grant.condition:
        case "all":
            return WHOLE_HOUSE
        case "offices":
            offices = caller.reach.offices
            return Scope(offices=offices, staff_id=caller.staff_id, handle=caller.handle)
        case "self":
            return Scope(staff_id=caller.staff_id)
    return NO_HOUSE


def check_offices(scope: Scope, office_ids: Iterable[UUID | None]) -> None:
    """
    See that all of these offices are within the scope; None stands for the top of the tree.

    Raises:
        Forbidden: `beyond_own_offices`.
    """
    if not scope.everything and not set(office_ids) <= scope.offices:
        raise Forbidden("beyond_own_offices")


def check_staff(uow: UnitOfWork, scope: Scope, staff_id: UUID) -> None:
    """
    See that a member of staff is within the scope.

    Raises:
        NotFound: they are not, or there is nobody of that id.
    """
    if not house_lists.staff(uow.session, scope, since=None, limit=1, only=staff_id):
        raise NotFound("not_found", what=str(staff_id))


def check_posting(uow: UnitOfWork, scope: Scope, staff_id: UUID, posting_id: UUID) -> None:
    """
    See that a posting is that member of staff's, and one to an office within the scope.

    Raises:
        NotFound: it is not theirs, or there is none of that id.
        Forbidden: `beyond_own_offices`.
    """
    row = staff.find_posting(uow.session, posting_id)
    if row is None or row.staff_id != staff_id:
        raise NotFound("not_found", what=str(posting_id))
    check_offices(scope, [row.office_id])


def check_leave(uow: UnitOfWork, scope: Scope, leave_id: UUID) -> None:
    """
    See that a leave is of somebody within the scope.

    Raises:
        NotFound: it is not, or there is none of that id.
    """
    row = staff.find_leave(uow.session, leave_id)
    if row is None:
        raise NotFound("not_found", what=str(leave_id))
    check_staff(uow, scope, row.staff_id)


def check_deputy(
    uow: UnitOfWork, scope: Scope, staff_id: UUID, deputy_id: UUID | None, on: date
) -> None:
    """
    See that a deputy works where the caller keeps, or where the one who is away works: they hear what is theirs.

    Raises:
        Refused: `deputy_elsewhere`.
    """
    if deputy_id is None or scope.everything:
        return
    theirs = staff.offices_of(uow.session, deputy_id, on)
    if not theirs & (scope.offices | staff.offices_of(uow.session, staff_id, on)):
        raise Refused("deputy_elsewhere")
