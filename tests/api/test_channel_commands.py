"""`guitu channels`: what is set up, and what became of a test message; secrets are shown nowhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from typer.testing import CliRunner, Result

from api.channels import channels_of
from api.cli import app
from api.commands.channels import BODY, TITLE
from api.settings import Settings
from notifications.gateways.mail import SENDER_NAME
from notifications.gateways.wire import KNOWN_BY
from notifications.words.linting import Texts, check_words
from tests.peers.certificates import certificates
from tests.peers.https import HttpPeer, says
from tests.peers.relays import PASSWORD, USER, relay
from tests.peers.wecom import AGENT, CORP, SECRET, WeComPeer

WEBHOOK_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDVn0="


def guitu(*arguments: str, exits: int = 0, **settings: object) -> Result:
    env = {f"GUITU_{name.upper()}": str(value) for name, value in settings.items()}
    done = CliRunner().invoke(app, ["channels", *arguments], env=env)
    assert done.exit_code == exits, done.output
    for secret in (PASSWORD, SECRET, WEBHOOK_SECRET):
        assert secret not in done.output
    return done


def test_it_shows_what_is_set_up() -> None:
    assert guitu().output.count("未设置 not set up") == 3
    shown = guitu(
        smtp_host="mail.example",
        smtp_sender="reminders@office.example",
        smtp_user=USER,
        smtp_password=PASSWORD,
        webhook_secret=WEBHOOK_SECRET,
        webhook_private="10.20.0.0/16, fd00::/8",
    ).output
    assert "mail.example:587, reminders@office.example" in shown
    assert "10.20.0.0/16, fd00::/8" in shown
    assert shown.count("未设置 not set up") == 1


def test_a_test_message_by_e_mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The office's own authority is named by the variable that every program knows."""
    authority = tmp_path / "authority.pem"
    authority.write_bytes(certificates().authority)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with relay(certificates().server) as (port, kept):
        done = guitu(
            "test",
            "email",
            "liming@staff.example",
            smtp_host="localhost",
            smtp_port=port,
            smtp_sender="reminders@office.example",
            smtp_user=USER,
            smtp_password=PASSWORD,
        )
    assert done.stdout.endswith("对方已收下。\nThe other side has it.\n")
    [letter] = kept.parsed
    assert letter["Subject"] == TITLE


def test_a_test_message_by_wecom_and_by_webhook() -> None:
    with WeComPeer() as peer:
        wecom: dict[str, Any] = {"wecom_corp": CORP, "wecom_agent": AGENT, "wecom_secret": SECRET}
        guitu("test", "wecom", "liming", wecom_url=peer.url, **wecom)
    assert TITLE in peer.shown[0][1]
    with HttpPeer(says(429, Retry_After="30")) as receiver:
        webhook: dict[str, Any] = {
            "webhook_secret": WEBHOOK_SECRET,
            "webhook_private": "127.0.0.0/8",
        }
        done = guitu("test", "webhook", receiver.url, exits=1, **webhook)
        assert "[rate_limited] 30 s" in done.output
        assert "发得太密" in done.output
        done = guitu("test", "webhook", receiver.url, exits=1, webhook_secret=WEBHOOK_SECRET)
        assert "[address_private]" in done.output


def test_a_channel_that_is_not_set_up_or_not_known() -> None:
    assert "[channel_not_set_up]" in guitu("test", "wecom", "liming", exits=3).output
    guitu("test", "pigeon", "liming", exits=2)


def test_what_it_says_and_who_says_it_tells_nothing() -> None:
    seen = Texts(sender_name=SENDER_NAME, subject_prefix=TITLE, signature=BODY, agent=KNOWN_BY)
    assert check_words(seen) == []


# ------------------------------------------------------------------ settings


def test_without_settings_no_channel_is_set_up() -> None:
    found = channels_of(Settings())
    assert (found.email, found.wecom, found.webhook) == (None, None, None)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"smtp_host": "mail.example"}, "smtp_sender"),
        ({"smtp_host": "mail.example", "smtp_sender": "提醒 <a@b.example>"}, "smtp_sender"),
        ({"smtp_starttls": False, "smtp_user": "me"}, "smtp_user"),
        ({"wecom_corp": CORP, "wecom_secret": SECRET}, "wecom_agent"),
        ({"wecom_corp": CORP, "wecom_agent": 1}, "wecom_secret"),
        ({"wecom_url": "http://wecom.example"}, "wecom_url"),
        ({"wecom_url": "http://localhost.evil.example"}, "wecom_url"),
        ({"webhook_secret": "secret"}, "webhook_secret"),
        ({"webhook_secret": "whsec_c2hvcnQ="}, "webhook_secret"),
        ({"webhook_private": "10.0.0.1/8"}, "webhook_private"),
    ],
)
def test_half_a_channel_is_refused_at_the_start_by_the_name_of_what_is_wrong(
    settings: dict[str, object], named: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings.model_validate(settings)
    assert {error["loc"][0] for error in refused.value.errors()} == {named}
    assert SECRET not in str(refused.value)


def test_on_the_port_that_speaks_tls_at_once_one_may_log_in() -> None:
    settings = {"smtp_starttls": False, "smtp_port": 465, "smtp_user": "me"}
    assert Settings.model_validate(settings).smtp_user == "me"


def test_no_secret_is_in_what_a_log_would_show() -> None:
    settings = Settings.model_validate(
        {
            "smtp_host": "h",
            "smtp_sender": "a@b.example",
            "smtp_password": PASSWORD,
            "wecom_corp": CORP,
            "wecom_agent": 1,
            "wecom_secret": SECRET,
            "webhook_secret": WEBHOOK_SECRET,
        }
    )
    shown = f"{settings!r} {channels_of(settings)!r}"
    assert not any(secret in shown for secret in (PASSWORD, SECRET, WEBHOOK_SECRET))
