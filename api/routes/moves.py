"""What can be recorded in a case: what a client greys out, and draws its forms from."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic_core import to_json

from api.asked import OnDay
from api.context import Context, may
from api.etags import answered
from api.schemas.moves import MovesPublic, moves_public
from api.schemas.problems import NOT_CHANGED, problems
from workflow.services import possible_moves

router = APIRouter(tags=["events 记录"])
Recording = Annotated[Context, may("event", "record")]
Forms = Annotated[
    bool,
    Query(
        description="带不带表单；表单也在 /event-types With the forms, which /event-types has too?"
    ),
]


@router.get(
    "/cases/{case_id}/moves",
    summary="可办事项 What can be recorded",
    response_model=MovesPublic,
    responses={**NOT_CHANGED, **problems(401, 403, 404, 409, 422)},
)
def list_moves(
    case_id: UUID, here: Recording, request: Request, on: OnDay = None, forms: Forms = True
) -> Response:
    """
    Every type of event that one may record: possible on that day, or why not and what would allow it.

    Asked of the same guards that judge a recording. A helper is shown what is possible from their own chair.
    """
    found = here.read(
        lambda uow: possible_moves.moves_of(
            uow, case_id, on=on, **here.tools, reach=here.reach, remit=here.remit
        )
    )
    shown = moves_public(found, here.language, forms=forms)
    return answered(request, to_json(shown), found.version)
