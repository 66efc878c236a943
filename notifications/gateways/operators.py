"""
What leaves this program for whoever runs it: alarms by a signed webhook, and a heartbeat for a monitor elsewhere.

Both addresses come from the settings, so that they may lie in a network of one's own. What is said is a sort of
alarm, a day, a run and a number; the heartbeat says nothing but that it beats.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

import httpx

from notifications.alarms import Post
from notifications.channels import webhook_key
from notifications.gateways.addresses import anywhere
from notifications.gateways.deadlines import within
from notifications.gateways.outcomes import NotTaken
from notifications.gateways.webhook import signed
from notifications.gateways.wire import Wire, answered, client
from workflow.services.run_reports import MEANINGS

SECONDS = 10.0
"""For all of one call: a look waits for it."""


class Webhook:
    """
    Where alarms are posted.

    Args:
        secret: signs as Standard Webhooks has it; nothing is signed without one.
        clock: what time it really is, aware; the signature is dated by it.
    """

    def __init__(
        self,
        url: str,
        *,
        clock: Callable[[], datetime],
        secret: str | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self._url, self._clock, self._seconds = url, clock, seconds
        self._key = webhook_key(secret) if secret else None
        self._http = client(Wire(anywhere), seconds)

    def post(self, alarm: Post) -> str:
        """Hand an alarm over; an empty word where any 2xx came back, else a stable code."""
        content = body_of(alarm)
        headers = {"Content-Type": "application/json"}
        if self._key is not None:
            headers |= signed(self._key, str(alarm.id), self._clock(), content)
        request = self._http.build_request("POST", self._url, content=content, headers=headers)
        return _asked(self._http, request, self._clock, self._seconds)

    def close(self) -> None:
        """Hang up."""
        self._http.close()


class Heartbeat:
    """The address of a monitor that raises an alarm itself when it is not called for a while."""

    def __init__(
        self, url: str, *, clock: Callable[[], datetime], seconds: float = SECONDS
    ) -> None:
        self._url, self._clock, self._seconds = url, clock, seconds
        self._http = client(Wire(anywhere), seconds)

    def beat(self) -> str:
        """Call it; an empty word where it answered well, else a stable code."""
        return _asked(
            self._http, self._http.build_request("GET", self._url), self._clock, self._seconds
        )

    def close(self) -> None:
        """Hang up."""
        self._http.close()


def body_of(alarm: Post) -> bytes:
    """What is posted: the same bytes at every attempt."""
    said = MEANINGS[alarm.what]
    told = {
        "type": "guitu.alarm",
        "timestamp": alarm.raised_at.isoformat(timespec="seconds"),
        "data": {
            "id": str(alarm.id),
            "what": alarm.what,
            "for_day": alarm.for_day.isoformat(),
            "run_id": str(alarm.run_id) if alarm.run_id else None,
            "count": alarm.count,
            "zh": said.zh,
            "en": said.en,
        },
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _asked(
    http: httpx.Client, request: httpx.Request, clock: Callable[[], datetime], seconds: float
) -> str:
    with within(seconds):
        try:
            answered(http, request, clock)
        except NotTaken as reason:
            return reason.outcome.code
    return ""
