"""Who watches over an office from outside, as the settings name them; nobody watches over a demo."""

from __future__ import annotations

from api.bootstrap import Parts
from notifications.gateways.operators import Heartbeat, Webhook
from notifications.looking import Watch


def watch_of(parts: Parts) -> Watch:
    """The operators' webhook and the monitor of the heartbeat; whoever asks for them closes them."""
    settings = parts.settings
    if parts.demo:
        return Watch()
    operators = heart = None
    if settings.alarm_url is not None:
        secret = settings.webhook_secret
        operators = Webhook(
            settings.alarm_url,
            clock=lambda: parts.wall().now,
            secret=secret.get_secret_value() if secret else None,
        )
    if settings.heartbeat_url is not None:
        heart = Heartbeat(settings.heartbeat_url, clock=lambda: parts.wall().now)
    return Watch(operators, heart)
