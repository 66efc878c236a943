"""Sync over HTTP: what a phone is told is as described and small, and its queue is answered item by item."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jsonschema_rs
import pytest

from tests.api import worlds
from tests.api.clients import Client, event
from tests.api.worlds import TODAY, World, case_id
from tests.builders import CASE, DAY

SYNC = "/api/v1/sync"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with worlds.databases_on_sqlite(), worlds.a_world() as found:
        yield found


def pulled(world: World, handle: str, **asked: Any) -> Json:
    answer = world.clients[handle].get(SYNC, params=asked)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def pushed(world: World, handle: str, *items: Any, language: str = "zh") -> list[Json]:
    client = world.clients[handle]
    headers = {"Accept-Language": language}
    body = json.dumps({"items": list(items)})  # half a character as six of ASCII
    headers["Content-Type"] = "application/json"
    answer = client.post(SYNC, content=body, headers=headers)
    assert answer.status_code == 200, answer.text
    found: list[Json] = answer.json()["items"]
    return found


def item(kind: str = "own", **event: Any) -> Json:
    known = {"id": str(uuid4()), "event": "visited", "happened_on": str(TODAY)}
    return {"id": str(uuid4()), "case_id": str(case_id(kind)), "events": [{**known, **event}]}


def size_of(answer: Any) -> int:
    """Bytes of a question and its answer on the wire, heads included."""
    heads = [*answer.request.headers.raw, *answer.headers.raw]
    packed = int(answer.headers["content-length"])
    return packed + len(str(answer.request.url)) + sum(len(a) + len(b) + 4 for a, b in heads)


def resolved(described: Json, schema: Json) -> Json:
    while "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def unknown_in(described: Json, schema: Json, value: Any, place: str = "") -> list[str]:
    """The places of an answer of which the description says nothing."""
    schema = resolved(described, schema)
    if isinstance(value, list):
        inner = schema.get("items", {})
        return [each for one in value for each in unknown_in(described, inner, one, place)]
    if not isinstance(value, dict) or "properties" not in schema:
        return []
    found: list[str] = []
    for name, inner in value.items():
        known = schema["properties"].get(name)
        at = f"{place}.{name}"
        found += [at] if known is None else unknown_in(described, known, inner, at)
    return found


def test_what_a_phone_is_told_is_as_described(world: World) -> None:
    described = world.clients["c1"].get("/openapi.json").json()
    schema = {"$ref": "#/components/schemas/SyncPage"}
    for handle in ("c1", "s1", "w1", "d1"):
        page = pulled(world, handle)
        assert page["whole"]
        assert page["cases"]
        check = jsonschema_rs.validator_for({**schema, "components": described["components"]})
        assert [str(each) for each in check.iter_errors(page)] == []
        assert unknown_in(described, schema, page) == []
        assert set(resolved(described, schema)["required"]) == set(page)


def test_a_phone_is_told_what_closes_an_obligation_and_what_it_is_about(world: World) -> None:
    page = pulled(world, "w1")
    rules = page["sections"]["rules"]
    assert len(rules) == 1
    (kinds,) = rules.values()
    assert kinds["visit"]["closed_by"] == [{"event": "visited"}]
    assert kinds["routine_test"]["closed_by"] == [
        {"event": "test_taken", "data": {"purpose": "routine"}}
    ]
    assert kinds["send_papers"]["closed_by"] == [{"event": "papers_sent", "data": {"for": "term"}}]
    cleared = {"event": "test_taken", "only_if": {"result": "negative"}, "about": "of"}
    assert cleared in kinds["resolve_positive"]["closed_by"]
    forms = {each["event"]: each["form"]["properties"] for each in page["sections"]["forms"]}
    for each in kinds.values():
        for way in each["closed_by"]:
            held = {*way.get("data", {}), *way.get("only_if", {}), way.get("about")} - {None}
            assert held <= forms[way["event"]].keys()
    seats = [
        one
        for case in page["cases"]
        for one in case["obligations"]
        if one["kind"] == "acknowledge_assignment"
    ]
    assert seats
    assert all(one["occurrence"] == f"{one['about']}/1" for one in seats)


def test_nothing_new_is_said_in_one_small_answer(world: World) -> None:
    cursor = pulled(world, "w1")["cursor"]
    answer = world.clients["w1"].get(SYNC, params={"cursor": cursor})
    found = answer.json()
    assert (found["cursor"], found["cases"], found["sections"]) == (cursor, [], {})
    assert not found["more"]
    assert size_of(answer) < 2_000


def test_what_is_new_travels_packed(world: World) -> None:
    answer = world.clients["w1"].get(SYNC, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) * 3 < len(answer.content)


def test_a_phone_is_told_page_by_page(world: World) -> None:
    page, seen = pulled(world, "w1", limit=1), []
    while True:
        assert len(page["cases"]) <= 1
        seen += [one["id"] for one in page["cases"]]
        if not page["more"]:
            break
        page = pulled(world, "w1", limit=1, cursor=page["cursor"])
        assert not page["whole"]
    assert sorted(seen) == sorted(one["id"] for one in pulled(world, "w1")["cases"])


def test_each_item_is_answered_by_itself_whatever_it_is(world: World) -> None:
    late = item(happened_on=str(TODAY + DAY))
    odd = item(happened_on="tomorrow")
    good = item()
    half = item(data={"note": "\ud800"})
    answers = pushed(world, "w1", late, odd, half, 7, {"\ud800": 1}, good, language="en")
    assert [each["outcome"] for each in answers] == [*["refused"] * 5, "accepted"]
    known = [late["id"], odd["id"], half["id"], None, None, good["id"]]
    assert [each["id"] for each in answers] == known
    codes = [each["problem"]["code"] for each in answers[:5]]
    assert codes == ["not_yet_happened", *["malformed_body"] * 4]
    assert answers[0]["problem"]["would_allow"].isascii()
    (again,) = pushed(world, "w1", good)
    assert (again["outcome"], again["status"]) == ("already_known", 200)


def test_what_needs_a_second_person_waits_for_one_who_is_named(world: World) -> None:
    excused = {"kind": "sign_agreement", "occurrence": "m1/1", "reason": "住院"}
    asked = item("office", event="obligation_excused", id="excused", data=excused)
    for _ in range(2):
        (answer,) = pushed(world, "w1", asked)
        assert (answer["outcome"], answer["status"]) == ("proposed", 202)
        assert answer["waits_for"] == [{"handle": "s1", "name": "工作人员s1"}]
        assert (answer["recorded"], answer["problem"]) == (None, None)
    about = f"/api/v1/proposals/{asked['id']}"
    assert world.clients["w1"].get(about).json()["proposed_by"] == "w1"
    assert world.clients["s1"].post(f"{about}/approve").status_code == 200
    assert [each["outcome"] for each in pushed(world, "w1", asked)] == ["already_known"]


def test_a_phone_whose_clock_is_ahead_is_told_the_servers_day(world: World) -> None:
    """When it was noted is kept as the phone says; only the day on which it happened may not lie ahead."""
    ahead = f"{TODAY + 400 * DAY}T08:00:00+08:00"
    (answer,) = pushed(world, "w1", item(captured_at=ahead))
    assert answer["outcome"] == "accepted"
    tomorrow = TODAY + DAY
    for language, sentence in (("zh", f"今天是 {TODAY}"), ("en", f"today is {TODAY}")):
        (answer,) = pushed(world, "w1", item(happened_on=str(tomorrow)), language=language)
        problem = answer["problem"]
        assert (answer["outcome"], problem["code"]) == ("refused", "not_yet_happened")
        assert (problem["facts"]["today"], problem["facts"]["on"]) == (str(TODAY), str(tomorrow))
        assert sentence in problem["detail"]


def test_in_a_demo_a_phone_has_the_demos_day_and_its_own_clock(demo: Client) -> None:
    """The demo stands in 2024, whatever year the phone is in; what the server's clock says is true in both."""
    demo.open()
    demo.post(event("detected", "2024-01-08", source="inspection"))
    now = datetime.now(UTC)
    said: Json = {"id": "seen", "event": "test_scheduled", "happened_on": "2024-01-08"}
    said |= {"captured_at": now.isoformat(), "data": {"purpose": "detection"}}
    sent = {"items": [{"id": str(uuid4()), "case_id": str(CASE), "events": [said]}]}
    answers = demo.http.post(SYNC, json=sent).json()
    assert [each["outcome"] for each in answers["items"]] == ["accepted"]
    page = demo.http.get(SYNC).json()
    assert page["on"] == "2024-01-08"
    for told in (answers["now"], page["now"]):
        assert abs(datetime.fromisoformat(told) - now) < timedelta(minutes=5)


def test_an_empty_queue_is_no_queue(world: World) -> None:
    queues: list[Json] = [{"items": []}, {}, {"items": [], "\ud800": 1}]
    for sent in queues:
        body = json.dumps(sent)  # half a character as six of ASCII
        headers = {"Content-Type": "application/json"}
        answer = world.clients["w1"].post(SYNC, content=body, headers=headers)
        assert answer.status_code == 422


def test_a_helper_brings_what_they_may_record_and_hears_no_more(world: World) -> None:
    known = item(event="assignment_acknowledged", data={"role": "community_doctor"})
    other = item(event="died", data={"document_no": "D-1"})
    first, second = pushed(world, "d1", known, other)
    assert first["outcome"] == "accepted"
    assert "closes" not in first["recorded"]["events"][0]
    assert (second["outcome"], second["problem"]["code"]) == ("refused", "not_allowed_kind")


def test_a_supervisor_decides_on_what_a_phone_brought(world: World) -> None:
    pulled(world, "w1")
    brought = item("ended")
    (answer,) = pushed(world, "w1", brought)
    assert (answer["outcome"], answer["status"]) == ("quarantined", 409)
    client, other = world.clients["s1"], world.clients["s3"]
    about = f"/api/v1/quarantine/{brought['id']}"
    (found,) = client.get("/api/v1/quarantine").json()["items"]
    assert (found["why"], found["brought_by"]) == ("case_ended", "w1")
    assert other.get("/api/v1/quarantine").json()["items"] == []
    assert other.get(about).status_code == 404
    assert world.clients["w1"].get(about).status_code == 403
    assert client.post(f"{about}/record").status_code == 409
    done = client.post(f"{about}/dismiss", json={"reason": "走访在去世之后，日期有误"})
    assert (done.status_code, done.json()["outcome"]) == (200, "dismissed")
    assert [each["outcome"] for each in pushed(world, "w1", brought)] == ["dismissed"]


def test_a_supervisor_has_recorded_what_met_a_conflict(world: World) -> None:
    taken, other = item(), item()
    other["events"][0]["id"] = taken["events"][0]["id"]
    other["events"][0]["data"] = {"note": "两部手机，同一个编号"}
    answers = pushed(world, "w1", taken, other)
    assert [each["outcome"] for each in answers] == ["accepted", "conflict"]
    client, about = world.clients["s1"], f"/api/v1/quarantine/{other['id']}/record"
    done, again = client.post(about), client.post(about)
    assert (done.status_code, again.status_code) == (200, 200)
    brought, recorded = done.json()["brought"], done.json()["recorded"]
    assert (brought["outcome"], brought["decided_by"]) == ("recorded", "s1")
    assert not recorded["already_known"]
    assert again.json()["recorded"] == {**recorded, "already_known": True}
    assert [each["outcome"] for each in pushed(world, "w1", other)] == ["already_known"]
