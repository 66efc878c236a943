"""One's own inbox, how one is told and who was told of a case, over HTTP and as a page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from notifications.content import Item
from tests.api.clients import BASE
from tests.api.worlds import CASES, TODAY, World, a_world, case_id
from tests.builders import DAY
from tests.messages import delivered, fixed, message
from workflow.rules.case_codes import case_code
from workflow.services.clock import Instant

INBOX, CONTACT = "/api/v1/me/inbox", "/api/v1/me/contact"
MORNING = Instant.on(TODAY).now
NAMES = [name for name, _, _ in CASES.values()]


def owed(kind: str) -> Item:
    return Item(
        case_id(kind), "visit", "m1/w01", "overdue", "community_worker", TODAY - DAY, 1, "chair"
    )


def told(world: World, who: str, name: str, kinds: tuple[str, ...]) -> str:
    """A digest about some cases, delivered to somebody's inbox."""
    keys = [(case_id(kind), "visit", "m1/w01", TODAY, "community_worker") for kind in kinds]
    role = "supervisor" if who.startswith("s") else "community_worker"
    sent = message(world.county, name, TODAY, keys, recipient=who, next_at=MORNING)
    fixed(world.county, sent, [owed(kind) for kind in kinds], as_role=role)
    delivered(world.county, sent, MORNING)
    return str(sent)


@pytest.fixture
def world() -> Iterator[World]:
    """A digest for w1 about a case within reach and one beyond; one for s3."""
    with a_world() as found:
        told(found, "w1", "one", ("own", "elsewhere"))
        told(found, "s3", "two", ("elsewhere",))
        yield found


def only(world: World, who: str) -> dict[str, Any]:
    """The one message in somebody's inbox."""
    page = world.clients[who].get(INBOX).json()
    assert (len(page["items"]), page["next"]) == (1, None)
    found: dict[str, Any] = page["items"][0]
    return found


# ------------------------------------------------------------------ the inbox


def test_a_message_is_told_in_both_languages_by_counts_and_codes(world: World) -> None:
    found = only(world, "w1")
    assert found["title"] == {
        "zh": "今日待办：2 项（逾期 2）",
        "en": "To do today: 2 (2 overdue)",
    }
    assert case_code(case_id("own")) in found["body"]["zh"]
    assert not [name for name in NAMES if name in str(found)]


def test_codes_lead_to_cases_within_reach_only(world: World) -> None:
    own = str(case_id("own"))
    assert only(world, "w1")["cases"] == [{"code": case_code(case_id("own")), "case_id": own}]


def test_reading_is_noted_once_and_counted(world: World) -> None:
    http = world.clients["w1"]
    address = f"{INBOX}/{only(world, 'w1')['id']}/read"
    assert http.get(INBOX).json()["unread"] == 1
    first, again = http.post(address), http.post(address)
    assert first.json() == again.json()
    assert first.json()["read_at"]
    assert http.get(INBOX).json()["unread"] == 0
    assert http.get(INBOX, params={"unread": True}).json()["items"] == []


def test_a_letter_of_somebody_else_is_not_there(world: World) -> None:
    address = f"{INBOX}/{only(world, 's3')['id']}/read"
    answer = world.clients["w1"].post(address)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


# ------------------------------------------------------------------ the ledger


def test_who_leads_sees_who_was_told_and_an_auditor_sees_it_without_what_is_owed(
    world: World,
) -> None:
    address = f"/api/v1/cases/{case_id('own')}/disclosures"
    (led,) = world.clients["s1"].get(address).json()["items"]
    (audited,) = world.clients["audit"].get(address).json()["items"]
    assert (led["recipient"], led["channel"]) == ("w1", "inbox")
    assert led["told"][0]["label"]["zh"] == "走访谈心"
    assert audited["told"] == [
        {"told_on": str(TODAY), "told_to": "community_worker", "because": "chair"}
    ]
    assert audited["attempts"] == led["attempts"]
    assert world.clients["w1"].get(address).json()["code"] == "not_allowed"
    assert world.clients["s3"].get(address).json()["code"] == "not_found"


# ------------------------------------------------------------------ how one is told


def test_how_one_is_told_is_set_by_the_version_that_one_saw(world: World) -> None:
    http = world.clients["w1"]
    before = http.get(CONTACT)
    assert (before.json()["version"], before.headers["etag"]) == (0, '"0"')
    wish = {"channels": ["email"], "digest_at": "09:00", "addresses": {"email": "w1@x.example"}}
    seen = {"If-Match": before.headers["etag"]}
    first, again = (http.put(CONTACT, json=wish, headers=seen) for _ in range(2))
    assert first.json() == again.json() == http.get(CONTACT).json()
    other = http.put(CONTACT, json={**wish, "language": "en"}, headers=seen)
    assert (other.status_code, other.json()["code"]) == (412, "precondition_failed")
    stale = http.put(CONTACT, json={"expected_version": 0})
    assert (stale.status_code, stale.json()["code"]) == (409, "contact_changed")


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"channels": ["email"]}, "channel_without_address"),
        ({"channels": ["inbox", "inbox"]}, "channel_twice"),
        ({"digest_at": "07:30"}, "digest_hour_beyond"),
        ({"channels": ["pager"]}, "malformed_body"),
        ({"addresses": {"wecom": "@all"}}, "malformed_body"),
        ({"addresses": {"email": "a@b.example\nBcc: c@d.example"}}, "malformed_body"),
    ],
)
def test_what_cannot_be_done_is_refused(world: World, sent: dict[str, Any], code: str) -> None:
    answer = world.clients["w1"].put(CONTACT, json=sent)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


# ------------------------------------------------------------------ the page


def test_the_page_shows_it_and_a_form_marks_it_read(world: World) -> None:
    http = world.clients["w1"]
    shown = http.get("/inbox").text
    assert "今日待办：2 项（逾期 2）" in shown
    assert f'<a href="/people/{case_id("own")}">{case_code(case_id("own"))}</a>' in shown
    assert str(case_id("elsewhere")) not in shown
    assert not [name for name in NAMES if name in shown]
    form = {"id": only(world, "w1")["id"], "csrf": http.headers["X-CSRF-Token"]}
    answer = http.post("/inbox", data=form, headers={"Origin": BASE}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox")
    assert "标为已读" not in http.get("/inbox").text
    assert "To do today: 2 (2 overdue)" in http.get("/inbox?lang=en").text


def test_the_form_needs_its_mark_and_names_ones_own(world: World) -> None:
    http = world.clients["w1"]
    mark = http.headers.pop("X-CSRF-Token")
    found = [
        http.post("/inbox", data={"id": "x", "csrf": csrf}, headers={"Origin": BASE}).status_code
        for csrf in ("", mark)
    ]
    assert found == [403, 404]
    assert world.anonymous().get("/inbox", follow_redirects=False).status_code == 303


def test_older_ones_stand_on_the_next_page(world: World) -> None:
    for n in range(31):
        sent = message(world.county, f"n{n}", TODAY - (n + 1) * DAY, [], recipient="d1")
        fixed(world.county, sent, [], as_role="community_doctor")
        delivered(world.county, sent, MORNING - timedelta(days=n + 1))
    http = world.clients["d1"]
    first = http.get("/inbox").text
    assert first.count('class="card letter"') == 30
    following = first.partition("/inbox?cursor=")[2].partition('"')[0]
    assert http.get(f"/inbox?cursor={following}").text.count('class="card letter"') == 1
