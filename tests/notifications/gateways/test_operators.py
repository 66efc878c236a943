"""What leaves for the operators: alarms signed as others' libraries check them, a heartbeat, and what misbehaving peers come to."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
import standardwebhooks

from notifications.alarms import Post
from notifications.gateways.operators import Heartbeat, Webhook
from tests.peers.https import Answer, HttpPeer, drips, garbles, hangs, hangs_up, says

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDVn0="
QUICK = 0.4
ALARM = Post(
    UUID(int=7), "gap", date(2024, 1, 8), UUID(int=8), 3, datetime(2024, 1, 8, 0, 30, tzinfo=UTC)
)
MISBEHAVING = [
    (hangs, "timeout"),
    (drips, "timeout"),
    (garbles, "garbage"),
    (hangs_up, "hung_up"),
    (says(500), "http_500"),
    (says(404), "http_404"),
    (says(302, Location="http://elsewhere.example/"), "redirect"),
]
NAMES = ["hangs", "drips", "garbles", "hangs up", "500", "404", "points elsewhere"]


def now() -> datetime:
    return datetime.now(UTC)


def posted(peer: HttpPeer, secret: str | None = SECRET) -> str:
    hook = Webhook(f"{peer.url}/alarms", clock=now, secret=secret, seconds=QUICK)
    try:
        return hook.post(ALARM)
    finally:
        hook.close()


def beaten(peer: HttpPeer) -> str:
    heart = Heartbeat(f"{peer.url}/ping/9d2c", clock=now, seconds=QUICK)
    try:
        return heart.beat()
    finally:
        heart.close()


def test_an_alarm_is_a_standard_webhook_and_says_what_it_is_in_both_languages() -> None:
    with HttpPeer(says(204)) as peer:
        assert posted(peer) == ""
    (asked,) = peer.asked
    standardwebhooks.Webhook(SECRET).verify(asked.body, asked.headers)
    assert (asked.method, asked.path, asked.headers["webhook-id"]) == (
        "POST",
        "/alarms",
        str(ALARM.id),
    )
    assert json.loads(asked.body) == {
        "type": "guitu.alarm",
        "timestamp": "2024-01-08T00:30:00+00:00",
        "data": {
            "id": str(ALARM.id),
            "what": "gap",
            "for_day": "2024-01-08",
            "run_id": str(ALARM.run_id),
            "count": 3,
            "zh": "账有缺口，见运行记录的明细",
            "en": "the account does not close; the run says where",
        },
    }


def test_without_a_secret_it_is_not_signed() -> None:
    with HttpPeer(says(200)) as peer:
        assert posted(peer, None) == ""
    assert not [name for name in peer.asked[0].headers if name.startswith("webhook-")]


def test_a_heartbeat_says_nothing_but_that_it_beats() -> None:
    with HttpPeer(says(200)) as peer:
        assert beaten(peer) == ""
    (asked,) = peer.asked
    assert (asked.method, asked.path, asked.body) == ("GET", "/ping/9d2c", b"")


@pytest.mark.parametrize(("answer", "code"), MISBEHAVING, ids=NAMES)
def test_a_peer_that_misbehaves_is_told_by_a_code_and_in_time(answer: Answer, code: str) -> None:
    with HttpPeer(answer) as peer:
        assert posted(peer) == code
        assert beaten(peer) == code
