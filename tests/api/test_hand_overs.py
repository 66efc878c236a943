"""Hand-overs over HTTP: who may, what the other side sees, receipts, and a whole caseload."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.api.worlds import World, a_world, case_id
from tests.counties import named

WAITING = "/api/v1/hand-overs"


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as found:
        yield found


def hand_over(world: World, who: str, id: UUID, to: str = "south", kind: str = "own") -> Any:
    sent = {"id": str(id), "to_office_id": str(named(to))}
    return world.clients[who].post(f"/api/v1/cases/{case_id(kind)}/hand-over", json=sent)


def receive(world: World, who: str, kind: str = "own") -> Any:
    return world.clients[who].post(f"/api/v1/cases/{case_id(kind)}/receipt")


def waiting(world: World, who: str) -> list[tuple[str, str]]:
    answer = world.clients[who].get(WAITING)
    assert answer.status_code == 200, answer.text
    return [(one["name"], one["from_office_id"]) for one in answer.json()["items"]]


def test_a_case_goes_over_and_is_received(world: World) -> None:
    once = uuid4()
    assert hand_over(world, "s1", once).status_code == 200
    assert hand_over(world, "s1", once).status_code == 200
    assert world.clients["s1"].get(f"/api/v1/cases/{case_id('own')}").status_code == 404
    assert waiting(world, "s3") == [("甲本组", str(named("north")))]
    assert waiting(world, "s1") == []
    assert receive(world, "s3").json() == {"received": 1}
    assert receive(world, "s3").json() == {"received": 0}
    assert waiting(world, "s3") == waiting(world, "c1") == []


def test_an_id_stands_for_one_hand_over(world: World) -> None:
    once = uuid4()
    assert hand_over(world, "c1", once).status_code == 200
    other = hand_over(world, "c1", once, "north")
    assert (other.status_code, other.json()["code"]) == (409, "hand_over_id_conflict")
    back = hand_over(world, "c1", uuid4(), "north")
    assert back.status_code == 200


def test_who_may_not(world: World) -> None:
    for who, status in (("w1", 403), ("d1", 403), ("s3", 404), ("audit", 403)):
        assert hand_over(world, who, uuid4()).status_code == status
    assert receive(world, "d1").status_code == 403
    assert receive(world, "s3").status_code == 404
    ended = hand_over(world, "s1", uuid4(), kind="ended")
    assert (ended.status_code, ended.json()["code"]) == (409, "case_ended")


def test_who_still_owes_something_neither_hands_over_nor_receives(world: World) -> None:
    """The old office has the file to forward: it knows of the case, and the case is not its own."""
    sent = {
        "events": [
            {
                "id": "moved",
                "event": "moved",
                "happened_on": "2024-03-05",
                "data": {"to_office": str(named("south"))},
            }
        ]
    }
    path = f"/api/v1/cases/{case_id('own')}"
    assert world.clients["s1"].post(f"{path}/events", json=sent).status_code == 201
    assert world.clients["s1"].get(path).status_code == 200
    refused = hand_over(world, "s1", uuid4(), "north")
    assert (refused.status_code, refused.json()["code"]) == (409, "case_elsewhere")
    told = receive(world, "s1")
    assert (told.status_code, told.json()["code"]) == (409, "receipt_by_receiver")


def test_a_caseload_goes_over_whole(world: World) -> None:
    sent = {"id": str(uuid4()), "from_helper": "w2", "to_helper": "w1"}
    done = world.clients["s1"].post(WAITING, json=sent)
    assert done.status_code == 200, done.text
    moved = {UUID(one["case_id"]) for one in done.json()["chairs"]}
    assert moved == {case_id("office"), case_id("former")}
    assert world.clients["s1"].post(WAITING, json=sent).json() == {"chairs": []}
    other = {"id": str(uuid4()), "from_helper": "w3", "to_helper": "w1"}
    assert world.clients["s1"].post(WAITING, json=other).json() == {"chairs": []}
    assert world.clients["w1"].post(WAITING, json=other).status_code == 403
