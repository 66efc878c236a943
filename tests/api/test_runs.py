"""`guitu runs`: the last looks at the calendar, and an exit code that whoever watches can go by."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.bootstrap import migrate_office, office_parts
from api.cli import app
from api.settings import Settings


class Place:
    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'guitu.db'}"
        migrate_office(Settings(database_url=self.url))

    def guitu(self, *arguments: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, arguments, env={"GUITU_DATABASE_URL": self.url})
        assert done.exit_code == code, done.output
        return done.stdout

    def json(self, code: int = 0) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.guitu("runs", "--json", code=code))
        return found


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_a_run_is_shown_with_what_it_did(place: Place) -> None:
    assert place.json() == {"alarms": [], "runs": []}
    place.guitu("tick")
    today = office_parts(Settings(database_url=place.url)).clock().today.isoformat()
    said = place.guitu("runs")
    assert said.startswith(today)
    assert "个案 cases 0 · 通知 notices 0 · 失败 failures 0" in said
    (run,) = place.json()["runs"]
    assert (run["kind"], run["for_day"], run["failures"]) == ("sweep", today, [])
    assert run["ended_at"]
    place.guitu("tick")
    assert len(place.guitu("runs", "--count", "1").splitlines()) == 3


def test_a_missed_day_is_an_alarm(place: Place) -> None:
    today = office_parts(Settings(database_url=place.url)).clock().today
    place.guitu("tick", "--on", (today - timedelta(days=2)).isoformat())
    place.guitu("tick")
    missed = (today - timedelta(days=1)).isoformat()
    assert place.json(code=1)["alarms"] == [{"what": "missed_day", "for_day": missed, "run": None}]
    assert f"! {missed}" in place.guitu("runs", code=1)
