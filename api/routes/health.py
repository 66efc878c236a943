"""Whether the server answers, and whether it can do its work: for whoever watches over it."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel

from api.context import parts_of
from api.schemas.problems import problems
from workflow.rules.errors import Unavailable
from workflow.services import readiness

router = APIRouter(prefix="/health", tags=["health 运行"])


class Live(BaseModel):
    """The server answers."""

    status: Literal["ok"] = "ok"


class Ready(BaseModel):
    """The server can do its work; `checks` are those that were made."""

    status: Literal["ready"] = "ready"
    checks: tuple[readiness.Check, ...] = readiness.CHECKS


@router.get("/live", summary="运行状态 Is the server alive?")
async def live() -> Live:
    """Answers as long as the server runs; asks no database and waits for no thread."""
    return Live()


@router.get("/ready", summary="就绪 Can it do its work?", responses=problems(503))
def ready(request: Request) -> Ready:
    """
    The database can be read and has this release's schema, the key ring opens it, the calendar was looked at.

    Where one of them fails the answer is 503, and `facts.failing` says which.
    """
    parts = parts_of(request)
    failing = readiness.failing(parts.engine, lambda: parts.uow(reading=True), parts.clock)
    if failing:
        raise Unavailable("not_ready", failing=failing)
    return Ready()
