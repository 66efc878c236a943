"""What docs/channels.md says is so: its channel is a whole one and does what it says, and its tables are the program's."""

from __future__ import annotations

import hmac
import json
import re
import socket
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from api.commands.channels import Channel
from api.settings import Settings
from notifications.channels import LONGEST_SEND, is_webhook_secret
from notifications.gateway import SENT, Gateway, Outcome, Outgoing
from notifications.gateways import mail, webhook, wecom
from tests.peers.https import Answer, Asked, HttpPeer, hangs, says, says_half

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs/channels.md").read_text("utf-8")
MESSAGE = Outgoing(UUID(int=7), "a-robot-1", "今日提醒", "到期 2 项。")


def made(url: str, seconds: float = 2.0) -> Gateway:
    """The channel of the page, as it stands there."""
    [source] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(source, "docs/channels.md", "exec"), names)  # noqa: S102 (a page of ours)
    build: Callable[..., Gateway] = names["FeishuGateway"]
    return build("s", clock=lambda: datetime.now(UTC), url=url, seconds=seconds)


def as_feishu_does(connection: socket.socket, asked: Asked) -> None:
    """Takes what is signed by the robot's secret (open.feishu.cn/document/client-docs/bot-v3/add-custom-bot)."""
    said = json.loads(asked.body)
    key = f"{said['timestamp']}\ns".encode()
    right = said["sign"] == b64encode(hmac.digest(key, b"", "sha256")).decode()
    says(200, {"code": 0 if right else 19021, "msg": "..."})(connection, asked)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (as_feishu_does, SENT),
        (
            says(200, {"code": 11232, "msg": "frequency limited"}),
            Outcome("again", "rate_limited", 60),
        ),
        (says(200, {"code": 19001}), Outcome("refused", "address_unknown")),
        (says(200, {"code": 9499}), Outcome("again", "error_in_answer")),
        (says(200, b"[]"), Outcome("again", "garbage")),
        (says(500), Outcome("again", "http_500")),
        (says_half, Outcome("again", "half_answer")),
    ],
)
def test_the_channel_of_the_page_does_what_it_says(answer: Answer, outcome: Outcome) -> None:
    with HttpPeer(answer) as peer:
        gateway = made(peer.url)
        assert gateway.send(MESSAGE) == outcome
        gateway.close()
    assert peer.asked[0].path == "/open-apis/bot/v2/hook/a-robot-1"


def test_the_channel_of_the_page_ends_in_time_and_reads_its_address() -> None:
    with HttpPeer(hangs) as peer:
        gateway = made(peer.url, 0.2)
        assert gateway.send(MESSAGE) == Outcome("again", "timeout")
        strange = Outgoing(MESSAGE.message_id, "../x", "a", "b")
        assert gateway.send(strange) == Outcome("refused", "address_malformed")
        gateway.close()


def test_the_tables_are_the_programs() -> None:
    rows = dict(re.findall(r"^\| [^|]+ \| `(\w+)` \| [^|]+ \| (yes|no)\b.*\|$", PAGE, re.MULTILINE))
    counts_only = {
        "email": mail.MailGateway.counts_only,
        "wecom": wecom.WeComGateway.counts_only,
        "webhook": webhook.WebhookGateway.counts_only,
    }
    assert {name: named == "no" for name, named in rows.items()} == counts_only
    assert rows.keys() == set(Channel)


def test_the_settings_and_limits_of_the_page_are_the_programs() -> None:
    named = {name.lower() for name in re.findall(r"GUITU_(\w+)", PAGE)}
    assert named <= Settings.model_fields.keys()
    assert {name for name in Settings.model_fields if name.startswith("wecom_")} - named == {
        "wecom_url"
    }
    for limit in (
        f"{LONGEST_SEND:.0f} seconds at the most",
        f"kept for {mail.KEPT_SECONDS:.0f} seconds and {mail.LETTERS_A_LINE} letters",
        f"beside it, {mail.SENDER_NAME};",
    ):
        assert limit in PAGE, limit
    assert wecom.SAME_FOR == 4 * 3_600


def test_the_command_of_the_page_makes_a_secret_that_is_taken(
    capsys: pytest.CaptureFixture[str],
) -> None:
    [command] = re.findall(r'python3 -c "(import base64.+)"', PAGE)
    exec(command, {})  # noqa: S102 (a page of ours)
    assert is_webhook_secret(capsys.readouterr().out.strip())


def test_its_links_lead_somewhere() -> None:
    found = re.findall(r"\]\((?!http)([^)#]+)", PAGE)
    assert len(found) >= 5
    for target in found:
        assert (ROOT / "docs" / target).exists(), target
