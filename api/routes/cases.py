"""Opening, listing and showing cases."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.context import Context, may
from api.schemas.cases import CaseCreate, CasePublic, CasesPage, case_public, cases_page
from api.schemas.problems import problems
from workflow.services import opening, viewing

router = APIRouter(prefix="/cases", tags=["cases 个案"])
Reading = Annotated[Context, may("case", "read")]
Writing = Annotated[Context, may("case", "write")]


@router.post(
    "", status_code=201, summary="立案 Open a case", responses=problems(401, 403, 404, 409, 422)
)
def open_case(sent: CaseCreate, here: Writing) -> CasePublic:
    """Open a case for a person, known or new. Sending it twice is harmless."""
    if sent.team == "standing":
        here.demo_only()
    here.write(
        lambda uow: opening.open_case(
            uow,
            sent.read(),
            packs=here.parts.packs,
            clock=here.clock,
            by=here.by,
            reach=here.reach,
        )
    )
    return _case(here, sent.id)


@router.get("", summary="个案列表 All cases", responses=problems(401, 403, 422))
def list_cases(
    here: Reading,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> CasesPage:
    """Every case within reach with its stage, its next step and how much is overdue, in the order of opening."""
    rows = here.read(lambda uow: viewing.overview(uow, here.clock, here.reach))
    return cases_page(rows, offset, limit)


@router.get("/{case_id}", summary="个案 One case", responses=problems(401, 403, 404, 422))
def show_case(case_id: UUID, here: Reading) -> CasePublic:
    """The way, the terms, what is owed and why, what could be recorded now, what was told, the timeline."""
    return _case(here, case_id)


def _case(here: Context, case_id: UUID) -> CasePublic:
    view = here.read(lambda uow: viewing.case_view(uow, case_id, **here.tools, reach=here.reach))
    return case_public(view, here.language)
