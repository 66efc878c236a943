"""WeCom as its documents say it behaves: tokens that end, errors within a 200, the same words shown once."""

from __future__ import annotations

import json
import socket
from typing import Any

from tests.peers.https import Answer, Asked, HttpPeer, says

CORP, AGENT, SECRET = "ww1234567890", 1_000_002, "a-secret-of-the-application"
MEMBERS = frozenset({"liming", "wangfang"})


class WeComPeer(HttpPeer):
    """
    One company with two members.

    Args:
        next_answers: given instead of the right one to whoever asks next, in order.
    """

    def __init__(self, *next_answers: Answer) -> None:
        super().__init__(self._answer)
        self.next_answers = list(next_answers)
        self.tokens = 0
        self.valid: str | None = None
        self.shown: list[tuple[str, str]] = []

    def end_token(self) -> None:
        """As after two hours."""
        self.valid = None

    def _answer(self, connection: socket.socket, asked: Asked) -> None:
        if self.next_answers:
            self.next_answers.pop(0)(connection, asked)
            return
        said = self._token(asked) if asked.path == "/cgi-bin/gettoken" else self._take(asked)
        says(200, said)(connection, asked)

    def _token(self, asked: Asked) -> dict[str, Any]:
        if asked.query != {"corpid": CORP, "corpsecret": SECRET}:
            return {"errcode": 40001, "errmsg": f"invalid credential {asked.query}"}
        self.tokens += 1
        self.valid = f"token-{self.tokens}"
        return {"errcode": 0, "errmsg": "ok", "access_token": self.valid, "expires_in": 7200}

    def _take(self, asked: Asked) -> dict[str, Any]:
        if self.valid is None or asked.query.get("access_token") != self.valid:
            return {"errcode": 42001, "errmsg": "access_token expired"}
        said = json.loads(asked.body)
        if said["touser"] not in MEMBERS:
            return {"errcode": 0, "errmsg": "ok", "invaliduser": said["touser"]}
        shown = (said["touser"], said["text"]["content"])
        if shown not in self.shown or not said.get("enable_duplicate_check"):
            self.shown.append(shown)
        return {"errcode": 0, "errmsg": "ok", "msgid": "abc"}
