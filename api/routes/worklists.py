"""One's own list of what is owed, and what one was told."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import TypeAdapter

from api.asked import KnownAt, OnDay, as_of
from api.context import Context, may
from api.paging import DEFAULT, Cursor, Limit, cursor_of, cut, place_of
from api.schemas.pages import Page
from api.schemas.problems import problems
from api.schemas.worklists import NoticeItemPublic, WorkItemPublic, WorklistAsked
from workflow.services import notices, worklists
from workflow.services.case_lists import narrowed
from workflow.services.clock import AsOf
from workflow.services.notices import Place
from workflow.services.worklists import Asked, Listed
from workflow.services.worklists import Place as WorkPlace
from workflow.store.unit_of_work import UnitOfWork

router = APIRouter(prefix="/me", tags=["me 我的"])
Listing = Annotated[Context, may("worklist", "read")]
Hearing = Annotated[Context, may("notice", "read")]
WORK_PLACE: TypeAdapter[WorkPlace] = TypeAdapter(WorkPlace)
NOTICE_PLACE: TypeAdapter[Place] = TypeAdapter(Place)


@router.get(
    "/worklist",
    summary="待办 What is owed",
    response_model=Page[WorkItemPublic],
    responses=problems(401, 403, 404, 409, 422),
)
def show_worklist(
    here: Listing,
    asked: Annotated[WorklistAsked, Query()],
    on: OnDay = None,
    known_at: Annotated[KnownAt, Query(alias="as_of")] = None,
) -> Response:
    """Within reach and by due day, the most pressing first; a helper's is what their own chairs owe."""
    when = as_of(here, on, known_at)
    found = here.read(lambda uow: _listed(uow, here, asked, when))
    following = cursor_of(found.last) if found.more and found.last else None
    return here.page([WorkItemPublic.of(one) for one in found.items], following)


@router.get(
    "/notices",
    summary="通知 What I was told",
    response_model=Page[NoticeItemPublic],
    responses=problems(401, 403, 422),
)
def show_notices(here: Hearing, cursor: Cursor = None, limit: Limit = DEFAULT) -> Response:
    """What was told to the roles in which one stands, the newest first."""
    after, today = place_of(cursor, NOTICE_PLACE), here.clock.today
    found = here.read(
        lambda uow: notices.notices_for(uow, here.caller, today, limit=limit + 1, after=after)
    )
    shown, following = cut(found, limit, lambda one: one.place)
    return here.page([NoticeItemPublic.of(one) for one in shown], following)


def _listed(uow: UnitOfWork, here: Context, asked: WorklistAsked, when: AsOf) -> Listed:
    today, after = here.clock.today, place_of(asked.cursor, WORK_PLACE)
    reach = narrowed(uow, here.reach, asked.office, today)
    what = Asked(reach, asked.coming_days, asked.handle, here.own_chair, now=here.reach)
    if when == AsOf(today):
        return worklists.listed(uow, what, today, limit=asked.limit, after=after)
    parts = here.parts
    return worklists.listed_as_of(
        uow,
        what,
        when,
        packs=parts.packs,
        calendar=parts.calendar,
        limit=asked.limit,
        after=after,
    )
