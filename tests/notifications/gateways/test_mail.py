"""E-mail: under TLS to the right relay or not at all, in Chinese, the same letter at every attempt, over lines that are kept."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from notifications.channels import Mail
from notifications.gateway import SENT, Outcome, Outgoing
from notifications.gateways import mail as mails
from notifications.gateways.mail import MailGateway
from tests.peers.certificates import certificates
from tests.peers.relays import (
    PASSWORD,
    USER,
    Reply,
    ScriptedRelay,
    drips,
    hangs,
    hangs_up,
    relay,
)
from tests.peers.sockets import reset

SENDER = "reminders@office.example"


def to(address: str = "liming@staff.example", number: int = 7) -> Outgoing:
    return Outgoing(UUID(int=number), address, "今日提醒：3 项待办", "到期 2 项。\n\n. \n编号 GT-7")


@contextmanager
def gateway(port: int, *, seconds: float = 3.0, **changes: Any) -> Iterator[MailGateway]:
    tls = changes.pop("tls", None) or certificates().client
    mail = Mail(**{"host": "localhost", "sender": SENDER, "port": port, **changes})
    found = MailGateway(mail, clock=lambda: datetime.now(UTC), seconds=seconds, tls=tls)
    try:
        yield found
    finally:
        found.close()


LOGGED_IN: dict[str, Any] = {"user": USER, "password": PASSWORD}


def test_a_letter_arrives_as_it_was_written() -> None:
    with relay(certificates().server) as (port, kept), gateway(port, **LOGGED_IN) as mail:
        assert mail.send(to()) == SENT
    [letter] = kept.parsed
    assert letter["From"] == "工作提醒 <reminders@office.example>"
    assert letter["To"] == "liming@staff.example"
    assert letter["Subject"] == "今日提醒：3 项待办"
    assert letter["Message-ID"] == f"<{UUID(int=7)}@office.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().replace("\r\n", "\n").rstrip("\n") == to().body
    assert kept.recipients == ["liming@staff.example"]
    own_names = {socket.gethostname(), socket.getfqdn()} - {"localhost"}
    assert set(kept.hellos) == {"office.example"}
    assert not any(name.encode() in kept.letters[0] for name in own_names)


def test_a_second_attempt_is_the_same_letter_but_for_its_date() -> None:
    with relay(certificates().server) as (port, kept), gateway(port, **LOGGED_IN) as mail:
        assert [mail.send(to()), mail.send(to())] == [SENT, SENT]
    undated = [
        [line for line in letter.splitlines() if not line.startswith(b"Date:")]
        for letter in kept.letters
    ]
    assert undated[0] == undated[1]


def test_a_morning_goes_over_few_lines_that_log_in_once() -> None:
    with relay(certificates().server) as (port, kept), gateway(port, **LOGGED_IN) as mail:
        with ThreadPoolExecutor(3) as pool:
            found = list(pool.map(mail.send, [to(number=number) for number in range(15)]))
        assert found == [SENT] * 15
        assert kept.logins == len(kept.sessions) <= 3


def test_a_line_that_the_relay_shut_meanwhile_is_opened_anew() -> None:
    with ScriptedRelay({"noop": hangs_up}) as peer, gateway(peer.port, starttls=False) as mail:
        assert [mail.send(to()), mail.send(to())] == [SENT, SENT]
        assert peer.connections == 2


def test_a_line_is_not_used_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mails, "LETTERS_A_LINE", 2)
    with ScriptedRelay() as peer, gateway(peer.port, starttls=False) as mail:
        assert [mail.send(to()) for _ in range(5)] == [SENT] * 5
        assert peer.connections == 3


# ------------------------------------------------------------------ under TLS or not at all


def test_without_tls_nothing_is_said() -> None:
    with ScriptedRelay() as peer, gateway(peer.port) as mail:
        assert mail.send(to()) == Outcome("again", "no_tls")
        assert peer.commands == ["ehlo"]
    offers = b"250-relay\r\n250 STARTTLS\r\n"
    with (
        ScriptedRelay({"ehlo": offers, "starttls": b"454 not now\r\n"}) as peer,
        gateway(peer.port) as mail,
    ):
        assert mail.send(to()) == Outcome("again", "no_tls")
    injected = b"220 go\r\n220 250 x\r\n"
    with ScriptedRelay({"ehlo": offers, "starttls": injected}) as peer, gateway(peer.port) as mail:
        assert mail.send(to()) == Outcome("again", "no_tls")
    assert "mail" not in peer.commands


@pytest.mark.parametrize(
    ("shown", "trusted"),
    [
        (certificates().server, ssl.create_default_context()),
        (certificates(name="other.example").server, certificates(name="other.example").client),
    ],
    ids=["nobody trusted issued it", "for another name"],
)
def test_a_certificate_that_is_not_right_ends_it(
    shown: ssl.SSLContext, trusted: ssl.SSLContext
) -> None:
    with relay(shown) as (port, kept), gateway(port, tls=trusted, **LOGGED_IN) as mail:
        assert mail.send(to()) == Outcome("again", "certificate")
    assert kept.logins == 0
    assert kept.letters == []


def test_a_port_of_its_own_speaks_tls_from_the_first_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedRelay(tls=certificates().server) as peer:
        monkeypatch.setattr(mails, "TLS_AT_ONCE", peer.port)
        with gateway(peer.port) as mail:
            assert mail.send(to()) == SENT


def test_a_wrong_password_is_said_once() -> None:
    wrong: dict[str, Any] = {"user": USER, "password": "guessed"}
    with relay(certificates().server) as (port, kept), gateway(port, **wrong) as mail:
        assert mail.send(to()) == Outcome("refused", "login_refused")
    assert kept.logins == 1
    assert kept.letters == []


@pytest.mark.parametrize(
    ("replies", "outcome"),
    [
        ({}, Outcome("refused", "login_refused")),
        ({"ehlo": b"250-relay\r\n250 AUTH GSSAPI\r\n"}, Outcome("refused", "login_refused")),
        (
            {"ehlo": b"250-relay\r\n250 AUTH PLAIN\r\n", "auth": b"454 later\r\n"},
            Outcome("again", "smtp_454"),
        ),
    ],
    ids=["no login", "no way that is known", "not now"],
)
def test_a_relay_where_nobody_can_log_in(
    replies: dict[str, Reply], outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedRelay(replies, tls=certificates().server) as peer:
        monkeypatch.setattr(mails, "TLS_AT_ONCE", peer.port)
        with gateway(peer.port, **LOGGED_IN) as mail:
            assert mail.send(to()) == outcome


def test_no_password_is_said_in_the_clear() -> None:
    offers = b"250-relay\r\n250 AUTH PLAIN\r\n"
    with (
        ScriptedRelay({"ehlo": offers}) as peer,
        gateway(peer.port, starttls=False, **LOGGED_IN) as mail,
    ):
        assert mail.send(to()) == Outcome("again", "no_tls")
    assert peer.commands == ["ehlo"]


# ------------------------------------------------------------------ relays that will not, or cannot


@pytest.mark.parametrize(
    ("replies", "outcome"),
    [
        ({"hello": b"421 too many\r\n"}, Outcome("again", "smtp_421")),
        ({"hello": b"554 go away\r\n"}, Outcome("again", "smtp_554")),
        ({"hello": b"\x00\xffnonsense\r\n"}, Outcome("again", "garbage")),
        ({"hello": b"2" * 9_000 + b"\r\n"}, Outcome("again", "smtp_500")),
        ({"hello": hangs_up}, Outcome("again", "connection_lost")),
        ({"ehlo": reset}, Outcome("again", "connection_lost")),
        ({"ehlo": b"502 what\r\n"}, Outcome("again", "smtp_502")),
        ({"mail": b"451 later\r\n"}, Outcome("again", "smtp_451")),
        ({"mail": b"553 not from you\r\n"}, Outcome("refused", "smtp_553")),
        ({"rcpt": b"550 no such user\r\n"}, Outcome("refused", "address_unknown")),
        ({"rcpt": b"450 greylisted\r\n"}, Outcome("again", "smtp_450")),
        ({"rcpt": b"gibberish\r\n"}, Outcome("again", "garbage")),
        ({"data": b"554 no\r\n"}, Outcome("refused", "smtp_554")),
        ({"data": b"250 what\r\n"}, Outcome("again", "smtp_250")),
        ({"dot": b"552 too large\r\n"}, Outcome("refused", "smtp_552")),
        ({"dot": b"451 disk full\r\n"}, Outcome("again", "smtp_451")),
        ({"dot": hangs_up}, Outcome("again", "connection_lost")),
        ({"dot": b"25"}, Outcome("again", "timeout")),
        ({"hello": hangs}, Outcome("again", "timeout")),
        ({"dot": hangs}, Outcome("again", "timeout")),
        ({"ehlo": drips}, Outcome("again", "timeout")),
    ],
)
def test_what_each_reply_comes_to(replies: dict[str, Reply], outcome: Outcome) -> None:
    seconds = 0.3 if outcome.code == "timeout" else 3.0
    with (
        ScriptedRelay(replies) as peer,
        gateway(peer.port, starttls=False, seconds=seconds) as mail,
    ):
        begun = datetime.now(UTC)
        assert mail.send(to()) == outcome
        assert (datetime.now(UTC) - begun).total_seconds() < 2


def test_nobody_there() -> None:
    with ScriptedRelay() as peer:
        port = peer.port
    with gateway(port) as mail:
        assert mail.send(to()) == Outcome("again", "unreachable")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "liming",
        "李明@staff.example",
        "a@b.example\r\nBcc: c@d.example",
        "<a@b.example>",
        "a b@c.example",
        "a@b.example,c@d.example",
        "a@-",
        "x" * 65 + "@b.example",
    ],
)
def test_an_address_that_could_be_read_as_more_than_one_is_refused(address: str) -> None:
    with ScriptedRelay() as peer, gateway(peer.port, starttls=False) as mail:
        assert mail.send(to(address)) == Outcome("refused", "address_malformed")
        assert peer.connections == 0


def test_a_title_stays_one_line() -> None:
    with ScriptedRelay() as peer, gateway(peer.port, starttls=False) as mail:
        title = "今日\r\nBcc: c@d.example"
        assert mail.send(Outgoing(UUID(int=1), "a@b.example", title, "x")) == SENT
    letter = mails.letter_of(
        Outgoing(UUID(int=1), "a@b.example", title, "x"), SENDER, datetime.now(UTC)
    )
    assert b"\nBcc" not in letter
