"""Whether the server answers."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

router = APIRouter(prefix="/health", tags=["health 运行"])


class Live(BaseModel):
    """The server answers."""

    status: Literal["ok"] = "ok"


@router.get("/live", summary="运行状态 Is the server alive?")
def live() -> Live:
    """Answers as long as the server runs; asks no database."""
    return Live()
