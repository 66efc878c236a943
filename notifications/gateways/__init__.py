"""
The channels beyond this program, one file each: what `notifications.gateway` asks for, over a provider's interface.

`docs/channels.md` says how another one is written. The inbox is none of them: it is a row of ours, and the
dispatch writes it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from notifications.channels import Channels
from notifications.gateway import Gateway


def gateways_of(channels: Channels, *, clock: Callable[[], datetime]) -> dict[str, Gateway]:
    """
    A gateway for each channel that is set up, by its name; whoever asks for them closes them.

    Args:
        clock: what time it really is, aware: signatures are dated by it.
    """
    return {}
