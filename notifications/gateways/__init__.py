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
from notifications.gateways.mail import MailGateway
from notifications.gateways.webhook import WebhookGateway
from notifications.gateways.wecom import WeComGateway


def gateways_of(channels: Channels, *, clock: Callable[[], datetime]) -> dict[str, Gateway]:
    """
    A gateway for each channel that is set up, by its name; whoever asks for them closes them.

    Args:
        clock: what time it really is, aware: signatures are dated by it.
    """
    seconds = channels.seconds
    found: list[Gateway] = []
    if channels.email is not None:
        found.append(MailGateway(channels.email, clock=clock, seconds=seconds))
    if channels.wecom is not None:
        found.append(WeComGateway(channels.wecom, clock=clock, seconds=seconds))
    if channels.webhook is not None:
        found.append(WebhookGateway(channels.webhook, clock=clock, seconds=seconds))
    return {gateway.name: gateway for gateway in found}
