"""Accounts over HTTP: made and seen to by administrators, read by auditors, and nobody else's business."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from tests.accounts import OTHER_PASSWORD, PASSWORD
from tests.api.clients import Client, Json, add_account, an_office_app
from tests.api.test_sessions import CURRENT, ME, code, log_in

ACCOUNTS = "/api/v1/accounts"


@pytest.fixture
def office() -> Iterator[Client]:
    with an_office_app(date(2024, 1, 8)) as client:
        add_account(client.parts, "admin1", "administrator")
        add_account(client.parts, "auditor1", "auditor")
        yield client


@pytest.fixture
def admin(office: Client) -> TestClient:
    return office.logged_in("admin1")


def made(admin: TestClient, handle: str = "county9", **more: Any) -> Json:
    sent = {"id": str(uuid4()), "handle": handle, "role": "county", "password": PASSWORD, **more}
    answer = admin.post(ACCOUNTS, json=sent)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    return found


def test_an_account_from_its_making_to_its_first_login(office: Client, admin: TestClient) -> None:
    found = made(admin)
    assert made(admin, id=found["id"]) == found
    assert (found["must_change_password"], found["created_by"]) == (True, "admin1")
    assert found["role_label"] == {"zh": "县（区）禁毒办", "en": "County office"}
    assert "password" not in found
    assert admin.get(f"{ACCOUNTS}/{found['id']}").json() == found
    http = office.anonymous()
    assert log_in(http, "county9").status_code == 201
    assert code(http.get("/api/v1/cases")) == (403, "must_change_password")
    sent = {"old": PASSWORD, "new": OTHER_PASSWORD}
    assert http.put(f"{ME}/password", json=sent).status_code == 204
    assert http.get("/api/v1/cases").status_code == 200


def test_what_cannot_be_made(admin: TestClient) -> None:
    for sent, status, refusal in (
        ({"handle": "county"}, 409, "handle_taken"),
        ({"handle": "COUNTY"}, 409, "handle_taken"),
        ({"handle": "w1", "role": "worker"}, 409, "staff_needed"),
        ({"handle": "a b"}, 422, "account_field_unusable"),
        ({"handle": "terminal"}, 422, "account_field_unusable"),
        ({"role": "root"}, 422, "malformed_body"),
        ({"password": "short"}, 422, "password_unusable"),
        ({"password": "123456789012"}, 422, "password_guessable"),
        ({"password": None}, 409, "password_needed"),
        ({"role": "integration"}, 409, "password_not_used"),
        ({"must_change": False}, 422, "malformed_body"),
    ):
        whole = {"id": str(uuid4()), "handle": "x1", "role": "county", "password": PASSWORD, **sent}
        assert code(admin.post(ACCOUNTS, json=whole)) == (status, refusal), sent


def test_pages_hold_everybody_once_in_an_order_that_stays(admin: TestClient) -> None:
    found: list[str] = []
    asked: Json = {"limit": 2}
    while True:
        page = admin.get(ACCOUNTS, params=asked).json()
        found += [one["handle"] for one in page["items"]]
        if page["next"] is None:
            break
        asked["cursor"] = page["next"]
    assert found == ["admin1", "auditor1", "county", "county2"]
    for wrong in ("x", "W10", "WyJhXHUwMDAwIl0"):
        answer = admin.get(f"{ACCOUNTS}?cursor={wrong}")
        assert code(answer) == (422, "cursor_unreadable")


def test_an_auditor_reads_and_changes_nothing_and_nobody_else_reads(office: Client) -> None:
    auditor = office.logged_in("auditor1")
    page = auditor.get(ACCOUNTS).json()
    account_id = page["items"][0]["id"]
    assert auditor.get(f"{ACCOUNTS}/{account_id}/sessions").status_code == 200
    for method, path, sent in (
        ("POST", ACCOUNTS, {"id": str(uuid4()), "handle": "x", "role": "county"}),
        ("PUT", f"{ACCOUNTS}/{account_id}/password", {"password": OTHER_PASSWORD}),
        ("PUT", f"{ACCOUNTS}/{account_id}/role", {"role": "county"}),
        ("POST", f"{ACCOUNTS}/{account_id}/disable", None),
        ("POST", f"{ACCOUNTS}/{account_id}/enable", None),
        ("DELETE", f"{ACCOUNTS}/{account_id}/sessions", None),
        ("DELETE", f"{ACCOUNTS}/{account_id}/sessions/{account_id}", None),
        ("POST", f"{ACCOUNTS}/{account_id}/tokens", {"id": str(uuid4()), "label": "x"}),
    ):
        assert code(auditor.request(method, path, json=sent)) == (403, "not_allowed")
        assert code(office.http.request(method, path, json=sent)) == (403, "not_allowed")
    for path in (ACCOUNTS, f"{ACCOUNTS}/{account_id}", f"{ACCOUNTS}/{account_id}/sessions"):
        assert code(office.http.get(path)) == (403, "not_allowed")


def test_a_disabled_account_is_out_at_once(office: Client, admin: TestClient) -> None:
    account_id = office.http.get(ME).json()["account_id"]
    for _ in range(2):
        found = admin.post(f"{ACCOUNTS}/{account_id}/disable").json()
        assert found["disabled_by"] == "admin1"
    assert code(office.http.get(ME)) == (401, "login_disabled")
    assert code(log_in(office.anonymous())) == (401, "login_failed")
    assert admin.post(f"{ACCOUNTS}/{account_id}/enable").json()["disabled_at"] is None
    assert code(office.http.get(ME)) == (401, "session_ended")
    assert log_in(office.anonymous()).status_code == 201
    own = admin.get(ME).json()["account_id"]
    assert code(admin.post(f"{ACCOUNTS}/{own}/disable")) == (409, "last_administrator")
    assert code(admin.post(f"{ACCOUNTS}/{uuid4()}/disable")) == (404, "not_found")


def test_a_password_that_is_set_anew_ends_what_was_open(office: Client, admin: TestClient) -> None:
    account_id = office.http.get(ME).json()["account_id"]
    sent = {"password": OTHER_PASSWORD}
    assert admin.put(f"{ACCOUNTS}/{account_id}/password", json=sent).status_code == 204
    assert code(office.http.get(ME)) == (401, "session_ended")
    answer = log_in(office.anonymous(), password=OTHER_PASSWORD)
    assert answer.json()["must_change_password"] is True


def test_sessions_of_others_are_seen_and_ended(office: Client, admin: TestClient) -> None:
    account_id = office.http.get(ME).json()["account_id"]
    sessions = f"{ACCOUNTS}/{account_id}/sessions"
    log_in(second := office.anonymous())
    listed = admin.get(sessions).json()["items"]
    assert [one["kind"] for one in listed] == ["browser", "browser"]
    first_page = admin.get(f"{sessions}?limit=1").json()
    rest = admin.get(f"{sessions}?limit=1&cursor={first_page['next']}").json()
    assert [*first_page["items"], *rest["items"]] == listed
    assert rest["next"] is None
    assert admin.delete(f"{sessions}/{listed[0]['id']}").status_code == 204
    assert code(second.get(ME)) == (401, "session_ended")
    assert office.http.get(ME).status_code == 200
    own = admin.get("/api/v1/sessions").json()["items"][0]["id"]
    assert code(admin.delete(f"{sessions}/{own}")) == (404, "not_found"), "not of this account"
    for _ in range(2):
        assert admin.delete(sessions).status_code == 204
    assert code(office.http.delete(CURRENT)) == (401, "session_ended")
    assert admin.get(sessions).json()["items"] == []


def test_no_administrator_holds_the_token_of_somebody_who_sees_cases(
    office: Client, admin: TestClient
) -> None:
    account_id = office.http.get(ME).json()["account_id"]
    sent = {"id": str(uuid4()), "label": "x"}
    answer = admin.post(f"{ACCOUNTS}/{account_id}/tokens", json=sent)
    assert code(answer) == (409, "token_is_personal")
