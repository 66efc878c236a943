"""Offices over HTTP: changed as far as one's own go, never rewritten, and never a case left behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from tests.api.test_sessions import code
from tests.api.worlds import World, a_world
from tests.counties import named

OFFICES = "/api/v1/offices"


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as found:
        yield found


def opened(world: World, by: str = "c1", **more: Any) -> Any:
    sent = {
        "id": str(uuid4()),
        "division": "621102",
        "level": "township",
        "name": "东镇禁毒办",
        "parent_id": str(named("county")),
        **more,
    }
    return world.clients[by].post(OFFICES, json=sent)


def test_an_office_is_opened_renamed_and_merged_and_stays_readable(world: World) -> None:
    http = world.clients["c1"]
    office = opened(world).json()
    again = opened(world, id=office["id"])
    assert (again.status_code, again.json()) == (201, office)
    path = f"{OFFICES}/{office['id']}"
    assert office["spans"][0]["first_on"] == "2024-03-05"
    assert office["level_label"] == {"zh": "乡镇（街道）", "en": "Township"}
    assert office["division_name"] == "甘肃省定西市安定区"
    moved = http.post(f"{path}/move", json={"parent_id": str(named("county"))})
    assert moved.status_code == 200
    closing = {"successor_id": str(named("north"))}
    assert code(http.post(f"{path}/close", json=closing)) == (409, "office_never_open")
    span = office["spans"][0]
    earlier = {
        "name": span["name"],
        "parent_id": span["parent_id"],
        "first_on": "2024-02-01",
        "last_on": None,
    }
    corrected = http.put(f"{path}/spans/{span['id']}", json=earlier)
    assert corrected.json()["spans"][0]["first_on"] == "2024-02-01"
    assert code(http.put(f"{path}/spans/{span['id']}", json=earlier)) == (409, "span_replaced")
    http.post(f"{path}/rename", json={"name": "东街道禁毒办"})
    for _ in range(2):
        closed = http.post(f"{path}/close", json=closing)
        assert closed.status_code == 200, closed.text
    assert closed.json()["closed_on"] == "2024-03-05"
    assert closed.json()["successor_id"] == str(named("north"))
    assert [one["name"] for one in closed.json()["spans"]] == ["东镇禁毒办"]


def test_a_merger_takes_the_open_cases_along(world: World) -> None:
    supervisor = world.clients["s1"]
    before = {one["id"] for one in supervisor.get("/api/v1/cases").json()["items"]}
    path = f"{OFFICES}/{named('south')}/close"
    assert code(world.clients["c1"].post(path, json={})) == (409, "office_has_cases")
    sent = {"successor_id": str(named("north"))}
    assert world.clients["c1"].post(path, json=sent).status_code == 200
    after = {one["id"] for one in supervisor.get("/api/v1/cases").json()["items"]}
    assert len(after - before) == 1


def test_a_county_changes_its_own_and_nobody_elses(world: World) -> None:
    """The officer of one county closed another's township, since an office is known to everybody."""
    top = opened(
        world, "root", level="county", name="通渭县禁毒办", division="621121", parent_id=None
    )
    other = top.json()["id"]
    assert code(opened(world, parent_id=None)) == (403, "beyond_own_offices")
    assert code(opened(world, parent_id=other)) == (403, "beyond_own_offices")
    http, north = world.clients["c1"], named("north")
    for path, sent in (
        (f"{other}/rename", {"name": "别县"}),
        (f"{other}/close", {}),
        (f"{north}/move", {"parent_id": other}),
        (f"{north}/close", {"successor_id": other}),
    ):
        assert code(http.post(f"{OFFICES}/{path}", json=sent)) == (403, "beyond_own_offices")
    own = http.get(f"{OFFICES}/{named('county')}").json()["spans"][0]
    sent = {"name": "安定区禁毒办", "parent_id": None, "first_on": own["first_on"], "last_on": None}
    path = f"{OFFICES}/{named('county')}/spans/{own['id']}"
    assert http.put(path, json=sent).json()["spans"][0]["name"] == "安定区禁毒办"
    wrong = f"{OFFICES}/{north}/spans/{own['id']}"
    assert code(http.put(wrong, json=sent)) == (404, "not_found")
    assert (
        world.clients["root"].post(f"{OFFICES}/{other}/rename", json={"name": "别县"}).status_code
        == 200
    )


def test_everybody_who_works_here_reads_and_few_write(world: World) -> None:
    for handle in ("s1", "w1", "audit", "intake"):
        http = world.clients[handle]
        assert http.get(OFFICES).status_code == 200
        path = f"{OFFICES}/{named('north')}/rename"
        assert code(http.post(path, json={"name": "x"})) == (403, "not_allowed")
    assert code(world.clients["d1"].get(OFFICES)) == (403, "not_allowed")


def test_pages_of_offices_as_of_a_day_and_below_one(world: World) -> None:
    http = world.clients["c1"]
    whole = http.get(OFFICES).json()["items"]
    assert [one["name"] for one in whole] == ["county", "north", "south"]
    first = http.get(OFFICES, params={"limit": 2}).json()
    rest = http.get(OFFICES, params={"limit": 2, "cursor": first["next"]}).json()
    assert [*first["items"], *rest["items"]] == whole
    assert rest["next"] is None
    below = http.get(OFFICES, params={"under": str(named("north"))}).json()["items"]
    assert [one["name"] for one in below] == ["north"]
    assert http.get(OFFICES, params={"on": "2022-12-31"}).json()["items"] == []
    known = {"as_of": "2022-12-31T00:00:00Z"}
    assert http.get(OFFICES, params=known).json()["items"] == []
    path = f"{OFFICES}/{named('north')}"
    assert code(http.get(path, params=known)) == (404, "not_found")
    assert code(http.get(f"{OFFICES}?cursor=WyJhIiwiYlx1MDAwMCIsIngiXQ")) == (
        422,
        "cursor_unreadable",
    )


def test_divisions_are_found_by_name_and_code(world: World) -> None:
    http = world.clients["w1"]
    found = http.get("/api/v1/divisions", params={"q": "定西 安定"}).json()
    assert found[0]["code"] == "621102"
    assert found[0]["full_name"] == "甘肃省定西市安定区"
    assert len(http.get("/api/v1/divisions", params={"q": "6211"}).json()) <= 20
    below = http.get("/api/v1/divisions/621100/below").json()
    assert "621102" in {one["code"] for one in below}
    assert len(http.get("/api/v1/divisions/000000/below").json()) == 34
    assert code(http.get("/api/v1/divisions/99/below")) == (409, "unknown_division")
