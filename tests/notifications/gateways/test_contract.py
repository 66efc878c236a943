"""What every channel holds to, the fakes included: one message has one form, nothing is raised, nothing is told elsewhere."""

from __future__ import annotations

import ast
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from notifications.channels import Channels, Mail, Webhook, WeCom
from notifications.gateway import SENT
from notifications.gateways import gateways_of
from notifications.gateways.outcomes import MEANINGS, NUMBERED, meaning
from tests.notifications.gateways.rigs import RIGS, SECRETS, TELLING, Rig, now
from tests.peers.wecom import AGENT, CORP, SECRET

GATEWAYS = Path(__file__).resolve().parents[3] / "notifications/gateways"
MARKERS = ("陈标记", "620123199001011234", "marked-word", "marked-token", "marked-key")


@pytest.fixture(params=sorted(RIGS))
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    with RIGS[request.param]() as found:
        yield found


def test_the_same_message_twice_is_the_same_on_the_wire_and_another_is_not(rig: Rig) -> None:
    outcomes = [rig.gateway.send(rig.message(number)) for number in (1, 1, 2)]
    assert outcomes == [SENT] * 3
    if rig.wire is None:
        return
    first, again, other = rig.wire()
    assert first == again != other


def test_several_threads_send_at_once(rig: Rig) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(rig.gateway.send, [rig.message(number) for number in range(8)]))
    assert found == [SENT] * 8
    assert rig.wire is None or len(set(rig.wire())) == 8


def test_whatever_stands_for_an_address_it_is_an_outcome(rig: Rig) -> None:
    for address in ("", " ", "\r\n", "a\r\nb: c", "@", "http://", "\ud800", "x" * 5_000, "国" * 50):
        outcome = rig.gateway.send(replace(rig.message(), address=address))
        assert outcome == SENT or outcome.code == "address_malformed", address


def test_whatever_it_says_it_is_an_outcome(rig: Rig) -> None:
    for words in ("", "a\r\nBcc: b@c.example", ".\r\n.", "𠮷\x00\x1b[31m", "项" * 9_000):
        outcome = rig.gateway.send(rig.message(title=words, body=words))
        assert outcome.became in ("sent", "refused"), words[:20]


def test_closing_while_lines_are_kept_leaves_none_open(rig: Rig) -> None:
    """An open line is a warning when it is collected, and a warning fails the run."""
    assert rig.gateway.send(rig.message()) == SENT
    rig.gateway.close()
    rig.gateway.close()


@pytest.mark.parametrize("channel", sorted(TELLING))
def test_what_the_other_side_says_goes_nowhere(
    channel: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither do the words, the address and the secrets, also when somebody turns every log on."""
    caplog.set_level(logging.DEBUG)
    tale = "marked-word 620123199001011234"
    with capture_logs() as logs, TELLING[channel](tale) as rig:
        outcome = rig.gateway.send(rig.message(title="陈标记 marked-word", body="陈标记"))
        address = rig.address
    assert outcome.became in ("again", "refused")
    told = [f"{outcome!r}", *(f"{each}" for each in logs), *capfd.readouterr()]
    told += [f"{record.getMessage()} {record.args}" for record in caplog.records]
    for secret in (*MARKERS, *SECRETS, address):
        assert not any(secret in each for each in told), secret


@pytest.mark.parametrize("channel", sorted(RIGS))
def test_the_words_stand_in_what_is_sent_and_nowhere_else(
    channel: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logs, RIGS[channel]() as rig:
        assert rig.gateway.send(rig.message(title="陈标记", body="marked-word")) == SENT
    told = [*(f"{each}" for each in logs), *capfd.readouterr()]
    # the relay of these tests is a program of its own, with a log of its own
    told += [each.getMessage() for each in caplog.records if not each.name.startswith("mail")]
    assert not any(word in each for word in ("陈标记", "marked-word", *SECRETS) for each in told)


# ------------------------------------------------------------------ names and codes


def test_each_channel_that_is_set_up_has_a_gateway_under_its_name() -> None:
    assert gateways_of(Channels(), clock=now) == {}
    channels = Channels(
        Mail("mail.example", "reminders@office.example"),
        WeCom(CORP, AGENT, SECRET),
        Webhook("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDVn0="),
    )
    found = gateways_of(channels, clock=now)
    assert {name: gateway.counts_only for name, gateway in found.items()} == {
        "email": False,
        "wecom": True,
        "webhook": True,
    }
    assert all(name == gateway.name for name, gateway in found.items())
    for gateway in found.values():
        gateway.close()


def codes() -> set[str]:
    """Each code that is written out in a gateway."""
    calls = [
        (node, ast.unparse(node.func))
        for path in GATEWAYS.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
    ]
    where = {"again": 0, "refused": 0, "Outcome": 1}
    given = [
        call.args[where[name]]
        for call, name in calls
        if name in where and len(call.args) > where[name]
    ]
    texts = [each for node in given for each in ast.walk(node)]
    return {
        each.value
        for each in texts
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }


def test_each_code_that_a_gateway_gives_is_explained_in_both_languages() -> None:
    written = {code.rstrip("_") for code in codes()}
    returned = {"hung_up", "connection_lost", "timeout", "unreachable", "garbage"}  # by a function
    assert written | returned == MEANINGS.keys() | NUMBERED.keys()
    for code in (*MEANINGS, "http_500", "smtp_450", "wecom_301002"):
        zh, en = meaning(code)
        assert zh.endswith("。")
        assert en.endswith(".")
        assert "{" not in zh + en
    assert meaning("http_502")[1] == "The other side answered HTTP 502."
    with pytest.raises(KeyError):
        meaning("what")
