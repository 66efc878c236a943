"""Proposing and approving over HTTP: from the session of a second person, and from nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from tests.api.clients import Client, Json, event
from tests.builders import CASE

ONE = str(UUID(int=1))
VOID = event("entry_voided", "2024-01-08", reason="误录")


@pytest.fixture
def opened(demo: Client) -> Client:
    demo.open(name="张三")
    demo.post(event("detected", "2024-01-08", source="inspection"))
    return demo


@pytest.fixture
def second(opened: Client) -> TestClient:
    return opened.logged_in("county2")


def proposed(client: Client, *events: Json, id: str = ONE, **more: Any) -> Any:
    sent = {"id": id, "events": list(events or [VOID]), **more}
    return client.http.post(f"/api/v1/cases/{CASE}/proposals", json=sent)


def decided(http: TestClient, what: str, id: str = ONE, **sent: Any) -> Any:
    return http.post(f"/api/v1/proposals/{id}/{what}", json=sent)


def test_what_needs_a_second_person_says_how(opened: Client) -> None:
    refused = opened.post(VOID)
    assert (refused.status_code, refused.json()["code"]) == (409, "approval_missing")
    assert "提交待审批" in refused.json()["would_allow"]


def test_from_proposing_to_the_record(opened: Client, second: TestClient) -> None:
    answer = proposed(opened)
    assert answer.status_code == 201
    found = answer.json()
    assert (found["proposed_by"], found["outcome"], found["name"]) == ("county", None, "张三")
    assert found["events"][0]["label"]["zh"]
    assert proposed(opened).status_code == 200
    assert opened.case()["stage"] == "detected"
    (waiting,) = second.get("/api/v1/proposals").json()["items"]
    assert waiting == found
    approved = decided(second, "approve")
    assert approved.status_code == 200, approved.text
    assert approved.json()["recorded"]["events"][0]["event"] == "entry_voided"
    assert decided(second, "approve").json()["recorded"]["already_known"]
    assert opened.case()["stage"] == "closed"
    (line,) = (one for one in opened.case()["events"] if one["event"] == "entry_voided")
    assert (line["recorded_by"], line["approved_by"]) == ("county", "county2")
    assert opened.post(VOID).status_code == 200


def test_nobody_decides_on_their_own(opened: Client, second: TestClient) -> None:
    proposed(opened)
    assert opened.http.get("/api/v1/proposals").json()["items"] == []
    mine = opened.http.get("/api/v1/proposals?mine=true").json()["items"]
    assert [one["id"] for one in mine] == [ONE]
    refused = decided(opened.http, "approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "own_proposal")
    refused = decided(second, "withdraw")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_own_proposal")


def test_declined_with_a_reason_or_withdrawn(opened: Client, second: TestClient) -> None:
    proposed(opened)
    assert decided(second, "decline").status_code == 422
    assert decided(second, "decline", reason=" ").status_code == 422
    assert decided(second, "decline", reason="请补充说明").json()["reason"] == "请补充说明"
    again = decided(second, "approve")
    assert (again.status_code, again.json()["code"]) == (409, "proposal_decided")
    two = str(UUID(int=2))
    proposed(opened, VOID | {"id": "v2"}, id=two)
    assert decided(opened.http, "withdraw", two).json()["outcome"] == "withdrawn"
    listed = opened.http.get(f"/api/v1/cases/{CASE}/proposals").json()["items"]
    assert [one["outcome"] for one in listed] == ["declined", "withdrawn"]
    assert opened.http.get(f"/api/v1/proposals/{two}").json() == listed[1]


def test_an_approval_never_comes_from_the_text(opened: Client) -> None:
    refused = proposed(opened, VOID | {"approved_by": "county2"})
    assert refused.json()["code"] == "approval_from_session"


def test_lists_page_by_a_cursor(opened: Client, second: TestClient) -> None:
    ids = [str(UUID(int=n)) for n in range(1, 6)]
    for one in ids:
        proposed(opened, VOID | {"id": one}, id=one)
    for http, path in ((second, "/api/v1/proposals"), (second, f"/api/v1/cases/{CASE}/proposals")):
        seen, cursor = [], ""
        for _ in range(3):
            page = http.get(f"{path}?limit=2{cursor}").json()
            seen += [one["id"] for one in page["items"]]
            cursor = f"&cursor={page['next']}"
        assert (seen, page["next"]) == (ids, None)
    refused = second.get("/api/v1/proposals?cursor=x")
    assert (refused.status_code, refused.json()["code"]) == (422, "cursor_unreadable")


def test_there_is_no_such_proposal(opened: Client, second: TestClient) -> None:
    for what, sent in (("approve", {}), ("decline", {"reason": "x"}), ("withdraw", {})):
        assert decided(second, what, **sent).status_code == 404
    assert second.get(f"/api/v1/proposals/{ONE}").status_code == 404


def test_the_clock_of_the_demo_is_when_it_is_recorded(opened: Client, second: TestClient) -> None:
    proposed(opened)
    assert opened.move_clock(date(2024, 1, 11)).status_code == 200
    approved = decided(second, "approve").json()
    (taken,) = approved["recorded"]["events"]
    assert (taken["happened_on"], taken["recorded_on"]) == ("2024-01-08", "2024-01-11")
    assert approved["proposal"]["decided_at"].startswith("2024-01-11")
