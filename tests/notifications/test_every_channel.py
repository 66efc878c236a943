"""From a case to a person by each real channel: the message arrives once, tells of nobody, and a bad channel is only a detour."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from ipaddress import ip_network
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from notifications.channels import Mail, Webhook, WeCom
from notifications.gateway import Gateway
from notifications.gateways.mail import MailGateway
from notifications.gateways.webhook import WebhookGateway
from notifications.gateways.wecom import WeComGateway
from tests.counties import County, named, way_to_detox
from tests.notifications.duties import FIRST, Duty, a_duty, with_accounts
from tests.notifications.gateways.rigs import SECRETS, WEBHOOK_SECRET, now
from tests.peers.certificates import certificates
from tests.peers.https import Answer, HttpPeer, garbles, hangs, says, says_half
from tests.peers.relays import PASSWORD, USER, ScriptedRelay, relay
from tests.peers.wecom import AGENT, CORP, SECRET, WeComPeer
from workflow.services.clock import Instant
from workflow.services.opening import NewCase, open_case
from workflow.store.profiles import Profile

pytestmark = pytest.mark.databases("sqlite", why="what goes over the wire knows no database")

MARKED = Profile(
    name="陈标记",
    born=date(1985, 11, 11),
    identity_no="62012319851111001X",
    phones=("13912345678",),
    address="标记路 9 号",
    note="标记备注",
)
MARKERS = ("标记", "62012319851111001X", "13912345678", "1985-11-11")


def with_a_marked_case(county: County) -> None:
    """Everything about this person would be known again wherever it came up."""
    with_accounts(county)
    case_id = named("case of somebody marked")
    with county.uow() as uow:
        new = NewCase(
            case_id, named("somebody marked"), MARKED, "cn-national", office_id=named("north")
        )
        open_case(uow, new, packs=county.packs, clock=Instant.on(FIRST), by=county.by)
    for day, request in way_to_detox(FIRST, "marked", ["w1"]):
        county.record(day, *request, case_id=case_id)


@contextmanager
def closing(*gateways: Gateway) -> Iterator[dict[str, Gateway]]:
    try:
        yield {gateway.name: gateway for gateway in gateways}
    finally:
        for gateway in gateways:
            gateway.close()


def by_webhook(seconds: float = 2.0) -> WebhookGateway:
    allowed = Webhook(WEBHOOK_SECRET, (ip_network("127.0.0.0/8"),))
    return WebhookGateway(allowed, clock=now, seconds=seconds)


def by_wecom(peer: WeComPeer, seconds: float = 2.0) -> WeComGateway:
    return WeComGateway(WeCom(CORP, AGENT, SECRET, peer.url), clock=now, seconds=seconds)


def by_email(port: int, seconds: float = 2.0) -> MailGateway:
    mail = Mail("localhost", "reminders@office.example", port, USER, PASSWORD)
    return MailGateway(mail, clock=now, seconds=seconds, tls=certificates().client)


def attempts(duty: Duty) -> list[tuple[str, str, str]]:
    """Channel, outcome and code of each attempt to tell w1."""
    return [
        (channel, outcome, code or "")
        for channel, outcome, code in duty.rows(
            "SELECT a.channel, a.outcome, a.code FROM attempts a JOIN messages m ON m.id = a.message_id"
            " WHERE m.recipient = 'w1' ORDER BY a.number"
        )
    ]


def told(duty: Duty) -> None:
    """A morning on which something is owed, until nothing waits any more."""
    jobs = duty.jobs()
    jobs.tick()
    jobs.deliver()
    for _ in range(30):
        if not duty.waiting():
            return
        duty.pass_time(minutes=8)
        jobs.deliver()
    raise AssertionError("something still waits")


@pytest.fixture
def duty(tmp_path: Path) -> Iterator[Duty]:
    with a_duty(shared_in=tmp_path, filled=with_a_marked_case) as found:
        yield found


@contextmanager
def email_peer() -> Iterator[tuple[Gateway, str, Callable[[], list[str]]]]:
    with relay(certificates().server) as (port, kept):

        def read() -> list[str]:
            return [f"{each} {each.get_content()}" for each in kept.parsed]

        yield by_email(port), "w1@office.example", read


@contextmanager
def wecom_peer() -> Iterator[tuple[Gateway, str, Callable[[], list[str]]]]:
    with WeComPeer() as peer:
        yield by_wecom(peer), "liming", lambda: [words for _, words in peer.shown]


@contextmanager
def webhook_peer() -> Iterator[tuple[Gateway, str, Callable[[], list[str]]]]:
    with HttpPeer(says(200)) as peer:
        yield by_webhook(), f"{peer.url}/w1", lambda: [each.body.decode() for each in peer.asked]


PEERS = {"email": email_peer, "wecom": wecom_peer, "webhook": webhook_peer}


@pytest.mark.parametrize("channel", sorted(PEERS))
def test_it_arrives_once_and_tells_of_nobody(
    duty: Duty,
    channel: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logs, PEERS[channel]() as (gateway, address, read):
        with closing(gateway) as duty.gateways:
            duty.county.address("w1", {channel: address})
            told(duty)
            told(duty)
        [message] = read()
    assert attempts(duty) == [(channel, "sent", "")]
    assert "1" in message
    # the relay of these tests is a program of its own, with a log of its own
    own = [each.getMessage() for each in caplog.records if not each.name.startswith("mail")]
    kept = [
        f"{row}"
        for table in ("messages", "attempts", "runs")
        for row in duty.rows(f"SELECT * FROM {table}")  # noqa: S608 (names of our own)
    ]
    spread = [*map(str, logs), *own, *capfd.readouterr(), *kept]
    for marker in (*MARKERS, address, *SECRETS):
        assert not any(marker in each for each in spread), marker
    assert not any(marker in message for marker in MARKERS)


@pytest.mark.parametrize(
    ("answer", "codes"),
    [
        (says(500), ["http_500"] * 5),
        (says(429, Retry_After="20"), ["rate_limited"] * 10),
        (says(429, Retry_After="7200"), ["rate_limited"]),
        (garbles, ["garbage"] * 5),
        (says(200, {"errcode": 1}), ["error_in_answer"] * 5),
        (hangs, ["timeout"] * 5),
        (says_half, ["half_answer"] * 5),
        (says(404), ["http_404"]),
    ],
)
def test_a_receiver_that_does_not_take_it_is_a_detour(
    duty: Duty, answer: Answer, codes: list[str]
) -> None:
    """The message that everybody tried to deliver has one number and one text."""
    hook = by_webhook(0.1 if answer is hangs else 2.0)
    with HttpPeer(answer) as bad, WeComPeer() as good, closing(hook, by_wecom(good)) as gateways:
        duty.gateways = gateways
        duty.county.address("w1", {"webhook": bad.url, "wecom": "liming"})
        told(duty)
    found = attempts(duty)
    assert [code for channel, _, code in found if channel == "webhook"] == codes
    assert found[-1] == ("wecom", "sent", "")
    assert len(good.shown) == 1
    assert len({(each.headers["webhook-id"], each.body) for each in bad.asked}) == 1
    assert len(bad.asked) == len(codes)


def test_when_every_channel_fails_the_inbox_has_it(duty: Duty) -> None:
    no_such_member = says(200, {"errcode": 81013})
    token = says(200, {"errcode": 0, "access_token": "t", "expires_in": 7200})
    with ExitStack() as stack:
        hook = stack.enter_context(HttpPeer(says(410)))
        company = stack.enter_context(WeComPeer(token, no_such_member))
        mails = stack.enter_context(ScriptedRelay({"hello": b"554 no\r\n"}))
        gateways = closing(by_webhook(), by_wecom(company), by_email(mails.port))
        duty.gateways = stack.enter_context(gateways)
        wishes = {"webhook": hook.url, "wecom": "liming", "email": "w1@office.example"}
        duty.county.address("w1", wishes)
        told(duty)
    assert attempts(duty) == [
        ("webhook", "refused", "http_410"),
        ("wecom", "refused", "address_unknown"),
        *[("email", "again", "smtp_554")] * 5,
        ("inbox", "sent", ""),
    ]


def test_all_that_is_due_on_a_day_is_one_letter(duty: Duty) -> None:
    for number in range(5):
        duty.county.in_detox("north", f"甲{number}", FIRST, ["w1"])
    with relay(certificates().server) as (port, kept), closing(by_email(port)) as duty.gateways:
        duty.county.address("w1", {"email": "w1@office.example"})
        told(duty)
    [letter] = kept.parsed
    assert "6" in letter["Subject"]
