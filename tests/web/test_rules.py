"""The client's own tests of its pure parts (web/tests) hold; they run in Node as they stand, without a build."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from api.schemas.events import event_types
from tests.web.conftest import Node
from workflow.services.event_forms import bare_schema, parse


def test_the_rules_of_the_client_hold(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, filled = tmp_path / "forms.json", tmp_path / "filled.json"
    given.write_text(json.dumps(_forms()), "utf-8")
    monkeypatch.setenv("GUITU_FORMS", str(given))
    monkeypatch.setenv("GUITU_FILLED", str(filled))
    done = node("--test", "--test-reporter=tap", "tests/*.test.ts")
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    counts = dict(re.findall(r"^# (pass|fail|skipped|todo|cancelled) (\d+)$", done.stdout, re.M))
    assert int(counts.pop("pass")) > 0
    assert set(counts.values()) == {"0"}, done.stdout[-6000:]
    _check_read(json.loads(filled.read_text("utf-8")))


def _forms() -> list[dict[str, object]]:
    """Every form as a phone is sent it."""
    return [{**one.model_dump(), "form": bare_schema(one.event)} for one in event_types()]


def _check_read(sent: list[dict[str, object]]) -> None:
    """What the client sends of a form that is filled in is never malformed: with what is needed, and with all of it."""
    assert len(sent) == 2 * len(event_types())
    for one in sent:
        name, data = one["event"], one["data"]
        assert isinstance(name, str)
        assert isinstance(data, dict)
        assert parse(name, data).name == name
