"""WeCom: the token is kept and renewed, an error in a 200 is one, and the same message is shown once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import httpx
import pytest

from notifications.channels import WeCom
from notifications.gateway import SENT, Outcome, Outgoing
from notifications.gateways.wecom import WeComGateway, body_of
from tests.peers.https import (
    Answer,
    breaks_off,
    drips,
    garbles,
    hangs,
    hangs_up,
    says,
    says_half,
)
from tests.peers.wecom import AGENT, CORP, SECRET, WeComPeer


def to(member: str = "liming", body: str = "到期 2 项。", number: int = 7) -> Outgoing:
    return Outgoing(UUID(int=number << 96), member, "今日提醒", body)


@contextmanager
def gateway(
    peer: WeComPeer, *, seconds: float = 2.0, secret: str = SECRET
) -> Iterator[WeComGateway]:
    wecom = WeCom(CORP, AGENT, secret, peer.url)
    found = WeComGateway(wecom, clock=lambda: datetime.now(UTC), seconds=seconds)
    try:
        yield found
    finally:
        found.close()


def test_one_token_opens_it_for_all() -> None:
    with WeComPeer() as peer, gateway(peer) as wecom, ThreadPoolExecutor(4) as pool:
        messages = [to(number=number) for number in range(12)]
        assert list(pool.map(wecom.send, messages)) == [SENT] * 12
        assert peer.tokens == 1
        assert peer.connections <= 4
    assert len(peer.shown) == 12
    who, words = sorted(peer.shown)[1]
    assert (who, words) == ("liming", "今日提醒\n到期 2 项。\n（00000001）")


def test_a_token_that_has_ended_is_fetched_anew_and_the_message_still_goes() -> None:
    with WeComPeer() as peer, gateway(peer) as wecom:
        assert wecom.send(to(number=1)) == SENT
        peer.end_token()
        assert wecom.send(to(number=2)) == SENT
        assert peer.tokens == 2


def test_a_token_that_never_holds_is_not_fetched_for_ever() -> None:
    expired = says(200, {"errcode": 42001})
    token = says(200, {"errcode": 0, "access_token": "t", "expires_in": 7200})
    with WeComPeer(token, expired, token, expired) as peer, gateway(peer) as wecom:
        assert wecom.send(to()) == Outcome("again", "wecom_42001")
        assert len(peer.asked) == 4


def test_a_token_is_renewed_before_it_ends() -> None:
    short = says(200, {"errcode": 0, "access_token": "t", "expires_in": 0})
    taken = says(200, {"errcode": 0})
    with WeComPeer(short, taken) as peer, gateway(peer) as wecom:
        assert [wecom.send(to(number=number)) for number in (1, 2)] == [SENT, SENT]
        asked = [one.path.removeprefix("/cgi-bin/") for one in peer.asked]
    assert asked == ["gettoken", "message/send"] * 2


def test_the_same_message_is_shown_once_and_two_with_the_same_words_twice() -> None:
    with WeComPeer() as peer, gateway(peer) as wecom:
        for message in (to(number=1), to(number=1), to(number=2)):
            assert wecom.send(message) == SENT
    assert len(peer.shown) == 2
    first, second = (asked.body for asked in peer.asked[1:3])
    assert first == second
    assert json.loads(first)["duplicate_check_interval"] == 14_400


TOKEN = says(200, {"errcode": 0, "access_token": "t", "expires_in": 7200})


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (says(200, {"errcode": -1, "errmsg": "system busy"}), Outcome("again", "peer_busy")),
        (says(200, {"errcode": 45009}), Outcome("again", "rate_limited", 60.0)),
        (says(200, {"errcode": 81013}), Outcome("refused", "address_unknown")),
        (says(200, {"errcode": 0, "invaliduser": "liming"}), Outcome("refused", "address_unknown")),
        (says(200, {"errcode": 60020}), Outcome("refused", "login_refused")),
        (says(200, {"errcode": 12345, "errmsg": "?"}), Outcome("again", "wecom_12345")),
        (says(200, {"errmsg": "ok"}), Outcome("again", "garbage")),
        (says(200, {"errcode": "0"}), Outcome("again", "garbage")),
        (says(200, {"errcode": 10**40}), Outcome("again", "garbage")),
        (says(200, []), Outcome("again", "garbage")),
        (says(200, b"<html>Sign in to this network"), Outcome("again", "garbage")),
        (says(200, b"[" * 60_000), Outcome("again", "garbage")),
        (says(500), Outcome("again", "http_500")),
        (says(429, Retry_After="9"), Outcome("again", "rate_limited", 9.0)),
        (says(302, Location="/login"), Outcome("refused", "redirect")),
        (garbles, Outcome("again", "garbage")),
        (hangs_up, Outcome("again", "hung_up")),
        (breaks_off, Outcome("again", "connection_lost")),
        (says_half, Outcome("again", "half_answer")),
    ],
)
def test_what_each_answer_comes_to(answer: Answer, outcome: Outcome) -> None:
    with WeComPeer(TOKEN, answer) as peer, gateway(peer) as wecom:
        assert wecom.send(to()) == outcome
        assert len(peer.asked) == 2


@pytest.mark.parametrize("answer", [hangs, drips])
@pytest.mark.parametrize("before", [[], [TOKEN]], ids=["token", "message"])
def test_whoever_hangs_or_drips_is_left_in_time(answer: Answer, before: list[Answer]) -> None:
    with WeComPeer(*before, answer) as peer, gateway(peer, seconds=0.3) as wecom:
        assert wecom.send(to()) == Outcome("again", "timeout")


def test_nobody_waits_for_ever_for_anothers_token() -> None:
    with WeComPeer(hangs, hangs, hangs) as peer, gateway(peer, seconds=0.3) as wecom:
        with ThreadPoolExecutor(3) as pool:
            found = list(pool.map(wecom.send, [to(), to(), to()]))
        assert set(found) == {Outcome("again", "timeout")}


@pytest.mark.parametrize("member", ["@all", "liming|wangfang", "", "@", "a b", "李明", "x" * 65])
def test_one_member_and_never_the_whole_company(member: str) -> None:
    with WeComPeer() as peer, gateway(peer) as wecom:
        assert wecom.send(to(member)) == Outcome("refused", "address_malformed")
        assert peer.asked == []


def test_a_wrong_secret_and_a_stranger() -> None:
    with WeComPeer() as peer, gateway(peer, secret="guessed") as wecom:
        assert wecom.send(to()) == Outcome("refused", "login_refused")
    with WeComPeer() as peer, gateway(peer) as wecom:
        assert wecom.send(to("nobody")) == Outcome("refused", "address_unknown")


def test_a_long_message_is_cut_between_letters_and_keeps_its_number() -> None:
    content = body_of(to(body="项" * 3_000), AGENT)["text"]
    assert isinstance(content, dict)
    words = content["content"]
    assert len(words.encode()) <= 2_048
    assert words.endswith("项\n（00000007）")


def test_another_way_out_can_be_put_in() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(200, json={"errcode": 0, "access_token": "t", "expires_in": 60})

    wecom = WeComGateway(
        WeCom(CORP, AGENT, SECRET),
        clock=lambda: datetime.now(UTC),
        transport=httpx.MockTransport(answer),
    )
    assert wecom.send(Outgoing(uuid4(), "liming", "a", "b")) == SENT
    assert asked == ["/cgi-bin/gettoken", "/cgi-bin/message/send"]
    wecom.close()
