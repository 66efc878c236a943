"""What somebody at a door waits for: sixty people on a phone that is four times slower than this machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bench.p9 import Size, measured
from bench.stores import SqliteFiles

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.databases("sqlite", why="what a phone draws depends on no database"),
]


def test_the_day_s_list_is_drawn_in_time(chromium: Browser, built: Path, tmp_path: Path) -> None:
    found = measured(SqliteFiles(tmp_path), Size(rounds=3), chromium)
    drawn, loaded = found.figures
    assert drawn.holds, drawn
    assert loaded.holds, loaded
    assert int(found.remarks[0].split()[0]) > 100
