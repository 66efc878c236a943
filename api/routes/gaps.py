"""Who is missing, today and in the next thirty days, so that it is seen to before anybody is not told."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response

from api.context import Context, may
from api.paging import DEFAULT, Limit
from api.schemas.gaps import GapsPublic
from api.schemas.problems import problems
from workflow.services.gaps import gaps

router = APIRouter(prefix="/gaps", tags=["gaps 缺岗"])
Reading = Annotated[Context, may("gap", "read")]


@router.get(
    "", summary="缺岗 Who is missing", response_model=GapsPublic, responses=problems(401, 403, 422)
)
def show_gaps(here: Reading, limit: Limit = DEFAULT) -> Response:
    """Of the cases within reach; of each kind so many are shown, and the number of all."""
    found = here.read(lambda uow: gaps(uow, here.reach, here.clock.today, limit=limit))
    return here.shown(GapsPublic.of(found))
