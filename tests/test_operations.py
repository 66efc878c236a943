"""What the runbook tells somebody to do at night: each alarm has its lines, and each command does what stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from api.bootstrap import office_parts, real_now
from api.settings import Settings
from tests.servers import PATIENCE, serving
from tests.waiting import until
from workflow.services.clock import Instant
from workflow.services.opening import NewCase, open_case
from workflow.services.run_reports import MEANINGS
from workflow.store.people import Profile

ROOT = Path(__file__).resolve().parent.parent
OPERATIONS = (ROOT / "docs/operations.md").read_text("utf-8")
NIGHT = OPERATIONS.partition("## At three in the morning")[2]
FIGURES = OPERATIONS.partition("## Figures")[2].partition("\n## ")[0]
GUITU = f"{sys.executable} -m api.cli"


def commands() -> list[str]:
    """Each command that somebody is told to run, once."""
    blocks = re.findall(r"```console\n(.*?)```", NIGHT, re.DOTALL)
    lines = [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    return list(dict.fromkeys(lines))


def test_each_alarm_has_its_lines() -> None:
    assert re.findall(r"^### `(\w+)`$", NIGHT, re.MULTILINE) == list(MEANINGS)


def forget_a_case(settings: Settings) -> None:
    """Open one three days ago in which nobody ever recorded anything: on nobody's list."""
    parts = office_parts(settings)
    new = NewCase(uuid4(), uuid4(), Profile(name="某甲"), "cn-national", "standing")
    then = Instant.on(real_now().today - timedelta(days=3))
    with parts.uow() as uow:
        open_case(uow, new, packs=parts.packs, clock=then, by="w1")
    parts.engine.dispose()


@pytest.mark.slow
def test_each_command_of_the_night_does_what_it_says(tmp_path: Path) -> None:
    """In an office whose account does not close, while its server runs."""
    url = f"sqlite:///{tmp_path / 'guitu.db'}"
    place = {"GUITU_DATABASE_URL": url, "PYTHONPATH": str(ROOT), "GUITU_TICK_SECONDS": "5"}

    def ran(command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", re.sub(r"^guitu", GUITU, command)],
            cwd=tmp_path,
            env={**os.environ, **place},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    assert ran("guitu migrate").returncode == 0
    forget_a_case(Settings(database_url=url))
    logged = ""
    with serving("serve", log=tmp_path / "log", env=place) as port:
        metrics = f"http://127.0.0.1:{port}/metrics"
        assert until(
            lambda: 'guitu_account_gap{part="unnamed"} 1' in httpx.get(metrics).text, PATIENCE
        )
        for command in commands():
            done = ran(command.replace(":8000", f":{port}"))
            expected = 1 if command.startswith("guitu runs") else 0
            assert done.returncode == expected, (command, done.stdout, done.stderr)
            assert done.stdout.strip(), command
            logged += done.stderr
        shown = set(re.findall(r"^# TYPE (\w+) ", httpx.get(metrics).text, re.MULTILINE))
    shown = {name for name in shown if not name.endswith("_created")}  # of the client library
    assert set(re.findall(r"guitu_[a-z_]+", FIGURES)) == shown
    logged += (tmp_path / "log").read_text("utf-8")
    assert logged.count('"event": "alarm"') == 1  # by whoever saw it first
