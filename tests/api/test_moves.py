"""What can be recorded: every type with its form and why not, and to each role no more than the table lets them know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.clients import Client, Json, event
from tests.api.worlds import TODAY, World, a_world, case_id
from tests.builders import CASE, DAY
from workflow.rules.access import HELPER_ACTS, INTEGRATION_ACTS
from workflow.rules.events import ENGINE, EVENTS


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with a_world() as found:
        yield found


def asked(http: TestClient, case: str = "own", query: str = "", **headers: str) -> Any:
    return http.get(f"/api/v1/cases/{case_id(case)}/moves{query}", headers=headers)


def offers(http: TestClient, case: str = "own", query: str = "") -> dict[str, Json]:
    answer = asked(http, case, query)
    assert answer.status_code == 200, answer.text
    return {each["event"]: each for each in answer.json()["items"]}


def test_every_type_is_there_with_its_form(world: World) -> None:
    found = offers(world.clients["w1"])
    assert list(found) == [name for name in EVENTS if name not in ENGINE]
    test = found["test_taken"]
    assert test["possible"]
    assert test["form"]["properties"]["result"]["x-label"] == {"zh": "检测结果", "en": "Result"}
    assert (test["by"], test["moves"], test["approval"]) == ("S/P", False, "never")
    assert found["breach_reported"]["approval"] == "always"
    assert found["event_voided"]["approval"] == "sometimes"
    assert {one["form"] for one in offers(world.clients["w1"], "own", "?forms=false").values()} == {
        None
    }


def test_what_is_not_possible_says_why_and_what_would_allow_it(world: World) -> None:
    for language, stage in (("zh", "社区戒毒"), ("en", "Community detox")):
        answer = asked(world.clients["w1"], **{"Accept-Language": language})
        (released,) = (one for one in answer.json()["items"] if one["event"] == "released")
        assert (released["possible"], released["code"]) == (False, "not_from_here")
        assert stage in released["reason"]
        assert released["would_allow"]


def test_the_choices_are_those_of_the_case(world: World) -> None:
    found = offers(world.clients["w1"])
    assert set(found["helper_released"]["choices"]["role"]) == {
        "community_worker",
        "community_doctor",
    }
    assert "visit-own" in found["event_voided"]["choices"]["event_id"]


def test_a_further_test_chooses_among_the_positives_that_nothing_answered(demo: Client) -> None:
    demo.open()
    demo.post(event("detected", "2024-01-08", source="inspection"))
    test = {"method": "on_site", "sample": "urine", "purpose": "detection"}
    for name, result in (("t1", "positive"), ("t2", "negative")):
        taken = {**test, "test_id": name, "result": result}
        assert demo.post(event("test_taken", "2024-01-08", id=name, **taken)).status_code == 201
    found = demo.http.get(f"/api/v1/cases/{CASE}/moves").json()["items"]
    (further,) = (one for one in found if one["event"] == "test_taken")
    assert further["choices"] == {"of": ["t1"]}


def test_choices_go_by_the_words_of_the_wire(demo: Client) -> None:
    demo.open()
    demo.post(event("detected", "2024-01-08", source="inspection"))
    demo.move_clock("2024-01-12")
    demo.post(event("died", "2024-01-12"))
    found = demo.http.get(f"/api/v1/cases/{CASE}/moves").json()["items"]
    (papers,) = (one for one in found if one["event"] == "papers_sent")
    assert papers["choices"] == {"for": ["closing"]}


def test_another_day_is_asked_for(demo: Client) -> None:
    demo.open()
    demo.post(event("detected", "2024-01-08", source="inspection"))
    demo.move_clock("2024-01-12")
    demo.post(event("died", "2024-01-12"))
    path = f"/api/v1/cases/{CASE}/moves"
    then = {one["event"]: one for one in demo.http.get(f"{path}?on=2024-01-10").json()["items"]}
    now = {one["event"]: one for one in demo.http.get(path).json()["items"]}
    assert (then["visited"]["possible"], now["visited"]["possible"]) == (True, False)
    assert demo.http.get(f"{path}?on=2024-02-30").status_code == 422


def test_its_tag_will_do_for_recording(world: World) -> None:
    http = world.clients["w1"]
    answer = asked(http)
    tag = answer.headers["etag"]
    assert asked(http, **{"If-None-Match": tag}).status_code == 304
    path = f"/api/v1/cases/{case_id('own')}/events"
    sent = {"events": [event("visited", TODAY, id="seen")]}
    assert http.post(path, json=sent, headers={"If-Match": tag}).status_code == 201
    sent = {"events": [event("visited", TODAY, id="late")]}
    assert http.post(path, json=sent, headers={"If-Match": tag}).status_code == 412


# ------------------------------------------------------------------ each role


def test_a_helper_is_shown_what_is_possible_from_their_chair(world: World) -> None:
    http = world.clients["d1"]
    found = offers(http)
    assert found.keys() == {"assignment_acknowledged", "visited", "assistance_given"}
    assert found.keys() <= set(HELPER_ACTS)
    assert found["visited"]["choices"] == {"by_role": ["community_doctor"]}
    assert all((one["code"], one["reason"]) == (None, None) for one in found.values())
    for name, offer in found.items():
        data = {field: values[0] for field, values in offer["choices"].items()}
        sent = {"events": [event(name, TODAY, id=f"offered-{name}", **data)]}
        taken = http.post(f"/api/v1/cases/{case_id('own')}/events", json=sent)
        assert taken.status_code == 201, taken.text


def test_an_integration_is_shown_decisions_and_results(world: World) -> None:
    assert list(offers(world.clients["intake"])) == list(INTEGRATION_ACTS)


def test_whoever_may_not_know_of_the_case_finds_none(world: World) -> None:
    for handle, case in (("s3", "own"), ("w1", "elsewhere"), ("d2", "former"), ("d1", "office")):
        assert asked(world.clients[handle], case).status_code == 404
    for handle in ("root", "audit"):
        assert asked(world.clients[handle]).status_code == 403
    assert asked(world.anonymous()).status_code == 401
    query = f"?on={TODAY - 30 * DAY}"
    assert offers(world.clients["s1"], "own", query)["visited"]["possible"]
