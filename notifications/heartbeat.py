"""
The heartbeat (心跳): a monitor elsewhere is called as long as all is well, and raises the alarm when it is not.

A machine that is off, a full disk, a scheduler that died: none of them can tell of itself. So what is told is
the opposite, after each look at a day that was swept to its end and whose account closes.
"""

from __future__ import annotations

from typing import Protocol

import structlog

from notifications.account import NOBODY
from workflow.services.completeness import Account

log = structlog.get_logger(__name__)


class Heart(Protocol):
    """Calls the monitor; `notifications.gateways.operators.Heartbeat` is it."""

    def beat(self) -> str:
        """Call it; an empty word where it answered well, else a stable code."""

    def close(self) -> None:
        """Let go of what it keeps open."""


def beat_for(account: Account, heart: Heart) -> bool:
    """Call the monitor if the account of a run closes; gives back whether it heard."""
    if account.run_id == NOBODY or not account.closes:
        return False
    if code := heart.beat():
        log.warning("heartbeat_unheard", code=code)
    return not code
