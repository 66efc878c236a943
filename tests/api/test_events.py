"""Recording, correcting and reading back over HTTP, by each role what is theirs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.clients import Client, Json, event
from tests.api.worlds import TODAY, World, a_world, case_id, note
from tests.builders import CASE, DAY

DETECTED = event("detected", "2024-01-08", source="inspection")


@pytest.fixture
def opened(demo: Client) -> Client:
    demo.open()
    demo.post(DETECTED)
    return demo


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with a_world() as found:
        yield found


def posted(http: TestClient, *events: Json, case: str = "own", **headers: str) -> Any:
    path = f"/api/v1/cases/{case_id(case)}/events"
    return http.post(path, json={"events": list(events)}, headers=headers)


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


# ------------------------------------------------------------------ the version that was seen


def if_match(client: Client, tag: str, *events: Json) -> Any:
    sent = {"events": list(events)}
    return client.http.post(f"/api/v1/cases/{CASE}/events", json=sent, headers={"If-Match": tag})


def test_the_answer_has_the_version_as_its_tag(opened: Client) -> None:
    first = if_match(opened, '"1"', event("visited", "2024-01-08"))
    assert (first.status_code, first.headers["etag"]) == (201, '"2"')
    again = if_match(opened, '"1"', event("visited", "2024-01-08"))
    assert (again.status_code, again.headers["etag"]) == (200, '"2"')
    assert again.json()["already_known"]


def test_who_saw_an_older_version_is_told(opened: Client) -> None:
    new = event("visited", "2024-01-08", id="new")
    for tag in ('"0"', 'W/"1"', "1", '"abc"', '"0", "1"', ""):
        assert code(if_match(opened, tag, new)) == (412, "precondition_failed"), tag
    assert code(opened.post(new, expected_version=0)) == (409, "version_conflict")
    assert if_match(opened, "*", new).status_code == 201


def test_the_tag_of_a_case_that_was_shown_will_do(opened: Client) -> None:
    tag = opened.http.get(f"/api/v1/cases/{CASE}").headers["etag"]
    assert if_match(opened, tag, event("visited", "2024-01-08")).status_code == 201
    late = if_match(opened, tag, event("visited", "2024-01-08", id="late"))
    assert code(late) == (412, "precondition_failed")


# ------------------------------------------------------------------ corrections


def corrected(client: Client, right: Json, **more: Any) -> Any:
    sent = {"event_id": "v1", "reason": "日期错", "void_id": "void", "right": right, **more}
    return client.http.post(f"/api/v1/cases/{CASE}/corrections", json=sent)


def test_a_wrong_event_is_replaced_and_stays_readable(opened: Client) -> None:
    opened.move_clock("2024-01-10")
    opened.post(event("visited", "2024-01-10", id="v1"))
    right = event("visited", "2024-01-09", id="v2")
    assert corrected(opened, right).status_code == 201
    opened.move_clock("2024-01-11")
    assert corrected(opened, right).status_code == 200
    items = opened.http.get(f"/api/v1/cases/{CASE}/events").json()["items"]
    assert [(one["event"], one["voided"]) for one in items][1:] == [
        ("detected", False),
        ("visited", True),
        ("event_voided", False),
        ("visited", False),
    ]
    assert items[-1]["entered_late"]


def test_an_older_one_needs_a_second_person(opened: Client) -> None:
    opened.post(event("visited", "2024-01-08", id="v1"))
    opened.move_clock("2024-01-10")
    refused = corrected(opened, event("visited", "2024-01-09", id="v2"))
    assert code(refused) == (409, "approval_missing")
    assert code(corrected(opened, DETECTED | {"approved_by": "x"})) == (
        409,
        "approval_from_session",
    )


# ------------------------------------------------------------------ reading back


def test_the_list_pages_in_the_order_of_recording(opened: Client) -> None:
    for n in range(4):
        opened.post(event("visited", "2024-01-08", id=f"v{n}"))
    seen, cursor = [], ""
    for _ in range(3):
        page = opened.http.get(f"/api/v1/cases/{CASE}/events?limit=2{cursor}").json()
        seen += [one["id"] for one in page["items"]]
        cursor = f"&cursor={page['next']}"
    assert seen[1:] == [DETECTED["id"], "v0", "v1", "v2", "v3"]
    assert page["next"] is None


def test_who_may_not_know_of_a_case_finds_none(world: World) -> None:
    for handle in ("d1", "s1", "w1"):
        http = world.clients[handle]
        path = f"/api/v1/cases/{case_id('elsewhere')}/events"
        assert code(http.get(path)) == (404, "not_found")
        visit = event("visited", TODAY, by_role="community_doctor")
        assert code(posted(http, visit, case="elsewhere")) == (404, "not_found")
    for handle in ("root", "audit"):
        assert code(posted(world.clients[handle], event("visited", TODAY))) == (403, "not_allowed")


# ------------------------------------------------------------------ a helper, from their own chair


def test_a_helper_records_from_their_own_chair(world: World) -> None:
    http = world.clients["d1"]
    visit = event("visited", TODAY, id="d1-visit", by_role="community_doctor", note="血压正常")
    taken = posted(http, visit)
    assert taken.status_code == 201, taken.text
    known = event("assignment_acknowledged", TODAY, id="d1-knows", role="community_doctor")
    assert posted(http, known).status_code == 201
    assert taken.json()["events"][0].keys() == {"id", "event", "happened_on", "recorded_on"}
    assert posted(http, visit).json()["already_known"]


NOT_THEIRS: dict[str, Json] = {
    "no chair named": event("visited", TODAY),
    "another's chair": event("visited", TODAY, by_role="community_worker"),
    "what the worker owes": event("welfare_contacted", TODAY),
    "a paper that is not owed": event("end_notice_served", TODAY),
    "a test that there is not": event("objection_decided", TODAY, test_id="?", outcome="refused"),
}


@pytest.mark.parametrize("what", NOT_THEIRS)
def test_what_is_not_from_their_chair_tells_a_helper_nothing(world: World, what: str) -> None:
    sent = NOT_THEIRS[what]
    answer = posted(world.clients["d1"], sent)
    assert code(answer) == (403, "not_from_your_chair")
    assert answer.json()["facts"] == {"event": sent["event"]}


def test_what_others_record_is_not_for_a_helper(world: World) -> None:
    for sent in (event("agreement_signed", TODAY), event("use_confirmed", TODAY, test_id="?")):
        assert code(posted(world.clients["d1"], sent)) == (403, "not_allowed_kind")


def test_a_helper_reads_what_they_recorded_and_nothing_else(world: World) -> None:
    http = world.clients["d1"]
    posted(http, event("assistance_given", TODAY, id="d1-help", what="陪诊"))
    answer = http.get(f"/api/v1/cases/{case_id('own')}/events")
    mine = [one for one in answer.json()["items"] if one["id"] == "d1-help"]
    assert mine[0]["fields"] == {"what": "陪诊"}
    assert all(one["id"].startswith("d1-") for one in answer.json()["items"])
    assert note("own") not in answer.text
    assert "recorded_by" not in answer.text


# ------------------------------------------------------------------ an integration


def test_an_integration_records_decisions_and_results(world: World) -> None:
    http = world.clients["intake"]
    result = {"method": "laboratory", "sample": "urine", "result": "negative", "purpose": "routine"}
    taken = posted(http, event("test_taken", TODAY, id="lab", test_id="lab-1", **result))
    assert taken.status_code == 201, taken.text
    assert "closes" not in taken.text
    assert code(posted(http, event("visited", TODAY))) == (403, "not_allowed_kind")
    assert code(http.get(f"/api/v1/cases/{case_id('own')}/events")) == (403, "not_allowed")


# ------------------------------------------------------------------ many at once


def batch(http: TestClient, *items: Json) -> Any:
    return http.post("/api/v1/batches", json={"items": list(items)})


def item(kind: str, *events: Json, **more: Any) -> Json:
    return {"case_id": str(case_id(kind)), "events": list(events), **more}


def met(id: str, **more: Any) -> Json:
    return event("team_met", TODAY - DAY, id=id, **more)


def test_each_item_of_a_batch_is_answered_on_its_own(world: World) -> None:
    items = [
        item("own", met("m1")),
        item("elsewhere", met("m2")),
        item("office", met("m3", nonsense=1)),
        item("ended", met("m4")),
        item("office", met("m5"), expected_version=0),
        item("office", met("m6")),
    ]
    answers = batch(world.clients["w1"], *items).json()["items"]
    assert [one["status"] for one in answers] == [201, 404, 422, 409, 409, 201]
    codes = [one["problem"] and one["problem"]["code"] for one in answers]
    assert codes == [None, "not_found", "unknown_field", "not_from_here", "version_conflict", None]
    assert answers[3]["problem"]["would_allow"]
    assert answers[0]["recorded"]["events"][0]["id"] == "m1"
    again = batch(world.clients["w1"], *items).json()["items"]
    assert [one["status"] for one in again] == [200, 404, 422, 409, 409, 200]


def test_a_batch_of_a_helper_is_as_narrow_as_one_request(world: World) -> None:
    visit = event("visited", TODAY, id="d1-batch", by_role="community_doctor")
    answers = batch(
        world.clients["d1"], item("own", visit), item("own", met("m9")), item("office", visit)
    ).json()["items"]
    assert [one["status"] for one in answers] == [201, 403, 404]
    assert "closes" not in answers[0]["recorded"]["events"][0]


def test_a_batch_has_a_size(world: World) -> None:
    http = world.clients["w1"]
    assert batch(http).status_code == 422
    assert code(batch(http, *[item("own", met("x"))] * 201)) == (422, "batch_too_large")
