"""The timeline over HTTP: in order, page by page, and a page stays what it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.worlds import TODAY, World, a_world, case_id, note
from tests.builders import new_event

PATH = f"/api/v1/cases/{case_id('own')}/timeline"


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as found:
        yield found


def page(world: World, **params: Any) -> dict[str, Any]:
    answer = world.clients["w1"].get(PATH, params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_it_tells_everything_in_order(world: World) -> None:
    lines = page(world, limit=200)["items"]
    assert [one["on"] for one in lines] == sorted(one["on"] for one in lines)
    assert {one["kind"] for one in lines} == {"event", "notice", "hand_over"}
    visit = next(one for one in lines if (one["event"] or {}).get("id") == "visit-own")
    assert visit["event"]["fields"]["note"] == note("own")
    assert page(world, on="2024-01-08", limit=200)["items"][-1]["on"] == "2024-01-08"


def test_what_is_recorded_between_two_pages_shifts_nothing(world: World) -> None:
    whole = page(world, limit=200)["items"]
    first = page(world, limit=4)
    late = new_event("visited", "2024-01-26", note="迟录")
    world.county.record(TODAY.replace(month=4), late, case_id=case_id("own"))
    found, following = first["items"], first["next"]
    while following:
        more = page(world, limit=4, cursor=following)
        found, following = found + more["items"], more["next"]
    assert found == whole
    assert len(page(world, limit=200)["items"]) == len(whole) + 1


def test_who_may_not_read_it(world: World) -> None:
    for who, status in (("s3", 404), ("d1", 403), ("intake", 403), ("root", 403)):
        assert world.clients[who].get(PATH).status_code == status
