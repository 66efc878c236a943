"""Handing over: a case to another office, a caseload to another worker; and the receipts."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from api.context import Context, may
from api.paging import BY_INSTANT, DEFAULT, Cursor, Limit, cut, place_of
from api.schemas.hand_overs import (
    CaseloadCreate,
    CaseloadPublic,
    HandOverCreate,
    HandOverPublic,
    ReceiptPublic,
    WaitingPublic,
)
from api.schemas.pages import Page
from api.schemas.problems import problems
from workflow.services import handing_over

router = APIRouter(tags=["hand-overs 交接"])
Reading = Annotated[Context, may("placement", "read")]
Handing = Annotated[Context, may("placement", "hand_over")]
Receiving = Annotated[Context, may("placement", "receive")]


@router.post(
    "/cases/{case_id}/hand-over",
    summary="移交个案 Hand a case over",
    responses=problems(401, 403, 404, 409, 422),
)
def hand_over(case_id: UUID, sent: HandOverCreate, here: Handing) -> HandOverPublic:
    """
    The other office has it from today on, with all that is owed in it, and is asked to say “received”.

    A person who moved is recorded as the event `moved`, which does this too. Sending it twice is harmless.
    """
    to, by, reach = sent.to_office_id, here.by, here.reach
    here.write(
        lambda uow: handing_over.hand_over(
            uow, case_id, to, **here.tools, by=by, reach=reach, hand_over_id=sent.id
        )
    )
    return HandOverPublic(id=sent.id, case_id=case_id, to_office_id=to)


@router.post(
    "/cases/{case_id}/receipt",
    summary="签收个案 Say “received”",
    responses=problems(401, 403, 404, 409, 422),
)
def receive(case_id: UUID, here: Receiving) -> ReceiptPublic:
    """Said by the office that has the case now. Saying it twice is harmless."""
    received = here.write(
        lambda uow: handing_over.receive(
            uow, case_id, clock=here.clock, by=here.by, reach=here.reach
        )
    )
    return ReceiptPublic(received=received)


@router.post(
    "/hand-overs",
    summary="移交全部个案 Hand a caseload over",
    responses=problems(401, 403, 404, 409, 422),
)
def hand_over_caseload(sent: CaseloadCreate, here: Handing) -> CaseloadPublic:
    """Every chair of one worker in the open cases of one's offices goes to another: all of them or none."""
    helpers, by, reach = (sent.from_helper, sent.to_helper), here.by, here.reach
    done = here.write(
        lambda uow: handing_over.hand_over_caseload(
            uow, sent.id, *helpers, **here.tools, by=by, reach=reach
        )
    )
    chairs = [{"case_id": case_id, "role": role} for case_id, role in done.chairs]
    return CaseloadPublic.model_validate({"chairs": chairs})


@router.get(
    "/hand-overs",
    summary="待签收的个案 What waits for a receipt",
    response_model=Page[WaitingPublic],
    responses=problems(401, 403, 422),
)
def list_waiting(here: Reading, cursor: Cursor = None, limit: Limit = DEFAULT) -> Response:
    """The cases that came to one's offices and were not received yet, the longest waiting first."""
    after = place_of(cursor, BY_INSTANT)
    found = here.read(
        lambda uow: handing_over.waiting(uow, here.reach, limit=limit + 1, after=after)
    )
    shown, following = cut(found, limit, lambda one: (one.recorded_at, one.id))
    return here.page([WaitingPublic.model_validate(one) for one in shown], following)
