"""People over HTTP: found within reach and nowhere else, registered once, changed, merged and given back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.api.clients import Json
from tests.api.worlds import World, a_world, case_id, person_id
from tests.counties import named
from tests.persons import BORN, number

NUMBER = number()
PHONE = "13800000000"
NEW = UUID(int=0xA001)
OTHER = UUID(int=0xA002)


@pytest.fixture(scope="module")
def shared() -> Iterator[World]:
    with a_world() as found:
        yield found


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as found:
        yield found


def search(world: World, who: str, text: str, **more: Any) -> Any:
    return world.clients[who].post("/api/v1/people/search", json={"text": text, **more})


def found(world: World, who: str, text: str) -> list[tuple[str, str]]:
    answer = search(world, who, text)
    assert answer.status_code == 200, answer.text
    return [(one["person_id"], one["by"]) for one in answer.json()["items"]]


def register(world: World, who: str, id: UUID = NEW, **known: Any) -> Any:
    return world.clients[who].post("/api/v1/people", json={"id": str(id), **known})


def update(world: World, who: str, id: UUID, **known: Any) -> Any:
    return world.clients[who].put(f"/api/v1/people/{id}", json=known)


def person(world: World, who: str, id: UUID) -> Json:
    answer = world.clients[who].get(f"/api/v1/people/{id}")
    assert answer.status_code == 200, answer.text
    shown: Json = answer.json()
    return shown


def open_case(world: World, who: str, id: UUID, office: str) -> Any:
    sent = {"id": str(uuid4()), "person_id": str(id), "office_id": str(named(office))}
    return world.clients[who].post("/api/v1/cases", json=sent)


def merge(world: World, who: str, id: UUID, kept: str = "own", merged: str = "ended") -> Any:
    sent = {"id": str(id), "merged_id": str(person_id(merged)), "reason": "已当面核对"}
    return world.clients[who].post(f"/api/v1/people/{person_id(kept)}/merges", json=sent)


def about(world: World, kind: str) -> list[str]:
    """The cases about the person of one of the cases, as their supervisor sees them."""
    return [one["id"] for one in person(world, "s1", person_id(kind))["cases"]]


# ------------------------------------------------------------------ finding and reading


@pytest.mark.parametrize(
    ("who", "text", "kinds"),
    [
        ("w1", "甲本", ["own"]),
        ("w1", "丙他乡", []),
        ("s3", "丙他乡", ["elsewhere"]),
        ("s3", "甲本组", []),
        ("c1", "丙他乡", ["elsewhere"]),
    ],
)
def test_somebody_is_found_within_reach_only(
    shared: World, who: str, text: str, kinds: list[str]
) -> None:
    assert found(shared, who, text) == [(str(person_id(kind)), "name") for kind in kinds]


@pytest.mark.parametrize("who", ["d1", "root", "audit", "intake"])
def test_people_are_for_those_whose_work_they_are(shared: World, who: str) -> None:
    assert search(shared, who, "甲本组").status_code == 403
    for path in (f"people/{person_id('own')}", f"people/{person_id('elsewhere')}"):
        assert shared.clients[who].get(f"/api/v1/{path}").status_code == 403
    assert register(shared, who, name="某甲").status_code == 403


def test_a_person_with_their_cases(shared: World) -> None:
    shown = person(shared, "w1", person_id("own"))
    assert shown["subject_id"] == shown["id"] == str(person_id("own"))
    assert (shown["profile"]["name"], shown["profile"]["born"]) == ("甲本组", str(BORN))
    (case,) = shown["cases"]
    assert (case["id"], case["stage"]) == (str(case_id("own")), "community_detox")
    assert shown["merges"] == []
    http, path = shared.clients["w1"], f"/api/v1/people/{person_id('own')}"
    tag = {"If-None-Match": http.get(path).headers["etag"]}
    assert http.get(path, headers=tag).status_code == 304


def test_beyond_reach_is_like_nobody(shared: World) -> None:
    beyond, nobody = person_id("elsewhere"), uuid4()
    answers = []
    for id in (beyond, nobody):
        seen = shared.clients["s1"].get(f"/api/v1/people/{id}")
        changed = update(shared, "s1", id, name="某甲")
        sent = {"id": str(uuid4()), "merged_id": str(person_id("own")), "reason": "x"}
        merged = shared.clients["s1"].post(f"/api/v1/people/{id}/merges", json=sent)
        into = {**sent, "id": str(uuid4()), "merged_id": str(id)}
        path = f"/api/v1/people/{person_id('own')}/merges"
        taken = shared.clients["s1"].post(path, json=into)
        answers.append([(one.status_code, one.json()) for one in (seen, changed, merged, taken)])
        assert {one.status_code for one in (seen, changed, merged, taken)} == {404}
    assert str(answers[0]).replace(str(beyond), str(nobody)) == str(answers[1])
    assert person(shared, "s3", beyond)["profile"]["name"] == "丙他乡"


def test_of_many_found_there_are_said_to_be_more(shared: World) -> None:
    update(shared, "w1", person_id("office"), name="甲同所")
    few, all_of_them = search(shared, "w1", "甲", limit=1).json(), search(shared, "w1", "甲").json()
    assert (len(few["items"]), few["more"]) == (1, True)
    assert (len(all_of_them["items"]), all_of_them["more"]) == (2, False)


# ------------------------------------------------------------------ registering and changing


def test_somebody_new_is_within_reach_from_their_case_on(world: World) -> None:
    known: Json = {"name": "己新人", "identity_no": NUMBER, "phones": [PHONE], "note": "与母亲同住"}
    answer = register(world, "w1", **known)
    assert (answer.status_code, answer.json()["already_known"]) == (201, False)
    again = register(world, "w1", **known)
    assert (again.status_code, again.json()["already_known"]) == (200, True)
    assert register(world, "w1", name="庚").json()["code"] == "person_id_conflict"
    assert found(world, "c1", NUMBER) == []
    assert world.clients["c1"].get(f"/api/v1/people/{NEW}").status_code == 404
    assert open_case(world, "w1", NEW, "north").status_code == 201
    assert found(world, "w1", NUMBER.lower()) == [(str(NEW), "identity_no")]
    assert found(world, "w1", f"+86 {PHONE}") == [(str(NEW), "phone")]
    assert found(world, "s3", NUMBER) == found(world, "s3", PHONE) == []
    profile = person(world, "w1", NEW)["profile"]
    assert profile == {"born": None, "address": None, **known}


def test_who_looks_alike_is_shown_and_a_person_decides(world: World) -> None:
    alike: Json = {"name": "甲本组", "born": str(BORN)}
    near = register(world, "w1", **alike)
    assert (near.status_code, near.json()["code"]) == (409, "possible_duplicate")
    assert near.json()["facts"]["ids"] == [str(person_id("own"))]
    assert "not_same_as" in near.json()["would_allow"]
    far = register(world, "s3", **alike)
    assert (far.json()["facts"]["ids"], far.json()["facts"]["elsewhere"]) == ([], 1)
    assert str(person_id("own")) not in far.text
    assert register(world, "s3", OTHER, **alike, elsewhere=1).status_code == 201
    decided: Json = {"not_same_as": [str(person_id("own"))]}
    assert register(world, "w1", **alike, **decided).json()["facts"]["elsewhere"] == 1
    assert register(world, "w1", **alike, **decided, elsewhere=1).status_code == 201


def test_what_is_known_takes_the_place_of_what_was(world: World) -> None:
    id = person_id("own")
    changed = update(world, "w1", id, name="甲改名", phones=[PHONE])
    assert changed.status_code == 200, changed.text
    assert changed.json() == person(world, "s1", id)
    assert (changed.json()["profile"]["name"], changed.json()["profile"]["born"]) == (
        "甲改名",
        None,
    )
    assert found(world, "w1", "甲本组") == []
    assert found(world, "w1", PHONE) == [(str(id), "phone")]
    wrong = NUMBER[:17] + ("0" if NUMBER[17] != "0" else "1")
    refused = update(world, "w1", id, identity_no=wrong)
    assert (refused.status_code, refused.json()["code"]) == (409, "identity_number_wrong")
    taken = update(world, "w1", id, name="乙同所", born=str(BORN))
    assert taken.json()["facts"]["ids"] == [str(person_id("office"))]
    assert person(world, "s1", id)["profile"]["name"] == "甲改名"


def test_nothing_of_a_person_is_in_an_address_a_refusal_or_a_log(
    world: World, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(0)
    wrong = NUMBER[:17] + ("0" if NUMBER[17] != "0" else "1")
    refused = [
        search(world, "w1", f"{NUMBER}{'9' * 100}"),
        search(world, "w1", NUMBER, name="庚新人"),
        register(world, "w1", name="庚新人", identity_no=wrong),
        register(world, "w1", name="庚新人", identity_no=NUMBER, born="1985-13-01"),
    ]
    assert [one.status_code for one in refused] == [422, 422, 409, 422]
    taken = [search(world, "w1", NUMBER), search(world, "w1", "庚新人")]
    assert [one.status_code for one in taken] == [200, 200]
    texts = [one.text for one in refused] + [str(one.url) for one in refused + taken]
    told = "".join([*texts, caplog.text, *capfd.readouterr()])
    for secret in (NUMBER, wrong, "庚新人"):
        assert secret not in told
    asked = world.clients["w1"].get("/api/v1/people", params={"text": "甲本组"})
    assert (asked.status_code, "甲本组" in asked.text) == (405, False)


# ------------------------------------------------------------------ merging


def test_two_rows_are_merged_and_given_back(world: World) -> None:
    once = uuid4()
    assert merge(world, "w1", once).status_code == 403
    done = merge(world, "s1", once)
    assert done.status_code == 201, done.text
    assert (done.json()["reason"], done.json()["merged_by"]) == ("已当面核对", "s1")
    assert merge(world, "s1", once).json() == done.json()
    both = [str(case_id("own")), str(case_id("ended"))]
    assert about(world, "own") == about(world, "ended") == both
    kept, merged = (person(world, "w1", person_id(kind)) for kind in ("own", "ended"))
    assert kept["subject_id"] == merged["subject_id"] == str(person_id("own"))
    assert kept["merges"] == merged["merges"] == [done.json()]
    assert merged["profile"]["name"] == "戊已结"
    path = f"/api/v1/merges/{once}/undo"
    assert [world.clients[who].post(path).status_code for who in ("w1", "s3")] == [403, 404]
    undone = world.clients["s1"].post(path)
    assert (undone.status_code, undone.json()["undone_by"]) == (200, "s1")
    assert world.clients["c1"].post(path).json() == undone.json()
    assert (about(world, "own"), about(world, "ended")) == (both[:1], both[1:])


def test_what_cannot_be_merged(world: World) -> None:
    open_both = merge(world, "s1", uuid4(), "own", "office")
    assert (open_both.status_code, open_both.json()["code"]) == (409, "both_have_open_cases")
    once = uuid4()
    assert merge(world, "s1", once).status_code == 201
    other = merge(world, "s1", once, "office")
    assert (other.status_code, other.json()["code"]) == (409, "merge_id_conflict")
    assert merge(world, "s1", uuid4(), "office").json()["code"] == "already_merged"
    sent = {"id": str(uuid4()), "merged_id": str(person_id("ended")), "reason": " "}
    path = f"/api/v1/people/{person_id('own')}/merges"
    assert world.clients["s1"].post(path, json=sent).status_code == 422
    assert world.clients["s1"].post(f"/api/v1/merges/{uuid4()}/undo").status_code == 404
