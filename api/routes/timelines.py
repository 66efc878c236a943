"""The timeline of a case."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from api.asked import KnownAt, OnDay, stretch
from api.context import Context, may
from api.paging import DEFAULT, Cursor, Limit
from api.schemas.pages import Page
from api.schemas.problems import problems
from api.schemas.timelines import LinePublic
from workflow.services.timelines import timeline

router = APIRouter(tags=["cases 个案"])
Reading = Annotated[Context, may("timeline", "read")]


@router.get(
    "/cases/{case_id}/timeline",
    summary="时间线 Timeline",
    response_model=Page[LinePublic],
    responses=problems(401, 403, 404, 409, 422),
)
def show_timeline(
    case_id: UUID,
    here: Reading,
    on: OnDay = None,
    known_at: Annotated[KnownAt, Query(alias="as_of")] = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT,
) -> Response:
    """What happened, was told, handed over and attached, in order; every page as known when the first was asked."""
    page = stretch(here, on, known_at, cursor, limit)
    lines = here.read(
        lambda uow: timeline(uow, case_id, **here.tools, as_of=page.asked, reach=here.reach)
    )
    return page.of(here, lines, LinePublic.of)
