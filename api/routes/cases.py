"""Opening, listing and showing cases."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.context import Here
from api.schemas.cases import CaseCreate, CasePublic, CasesPage, case_public, cases_page
from api.schemas.problems import problems

router = APIRouter(prefix="/cases", tags=["cases 个案"])


@router.post("", status_code=201, summary="立案 Open a case", responses=problems(409, 422))
def open_case(sent: CaseCreate, here: Here) -> CasePublic:
    """Open a case for a person, known or new. Sending it twice is harmless."""
    here.open_case(
        sent.id, sent.person_id, sent.born, sent.name, policy=sent.policy, team=sent.team
    )
    return case_public(here.view(sent.id), here.language)


@router.get("", summary="个案列表 All cases", responses=problems(422))
def list_cases(
    here: Here,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> CasesPage:
    """Every case with its stage, its next step and how much is overdue, in the order of opening."""
    return cases_page(here.overview(), offset, limit)


@router.get("/{case_id}", summary="个案 One case", responses=problems(404, 422))
def show_case(case_id: UUID, here: Here) -> CasePublic:
    """The way, the terms, what is owed and why, what could be recorded now, what was told, the timeline."""
    return case_public(here.view(case_id), here.language)
