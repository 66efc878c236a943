"""
Worked cases from their first day to their last through HTTP, with the clock moved by the demo's route.

One officer records; what the rules want a second person for is proposed by them and approved by another one
in a session of their own. What comes out is what `guitu rehearse` says: the same way, terms, obligations,
notices and refusals. The ten worked cases run on both databases; of the many others in `scenarios/more` all
run on SQLite, and every twelfth on PostgreSQL: each costs half a second and more.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid5

import pytest
from starlette.testclient import TestClient

from tests import databases
from tests.api.clients import Client, Json, a_demo
from workflow.services.calendars import work_days
from workflow.services.event_forms import dump
from workflow.services.proposals import APPROVABLE
from workflow.services.rehearsal_reports import rehearse, report
from workflow.services.scenario_files import Scenario, read_scenario
from workflow.services.worked_cases import WorkedCase, worked_case, worked_cases

SCENARIOS = Path(__file__).parent / "scenarios"
WORKED = sorted(SCENARIOS.glob("*.yaml"))
MORE = sorted((SCENARIOS / "more").glob("*.yaml"))
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
Refusal = tuple[str, str, str]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def kind(request: pytest.FixtureRequest) -> Iterator[databases.Kind]:
    """On which database."""
    found: databases.Kind = request.param
    with databases.on(found):
        yield found


class Journey:
    """One case that is lived through HTTP by two officers."""

    def __init__(self, client: Client, one: WorkedCase) -> None:
        self.client, self.one = client, one
        self.second: TestClient = client.logged_in("county2")
        self.refused: list[Refusal] = []

    def live(self) -> tuple[Json, list[Json]]:
        """The case on its last day, and all notices up to that day's end."""
        opened = False
        for day, request in self.one.requests():
            assert self.client.move_clock(day).status_code == 200
            if not opened:
                self._open()
                opened = True
            answer = self._send(self._sent(request), any(rec.approved_by for rec in request))
            if answer.status_code not in (200, 201):
                assert answer.status_code == 409, answer.text
                code = answer.json()["code"]
                self.refused += [(str(rec.on), rec.event.name, code) for rec in request]
        until = self.one.scenario.until
        self.client.move_clock(until)
        case = self.client.case(self.one.case_id)
        self.client.move_clock(until + DAY)
        return case, self.client.case(self.one.case_id)["notices"]

    def _open(self) -> None:
        one, more = self.one, {}
        if one.born is not None:
            more["born"] = str(one.born)
        self.client.open(one.case_id, policy=one.scenario.policy, team=one.scenario.team, **more)

    def _send(self, events: list[Json], is_approved: bool) -> Any:
        """As a client does it: recorded at once, or else proposed where a second person is to be had."""
        answer = self.client.post(*events, case_id=self.one.case_id)
        if not is_approved or answer.status_code != 409 or answer.json()["code"] not in APPROVABLE:
            return answer
        proposal_id = uuid5(self.one.case_id, events[0]["id"])
        sent = {"id": str(proposal_id), "events": events}
        proposed = self.client.http.post(f"/api/v1/cases/{self.one.case_id}/proposals", json=sent)
        if proposed.status_code != 201:
            return proposed
        return self.second.post(f"/api/v1/proposals/{proposal_id}/approve")

    def _sent(self, request: list[Any]) -> list[Json]:
        """A request as a client sends it: nobody's approval stands in it."""
        events = []
        for rec in request:
            new = self.one.new_event(rec)
            body: Json = {"id": new.id, "event": new.event.name, "data": dump(new.event)}
            body["happened_on"] = new.happened_on.isoformat()
            if new.happened_at is not None:
                body["happened_at"] = new.happened_at.isoformat()
            events.append(body)
        return events


def rows(found: list[Json], names: tuple[str, ...]) -> list[tuple[Any, ...]]:
    return sorted((tuple(each[name] for name in names) for each in found), key=str)


def expected(scenario: Scenario) -> Json:
    return report(scenario, rehearse(scenario, work_days()), "zh")


def see_that_http_gives_what_rehearsing_gives(path: Path) -> None:
    one = worked_case(path, "虚构")
    wanted = expected(read_scenario(path))
    first = min(rec.recorded_on for rec in one.scenario.recs)
    with a_demo(first) as client:
        journey = Journey(client, one)
        case, notices = journey.live()
    assert case["stage"] == wanted["stage"]
    assert [(s["on"], s["stage"]) for s in case["stages"]] == [
        (s["on"], s["stage"]) for s in wanted["stages"]
    ]
    assert case["terms"] == wanted["terms"]
    assert (case["exit_on"], case["exit_barred"]) == (wanted["exit_on"], wanted["exit_barred"])
    assert case["counters"] == wanted["counters"]
    assert rows(case["obligations"], OWED) == rows(wanted["obligations"], OWED)
    assert rows(notices, NOTICE) == rows(wanted["notices"], NOTICE)
    assert journey.refused == [(r["on"], r["event"], r["code"]) for r in wanted["refused"]]


on_both = pytest.mark.parametrize("path", WORKED, ids=lambda path: path.stem)
all_others = pytest.mark.parametrize("path", MORE, ids=lambda path: path.stem)
some_others = pytest.mark.parametrize("path", MORE[::12], ids=lambda path: path.stem)


@pytest.mark.slow
@on_both
def test_http_gives_what_rehearsing_gives(path: Path, kind: databases.Kind) -> None:
    see_that_http_gives_what_rehearsing_gives(path)


@pytest.mark.slow
@all_others
def test_the_other_cases_give_it_too(path: Path) -> None:
    see_that_http_gives_what_rehearsing_gives(path)


@pytest.mark.slow
@pytest.mark.postgres
@some_others
def test_the_others_give_it_on_postgresql(path: Path) -> None:
    with databases.on("postgres"):
        see_that_http_gives_what_rehearsing_gives(path)


def test_the_ten_are_those_that_travel_with_the_program() -> None:
    titles = [one.scenario.title for one in worked_cases()]
    assert len(titles) == 10
    assert [read_scenario(path).title for path in WORKED] == titles
