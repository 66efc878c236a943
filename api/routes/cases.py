"""Opening, listing and showing cases."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import TypeAdapter

from api.asked import KnownAt, OnDay, as_of
from api.context import Context, may
from api.paging import cut, place_of
from api.schemas.cases import (
    CaseCreate,
    CasePublic,
    CaseRowPublic,
    CasesAsked,
    case_public,
    row_public,
)
from api.schemas.pages import Page
from api.schemas.problems import NOT_CHANGED, problems
from workflow.services import case_lists, opening, viewing
from workflow.services.clock import AsOf
from workflow.services.views import OverviewRow

router = APIRouter(prefix="/cases", tags=["cases 个案"])
Reading = Annotated[Context, may("case", "read")]
Writing = Annotated[Context, may("case", "write")]
PLACE: TypeAdapter[case_lists.Place] = TypeAdapter(case_lists.Place)


@router.post(
    "",
    status_code=201,
    summary="立案 Open a case",
    response_model=CasePublic,
    responses=problems(401, 403, 404, 409, 422),
)
def open_case(sent: CaseCreate, here: Writing) -> Response:
    """
    Open a case for a person, known or new. Sending it twice is harmless.

    Whoever may be the same person is shown by `possible_duplicate`; the request is then sent again with what
    was decided: the known person's `person_id`, or `not_same_as` and `elsewhere`.
    """
    if sent.team == "standing":
        here.demo_only()
    by, packs = here.by, here.parts.packs
    here.write(
        lambda uow: opening.open_case(
            uow, sent.read(), packs=packs, clock=here.clock, by=by, reach=here.reach
        )
    )
    return here.shown(_case(here, sent.id, AsOf(here.clock.today)), 201)


@router.get(
    "",
    summary="个案列表 Cases",
    response_model=Page[CaseRowPublic],
    responses=problems(401, 403, 404, 422),
)
def list_cases(here: Reading, asked: Annotated[CasesAsked, Query()]) -> Response:
    """Cases within reach with stage, next step and how much is overdue, in the order of opening."""
    rows, following = cut(_rows(here, asked), asked.limit, case_lists.place_in)
    return here.page([row_public(row) for row in rows], following)


@router.get(
    "/{case_id}",
    summary="个案 One case",
    response_model=CasePublic,
    responses={**NOT_CHANGED, **problems(401, 403, 404, 409, 422)},
)
def show_case(
    case_id: UUID,
    here: Reading,
    request: Request,
    on: OnDay = None,
    known_at: Annotated[KnownAt, Query(alias="as_of")] = None,
) -> Response:
    """
    The way, the terms, what is owed and why, what could be recorded, what was told, the timeline.

    The answer has a strong ETag; whoever sends it back in If-None-Match and has it already is told so by 304.
    """
    case = _case(here, case_id, as_of(here, on, known_at))
    return here.unless_known(request, case, case.version)


def _rows(here: Context, asked: CasesAsked) -> list[OverviewRow]:
    after, today = place_of(asked.cursor, PLACE), here.clock.today
    only = asked.only(here.own_chair)
    return here.read(
        lambda uow: case_lists.list_cases(
            uow,
            case_lists.narrowed(uow, here.reach, asked.office, today),
            today,
            only=only,
            limit=asked.limit + 1,
            after=after,
        )
    )


def _case(here: Context, case_id: UUID, asked: AsOf) -> CasePublic:
    view = here.read(
        lambda uow: viewing.case_view(
            uow,
            case_id,
            **here.tools,
            as_of=asked,
            reach=here.reach,
            own_chair=here.own_chair,
        )
    )
    return case_public(view, here.language)
