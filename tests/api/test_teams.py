"""The team over HTTP: what each verb records, who may say it, and that saying it twice is harmless."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.worlds import TODAY, World, a_world, case_id
from tests.builders import new_event


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as found:
        yield found


def change(world: World, who: str, verb: str, kind: str = "own", **sent: Any) -> Any:
    body = {"id": f"{verb}-{kind}", "happened_on": str(TODAY), **sent}
    return world.clients[who].post(f"/api/v1/cases/{case_id(kind)}/team/{verb}", json=body)


def team(world: World, who: str = "s1", **params: Any) -> dict[str, Any]:
    answer = world.clients[who].get(f"/api/v1/cases/{case_id('own')}/team", params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def seats(found: dict[str, Any]) -> dict[str, str]:
    return {one["role"]: one["helper"] for one in found["chairs"]}


def test_a_chair_is_taken_left_and_waived(world: World) -> None:
    police = {"role": "community_police"}
    assert change(world, "s1", "assign", helper="w2", **police).status_code == 201
    again = change(world, "s1", "assign", helper="w2", **police)
    assert (again.status_code, again.json()["already_known"]) == (200, True)
    assert seats(team(world))["community_police"] == "w2"
    assert change(world, "s1", "release", **police).status_code == 201
    assert "community_police" in team(world)["empty"]
    assert "community_police" not in seats(team(world))
    assert change(world, "s1", "waive", role="family", reason="没有在世的亲属").status_code == 201
    assert team(world)["waived"] == ["family"]
    assert "community_police" not in seats(team(world, on="2024-03-04"))


def test_a_need_suggests_a_role_and_is_the_reason(world: World) -> None:
    needs = new_event("needs_reviewed", TODAY, needs=["no_work"])
    world.county.record(TODAY, needs, case_id=case_id("own"))
    (found,) = team(world)["suggested"]
    assert (found["role"], found["need"]) == ("employment", "no_work")
    assert "没有工作" in found["because"]["zh"]
    assert "no work" in found["because"]["en"]


def test_a_helper_says_i_know_from_their_own_chair_only(world: World) -> None:
    stranger = change(world, "d1", "acknowledge", role="community_worker")
    assert (stranger.status_code, stranger.json()["code"]) == (403, "not_from_your_chair")
    outside = change(world, "intake", "acknowledge", role="community_doctor")
    assert (outside.status_code, outside.json()["code"]) == (403, "not_allowed_kind")
    hidden = change(world, "d1", "acknowledge", "elsewhere", role="community_doctor")
    assert (hidden.status_code, hidden.json()["code"]) == (404, "not_found")
    assert change(world, "d1", "acknowledge", role="community_doctor").status_code == 201
    mine = team(world, "d1")["chairs"]
    assert mine == [{"role": "community_doctor", "acknowledged_on": str(TODAY)}]


def test_who_may_not_change_a_team(world: World) -> None:
    for who, status in (("d1", 403), ("s3", 404), ("root", 403), ("intake", 403)):
        refused = change(world, who, "assign", role="school", helper="w2")
        assert refused.status_code == status


def test_what_the_rules_refuse(world: World) -> None:
    unknown = change(world, "s1", "assign", role="school", helper="nobody")
    assert (unknown.status_code, unknown.json()["code"]) == (409, "unknown_helper")
    assert change(world, "s1", "assign", role="captain", helper="w2").status_code == 422
    late = change(world, "s1", "release", role="community_worker", expected_version=0)
    assert (late.status_code, late.json()["code"]) == (409, "version_conflict")
