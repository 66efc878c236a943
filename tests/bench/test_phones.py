"""The row of the phone: it measures a real sync over a line that is as slow as it says."""

from __future__ import annotations

import time
from pathlib import Path

from bench.lines import Line
from bench.p6 import Size, measured
from bench.stores import SqliteFiles


def test_a_sync_over_a_line_takes_what_the_line_takes(tmp_path: Path) -> None:
    slow = Line(rate=1_000_000, round_trip=0.05, loss=0.0)
    size = Size(courses=3, copies=2, page=4, rounds=1, line=slow)
    began = time.perf_counter()
    found = measured([SqliteFiles(tmp_path)], size)
    figures = {each.name: each.median for each in found.figures}
    assert figures["sqlite_round_trips"] == 1
    assert 1 < figures["sqlite_bytes"] < 2  # heads weigh more the fewer cases there are
    assert 300 < figures["sqlite_nothing_new"] < 2_000
    assert 3 * slow.round_trip < figures["sqlite_first"] < time.perf_counter() - began
    assert "6 cases in 2 pages" in found.remarks[0]
