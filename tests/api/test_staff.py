"""Staff and leave over HTTP: each sees their own house, names are for those who may read them, deputies are colleagues."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.api.clients import add_account
from tests.api.test_sessions import code, log_in
from tests.api.worlds import World, a_world
from tests.counties import named

STAFF, LEAVES = "/api/v1/staff", "/api/v1/leaves"


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as found:
        yield found


def handles(world: World, by: str, **asked: Any) -> list[str]:
    answer = world.clients[by].get(STAFF, params=asked)
    assert answer.status_code == 200, answer.text
    return [one["handle"] for one in answer.json()["items"]]


def entered(world: World, by: str = "c1", **more: Any) -> Any:
    sent = {"id": str(uuid4()), "handle": "n1", "name": "某新人", "phone": "000", **more}
    return world.clients[by].post(STAFF, json=sent)


def posted(world: World, staff_id: str, office: str, by: str = "c1", **more: Any) -> Any:
    sent = {
        "id": str(uuid4()),
        "office_id": str(named(office)),
        "role": "community_worker",
        "first_on": "2024-03-05",
        **more,
    }
    return world.clients[by].post(f"{STAFF}/{staff_id}/postings", json=sent)


def leave(world: World, by: str, of: str, **more: Any) -> Any:
    sent = {"id": str(uuid4()), "first_on": "2024-03-05", "last_on": "2024-03-08", **more}
    return world.clients[by].post(f"{STAFF}/{named(of)}/leaves", json=sent)


def test_each_sees_whom_their_offices_have(world: World) -> None:
    north = ["d1", "d2", "s1", "w1", "w2"]
    assert handles(world, "w1") == handles(world, "s1") == north
    assert handles(world, "s3") == ["s3", "w3"]
    assert (
        handles(world, "c1") == handles(world, "root") == ["c1", *north[:3], "s3", "w1", "w2", "w3"]
    )
    first = world.clients["c1"].get(STAFF, params={"limit": 3}).json()
    assert handles(world, "c1", limit=200, cursor=first["next"]) == ["s1", "s3", "w1", "w2", "w3"]
    for handle in ("d1", "intake"):
        assert code(world.clients[handle].get(STAFF)) == (403, "not_allowed")
    assert code(world.clients["s3"].get(f"{STAFF}/{named('w1')}")) == (404, "not_found")


def test_names_are_opened_for_those_who_may_read_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = world.clients["s1"].get(f"{STAFF}/{named('w1')}").json()
    assert shown["name"] == "工作人员w1"
    assert shown["postings"][0]["role_label"]["zh"]

    def refused(*_: object) -> None:
        raise AssertionError("a name was opened for somebody who may not read it")

    monkeypatch.setattr("workflow.services.house_views.read_staff", refused)
    answer = world.clients["audit"].get(STAFF)
    assert answer.status_code == 200
    assert "工作人员w1" not in answer.text
    assert answer.json()["items"][0].keys() == {"id", "handle", "postings"}


def test_somebody_comes_is_posted_and_leaves(world: World) -> None:
    found = entered(world).json()
    assert entered(world, id=found["id"]).json() == found
    assert code(entered(world, handle="w1")) == (409, "handle_taken")
    staff_id = found["id"]
    assert "n1" not in handles(world, "c1")
    assert "n1" in handles(world, "c1", former=True)
    posting = str(uuid4())
    for _ in range(2):
        answer = posted(world, staff_id, "south", id=posting)
        assert answer.status_code == 201, answer.text
    assert handles(world, "s3") == ["n1", "s3", "w3"]
    ended = f"{STAFF}/{staff_id}/postings/{posting}/end"
    for _ in range(2):
        answer = world.clients["c1"].post(ended, json={"last_on": "2024-03-05"})
        assert answer.json()["postings"][0]["last_on"] == "2024-03-05"
    wrong = f"{STAFF}/{named('w3')}/postings/{posting}/end"
    assert code(world.clients["c1"].post(wrong, json={"last_on": None})) == (404, "not_found")
    assert code(entered(world, "s1")) == (403, "not_allowed")


def other_county(world: World) -> str:
    """Another county, with an officer who may log in."""
    world.county.add_office("other", "county", None)
    world.county.add_worker("c2", "other", "county_office")
    add_account(world.parts, "c2", "county")
    http = world.anonymous()
    log_in(http, "c2")
    world.clients["c2"] = http  # type: ignore[index]
    return "c2"


def test_another_county_neither_sees_nor_changes_ours(world: World) -> None:
    """Whoever was entered and posted nowhere yet, such as a family, is known to whoever entered them."""
    theirs = other_county(world)
    staff_id = entered(world).json()["id"]
    assert handles(world, theirs, former=True) == ["c2"]
    assert code(world.clients[theirs].get(f"{STAFF}/{staff_id}")) == (404, "not_found")
    assert code(posted(world, staff_id, "other", theirs)) == (404, "not_found")
    assert code(posted(world, staff_id, "other")) == (403, "beyond_own_offices")
    assert code(posted(world, str(named("c2")), "north", theirs)) == (403, "beyond_own_offices")
    path = f"{STAFF}/{named('w1')}/postings/{named('post w1')}/end"
    sent = {"last_on": "2024-03-05"}
    assert code(world.clients[theirs].post(path, json=sent)) == (404, "not_found")
    assert code(leave(world, theirs, "w1")) == (404, "not_found")


def test_ones_own_leave_and_that_of_ones_offices(world: World) -> None:
    own = leave(world, "w1", "w1", deputy_id=str(named("w2")))
    assert own.status_code == 201, own.text
    assert (own.json()["handle"], own.json()["deputy"]) == ("w1", "w2")
    assert (
        leave(world, "w1", "w1", deputy_id=str(named("w2")), id=own.json()["id"]).status_code == 201
    )
    assert code(leave(world, "w1", "w2")) == (404, "not_found")
    assert leave(world, "d1", "d1").status_code == 201
    assert leave(world, "s1", "w2", first_on="2024-03-06").status_code == 201
    assert code(leave(world, "s3", "w2")) == (404, "not_found")
    seen = {
        by: world.clients[by].get(LEAVES).json()["items"] for by in ("w1", "d1", "s1", "s3", "c1")
    }
    who = {by: [one["handle"] for one in items] for by, items in seen.items()}
    assert sorted(who["s1"]) == sorted(who["c1"]) == ["d1", "w1", "w2"]
    assert (who["w1"], who["d1"], who["s3"]) == (["w1"], ["d1"], [])
    assert world.clients["c1"].get(LEAVES, params={"on": "2024-03-09"}).json()["items"] == []
    page = world.clients["c1"].get(LEAVES, params={"limit": 2}).json()
    rest = world.clients["c1"].get(LEAVES, params={"cursor": page["next"]}).json()
    assert [*page["items"], *rest["items"]] == seen["c1"]


def test_a_deputy_is_a_colleague(world: World) -> None:
    """They hear what is about the people of whoever is away."""
    for by in ("w1", "s1"):
        answer = leave(world, by, "w1", deputy_id=str(named("w3")))
        assert code(answer) == (409, "deputy_elsewhere")
    assert leave(world, "c1", "w1", deputy_id=str(named("w3"))).status_code == 201
    assert code(leave(world, "w1", "w1", deputy_id=str(named("w1")))) == (409, "leave_overlaps")


def test_a_leave_is_taken_back_by_whoever_might_have_recorded_it(world: World) -> None:
    leave_id = UUID(leave(world, "w1", "w1").json()["id"])
    path = f"{LEAVES}/{leave_id}"
    for by in ("d1", "s3"):
        assert code(world.clients[by].delete(path)) == (404, "not_found")
    for _ in range(2):
        assert world.clients["s1"].delete(path).status_code == 204
    assert world.clients["w1"].get(LEAVES).json()["items"] == []
    assert code(world.clients["audit"].get(LEAVES)) == (403, "not_allowed")
