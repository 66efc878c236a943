"""
Five worked cases from their first day to their last through HTTP, with the clock moved by the demo's route.

What comes out is what `guitu rehearse` says: the same way, terms, obligations, notices and refusals.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.api.clients import Client, Json, a_demo
from workflow.services.calendars import work_days
from workflow.services.event_forms import dump
from workflow.services.rehearsal_reports import rehearse, report
from workflow.services.scenario_files import Scenario, read_scenario
from workflow.services.worked_cases import WorkedCase, worked_case

SCENARIOS = Path(__file__).parent / "scenarios"
WORKED = [
    "01-straight-through",
    "02-late-report-in",
    "04-isolation-early-release",
    "06-counters-and-breach",
    "10-void-and-rerun",
]
OWED = (
    "kind",
    "occurrence",
    "opens_on",
    "due_on",
    "closed_on",
    "state",
    "owner",
    "told",
    "basis",
    "source",
)
NOTICE = ("on", "kind", "rung", "to")
DAY = timedelta(days=1)


def sent(one: WorkedCase, request: list[Any]) -> list[Json]:
    """A request as a client sends it."""
    found = []
    for rec in request:
        new = one.new_event(rec)
        body: Json = {
            "id": new.id,
            "event": new.event.name,
            "happened_on": new.happened_on.isoformat(),
            "data": dump(new.event),
        }
        if new.approved_by:
            body["approved_by"] = new.approved_by
        found.append(body)
    return found


def live_through_http(
    client: Client, one: WorkedCase
) -> tuple[Json, list[Json], list[tuple[str, str, str]]]:
    """The case on its last day, all notices up to that day's end, and what was refused on the way."""
    refused: list[tuple[str, str, str]] = []
    opened: UUID | None = None
    for day, request in one.requests():
        assert client.move_clock(day).status_code == 200
        if opened is None:
            client.open(one.case_id, born=str(one.born), team=one.scenario.team)
            opened = one.case_id
        answer = client.post(*sent(one, request), case_id=one.case_id)
        if answer.status_code != 201:
            assert answer.status_code == 409, answer.text
            code = answer.json()["code"]
            refused += [(str(rec.on), rec.event.name, code) for rec in request]
    client.move_clock(one.scenario.until)
    case = client.case(one.case_id)
    client.move_clock(one.scenario.until + DAY)
    return case, client.case(one.case_id)["notices"], refused


def rows(found: list[Json], names: tuple[str, ...]) -> list[tuple[Any, ...]]:
    return sorted((tuple(each[name] for name in names) for each in found), key=str)


def expected(scenario: Scenario) -> Json:
    return report(scenario, rehearse(scenario, work_days()), "zh")


@pytest.mark.slow
@pytest.mark.parametrize("name", WORKED)
def test_http_gives_what_rehearsing_gives(name: str) -> None:
    one = worked_case(SCENARIOS / f"{name}.yaml", "虚构")
    wanted = expected(read_scenario(SCENARIOS / f"{name}.yaml"))
    first = min(rec.recorded_on for rec in one.scenario.recs)
    with a_demo(first) as client:
        case, notices, refused = live_through_http(client, one)
    assert case["stage"] == wanted["stage"]
    assert [(s["on"], s["stage"]) for s in case["stages"]] == [
        (s["on"], s["stage"]) for s in wanted["stages"]
    ]
    assert case["terms"] == wanted["terms"]
    assert (case["exit_on"], case["exit_barred"]) == (wanted["exit_on"], wanted["exit_barred"])
    assert case["counters"] == wanted["counters"]
    assert rows(case["obligations"], OWED) == rows(wanted["obligations"], OWED)
    assert rows(notices, NOTICE) == rows(wanted["notices"], NOTICE)
    assert refused == [(r["on"], r["event"], r["code"]) for r in wanted["refused"]]


def test_the_five_are_among_those_that_travel_with_the_program() -> None:
    from workflow.services.worked_cases import worked_cases

    titles = {one.scenario.title for one in worked_cases()}
    assert len(titles) == 10
    assert {read_scenario(SCENARIOS / f"{name}.yaml").title for name in WORKED} <= titles


def test_the_first_day_of_a_worked_case_is_a_day() -> None:
    assert worked_case(SCENARIOS / f"{WORKED[0]}.yaml", "虚构").born == date(1990, 5, 1)
