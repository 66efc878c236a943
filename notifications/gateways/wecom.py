"""
A message of the office's application in WeCom (企业微信应用消息) to one of its members.

WeCom answers nearly everything with HTTP 200; what became of it stands in `errcode`. A token opens the
interface for two hours; it is fetched once, kept in memory, and anew when WeCom says that it has ended.

Source: developer.work.weixin.qq.com/document/path/90236 (sending), 91039 (token), 90313 (error codes).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Any

import httpx

from notifications.channels import LONGEST_SEND, WeCom
from notifications.gateway import Outcome, Outgoing
from notifications.gateways.addresses import anywhere
from notifications.gateways.deadlines import left
from notifications.gateways.outcomes import again, refused
from notifications.gateways.pace import Pace
from notifications.gateways.sending import sent
from notifications.gateways.wire import Wire, answered, client

MEMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")
"""One member's id: neither `@all`, which is the whole company, nor several with `|` between."""
TOKEN_OVER = frozenset({40014, 41001, 42001})
BUSY = -1
TOO_OFTEN = frozenset({45009, 45033})
TOO_OFTEN_REST = 60.0
"""The limits are counted by the minute."""
NO_SUCH_MEMBER = frozenset({40003, 60111, 81013})
NOT_ALLOWED = frozenset({40001, 40013, 40056, 48002, 60011, 60020, 301002})
"""The secret, the company, the application or this machine's address: no message gets through until it is set right."""
SAME_FOR = 14_400
"""Seconds, the most that WeCom allows: the same request is shown to its member once within them."""
LONGEST_TEXT = 2_048
"""Bytes; WeCom cuts off what is longer."""


class WeComGateway:
    """
    It appears on a phone's lock screen, so it says counts and no case code.

    Args:
        clock: what time it really is, aware.
        transport: another way out than the network.
    """

    name = "wecom"
    counts_only = True

    def __init__(
        self,
        wecom: WeCom,
        *,
        clock: Callable[[], datetime],
        seconds: float = LONGEST_SEND,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._wecom, self._clock, self._seconds = wecom, clock, seconds
        self._pace = Pace(20, 20)
        self._http = client(transport or Wire(anywhere), seconds, base_url=wecom.url)
        self._lock = Lock()
        self._token, self._until = "", 0.0

    def send(self, message: Outgoing) -> Outcome:
        """Send it; with a new token, once, where WeCom says that the old one has ended."""
        return sent(lambda: self._tell(message), pace=self._pace, seconds=self._seconds)

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def _tell(self, message: Outgoing) -> None:
        if not MEMBER.fullmatch(message.address):
            raise refused("address_malformed")
        body = body_of(message, self._wecom.agent)
        for _ in range(2):
            token = self._token_now()
            said = self._asked("POST", "/cgi-bin/message/send", {"access_token": token}, body)
            if _errcode(said) not in TOKEN_OVER:
                break
            self._forget(token)
        _judge(_errcode(said))
        if said.get("invaliduser") or said.get("unlicenseduser"):
            raise refused("address_unknown")

    def _token_now(self) -> str:
        """The token; whoever finds none fetches it, and the others wait for that one."""
        if not self._lock.acquire(timeout=left()):
            raise again("timeout")
        try:
            if monotonic() >= self._until:
                self._fetch()
            return self._token
        finally:
            self._lock.release()

    def _fetch(self) -> None:
        who = {"corpid": self._wecom.corp, "corpsecret": self._wecom.secret}
        said = self._asked("GET", "/cgi-bin/gettoken", who)
        _judge(_errcode(said))
        token, seconds = said.get("access_token"), said.get("expires_in")
        if not isinstance(token, str) or not isinstance(seconds, int) or not token:
            raise again("garbage")
        self._token, self._until = token, monotonic() + 0.9 * seconds

    def _forget(self, token: str) -> None:
        """That one has ended; one that somebody fetched meanwhile has not."""
        with self._lock:
            if token == self._token:
                self._until = 0.0

    def _asked(
        self, method: str, path: str, query: Mapping[str, str], body: object = None
    ) -> dict[str, Any]:
        request = self._http.build_request(method, path, params=query, json=body)
        try:
            said = json.loads(answered(self._http, request, self._clock))
        except (ValueError, RecursionError):
            raise again("garbage") from None
        if not isinstance(said, dict):
            raise again("garbage")
        return said


def body_of(message: Outgoing, agent: int) -> dict[str, object]:
    """
    What is posted: the same at every attempt, and never the same for two messages.

    WeCom knows a repeat by the request being the same, and two messages may say the same; the number tells
    them apart.
    """
    end = f"\n（{message.message_id.hex[:8]}）"
    words = _cut(f"{message.title}\n{message.body}", LONGEST_TEXT - len(end.encode()))
    return {
        "touser": message.address,
        "msgtype": "text",
        "agentid": agent,
        "text": {"content": words + end},
        "enable_duplicate_check": 1,
        "duplicate_check_interval": SAME_FOR,
    }


def _cut(words: str, most: int) -> str:
    return words.encode()[:most].decode(errors="ignore")


def _errcode(said: Mapping[str, Any]) -> int:
    code = said.get("errcode")
    if not isinstance(code, int) or isinstance(code, bool) or not -1 <= code < 10**9:
        raise again("garbage")
    return code


def _judge(code: int) -> None:
    if code == 0:
        return
    if code == BUSY:
        raise again("peer_busy")
    if code in TOO_OFTEN:
        raise again("rate_limited", TOO_OFTEN_REST)
    if code in NO_SUCH_MEMBER:
        raise refused("address_unknown")
    if code in NOT_ALLOWED:
        raise refused("login_refused")
    raise again(f"wecom_{code}")
