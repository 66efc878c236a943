"""Webhooks: signed so that others' libraries accept it, to no private address, and what each misbehaving receiver comes to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from uuid import UUID

import pytest
import standardwebhooks

from notifications.channels import Webhook
from notifications.gateway import SENT, Outcome, Outgoing
from notifications.gateways.addresses import Resolve, resolved
from notifications.gateways.webhook import WebhookGateway
from tests.peers.certificates import certificates
from tests.peers.https import (
    Answer,
    HttpPeer,
    breaks_off,
    drips,
    garbles,
    hangs,
    hangs_up,
    never_ends,
    says,
    says_half,
)
from tests.peers.sockets import Peer

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDVn0="
LOOPBACK = (ip_network("127.0.0.0/8"),)
QUICK = 0.4


def now() -> datetime:
    return datetime.now(UTC)


def to(address: str) -> Outgoing:
    return Outgoing(UUID(int=7), address, "今日提醒：3 项", "法定 1 项，到期 2 项。")


@contextmanager
def gateway(
    *, private: bool = True, resolve: Resolve = resolved, seconds: float = QUICK, tls: bool = False
) -> Iterator[WebhookGateway]:
    found = WebhookGateway(
        Webhook(SECRET, LOOPBACK if private else ()),
        clock=now,
        seconds=seconds,
        resolve=resolve,
        tls=certificates().client if tls else None,
    )
    try:
        yield found
    finally:
        found.close()


def test_a_receiver_checks_it_with_a_library_of_others() -> None:
    with HttpPeer(says(200)) as peer, gateway() as webhook:
        assert webhook.send(to(peer.url + "/in?from=1")) == SENT
    [asked] = peer.asked
    said = standardwebhooks.Webhook(SECRET).verify(asked.body, asked.headers)
    assert said == {
        "type": "reminder",
        "id": str(UUID(int=7)),
        "data": {"title": "今日提醒：3 项", "body": "法定 1 项，到期 2 项。"},
    }
    assert asked.target == "/in?from=1"
    assert asked.headers["user-agent"] == "reminders"
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(SECRET).verify(asked.body + b" ", asked.headers)


def test_a_second_attempt_has_the_same_id_and_body() -> None:
    with HttpPeer(says(500), says(204)) as peer, gateway() as webhook:
        assert webhook.send(to(peer.url)) == Outcome("again", "http_500")
        assert webhook.send(to(peer.url)) == SENT
    first, second = peer.asked
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == str(UUID(int=7))


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (says(202, b"queued"), SENT),
        (says(200, {"errcode": 0, "errmsg": "ok"}), SENT),
        (says(200, b"\xff\x00 no JSON"), SENT),
        (says(200, {"errcode": 93000, "errmsg": "..."}), Outcome("again", "error_in_answer")),
        (says(200, {"error": "no such room"}), Outcome("again", "error_in_answer")),
        (says(200, {"ok": False}), Outcome("again", "error_in_answer")),
        (says(200, b"[" * 60_000), SENT),
        (says(200, b"\x1f\x8b...", Content_Encoding="gzip"), Outcome("again", "garbage")),
        (says(429, Retry_After="7"), Outcome("again", "rate_limited", 7.0)),
        (says(429), Outcome("again", "rate_limited")),
        (says(503, Retry_After="120"), Outcome("again", "http_503", 120.0)),
        (says(503, Retry_After="soon"), Outcome("again", "http_503")),
        (says(503, Retry_After="9" * 400), Outcome("again", "http_503", 86_400.0)),
        (says(500, b"<h1>Traceback</h1>"), Outcome("again", "http_500")),
        (says(404), Outcome("refused", "http_404")),
        (says(410), Outcome("refused", "http_410")),
        (says(301, Location="http://169.254.169.254/"), Outcome("refused", "redirect")),
        (garbles, Outcome("again", "garbage")),
        (hangs_up, Outcome("again", "hung_up")),
        (breaks_off, Outcome("again", "connection_lost")),
        (says_half, Outcome("again", "half_answer")),
        (never_ends, Outcome("again", "answer_too_long")),
    ],
)
def test_what_each_answer_comes_to(answer: Answer, outcome: Outcome) -> None:
    with HttpPeer(answer) as peer, gateway(seconds=2) as webhook:
        found = webhook.send(to(peer.url))
    assert found == outcome
    assert found.alone  # one receiver's trouble is none of the others'
    assert (
        len(peer.asked) == 1
    )  # no redirect is followed, and nothing tried twice behind the dispatch's back


def test_a_date_to_come_again_at_is_understood() -> None:
    then = (now() + timedelta(seconds=100)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    with HttpPeer(says(503, Retry_After=then)) as peer, gateway() as webhook:
        after = webhook.send(to(peer.url)).after
    assert after is not None
    assert 90 < after <= 100


def test_whoever_hangs_or_drips_is_left_in_time() -> None:
    with HttpPeer(hangs) as peer, gateway() as webhook:
        begun = now()
        assert webhook.send(to(peer.url)) == Outcome("again", "timeout")
        assert now() - begun < timedelta(seconds=3 * QUICK)
    with HttpPeer(drips) as peer, gateway() as webhook:
        begun = now()
        assert webhook.send(to(peer.url)) == Outcome("again", "timeout")
        assert now() - begun < timedelta(seconds=3 * QUICK)


def test_nobody_there() -> None:
    with HttpPeer(says(200)) as peer:
        address = peer.url
    with gateway() as webhook:
        assert webhook.send(to(address)) == Outcome("again", "unreachable")


def test_a_line_is_used_again_and_one_that_was_shut_is_not() -> None:
    with HttpPeer(says(200)) as peer, gateway() as webhook:
        assert [webhook.send(to(peer.url)) for _ in range(5)] == [SENT] * 5
        assert peer.connections == 1


def test_certificates_are_checked() -> None:
    with HttpPeer(says(200), tls=certificates().server) as peer, gateway(tls=True) as webhook:
        assert webhook.send(to(peer.url)) == SENT
    with HttpPeer(says(200), tls=certificates().server) as peer, gateway() as webhook:
        assert webhook.send(to(peer.url)) == Outcome("again", "certificate")
        assert peer.asked == []
    with Peer(lambda line: line.sendall(b"HTTP/1.1 400 No")) as plain, gateway() as webhook:
        outcome = webhook.send(to(f"https://127.0.0.1:{plain.port}/"))
        assert outcome == Outcome("again", "no_tls")


def test_no_cookie_is_kept() -> None:
    with HttpPeer(says(200, Set_Cookie="track=1; Path=/")) as peer, gateway() as webhook:
        webhook.send(to(peer.url))
        webhook.send(to(peer.url))
    assert "cookie" not in peer.asked[1].headers


# ------------------------------------------------------------------ private addresses


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "https://127.0.0.1/",
        "http://localhost/",
        "http://2130706433/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[2002:0a00:0001::]/",
        "https://[64:ff9b::a00:1]/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://10.1.2.3/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://100.64.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "http://93.184.216.34/",
    ],
)
def test_private_addresses_are_refused_however_they_are_written(address: str) -> None:
    """The last is public, and in the clear."""

    def resolve(host: str, port: int) -> list[str]:
        known = {"localhost": "127.0.0.1", "2130706433": "127.0.0.1"}
        return [known.get(host, host)]

    with gateway(private=False, resolve=resolve) as webhook:
        assert webhook.send(to(address)) == Outcome("refused", "address_private")


def test_a_name_is_judged_by_where_it_leads() -> None:
    leads = {"a.example": ["93.184.216.34", "10.0.0.1"], "b.example": ["::ffff:127.0.0.1"]}
    with gateway(private=False, resolve=lambda host, _: leads[host]) as webhook:
        for name in leads:
            outcome = webhook.send(to(f"https://{name}/"))
            assert outcome == Outcome("refused", "address_private")


def test_a_name_that_leads_elsewhere_a_moment_later_is_connected_where_it_was_judged() -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    with HttpPeer(says(200)) as peer, gateway(resolve=resolve) as webhook:
        outcome = webhook.send(to(f"http://a.example:{peer.port}/"))
        assert outcome == SENT
        assert asked == ["a.example"]
        assert peer.asked[0].headers["host"] == f"a.example:{peer.port}"


def test_a_name_that_nobody_knows_is_asked_again() -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise OSError

    with gateway(resolve=resolve) as webhook:
        assert webhook.send(to("https://a.example/")) == Outcome("again", "host_unknown")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a.example",
        "ftp://a.example/",
        "file:///etc/passwd",
        "https://",
        "https://me:secret@a.example/",
        "https://a.example:99999/",
        "https://a.example/" + "x" * 2_000,
        "http://[::1",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with gateway() as webhook:
        assert webhook.send(to(address)) == Outcome("refused", "address_malformed")


def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with HttpPeer(says(200)) as peer, gateway() as webhook:
        assert webhook.send(to(peer.url)) == SENT
        assert json.loads(peer.asked[0].body)["type"] == "reminder"
