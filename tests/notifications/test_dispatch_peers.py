"""Dispatch over real peers that misbehave: each comes to the right outcome, and another channel is unhurt."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest

from notifications.channels import Webhook, WeCom
from notifications.gateways.webhook import WebhookGateway
from notifications.gateways.wecom import WeComGateway
from tests.databases import new_database as new_database
from tests.notifications.gateways.rigs import WEBHOOK_SECRET, now
from tests.notifications.posting import Post, RecordingGateway, a_post
from tests.peers.https import Answer, HttpPeer, garbles, hangs, hangs_up, says, says_half
from tests.peers.wecom import AGENT, CORP, SECRET, WeComPeer

HERE = (ip_network("127.0.0.0/8"),)


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with a_post(tmp_path) as found:
        yield found


@pytest.mark.parametrize(
    ("answer", "outcome", "code"),
    [
        (says(500, b"oh"), "again", "http_500"),
        (says(429, Retry_After="120"), "again", "rate_limited"),
        (garbles, "again", "garbage"),
        (hangs_up, "again", "hung_up"),
        (hangs, "again", "timeout"),
        (says_half, "again", "half_answer"),
        (says(410), "refused", "http_410"),
    ],
)
def test_a_webhook_that_misbehaves(post: Post, answer: Answer, outcome: str, code: str) -> None:
    with HttpPeer(answer, answer, says(200)) as peer:
        post.move("w2", webhook=f"{peer.url}/in")
        post.plan("a", recipient="w2")
        post.plan("b")
        webhook = WebhookGateway(Webhook(WEBHOOK_SECRET, HERE), clock=now, seconds=0.5)
        email = RecordingGateway()
        post.drain(webhook, email)
        assert post.attempts("b") == [("email", "sent", None)]
        assert post.attempts("a") == [("webhook", outcome, code)]
        for _ in range(2):
            post.later(minutes=10)
            post.drain(webhook, email)
        webhook.close()
    went = [(asked.headers["webhook-id"], asked.body) for asked in peer.asked]
    assert len(set(went)) == 1, "one id had two contents"
    if outcome == "again":
        assert [came for _, came, _ in post.attempts("a")] == ["again", "again", "sent"]
    else:
        assert post.message("a").passed_to is not None
    assert len(email.handed) == 1


def test_an_error_within_a_200_is_a_failure(post: Post) -> None:
    failed = says(200, {"errcode": 45009, "errmsg": "api freq out of limit"})
    token = says(200, {"errcode": 0, "access_token": "t", "expires_in": 7200})
    with WeComPeer(token, failed) as peer:
        post.move("w2", wecom="liming")
        wecom = WeComGateway(WeCom(CORP, AGENT, SECRET, peer.url), clock=now, seconds=3)
        post.plan("a", recipient="w2")
        assert post.drain(wecom).counts.keys() == {"again"}
        assert post.message("a").sent_at is None
        wecom.close()
