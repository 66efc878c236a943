"""
How somebody may ask to be told: by which channels, at which hour of the morning, in which language.

The inbox is always there and comes last where it is not named; a wish never widens what is told, nor to whom.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from types import MappingProxyType

from workflow.rules.errors import Invalid
from workflow.rules.events.fields import Means

INBOX = "inbox"
CHANNELS: Mapping[str, Means] = MappingProxyType(
    {
        INBOX: Means("站内收件箱", "Inbox"),
        "email": Means("电子邮件", "E-mail"),
        "wecom": Means("企业微信", "WeCom"),
        "webhook": Means("网络回调", "Webhook"),
    }
)
EARLIEST, LATEST = time(8), time(12)
"""Between which the digest may be wished for, both included: after the quiet hours, and while the day is young."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """
    What somebody wishes.

    Args:
        channels: the dearest first, tried until one takes it; those left out are not used, but for the inbox, which comes last.
        digest_at: None for the pack's hour.
        language: `zh` or `en`.
        addresses: by channel; shown to nobody else, and in no `repr`.
    """

    channels: tuple[str, ...] = ()
    digest_at: time | None = None
    language: str = "zh"
    addresses: Mapping[str, str] = field(default_factory=dict, repr=False)


def check_wishes(wishes: Wishes) -> None:
    """
    See that all of it can be done.

    Raises:
        Invalid: `channel_twice`; `channel_without_address`: a channel that would reach nobody;
            `digest_hour_beyond`.
    """
    for place, channel in enumerate(wishes.channels):
        if channel in wishes.channels[:place]:
            raise Invalid("channel_twice", channel=channel)
        if channel != INBOX and not wishes.addresses.get(channel):
            raise Invalid("channel_without_address", channel=channel)
    at = wishes.digest_at
    if at is not None and not EARLIEST <= at <= LATEST:
        raise Invalid("digest_hour_beyond", earliest=_hour(EARLIEST), latest=_hour(LATEST))


def _hour(at: time) -> str:
    return at.strftime("%H:%M")
