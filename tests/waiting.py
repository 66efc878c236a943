"""Waiting in a test for what a thread or another process brings about."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep

PATIENCE_S = 30.0


def until(what: Callable[[], object], seconds: float = PATIENCE_S) -> bool:
    """Whether it came about within so many seconds; asked fifty times a second."""
    end = monotonic() + seconds
    while not what():
        if monotonic() > end:
            return False
        sleep(0.02)
    return True
