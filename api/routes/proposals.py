"""Proposing what needs a second person, and deciding on what others proposed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from api.context import Context, may
from api.paging import BY_INSTANT, DEFAULT, Cursor, Limit, cut, place_of
from api.schemas.pages import Page
from api.schemas.problems import problems
from api.schemas.proposals import (
    Approval,
    ApprovedPublic,
    Declining,
    ProposalCreate,
    ProposalPublic,
    Withdrawal,
)
from workflow.services import proposals
from workflow.services.proposal_files import Proposal
from workflow.store.proposals import Stretch
from workflow.store.unit_of_work import UnitOfWork

router = APIRouter(tags=["proposals 审批"])
Reading = Annotated[Context, may("proposal", "read")]
Proposing = Annotated[Context, may("proposal", "propose")]
Approving = Annotated[Context, may("proposal", "approve")]
Mine = Annotated[
    bool,
    Query(description="只看本人提交、还没有处理的 Only what one proposed oneself and waits still."),
]
Found = Callable[[UnitOfWork], list[Proposal]]


@router.post(
    "/cases/{case_id}/proposals",
    status_code=201,
    summary="提交待审批 Propose what needs a second person",
    responses={
        200: {"description": "此前已收到过 It was known."},
        **problems(401, 403, 404, 409, 422),
    },
)
def propose(
    case_id: UUID, sent: ProposalCreate, here: Proposing, response: Response
) -> ProposalPublic:
    """Judged at once as if it were approved; recorded only when a second person approves. Sending it twice is harmless."""
    request = sent.read()
    found = here.write(
        lambda uow: proposals.propose(
            uow, sent.id, case_id, request, **here.tools, by=here.by, reach=here.reach
        )
    )
    response.status_code = 200 if found.already_known else 201
    return ProposalPublic.of(found.proposal)


@router.get(
    "/cases/{case_id}/proposals",
    summary="个案的待审批与已处理 What was proposed on a case",
    responses=problems(401, 403, 404, 409, 422),
)
def list_of_case(
    case_id: UUID, here: Reading, cursor: Cursor = None, limit: Limit = DEFAULT
) -> Page[ProposalPublic]:
    """Decided or not, in the order in which it came."""
    stretch = Stretch(limit + 1, place_of(cursor, BY_INSTANT))
    return _page(here, limit, lambda uow: proposals.proposals_of(uow, case_id, stretch, here.reach))


@router.get(
    "/proposals",
    summary="等我审批的 What waits for my approval",
    responses=problems(401, 403, 422),
)
def list_waiting(
    here: Reading, mine: Mine = False, cursor: Cursor = None, limit: Limit = DEFAULT
) -> Page[ProposalPublic]:
    """What others proposed within one's offices, what has waited longest first; nothing for who may not approve."""
    stretch = Stretch(limit + 1, place_of(cursor, BY_INSTANT))
    if mine:
        asked = proposals.waiting_from
    elif here.may("proposal", "approve"):
        asked = proposals.waiting_for
    else:
        return Page(items=[], next=None)
    return _page(here, limit, lambda uow: asked(uow, here.by, stretch, here.reach))


@router.get(
    "/proposals/{proposal_id}",
    summary="待审批 One proposal",
    responses=problems(401, 403, 404, 409, 422),
)
def show(proposal_id: UUID, here: Reading) -> ProposalPublic:
    """What was proposed, by whom, and what became of it."""
    found = here.read(lambda uow: proposals.show_proposal(uow, proposal_id, here.reach))
    return ProposalPublic.of(found)


@router.post(
    "/proposals/{proposal_id}/approve",
    summary="批准 Approve",
    responses=problems(401, 403, 404, 409, 422),
)
def approve(proposal_id: UUID, here: Approving, sent: Approval | None = None) -> ApprovedPublic:
    """Recorded now, by who proposed it; where it is not possible any more, it goes on waiting. Harmless twice."""
    version = sent.expected_version if sent else None
    found = here.write(
        lambda uow: proposals.approve(
            uow,
            proposal_id,
            **here.tools,
            by=here.by,
            expected_version=version,
            reach=here.reach,
        )
    )
    return ApprovedPublic.of(found)


@router.post(
    "/proposals/{proposal_id}/decline",
    summary="不予批准 Decline",
    responses=problems(401, 403, 404, 409, 422),
)
def decline(proposal_id: UUID, sent: Declining, here: Approving) -> ProposalPublic:
    """Whoever may approve it says no, and why. Sending it twice is harmless."""
    found = here.write(
        lambda uow: proposals.decline(
            uow, proposal_id, reason=sent.reason, clock=here.clock, by=here.by, reach=here.reach
        )
    )
    return ProposalPublic.of(found)


@router.post(
    "/proposals/{proposal_id}/withdraw",
    summary="撤回 Withdraw",
    responses=problems(401, 403, 404, 409, 422),
)
def withdraw(proposal_id: UUID, here: Proposing, sent: Withdrawal | None = None) -> ProposalPublic:
    """Who proposed it takes it back. Sending it twice is harmless."""
    reason = sent.reason if sent else None
    found = here.write(
        lambda uow: proposals.withdraw(
            uow, proposal_id, reason=reason, clock=here.clock, by=here.by, reach=here.reach
        )
    )
    return ProposalPublic.of(found)


def _page(here: Context, limit: int, found: Found) -> Page[ProposalPublic]:
    shown, following = cut(here.read(found), limit, lambda one: (one.proposed_at, one.id))
    return Page(items=[ProposalPublic.of(one) for one in shown], next=following)
