"""The staff: who they are, where they work as what, and when they are on leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import StringConstraints, TypeAdapter

from api.context import Context, may
from api.paging import DEFAULT, Cursor, Limit, cut, place_of
from api.schemas.pages import Page
from api.schemas.problems import problems
from api.schemas.staff import (
    LeaveCreate,
    LeavePublic,
    LeavesAsked,
    PostingCreate,
    PostingEnd,
    StaffCreate,
    StaffPublic,
)
from api.schemas.values import PlainText
from workflow.rules.access import ALL
from workflow.services import house_views, keeping, staffing
from workflow.store.scopes import Scope
from workflow.store.unit_of_work import UnitOfWork

router = APIRouter(tags=["staff 人员"])
Reading = Annotated[Context, may("staff", "read")]
Writing = Annotated[Context, may("staff", "write")]
SeeingLeave = Annotated[Context, may("leave", "read")]
Leaving = Annotated[Context, may("leave", "write")]
PLACE = TypeAdapter(tuple[Annotated[PlainText, StringConstraints(max_length=64)]])
LEAVE = TypeAdapter(tuple[date, UUID])
Former = Annotated[
    bool,
    Query(description="连同已离任和尚未任职的 Those who were posted, too, and who is nowhere yet."),
]


@router.get(
    "/staff",
    summary="人员名册 Staff",
    response_model=Page[StaffPublic],
    responses=problems(401, 403, 422),
)
def list_staff(
    here: Reading, former: Former = False, cursor: Cursor = None, limit: Limit = DEFAULT
) -> Response:
    """Those of one's offices and below, by handle, with their postings."""
    found = _listed(here, place_of(cursor, PLACE), limit, former=former)
    shown, following = cut(found, limit, lambda one: (one.handle,))
    return here.page([StaffPublic.of(one) for one in shown], following)


@router.post(
    "/staff",
    status_code=201,
    summary="登记人员 Enter a member of staff",
    responses=problems(401, 403, 409, 422),
)
def add_staff(sent: StaffCreate, here: Writing) -> StaffPublic:
    """Name and phone are sealed under a key of their own. Sending it twice is harmless."""
    given, clock, by = sent.model_dump(exclude={"id"}), here.clock, here.by
    here.write(lambda uow: staffing.add_staff(uow, staff_id=sent.id, clock=clock, by=by, **given))
    return _staff(here, sent.id, keeping.WHOLE_HOUSE)


@router.get(
    "/staff/{staff_id}",
    summary="人员 One member of staff",
    response_model=StaffPublic,
    responses=problems(401, 403, 404, 422),
)
def show_staff(staff_id: UUID, here: Reading) -> Response:
    """Where they work as what, and did."""
    return here.shown(_staff(here, staff_id))


@router.post(
    "/staff/{staff_id}/postings",
    status_code=201,
    summary="任职 Post somebody to an office",
    responses=problems(401, 403, 404, 409, 422),
)
def post_staff(staff_id: UUID, sent: PostingCreate, here: Writing) -> StaffPublic:
    """To an office of one's own or below. What they reach from then on follows it. Twice is harmless."""
    given, clock, by = sent.model_dump(exclude={"id"}), here.clock, here.by
    keeping.check_offices(here.scope, [sent.office_id])
    return _changed(
        here,
        staff_id,
        lambda uow: staffing.post(
            uow, posting_id=sent.id, staff_id=staff_id, clock=clock, by=by, **given
        ),
    )


@router.post(
    "/staff/{staff_id}/postings/{posting_id}/end",
    summary="离任 End a posting",
    responses=problems(401, 403, 404, 409, 422),
)
def end_posting(staff_id: UUID, posting_id: UUID, sent: PostingEnd, here: Writing) -> StaffPublic:
    """With a day, past or to come; the posting has another id then. Sending it twice is harmless."""
    last_on, clock, by = sent.last_on, here.clock, here.by

    def end(uow: UnitOfWork) -> object:
        keeping.check_posting(uow, here.scope, staff_id, posting_id)
        return staffing.end_posting(uow, posting_id=posting_id, last_on=last_on, clock=clock, by=by)

    return _changed(here, staff_id, end)


# ------------------------------------------------------------------ leave


@router.get("/leaves", summary="请假 Who is away", responses=problems(401, 403, 422))
def list_leaves(here: SeeingLeave, asked: Annotated[LeavesAsked, Query()]) -> Page[LeavePublic]:
    """Leaves that are not over before a day, of those in one's offices, or one's own."""
    found = _leaves(here, asked, place_of(asked.cursor, LEAVE))
    shown, following = cut(found, asked.limit, lambda one: one.place)
    return Page(items=[LeavePublic.of(one) for one in shown], next=following)


@router.post(
    "/staff/{staff_id}/leaves",
    status_code=201,
    summary="登记请假 Record a leave",
    responses=problems(401, 403, 404, 409, 422),
)
def record_leave(staff_id: UUID, sent: LeaveCreate, here: Leaving) -> LeavePublic:
    """One's own, or of those in one's offices. The deputy is a colleague. Sending it twice is harmless."""
    given, clock, by = sent.model_dump(exclude={"id"}), here.clock, here.by

    def record(uow: UnitOfWork) -> None:
        keeping.check_staff(uow, here.scope, staff_id)
        keeping.check_deputy(uow, here.scope, staff_id, sent.deputy_id, sent.first_on)
        staffing.record_leave(uow, leave_id=sent.id, staff_id=staff_id, clock=clock, by=by, **given)

    here.write(record)
    return LeavePublic.of(here.read(lambda uow: house_views.leave(uow, sent.id)))


@router.delete(
    "/leaves/{leave_id}",
    status_code=204,
    summary="销假 Take a leave back",
    responses=problems(401, 403, 404, 422),
)
def withdraw_leave(leave_id: UUID, here: Leaving) -> Response:
    """From now on it is held never to have been. Sending it twice is harmless."""
    clock, by = here.clock, here.by

    def withdraw(uow: UnitOfWork) -> None:
        keeping.check_leave(uow, here.scope, leave_id)
        staffing.withdraw_leave(uow, leave_id=leave_id, clock=clock, by=by)

    here.write(withdraw)
    return Response(status_code=204)


def _changed(here: Context, staff_id: UUID, work: Callable[[UnitOfWork], object]) -> StaffPublic:
    def within(uow: UnitOfWork) -> None:
        keeping.check_staff(uow, here.scope, staff_id)
        work(uow)

    here.write(within)
    return _staff(here, staff_id)


def _staff(here: Context, staff_id: UUID, scope: Scope | None = None) -> StaffPublic:
    within, named = scope or here.scope, _named(here)
    return StaffPublic.of(
        here.read(lambda uow: house_views.staff_member(uow, within, staff_id, named=named))
    )


def _listed(
    here: Context, after: tuple[str] | None, limit: int, *, former: bool
) -> list[house_views.StaffView]:
    since = None if former else here.clock.today
    return here.read(
        lambda uow: house_views.staff_within(
            uow,
            here.scope,
            since=since,
            named=_named(here),
            limit=limit + 1,
            after=after and after[0],
        )
    )


def _leaves(
    here: Context, asked: LeavesAsked, after: tuple[date, UUID] | None
) -> list[house_views.LeaveView]:
    since = asked.on or here.clock.today
    return here.read(
        lambda uow: house_views.leaves_within(
            uow,
            here.scope,
            since=since,
            limit=asked.limit + 1,
            after=after,
            of_staff=asked.staff_id,
        )
    )


def _named(here: Context) -> bool:
    """Whether the row lets them read names at all: what is not shown is not opened either."""
    return here.grant.fields == ALL
