"""A phone's token: it opens all that a phone has to do, nothing that only a page may, and says why once it opens nothing."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from notifications.content import Item
from tests.accounts import OTHER_PASSWORD, PASSWORD
from tests.api.clients import BASE, event
from tests.api.worlds import TODAY, World, a_world, case_id
from tests.attachments import photo
from tests.builders import DAY
from tests.messages import delivered, fixed, message
from workflow.services.clock import Instant

V1, ME = "/api/v1", "/api/v1/me"
OWN = f"{V1}/cases/{case_id('own')}"


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as found:
        yield found


def phone(world: World, handle: str) -> TestClient:
    """A phone that knows nothing but its token; the label and the days are those of its owner."""
    sent = {"id": str(uuid4()), "label": f"{handle} 的手机", "days": 90}
    answer = world.clients[handle].post(f"{ME}/tokens", json=sent)
    assert answer.status_code == 201, answer.text
    found = TestClient(world.clients[handle].app, base_url=BASE, raise_server_exceptions=False)
    found.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return found


def status(http: TestClient, method: str, path: str, **sent: object) -> int:
    answer = http.request(method, path, **sent)  # type: ignore[arg-type]
    return answer.status_code


def in_the_inbox(world: World, handle: str) -> str:
    """A message that was delivered to somebody."""
    keys = [(case_id("own"), "visit", "m1/w01", TODAY, "community_worker")]
    morning = Instant.on(TODAY).now
    owed = Item(*keys[0][:3], "overdue", "community_worker", TODAY - DAY, 1, "chair")
    sent = message(world.county, "one", TODAY, keys, recipient=handle, next_at=morning)
    fixed(world.county, sent, [owed], as_role="community_worker")
    delivered(world.county, sent, morning)
    return str(sent)


def test_a_workers_phone_does_its_days_work(world: World) -> None:
    http, told = phone(world, "w1"), in_the_inbox(world, "w1")
    for path in ("/sync", "/me", "/me/notices", "/me/inbox", "/me/contact", "/me/worklist"):
        assert status(http, "GET", V1 + path) == 200, path
    for path in ("/hand-overs", "/proposals?mine=true", "/sessions", "/staff", "/offices"):
        assert status(http, "GET", V1 + path) == 200, path
    visit = event("visited", TODAY, id="by-phone")
    brought = {"items": [{"id": str(uuid4()), "case_id": str(case_id("own")), "events": [visit]}]}
    assert http.post(f"{V1}/sync", json=brought).json()["items"][0]["outcome"] == "accepted"
    assert status(http, "POST", f"{ME}/inbox/{told}/read") in (200, 204)
    wishes = {"channels": ["inbox"], "digest_at": "09:00", "language": "zh"}
    assert status(http, "PUT", f"{ME}/contact", json=wishes) == 200
    headers = {"X-File-Name": quote("家访.jpg"), "X-Event-Id": "by-phone"}
    path = f"{OWN}/attachments/{uuid4()}"
    for known in (201, 200):
        assert status(http, "PUT", path, content=photo(), headers=headers) == known
    chair = {"id": "seen", "role": "community_doctor", "happened_on": str(TODAY)}
    assert status(http, "POST", f"{OWN}/team/acknowledge", json=chair) == 201
    excused = {"kind": "sign_agreement", "occurrence": "m1/1", "reason": "住院"}
    asked = event("obligation_excused", TODAY, id="excuse", **excused)
    proposal = {"id": str(uuid4()), "events": [asked]}
    assert status(http, "POST", f"{OWN}/proposals", json=proposal) == 201
    assert status(http, "POST", f"{OWN}/receipt") == 200


def test_a_supervisors_phone_hands_over_and_decides(world: World) -> None:
    http = phone(world, "s1")
    assert status(http, "GET", f"{V1}/proposals") == 200
    assert status(http, "GET", f"{V1}/quarantine") == 200
    load = {"id": str(uuid4()), "from_helper": "w2", "to_helper": "w1"}
    assert status(http, "POST", f"{V1}/hand-overs", json=load) == 200


def test_a_helpers_phone_does_theirs(world: World) -> None:
    http = phone(world, "d1")
    for path in ("/sync", "/me", "/me/notices", "/me/inbox", "/me/contact", "/me/worklist"):
        assert status(http, "GET", V1 + path) == 200, path
    chair = {"id": "seen", "role": "community_doctor", "happened_on": str(TODAY)}
    assert status(http, "POST", f"{OWN}/team/acknowledge", json=chair) == 201


# ------------------------------------------------------------------ how it ends


def over(http: TestClient) -> str:
    """The code with which a phone is told that it opens nothing; as no proxy could say it."""
    answer = http.get(f"{V1}/sync")
    assert answer.status_code == 401
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.headers["www-authenticate"] == "Bearer"
    found = answer.json()
    assert found["type"] == f"urn:guitu:{found['code']}"
    assert http.post(f"{V1}/sync", json={"items": []}).status_code in (401, 422)
    return str(found["code"])


def test_a_lost_phone_is_ended_by_its_owner_or_an_administrator(world: World) -> None:
    by_owner, by_admin = phone(world, "w1"), phone(world, "w1")
    owner, admin = world.clients["w1"], world.clients["root"]
    listed = [one for one in owner.get(f"{V1}/sessions").json()["items"] if one["kind"] == "token"]
    assert [one["label"] for one in listed] == ["w1 的手机"] * 2
    assert status(owner, "DELETE", f"{V1}/sessions/{listed[-1]['id']}") == 204
    assert over(by_owner) == "session_ended"
    account_id = owner.get(ME).json()["account_id"]
    of_account = f"{V1}/accounts/{account_id}/sessions"
    assert status(admin, "DELETE", f"{of_account}/{listed[0]['id']}") == 204
    assert over(by_admin) == "session_ended"


def test_a_new_password_ends_every_phone(world: World) -> None:
    http = phone(world, "w1")
    sent = {"old": PASSWORD, "new": OTHER_PASSWORD}
    assert status(world.clients["w1"], "PUT", f"{ME}/password", json=sent) == 204
    assert over(http) == "session_ended"


def test_a_disabled_account_is_told_so_on_its_phone(world: World) -> None:
    http, admin = phone(world, "w1"), world.clients["root"]
    account_id = world.clients["w1"].get(ME).json()["account_id"]
    assert status(admin, "POST", f"{V1}/accounts/{account_id}/disable") == 200
    assert over(http) == "login_disabled"
    assert status(admin, "POST", f"{V1}/accounts/{account_id}/enable") == 200
    assert over(http) == "session_ended"


def test_a_secret_that_nobody_knows_is_told_apart(world: World) -> None:
    http = phone(world, "w1")
    http.headers["Authorization"] = "Bearer gtt_unknown"
    assert over(http) == "session_over"
