"""
Every worked case holds (rehearsal.md): each file under tests/scenarios, lived through the real rules.

`GUITU_TEST_SCENARIOS=DIR` runs the files of another folder instead (`make test SCENARIOS=DIR`).
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.histories import DAYS
from workflow.services.rehearsal_reports import rehearse, report, unmet
from workflow.services.scenario_files import read_scenario

OURS = Path(__file__).parent / "scenarios"
CHOSEN = Path(os.environ.get("GUITU_TEST_SCENARIOS") or OURS)
FILES = sorted(CHOSEN.rglob("*.yaml")) if CHOSEN.is_dir() else [CHOSEN]
WORKED = [
    "01-straight-through",
    "02-late-report-in",
    "03-suspension",
    "04-isolation-early-release",
    "05-pregnant",
    "06-counters-and-breach",
    "07-move",
    "08-objection",
    "09-team",
    "10-void-and-rerun",
]

each_file = pytest.mark.parametrize(
    "path", FILES, ids=[str(f.relative_to(CHOSEN).with_suffix("")) for f in FILES]
)
ours_only = pytest.mark.skipif(CHOSEN != OURS, reason="another folder was asked for")


def rehearsed(path: Path) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What a file expects, and what living it gave."""
    scenario = read_scenario(path)
    return scenario.expect, report(scenario, rehearse(scenario, DAYS), "en")


def test_there_are_files_to_rehearse() -> None:
    assert FILES, f"no scenario under {CHOSEN}"


@ours_only
def test_the_ten_worked_cases_are_here() -> None:
    assert [path.stem for path in sorted(OURS.glob("*.yaml"))] == WORKED
    assert len(list((OURS / "more").glob("*.yaml"))) >= 130


@each_file
def test_what_the_file_expects_holds_and_nothing_else_is_refused(path: Path) -> None:
    """One test, so that a file is lived once; a folder of somebody else's need not name each refusal."""
    expect, found = rehearsed(path)
    assert expect, "a scenario without expectations shows nothing"
    assert unmet(expect, found) == []
    if CHOSEN == OURS:
        wanted = {(str(line["on"]), line["event"]) for line in expect.get("refused", ())}
        assert {(line["on"], line["event"]) for line in found["refused"]} == wanted
