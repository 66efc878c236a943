"""Who is missing, over HTTP and on the desk: to those who lead, of what they reach."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.worlds import TODAY, World, a_world
from tests.builders import DAY

GAPS = "/api/v1/gaps"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with a_world() as found:
        found.county.leave("w3", TODAY, TODAY + 40 * DAY, None)
        found.county.leave("w1", TODAY + DAY, TODAY + 40 * DAY, None)
        yield found


def lists(world: World, who: str) -> dict[str, Any]:
    answer = world.clients[who].get(GAPS)
    assert answer.status_code == 200, answer.text
    return {one["kind"]: one for one in answer.json()["lists"]}


def test_those_who_lead_see_who_is_missing_in_what_they_reach(world: World) -> None:
    north, south = lists(world, "s1"), lists(world, "s3")
    assert [one["helper"] for one in south["on_leave"]["first"]] == ["w3"]
    assert north["on_leave"]["total"] == 0
    assert [one["helper"] for one in north["leave_begins"]["first"]] == ["w1"]
    assert lists(world, "c1")["on_leave"]["first"][0]["name"] == "工作人员w3"
    assert south["on_leave"]["label"]["zh"] == "请假而无人代班"


@pytest.mark.parametrize("handle", ["w1", "d1", "audit"])
def test_nobody_else_does(world: World, handle: str) -> None:
    assert world.clients[handle].get(GAPS).status_code == 403


@pytest.mark.parametrize(("language", "said"), [("zh", "缺岗"), ("en", "Who is missing")])
def test_they_stand_on_the_desk(world: World, language: str, said: str) -> None:
    page = world.clients["s3"].get("/desk", params={"lang": language}).text
    assert said in page
    assert "工作人员w3" in page.partition('id="missing"')[2].partition("</section>")[0]
