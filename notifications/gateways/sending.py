"""One send of any channel: its turn first, an end to it whatever happens, and an outcome in place of whatever breaks it off."""

from __future__ import annotations

from collections.abc import Callable

from notifications.gateway import SENT, Outcome
from notifications.gateways.deadlines import left, within
from notifications.gateways.outcomes import NotTaken
from notifications.gateways.pace import Pace


def sent(hand_over: Callable[[], object], *, pace: Pace, seconds: float) -> Outcome:
    """
    What became of handing a message over.

    Args:
        hand_over: comes back where the peer has the message, and raises NotTaken where it has not.
        pace: the channel's; half of the time may be spent on waiting for one's turn.
        seconds: how long all of it may take.
    """
    with within(seconds):
        if wait := pace.turn(left() / 2):
            return Outcome("again", "paced", wait)
        try:
            hand_over()
        except NotTaken as reason:
            return reason.outcome
        except TimeoutError:
            return Outcome("again", "timeout")
    return SENT
