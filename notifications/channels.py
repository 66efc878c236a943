"""
Which channels (渠道) an office has set up, and with what: the settings as the gateways take them.

Read by `api.channels` from the environment; a channel that is not set up is None and is never tried. What
others must not read stays out of every `repr`.
"""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network

Network = IPv4Network | IPv6Network

WECOM = "https://qyapi.weixin.qq.com"
TLS_AT_ONCE = 465
"""The port on which a relay speaks TLS from the first byte (RFC 8314)."""

MAIL_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})"
)
"""What is taken for an e-mail address: the plain form, so that nothing in it can be read as a header."""

LONGEST_SEND = 20.0
"""Seconds: whoever takes a message for longer than this is not waited for. A lease has to last longer."""


@dataclass(frozen=True, slots=True)
class Mail:
    """
    E-mail (电子邮件) through one relay.

    Args:
        sender: the address that messages come from; as neutral as what they say.
        starttls: TLS is demanded after the greeting, and the certificate has to be right. On port 465 it is
            spoken from the first byte, whatever this says. Without either, nobody logs in.
    """

    host: str
    sender: str
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = True


@dataclass(frozen=True, slots=True)
class WeCom:
    """
    Messages of an application within WeCom (企业微信).

    Args:
        corp, agent, secret: the company's id, the application's number and its secret.
        url: of the interface; another one for a private deployment or a proxy that the company trusts.
    """

    corp: str
    agent: int
    secret: str = field(repr=False)
    url: str = WECOM


@dataclass(frozen=True, slots=True)
class Webhook:
    """
    A signed request to an address of the recipient's (网络回调).

    Args:
        secret: `whsec_` and 24 to 64 bytes in base64; the receivers check the signature with it.
        private: networks that are not public and may be called all the same.
    """

    secret: str = field(repr=False)
    private: tuple[Network, ...] = ()


@dataclass(frozen=True, slots=True)
class Channels:
    """
    All of them.

    Args:
        seconds: the most that one send takes, whatever the other side does.
    """

    email: Mail | None = None
    wecom: WeCom | None = None
    webhook: Webhook | None = None
    seconds: float = LONGEST_SEND


def webhook_key(secret: str) -> bytes:
    """
    The bytes that a webhook's secret stands for.

    Raises:
        ValueError: it is not `whsec_` and base64.
    """
    kind, _, text = secret.partition("_")
    if kind != "whsec":
        raise ValueError("no secret of a webhook")
    return b64decode(text, validate=True)


def is_webhook_secret(secret: str) -> bool:
    """Whether it is one, as long as Standard Webhooks demands: 24 to 64 bytes."""
    try:
        return 24 <= len(webhook_key(secret)) <= 64
    except ValueError:
        return False
