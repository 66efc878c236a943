"""Every refusal is problem+json with a stable code, in the caller's language, and repeats nothing that was sent."""

from __future__ import annotations

import json
from typing import Any

import pytest

from api.commands.documents import api_description
from api.errors import status_of
from api.sentences import SENTENCES, reason, would_allow
from tests.api.clients import Client, event
from tests.builders import CASE
from workflow.rules.errors import Invalid
from workflow.rules.sentences import CODES

DETECTED = event("detected", "2024-01-08", source="inspection")
EVENTS = f"/api/v1/cases/{CASE}/events"
SECRET = "李四身份证"
BAD: list[tuple[str, int, dict[str, Any]]] = [
    ("not_from_here", 409, {"json": {"events": [event("reported_in", "2024-01-08")]}}),
    ("not_yet_happened", 409, {"json": {"events": [event("visited", "2024-01-09")]}}),
    ("missing_field", 409, {"json": {"events": [event("test_missed", "2024-01-08")]}}),
    ("derived_by_engine", 409, {"json": {"events": [event("term_expired", "2024-01-08")]}}),
    ("unknown_event_type", 422, {"json": {"events": [event("danced", "2024-01-08")]}}),
    ("unknown_field", 422, {"json": {"events": [event("visited", "2024-01-08", mood=SECRET)]}}),
    ("invalid_value", 422, {"json": {"events": [event("detected", "2024-01-08", source=SECRET)]}}),
    ("malformed_body", 422, {"json": {"events": []}}),
    ("malformed_body", 422, {"json": {"events": [event("visited", SECRET)]}}),
    ("malformed_body", 422, {"json": {"events": [{**DETECTED, "happened_on": 20000}]}}),
    ("malformed_body", 422, {"json": {"events": [{**DETECTED, "happened_on": "0001-01-01"}]}}),
    (
        "malformed_body",
        422,
        {"json": {"events": [{**DETECTED, "happened_at": "2024-01-08T10:00:00"}]}},
    ),
    ("malformed_body", 422, {"json": {"events": [{**DETECTED, "id": ""}]}}),
    ("malformed_body", 422, {"json": {"events": [{**DETECTED, "mood": 1}]}}),
    ("malformed_body", 422, {"json": {"events": [DETECTED] * 101}}),
    ("malformed_body", 422, {"json": {"events": [event("visited", "2024-01-08", note="a\0b")]}}),
    ("malformed_body", 422, {"content": b'{"events": [{"id": "\\ud800"}]}'}),
    ("malformed_body", 422, {"json": [1]}),
    ("malformed_body", 422, {"content": b'{"events": '}),
    ("malformed_body", 422, {"content": b"\xff\xfe"}),
    ("malformed_body", 422, {"content": b"", "headers": {"Content-Length": "0"}}),
    ("invalid_value", 422, {"json": {"events": [DETECTED, DETECTED]}}),
]


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "would_allow"} <= body.keys()
    assert body["type"] == f"urn:guitu:{code}"
    assert body["status"] == status
    assert "{" not in body["detail"] + body["would_allow"]
    return body


@pytest.mark.parametrize(
    ("code", "status", "sent"), BAD, ids=[f"{n}-{b[0]}" for n, b in enumerate(BAD)]
)
def test_what_cannot_be_taken(demo: Client, code: str, status: int, sent: dict[str, Any]) -> None:
    demo.open()
    assert demo.post(DETECTED | {"id": "first"}).status_code == 201
    headers = {"Content-Type": "application/json", **sent.pop("headers", {})}
    sent = dict(sent)
    answer = demo.http.post(EVENTS, headers=headers, **sent)
    found = problem(answer, status, code)
    assert SECRET not in answer.text
    assert found["detail"]
    assert demo.case()["version"] == 1


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("zh-CN,zh;q=0.9", "不予受理"),
        ("en-GB,en;q=0.8,zh;q=0.5", "Refused"),
        ("fr", "不予受理"),
        ("*;q=x", "不予受理"),
    ],
)
def test_in_the_callers_language(demo: Client, language: str, title: str) -> None:
    demo.open()
    answer = demo.http.post(
        EVENTS,
        json={"events": [event("reported_in", "2024-01-08")]},
        headers={"Accept-Language": language},
    )
    assert answer.json()["title"] == title
    assert answer.headers["vary"] == "Accept-Language"


def test_the_same_id_with_other_content(demo: Client) -> None:
    demo.open()
    demo.post(DETECTED)
    other = {**DETECTED, "data": {"source": "family"}}
    problem(demo.post(other), 409, "event_id_conflict")
    sent = {"id": str(CASE), "person_id": "00000000-0000-7000-8000-000000000001"}
    problem(demo.http.post("/api/v1/cases", json=sent), 409, "case_id_conflict")


@pytest.mark.parametrize("policy", ["no-such-pack", "cn-national@1999.01"])
def test_a_pack_that_there_is_not(demo: Client, policy: str) -> None:
    sent = {"id": str(CASE), "person_id": str(CASE), "policy": policy}
    problem(demo.http.post("/api/v1/cases", json=sent), 409, "pack_unusable")


def test_a_pack_is_never_a_path(demo: Client) -> None:
    sent = {"id": str(CASE), "person_id": str(CASE), "policy": "../secret.toml"}
    problem(demo.http.post("/api/v1/cases", json=sent), 422, "malformed_body")


def test_addresses_and_methods(demo: Client) -> None:
    problem(demo.http.get("/api/v1/nothing"), 404, "no_route")
    problem(demo.http.get(f"/api/v1/cases/{CASE}"), 404, "not_found")
    problem(demo.http.get("/api/v1/cases/abc"), 422, "malformed_body")
    wrong = demo.http.delete("/api/v1/cases")
    problem(wrong, 405, "method_not_allowed")
    assert wrong.headers["allow"] == "GET, HEAD, POST"
    asked = demo.http.options("/api/v1/cases")
    assert (asked.status_code, asked.headers["allow"]) == (204, "GET, HEAD, POST")
    problem(demo.http.options("/api/v1/nothing"), 404, "no_route")
    assert demo.http.post("/static/site.css").headers["allow"] == "GET, HEAD"


def test_a_page_has_a_limit_and_says_it(demo: Client) -> None:
    found = problem(demo.http.get("/api/v1/cases?limit=201"), 422, "page_too_large")
    assert found["facts"] == {"largest": 200}
    problem(demo.http.get("/api/v1/cases?limit=none"), 422, "malformed_body")
    paths = json.loads(api_description())["paths"]
    limits = [
        each["schema"]
        for operations in paths.values()
        for operation in operations.values()
        for each in operation.get("parameters", ())
        if each["name"] == "limit"
    ]
    assert limits
    assert all(each["maximum"] <= 1000 for each in limits)


def test_an_attachment_may_be_larger_than_all_else(demo: Client) -> None:
    path = f"/api/v1/cases/{CASE}/attachments"
    assert demo.http.post(path, content=b" " * 1_000_001).json()["code"] != "body_too_large"
    found = problem(demo.http.post(path, content=b" " * 21_000_001), 413, "body_too_large")
    assert found["facts"] == {"largest": 21_000_000}


def test_too_much_is_refused_before_it_is_read(demo: Client) -> None:
    much = b" " * 1_000_001
    problem(demo.http.post(EVENTS, content=much), 413, "body_too_large")

    def pieces() -> Any:
        for _ in range(30):
            yield b" " * 50_000

    headers = {"Content-Type": "application/json"}
    problem(demo.http.post(EVENTS, content=pieces(), headers=headers), 413, "body_too_large")


def test_other_hosts_and_other_sites(demo: Client) -> None:
    problem(demo.http.get("/", headers={"Host": "evil.example"}), 400, "wrong_host")
    sent = {"to": "2024-02-01"}
    refused = demo.http.post(
        "/api/v1/demo/clock", json=sent, headers={"Origin": "https://evil.example"}
    )
    problem(refused, 403, "wrong_origin")
    for site in ("cross-site", "same-site"):
        sent_by = {"Sec-Fetch-Site": site}
        refused = demo.http.post("/api/v1/demo/clock", json=sent, headers=sent_by)
        problem(refused, 403, "wrong_origin")
    own = demo.http.post(
        "/api/v1/demo/clock", json=sent, headers={"Origin": "http://127.0.0.1:8000"}
    )
    assert own.status_code == 200


def test_an_error_of_ours_tells_a_number_and_nothing_else(
    demo: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr("workflow.services.case_lists.list_cases", broken)
    answer = demo.http.get("/api/v1/cases")
    found = problem(answer, 500, "unexpected")
    assert SECRET not in answer.text
    assert found["facts"]["id"] in found["would_allow"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_every_answer_protects_the_browser(demo: Client) -> None:
    for path in ("/", "/api/v1/cases", "/docs", "/nothing", "/static/site.css", "/openapi.json"):
        headers = demo.http.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "script-src 'self';" in headers["content-security-policy"]
        assert headers["cache-control"] in ("no-store", "no-cache")


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_each_code_of_the_edge_has_its_sentences(code: str) -> None:
    error = Invalid(code)
    for language in ("zh", "en"):
        assert reason(error, language)
        assert would_allow(error, language)
    assert 400 <= status_of(error) <= 507


def test_no_code_has_two_meanings() -> None:
    assert not SENTENCES.keys() & CODES.keys()
