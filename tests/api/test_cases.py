"""Opening, listing, showing and recording over HTTP."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest

from tests.api.clients import Client, event
from tests.builders import CASE, PERSON

DETECTED = event("detected", "2024-01-08", source="inspection")


def test_a_case_from_opening_to_its_first_obligation(demo: Client) -> None:
    opened = demo.open(name="张三")
    assert (opened["stage"], opened["name"]) == ("new", "张三")
    answer = demo.post(DETECTED)
    assert answer.status_code == 201
    assert answer.json()["version"] == 1
    found = demo.case()
    assert found["stage"] == "detected"
    assert found["stage_label"] == {"zh": "发现登记", "en": "Detected"}
    assert found["next_step"]["kind"] == "stage_review"
    assert found["next_step"]["why"]["zh"]
    assert {"detected", "person_registered"} <= {each["event"] for each in found["events"]}


def test_sending_twice_is_harmless(demo: Client) -> None:
    demo.open()
    demo.open()
    assert demo.post(DETECTED).status_code == 201
    again = demo.post(DETECTED)
    assert (again.status_code, again.json()["already_known"]) == (200, True)
    assert demo.case()["version"] == 1


def test_several_events_in_one_request_are_taken_or_refused_whole(demo: Client) -> None:
    demo.open()
    refused = demo.post(DETECTED, event("reported_in", "2024-01-08"))
    assert refused.status_code == 409
    assert demo.case()["stage"] == "new"
    taken = demo.post(DETECTED, event("visited", "2024-01-08", note="在家"))
    assert [each["event"] for each in taken.json()["events"]] == ["detected", "visited"]


def test_moves_say_what_is_possible_and_what_would_allow_the_rest(demo: Client) -> None:
    demo.open()
    demo.post(DETECTED)
    moves = {each["event"]: each for each in demo.case()["moves"]}
    assert moves["visited"]["possible"]
    assert moves["visited"]["code"] is None
    closed = moves["reported_in"]
    assert not closed["possible"]
    assert closed["code"] == "not_from_here"
    assert closed["reason"]
    assert closed["would_allow"]
    assert demo.case(language="en")["moves"] != demo.case()["moves"]


def test_the_list_pages(demo: Client) -> None:
    ids = [UUID(int=n) for n in range(1, 6)]
    for case_id in ids:
        demo.open(case_id, person_id=str(case_id))
    found: list[str] = []
    asked = {"limit": "2"}
    while True:
        page = demo.http.get("/api/v1/cases", params=asked).json()
        found += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        asked["cursor"] = page["next"]
    assert [UUID(each) for each in found] == ids
    assert demo.http.get("/api/v1/cases?limit=1000").status_code == 422


@pytest.mark.parametrize("cursor", ["x", "W10", "eyJhIjoxfQ", "WyIyMDI0LTAxLTA4Il0", "é", "=" * 20])
def test_a_cursor_of_somebody_else_is_refused(demo: Client, cursor: str) -> None:
    refused = demo.http.get("/api/v1/cases", params={"cursor": cursor})
    assert (refused.status_code, refused.json()["code"]) == (422, "cursor_unreadable")


def test_the_list_is_narrowed(demo: Client) -> None:
    ids = [UUID(int=n) for n in range(1, 4)]
    for case_id in ids:
        demo.open(case_id, person_id=str(case_id))
    demo.post(DETECTED, case_id=ids[1])
    demo.move_clock("2024-01-16")

    def asked(**params: str | bool) -> list[UUID]:
        page = demo.http.get("/api/v1/cases", params=params).json()
        return [UUID(each["id"]) for each in page["items"]]

    assert asked(stage="detected") == asked(overdue=True) == [ids[1]]
    assert asked(stage="new") == [ids[0], ids[2]]
    assert asked(open=True) == ids
    assert asked(open=False) == []
    assert demo.http.get("/api/v1/cases?stage=nowhere").status_code == 422


def test_who_has_the_case_already_is_told_so(demo: Client) -> None:
    demo.open(name="张三")
    path = f"/api/v1/cases/{CASE}"
    first = demo.http.get(path)
    again = demo.http.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    known = {"If-None-Match": first.headers["etag"]}
    assert demo.http.get(path, headers={**known, "Accept-Language": "en"}).status_code == 200
    assert demo.http.get(f"{path}?on=2024-01-09", headers=known).status_code == 200
    demo.post(DETECTED)
    assert demo.http.get(path, headers=known).status_code == 200


def test_a_case_as_true_on_a_day_and_as_known_then(demo: Client) -> None:
    demo.open()
    demo.post(DETECTED)
    demo.move_clock("2024-01-16")
    path = f"/api/v1/cases/{CASE}"
    assert demo.case()["next_step"]["state"] == "overdue"
    then = demo.http.get(path, params={"on": "2024-01-09"}).json()
    assert (then["on"], then["next_step"]["state"]) == ("2024-01-09", "open")
    known = demo.http.get(f"{path}?as_of=2024-01-15T23:00:00+08:00").json()
    assert (known["on"], known["next_step"]["state"]) == ("2024-01-15", "due_today")
    assert demo.http.get(f"{path}?as_of=2024-01-07T23:00:00%2B08:00").status_code == 404
    for wrong in ("on=2199-01-01", "on=20240101", "as_of=2024-01-07T23:00:00", "as_of=0001-01-01"):
        assert demo.http.get(f"{path}?{wrong}").status_code == 422


def test_a_version_that_was_passed_by_is_told(demo: Client) -> None:
    demo.open()
    demo.post(DETECTED)
    late = demo.post(event("visited", "2024-01-08"), expected_version=0)
    assert (late.status_code, late.json()["code"]) == (409, "version_conflict")


@pytest.mark.parametrize("name", ["approved_by", "signed_by"])
def test_an_approval_is_never_taken_from_a_request(demo: Client, name: str) -> None:
    demo.open()
    demo.post(DETECTED)
    void = event("entry_voided", "2024-01-08", reason="误录") | {name: "county2"}
    refused = demo.post(void)
    assert (refused.status_code, refused.json()["code"]) == (409, "approval_from_session")


def test_a_standing_team_is_for_demos(demo: Client, office: Client) -> None:
    sent = {"id": str(CASE), "person_id": str(PERSON), "team": "standing"}
    assert demo.http.post("/api/v1/cases", json=sent).status_code == 201
    assert office.http.post("/api/v1/cases", json=sent).json()["code"] == "demo_only"


def test_types_of_event_come_with_their_forms(office: Client) -> None:
    found = {each["event"]: each for each in office.http.get("/api/v1/event-types").json()}
    assert "term_expired" not in found
    form = found["test_taken"]["form"]
    assert form["properties"]["result"]["x-label"]["zh"]
    assert "test_id" in form["required"]
    assert found["breach_reported"]["needs_approval"]


# ------------------------------------------------------------------ the demo's clock


def test_the_clock_lives_each_day_to_its_end_and_only_dawns_the_new_one(demo: Client) -> None:
    demo.open()
    demo.post(DETECTED)
    moved = demo.move_clock("2024-01-15")
    assert moved.status_code == 200
    assert moved.json()["today"] == "2024-01-15"
    assert moved.json()["notices"] == len(demo.case()["notices"]) > 0
    assert max(each["on"] for each in demo.case()["notices"]) < "2024-01-15"
    assert demo.http.get("/api/v1/demo/clock").json()["today"] == "2024-01-15"
    assert demo.case()["on"] == "2024-01-15"


def test_the_list_shows_what_the_new_day_brings(demo: Client) -> None:
    demo.open()
    demo.post(DETECTED)
    demo.move_clock("2024-01-16")
    row = demo.http.get("/api/v1/cases").json()["items"][0]
    assert row["next_step"]["state"] == "overdue"
    assert row["overdue"] == 1


@pytest.mark.parametrize(
    ("to", "code"), [("2024-01-07", "clock_backwards"), ("2034-02-01", "clock_too_far")]
)
def test_the_clock_moves_on_and_not_too_far(demo: Client, to: str, code: str) -> None:
    refused = demo.move_clock(to)
    assert (refused.status_code, refused.json()["code"]) == (409, code)
    assert demo.parts.clock().today == date(2024, 1, 8)


def test_an_office_has_no_clock_to_move(office: Client) -> None:
    assert office.move_clock("2024-02-01").status_code == 404
    assert office.http.get("/api/v1/demo/clock").json()["code"] == "demo_only"


def test_a_case_that_nobody_opened(demo: Client) -> None:
    missing = demo.post(DETECTED, case_id=uuid4())
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
