"""Who was told of a case."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import TypeAdapter

from api.context import Context, may
from api.paging import DEFAULT, Cursor, Limit, cut, place_of
from api.schemas.disclosures import DisclosurePublic
from api.schemas.pages import Page
from api.schemas.problems import problems
from workflow.services.disclosures import disclosures_of

router = APIRouter(tags=["cases 个案"])
Reading = Annotated[Context, may("disclosure", "read")]
PLACE = TypeAdapter(tuple[date, UUID])


@router.get(
    "/cases/{case_id}/disclosures",
    summary="告知台账 Who was told",
    response_model=Page[DisclosurePublic],
    responses=problems(401, 403, 404, 422),
)
def list_disclosures(
    case_id: UUID, here: Reading, cursor: Cursor = None, limit: Limit = DEFAULT
) -> Response:
    """Messages that went out or were tried, the latest first; an auditor reads every case's, without what is owed."""
    reach, after = here.whole_reach, place_of(cursor, PLACE)
    found = here.read(
        lambda uow: disclosures_of(uow, case_id, reach=reach, limit=limit + 1, after=after)
    )
    shown, following = cut(found, limit, lambda one: one.place)
    return here.page([DisclosurePublic.of(one) for one in shown], following)
