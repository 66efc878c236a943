"""`guitu messages check`: the settings are read, what is set elsewhere is given, and the exit code says what came of it."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.commands.exits import DONE, FOUND, UNUSABLE

MAIL = {"GUITU_SMTP_HOST": "mail.office.example", "GUITU_SMTP_SENDER": "notice@office.example"}


def check(*arguments: str, code: int, **env: str) -> str:
    done = CliRunner().invoke(app, ["messages", "check", *arguments], env=env)
    assert done.exit_code == code, done.output
    return done.output


def test_an_office_that_sets_nothing_tells_nothing() -> None:
    assert "没有发现" in check(code=DONE)


def test_neutral_settings_tell_nothing() -> None:
    neutral = ("--agent", "待办提醒", "--signature", "综合服务中心", "--sender-name", "待办")
    check(*neutral, code=DONE, **MAIL, GUITU_LINK="https://cases.office.example/")


@pytest.mark.parametrize(
    ("place", "env"),
    [
        ("sender", {**MAIL, "GUITU_SMTP_SENDER": "jdb@office.example"}),
        ("sender", {**MAIL, "GUITU_SMTP_SENDER": "notice@jiedu.example"}),
        ("relay", {**MAIL, "GUITU_SMTP_HOST": "mail.antidrug.example"}),
        ("link", {"GUITU_LINK": "https://she-qu-kang-fu.example/"}),
    ],
)
def test_a_setting_that_tells_is_named(place: str, env: dict[str, str]) -> None:
    (found,) = json.loads(check("--json", code=FOUND, **env))
    assert found["place"] == place


@pytest.mark.parametrize("option", ["--agent", "--sender-name", "--subject-prefix", "--signature"])
def test_what_is_set_elsewhere_is_looked_at_too(option: str) -> None:
    assert "“禁毒办" not in check(option, "县禁毒办", code=FOUND)
    (found,) = json.loads(check("--json", option, "县禁毒办", code=FOUND))
    assert found == {"place": option[2:].replace("-", "_"), "tells": "substance", "word": "毒"}


def test_a_telephone_number_is_found_and_not_printed() -> None:
    shown = check("--signature", "电话 13800138000", code=FOUND)
    assert "电话号码" in shown
    assert "13800138000" not in shown


def test_a_link_that_is_none_is_refused() -> None:
    check(code=UNUSABLE, GUITU_LINK="cases.office.example")
