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
from workflow.rules.closing import ways_to_close
from workflow.rules.obligations.owed import Obligation
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


def rehearsed(path: Path) -> tuple[Mapping[str, Any], Mapping[str, Any], list[Obligation]]:
    """What a file expects, what living it gave, and what was owed."""
    scenario = read_scenario(path)
    life = rehearse(scenario, DAYS)
    return scenario.expect, report(scenario, life, "en"), life.owed


def closed_otherwise(owed: list[Obligation]) -> list[tuple[str, str]]:
    """What was closed in a way that no client is told of: the kind, and the act that closed it."""
    return [
        (one.kind, act.name)
        for one in owed
        if (act := one.closed_by) is not None
        and not any(
            name == act.name
            and all(getattr(act.event, field) == value for field, value in (*way.meant, *way.found))
            and (not way.about or getattr(act.event, way.about) in (one.ref, None))
            for name, way in ways_to_close(one.kind)
        )
    ]


def test_there_are_files_to_rehearse() -> None:
    assert FILES, f"no scenario under {CHOSEN}"


@ours_only
def test_the_ten_worked_cases_are_here() -> None:
    assert [path.stem for path in sorted(OURS.glob("*.yaml"))] == WORKED
    assert len(list((OURS / "more").glob("*.yaml"))) >= 130


@each_file
def test_what_the_file_expects_holds_and_nothing_else_is_refused(path: Path) -> None:
    """One test, so that a file is lived once; a folder of somebody else's need not name each refusal."""
    expect, found, owed = rehearsed(path)
    assert expect, "a scenario without expectations shows nothing"
    assert unmet(expect, found) == []
    assert closed_otherwise(owed) == []
    if CHOSEN == OURS:
        wanted = {(str(line["on"]), line["event"]) for line in expect.get("refused", ())}
        assert {(line["on"], line["event"]) for line in found["refused"]} == wanted
