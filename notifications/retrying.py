"""
How often and when a message goes again in one channel, by what came back. No clock and no chance of its own.

Full jitter (any moment up to a limit that doubles) keeps those that failed together from coming back together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from notifications.gateway import Outcome

TRIES = 5
"""Attempts in one channel: with these pauses, eight minutes at the most."""
TRIES_OF: Mapping[str, int] = MappingProxyType({"rate_limited": 10, "paced": 50})
"""A peer that asks for patience is well, and is given more of it; our own pace is nobody's failure."""
FIRST_S, LONGEST_S = 30.0, 1800.0
LEAST_S = 1.0

Chance = Callable[[float, float], float]
"""Any number between two others."""


def tries_of(code: str) -> int:
    """How often one channel is tried where this comes back."""
    return TRIES_OF.get(code, TRIES)


def pause(outcome: Outcome, tries: int, chance: Chance) -> float | None:
    """
    Seconds until it may go again by the same channel; None: the next one is to be tried.

    Never sooner than the peer asks for; one that asks for more than half an hour is left alone for this message.

    Args:
        tries: attempts in this channel so far, with this one.
    """
    asked = outcome.after or 0.0
    if outcome.became != "again" or tries >= tries_of(outcome.code) or asked > LONGEST_S:
        return None
    limit = min(LONGEST_S, FIRST_S * 2 ** (tries - 1))
    return max(LEAST_S, asked, chance(0.0, limit))
