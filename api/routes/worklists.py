"""One's own list of what is owed, and what one was told."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import TypeAdapter

from api.asked import as_of
from api.context import Context, Knock, may, may_at_once
from api.paging import DEFAULT, Cursor, Limit, cursor_of, cut, place_of
from api.schemas.pages import Page
from api.schemas.problems import problems
from api.schemas.worklists import NoticeItemPublic, WorkItemPublic, WorklistAsked, item_public
from workflow.services import notices, worklists
from workflow.services.case_lists import narrowed
from workflow.services.clock import AsOf
from workflow.services.notices import Place
from workflow.services.worklists import Asked, Listed
from workflow.services.worklists import Place as WorkPlace
from workflow.store.unit_of_work import UnitOfWork

router = APIRouter(prefix="/me", tags=["me 我的"])
Listing = Annotated[Knock, may_at_once("worklist", "read")]
Hearing = Annotated[Context, may("notice", "read")]
WORK_PLACE: TypeAdapter[WorkPlace] = TypeAdapter(WorkPlace)
NOTICE_PLACE: TypeAdapter[Place] = TypeAdapter(Place)


@router.get(
    "/worklist",
    summary="待办 What is owed",
    response_model=Page[WorkItemPublic],
    responses=problems(401, 403, 404, 409, 422),
)
def show_worklist(knock: Listing, asked: Annotated[WorklistAsked, Query()]) -> Response:
    """Within reach and by due day, the most pressing first; a helper's is what their own chairs owe."""
    return knock.read(lambda here, uow: _worklist(uow, here, asked))


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


def _worklist(uow: UnitOfWork, here: Context, asked: WorklistAsked) -> Response:
    found = _listed(uow, here, asked, as_of(here, asked.on, asked.known_at))
    following = cursor_of(found.last) if found.more and found.last else None
    return here.page([item_public(one) for one in found.items], following)


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
