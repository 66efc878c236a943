"""One's own list over HTTP: whose it is, its pages, as it was; and what one was told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.schemas.worklists import WorkItemPublic
from tests.api.clients import BASE, log_in
from tests.api.worlds import CASES, REACHES, TODAY, World, a_world
from tests.builders import DAY
from tests.counties import named
from workflow.services.clock import Instant
from workflow.services.staffing import end_posting

WORKLIST, NOTICES = "/api/v1/me/worklist", "/api/v1/me/notices"
LISTING = ("c1", "s1", "s3", "w1", "d1", "d2")


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with a_world() as found:
        found.county.tick(TODAY)
        yield found


def items(world: World, who: str, path: str = WORKLIST, **params: Any) -> list[dict[str, Any]]:
    """Every item of a list, page by page."""
    found: list[dict[str, Any]] = []
    while True:
        answer = world.clients[who].get(path, params=params)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page["items"]
        if page["next"] is None:
            return found
        params["cursor"] = page["next"]


@pytest.mark.parametrize("handle", LISTING)
def test_everybody_sees_what_they_reach_and_nothing_else(world: World, handle: str) -> None:
    found = items(world, handle)
    reached = {CASES[kind][0] for kind in REACHES[handle]}
    assert {one["name"] for one in found} <= reached
    assert ("甲本组" in {one["name"] for one in found}) == ("own" in REACHES[handle])


def test_the_most_pressing_comes_first_and_pages_join(world: World) -> None:
    whole = items(world, "s1")
    assert [one["due_on"] for one in whole] == sorted(one["due_on"] for one in whole)
    assert items(world, "s1", limit=2) == whole
    assert whole[0]["state"] == "overdue"
    assert whole[0]["label"]["zh"]


def test_a_helper_sees_what_their_chair_owes_and_no_more_of_it(world: World) -> None:
    found = items(world, "d1")
    assert found
    assert {one["owner"] for one in found} == {"community_doctor"}
    assert all("told" not in one and "office_id" not in one for one in found)
    assert found[0].keys() <= WorkItemPublic.model_fields.keys()


def test_what_is_sent_is_what_is_described(world: World) -> None:
    item = items(world, "s1")[0]
    assert item.keys() == WorkItemPublic.model_fields.keys()
    assert WorkItemPublic.model_validate(item).model_dump(mode="json") == item


def test_who_asks_is_looked_up_each_time(world: World) -> None:
    """The list is read in one transaction with the login: what ended a moment ago opens nothing."""
    app = world.clients["w1"].app
    http = TestClient(app, base_url=BASE)
    assert http.get(WORKLIST).json()["code"] == "login_needed"
    log_in(http, "w1")
    assert http.get(WORKLIST).status_code == 200
    shown = {"Cookie": f"guitu_session={http.cookies['guitu_session']}"}
    assert http.delete("/api/v1/sessions/current").status_code == 204
    again = http.get(WORKLIST, headers=shown)
    assert (again.status_code, again.json()["code"]) == (401, "session_ended")


def test_who_leads_asks_for_one_helper(world: World) -> None:
    mine = items(world, "s1", handle="w1")
    assert {one["told"]["helper"] for one in mine} == {"w1"}
    assert items(world, "s3", handle="w1") == []


def test_one_office_of_several(world: World) -> None:
    south = items(world, "c1", office=str(named("south")))
    assert {one["name"] for one in south} == {"丙他乡"}
    elsewhere = world.clients["s1"].get(WORKLIST, params={"office": str(named("south"))})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("handle", ["s1", "w1", "d1", "d2"])
def test_today_asked_for_as_a_day_that_is_over_says_the_same(world: World, handle: str) -> None:
    folded = items(world, handle, as_of=f"{TODAY}T08:30:00+08:00", on=str(TODAY), limit=3)
    assert folded == items(world, handle)


def test_of_then_only_what_is_reached_now_too(world: World) -> None:
    """d2 sat in a chair until three days ago: what they saw then they see no more."""
    then = TODAY - DAY
    assert items(world, "d2", on=str(then), as_of=f"{then}T09:00:00+08:00") == []


@pytest.mark.parametrize("handle", ["root", "audit", "intake"])
def test_who_has_no_list_is_told_so(world: World, handle: str) -> None:
    for path in (WORKLIST, NOTICES):
        refused = world.clients[handle].get(path)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


# ------------------------------------------------------------------ notices


def told(world: World, who: str) -> set[tuple[str, str]]:
    """To which role, about whom."""
    return {(one["to"], one["name"]) for one in items(world, who, NOTICES)}


def test_notices_go_to_who_stands_in_the_role(world: World) -> None:
    assert told(world, "s1") == {("supervisor", "丁前任"), ("supervisor", "戊已结")}
    assert told(world, "s3") == told(world, "w1") == told(world, "d2") == set()
    assert {role for role, _ in told(world, "c1")} == {"county_office"}
    assert {name for _, name in told(world, "c1")} >= {"甲本组", "丙他乡"}
    (mine,) = items(world, "d1", NOTICES)
    assert (mine["name"], mine["kind"]) == ("甲本组", "acknowledge_assignment")
    assert "to" not in mine


def test_the_newest_notice_comes_first_and_pages_join(world: World) -> None:
    whole = items(world, "c1", NOTICES)
    assert [one["on"] for one in whole] == sorted((one["on"] for one in whole), reverse=True)
    assert len({one["on"] for one in whole}) == 2
    assert items(world, "c1", NOTICES, limit=3) == whole


def test_an_office_without_a_supervisor_is_heard_by_the_county() -> None:
    with a_world() as world:
        world.county.tick(TODAY)
        posting, clock = named("post s1"), Instant.on(TODAY)
        with world.county.uow() as uow:
            end_posting(uow, posting_id=posting, last_on=TODAY - DAY, clock=clock, by="c1")
        assert ("supervisor", "丁前任") in told(world, "c1")
        assert told(world, "s1") == set()
