"""The clock of a demo. Every other database answers 404 here."""

from __future__ import annotations

from fastapi import APIRouter

from api.context import Here
from api.schemas.demo import ClockMove, ClockPublic
from api.schemas.problems import problems

router = APIRouter(prefix="/demo", tags=["demo 演示"])


@router.get("/clock", summary="演示日期 The day in the demo", responses=problems(404))
def show_clock(here: Here) -> ClockPublic:
    """Which day it is."""
    here.demo_only()
    return ClockPublic(today=here.clock.today)


@router.post("/clock", summary="调演示日期 Move the clock", responses=problems(404, 409, 422))
def move_clock(sent: ClockMove, here: Here) -> ClockPublic:
    """Each day up to the new one is lived to its end; the new one begins, and its records come before its digest."""
    return ClockPublic(today=sent.to, notices=here.move_clock(sent.to))
