"""Deciding on what phones brought and the record could not take."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from api.context import Context, may
from api.paging import BY_INSTANT, DEFAULT, Cursor, Limit, cut, place_of
from api.schemas.pages import Page
from api.schemas.problems import problems
from api.schemas.quarantine import BroughtPublic, Dismissal, SettledPublic
from workflow.services import quarantine
from workflow.store.proposals import Stretch

router = APIRouter(prefix="/quarantine", tags=["sync 同步"])
Reading = Annotated[Context, may("quarantine", "read")]
Deciding = Annotated[Context, may("quarantine", "approve")]


@router.get("", summary="待核记录 What phones brought and waits", responses=problems(401, 403, 422))
def list_waiting(
    here: Reading, cursor: Cursor = None, limit: Limit = DEFAULT
) -> Page[BroughtPublic]:
    """On the cases of one's offices, ended ones too, what has waited longest first."""
    stretch = Stretch(limit + 1, place_of(cursor, BY_INSTANT))
    found = here.read(lambda uow: quarantine.waiting_for(uow, stretch, here.reach))
    shown, following = cut(found, limit, lambda one: (one.brought_at, one.id))
    return Page(items=[BroughtPublic.of(one) for one in shown], next=following)


@router.get(
    "/{brought_id}",
    summary="一份待核记录 One of them",
    responses=problems(401, 403, 404, 409, 422),
)
def show(brought_id: UUID, here: Reading) -> BroughtPublic:
    """What was written down, by whom, why it could not be recorded, and what became of it."""
    found = here.read(lambda uow: quarantine.show_brought(uow, brought_id, here.reach))
    return BroughtPublic.of(found)


@router.post(
    "/{brought_id}/record",
    summary="记入 Record it",
    responses=problems(401, 403, 404, 409, 422),
)
def record(brought_id: UUID, here: Deciding) -> SettledPublic:
    """
    Recorded now, by who wrote it down and approved by who decides; where it is not possible, it goes on waiting.

    Sending it twice is harmless.
    """
    found = here.write(
        lambda uow: quarantine.record_brought(
            uow, brought_id, **here.tools, by=here.by, reach=here.reach
        )
    )
    return SettledPublic.of(found)


@router.post(
    "/{brought_id}/dismiss",
    summary="不记入 Do not record it",
    responses=problems(401, 403, 404, 409, 422),
)
def dismiss(brought_id: UUID, sent: Dismissal, here: Deciding) -> BroughtPublic:
    """It is kept as it is, with the reason, and not recorded. Sending it twice is harmless."""
    found = here.write(
        lambda uow: quarantine.dismiss(
            uow, brought_id, reason=sent.reason, clock=here.clock, by=here.by, reach=here.reach
        )
    )
    return BroughtPublic.of(found)
