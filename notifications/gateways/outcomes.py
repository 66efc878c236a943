"""
Why a message did not get through: every code that a gateway gives, in both languages, and how a send is broken off.

Codes are ours. A peer's own words may quote what was sent, or say which office it was, so that they go nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from notifications.gateway import Outcome

MEANINGS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "address_malformed": (
            "地址写法不对，这个渠道用不了。",
            "The address is not one that this channel can use.",
        ),
        "address_private": (
            "地址在内部网络里，设置没有允许（GUITU_WEBHOOK_PRIVATE）。",
            "The address lies in a private network that the settings do not allow (GUITU_WEBHOOK_PRIVATE).",
        ),
        "address_unknown": (
            "对方不认识这个地址。",
            "The other side does not know this address.",
        ),
        "answer_too_long": (
            "对方的应答太长，没有读完。",
            "The other side's answer was too long to be read.",
        ),
        "certificate": (
            "对方的证书不对：可能过期、名称不符，或签发机构不受信任。",
            "The other side's certificate is not right: it has ended, is for another name, or nobody trusted issued it.",
        ),
        "connection_lost": (
            "连接中断，不知道对方收到没有。",
            "The connection broke; nobody knows whether the other side has it.",
        ),
        "error_in_answer": (
            "对方说收到了，但应答里写着出错。",
            "The other side took the request, and its answer says that it failed.",
        ),
        "garbage": (
            "对方的应答看不懂。",
            "The other side's answer makes no sense.",
        ),
        "half_answer": (
            "对方的应答只来了一半，不知道收到没有。",
            "Half of the answer came; nobody knows whether the other side has it.",
        ),
        "host_unknown": (
            "找不到这个主机名。",
            "There is no host of this name, or nobody can say.",
        ),
        "hung_up": (
            "对方没有应答就断开了。",
            "The other side hung up without an answer.",
        ),
        "login_refused": (
            "用户名、密码或密钥不对，或者没有权限。",
            "The name, the password or the secret is not right, or has no right to this.",
        ),
        "no_tls": (
            "对方不肯加密，所以什么都没有发。",
            "The other side would not speak TLS, so nothing was sent.",
        ),
        "paced": (
            "本系统发得太密，让对方缓一缓。",
            "This program sends no faster than the channel's limit.",
        ),
        "peer_busy": (
            "对方说正忙。",
            "The other side says that it is busy.",
        ),
        "rate_limited": (
            "对方说发得太密。",
            "The other side says that it is asked too often.",
        ),
        "redirect": (
            "对方让我们去另一个地址；不跟过去，请改用新地址。",
            "The other side points to another address; that is not followed, so give the new one.",
        ),
        "timeout": (
            "对方没有在规定时间内答复，不知道收到没有。",
            "There was no answer in time; nobody knows whether the other side has it.",
        ),
        "unreachable": (
            "连不上对方。",
            "The other side cannot be reached.",
        ),
    }
)
NUMBERED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "http": ("对方以 HTTP 状态 {number} 拒绝。", "The other side answered HTTP {number}."),
        "smtp": ("邮件服务器答复 {number}。", "The mail relay answered {number}."),
        "wecom": ("企业微信返回错误码 {number}。", "WeCom answered errcode {number}."),
    }
)
"""Codes that end in the peer's number: `http_500`, `smtp_552`, `wecom_301002`."""


class NotTaken(Exception):
    """The message did not get through; caught in `send`, so that it never leaves a gateway."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.code)
        self.outcome = outcome


def again(code: str, after: float | None = None) -> NotTaken:
    """It may be tried again."""
    return NotTaken(Outcome("again", code, after))


def refused(code: str) -> NotTaken:
    """Not by this channel."""
    return NotTaken(Outcome("refused", code))


def meaning(code: str) -> tuple[str, str]:
    """
    What a code says, in Chinese and in English.

    Raises:
        KeyError: no gateway gives it.
    """
    numbered = re.fullmatch(r"([a-z]+)_(\d+)", code)
    if numbered is None:
        return MEANINGS[code]
    zh, en = NUMBERED[numbered[1]]
    return zh.format(number=numbered[2]), en.format(number=numbered[2])
