"""The clock of a demo. Every other database answers 404 here."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from api.context import Context, may
from api.jobs import jobs_of
from api.schemas.demo import ClockMove, ClockPublic
from api.schemas.problems import problems
from workflow.services import modes

router = APIRouter(prefix="/demo", tags=["demo 演示"])
Reading = Annotated[Context, may("clock", "read")]
Moving = Annotated[Context, may("clock", "write")]


@router.get("/clock", summary="演示日期 The day in the demo", responses=problems(401, 403, 404))
def show_clock(here: Reading) -> ClockPublic:
    """Which day it is."""
    here.demo_only()
    return ClockPublic(today=here.clock.today)


@router.post(
    "/clock", summary="调演示日期 Move the clock", responses=problems(401, 403, 404, 409, 422)
)
def move_clock(sent: ClockMove, here: Moving) -> ClockPublic:
    """Each day up to the new one is lived to its end; the new one begins, and its records come before its digest."""
    here.demo_only()
    parts = here.parts
    with parts.moving:
        runs = modes.move_clock(
            parts.uow,
            sent.to,
            packs=parts.packs,
            calendar=parts.calendar,
            lived=jobs_of(parts).living(sent.to),
        )
    return ClockPublic(today=sent.to, notices=sum(run.notices for run in runs))
