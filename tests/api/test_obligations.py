"""What a case owes and why, who may see how much of it, and why it is on nobody's list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from api.schemas.cases import CasePublic
from api.schemas.obligations import ObligationPublic
from tests.api.worlds import TODAY, World, a_world, case_id, note
from workflow.rules.access import HELPER_CASE, HELPER_OBLIGATION


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with a_world() as found:
        yield found


def path(kind: str, what: str) -> str:
    return f"/api/v1/cases/{case_id(kind)}/{what}"


def owed(world: World, handle: str, kind: str = "own", **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        answer = world.clients[handle].get(path(kind, "obligations"), params=params)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page["items"]
        if page["next"] is None:
            return found
        params["cursor"] = page["next"]


def test_each_says_its_rule_its_inputs_and_what_would_change_it(world: World) -> None:
    whole = owed(world, "s1")
    assert owed(world, "s1", limit=7) == whole
    assert [one["due_on"] for one in whole] == sorted(one["due_on"] for one in whole)
    plan = next(one for one in whole if one["kind"] == "make_plan")
    assert plan["pack"].startswith("cn-national@")
    assert plan["source"] in plan["why"]["zh"]
    assert plan["inputs"]["opened_by"] == "reported_in"
    assert plan["inputs"]["counted_from"] == plan["inputs"]["opened_on"] == "2024-01-25"
    ways = {one["by"]: one["how"] for one in plan["would_change"]}
    assert {"plan_made", "event_voided", "obligation_excused", "suspended"} <= ways.keys()
    assert "制定" in ways["plan_made"]["zh"]
    assert ways["plan_made"]["en"]
    visit = next(one for one in whole if one["kind"] == "visit" and one["state"] == "done")
    assert [one["by"] for one in visit["would_change"]] == ["event_voided"]


def test_by_state_and_as_of_a_day(world: World) -> None:
    late = owed(world, "s1", state=["overdue", "due_today"])
    assert late
    assert {one["state"] for one in late} <= {"overdue", "due_today"}
    assert not [one for one in owed(world, "s1", on="2024-01-09") if one["kind"] == "make_plan"]
    refused = world.clients["s1"].get(path("own", "obligations"), params={"state": "late"})
    assert refused.status_code == 422


def test_a_helper_is_shown_what_their_chair_owes_and_not_why(world: World) -> None:
    found = owed(world, "d1")
    assert {one["owner"] for one in found} == {"community_doctor"}
    assert set().union(*found) <= set(HELPER_OBLIGATION)
    case = world.clients["d1"].get(f"/api/v1/cases/{case_id('own')}").json()
    assert case.keys() <= {name.partition(".")[0] for name in HELPER_CASE}
    assert case["team"] == {
        "chairs": [{"role": "community_doctor", "acknowledged_on": None}],
    }
    assert case["next_step"]["owner"] == "community_doctor"
    row = world.clients["d1"].get("/api/v1/cases").json()["items"]
    assert [(one["name"], "stage" in one) for one in row] == [("甲本组", False)]
    for name in ("timeline", "attachments"):
        assert world.clients["d1"].get(path("own", name)).status_code == 403


def test_no_field_of_the_table_is_misspelt() -> None:
    known = ObligationPublic.model_fields.keys() | {"case_id", "code", "name"}
    assert known >= set(HELPER_OBLIGATION)
    tops = {name.partition(".")[0] for name in HELPER_CASE} - {"overdue"}
    assert CasePublic.model_fields.keys() >= tops


@pytest.mark.parametrize("handle", ["s1", "w1", "d1", "d2", "s3"])
@pytest.mark.parametrize("what", ["", "/obligations", "/why-not", "/team"])
def test_out_of_reach_is_like_not_there(world: World, handle: str, what: str) -> None:
    kind = "own" if handle in ("s3", "d2") else "elsewhere"
    answer = world.clients[handle].get(f"/api/v1/cases/{case_id(kind)}{what}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert note(kind) not in answer.text


# ------------------------------------------------------------------ why not


def silence(world: World, asker: str, kind: str, **params: Any) -> dict[str, Any]:
    answer = world.clients[asker].get(path(kind, "why-not"), params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert found["because"]["zh"] != found["because"]["en"]
    assert found["listed"] == (found["code"] == "on_list")
    return found


def test_why_it_is_on_nobodys_list(world: World) -> None:
    assert silence(world, "s1", "own")["code"] == "on_list"
    assert silence(world, "s1", "own", handle="w1")["code"] == "on_list"
    assert silence(world, "s1", "own", handle="w2")["code"] == "not_in_team"
    assert silence(world, "d1", "own")["code"] == "on_list"
    assert silence(world, "s1", "ended", handle="w1")["code"] == "another_role"


def test_a_helper_asks_for_themselves_only(world: World) -> None:
    assert silence(world, "d1", "own", handle="d1")["listed"]
    refused = world.clients["d1"].get(path("own", "why-not"), params={"handle": "w1"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


def test_an_unacknowledged_chair_is_the_supervisors_and_still_on_the_helpers_own_list() -> None:
    with a_world() as world:
        later = {"on": str(TODAY.replace(month=4))}
        assert silence(world, "s1", "own", handle="d1", **later)["code"] == "unacknowledged"
        assert silence(world, "d1", "own", **later)["code"] == "on_list"
