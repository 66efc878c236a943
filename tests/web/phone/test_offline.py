"""
The day without a signal: what is written down there stands on the server afterwards, each once, whatever happened.

Tabs are killed, phones come back days later, two of them decide the same thing, somebody loses a case meanwhile.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect

from tests.web.phone.bad_line import FATES, bad_line
from tests.web.phone.houses import TODAY, House
from tests.web.phone.phones import Phone, a_phone

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.databases("sqlite", why="a phone meets one API, whatever is behind it"),
]
DAY = timedelta(days=1)
Json = dict[str, Any]


def who_owes(phone: Phone, what: str) -> list[str]:
    """The cases with something of that name on the day's list, in its order."""
    phone.page.wait_for_selector("main .row")
    cards = phone.page.locator("main article", has=phone.page.locator(".row", has_text=what))
    links = [
        card.locator("a[href*='/people/']").first.get_attribute("href") or ""
        for card in cards.all()
    ]
    found = [link.split("/people/")[1].split("/")[0].split("?")[0] for link in links]
    return list(dict.fromkeys(found))


def visit(phone: Phone, case_id: str) -> None:
    """Record a visit from the day's list: two taps, and it is written down."""
    card = phone.page.locator("main article", has=phone.page.locator(f"a[href*='{case_id}']"))
    card.locator(".row", has_text="走访").get_by_role("link", name="记录").or_(
        card.locator(".row", has_text="走访").get_by_role("button", name="记录")
    ).first.click()
    phone.page.get_by_role("button", name="保存").click()
    phone.page.wait_for_selector("nav.tabs")


def visit_before(phone: Phone, case_id: str, days: int) -> None:
    """Write a visit of some days ago down by hand."""
    phone.go(f"/people/{case_id}/record/visited")
    phone.page.locator("label", has_text="其他").first.click()
    phone.page.locator("input[type=date]").first.fill(str(TODAY - days * DAY))
    expect(phone.page.locator("main")).to_contain_text("补记")
    phone.page.get_by_role("button", name="保存").click()
    phone.page.wait_for_selector("nav.tabs")


def waiting(phone: Phone) -> str:
    """What the phone says of its queue, on whatever screen."""
    return " ".join(phone.page.locator(".strip .count").all_inner_texts())


def visits(house: House, case_id: str) -> list[Json]:
    """The visits in the record of a case."""
    with house.caller("c1") as http:
        answer = http.get(f"/api/v1/cases/{case_id}/events", params={"limit": 200})
    assert answer.status_code == 200, answer.text
    return [one for one in answer.json()["items"] if one["event"] == "visited"]


def days(events: list[Json]) -> Counter[str]:
    return Counter(one["on"] for one in events)


@pytest.mark.parametrize("slower", [1, 4])
def test_three_visits_and_a_late_entry_without_a_signal(
    house: House, phone: Phone, slower: int
) -> None:
    phone.slow_down(slower)
    phone.sign_in("w1")
    whom = who_owes(phone, "走访")[:3]
    before = {case_id: days(visits(house, case_id)) for case_id in whom}
    phone.offline()
    for case_id in whom:
        visit(phone, case_id)
    visit_before(phone, whom[0], 3)
    assert waiting(phone) == "4 条等待发送"
    phone.kill()
    phone.take_up()
    phone.unlock()
    assert waiting(phone) == "4 条等待发送"
    phone.online()
    phone.synced()
    for case_id in whom:
        new = days(visits(house, case_id)) - before[case_id]
        late = Counter([str(TODAY - 3 * DAY)] if case_id == whom[0] else [])
        assert new == Counter([str(TODAY)]) + late
    assert phone.said == []


def test_it_is_in_words_on_the_day_s_list_that_it_was_recorded(phone: Phone) -> None:
    phone.sign_in("w1")
    someone = who_owes(phone, "走访")[0]
    phone.offline()
    visit(phone, someone)
    card = phone.page.locator("main article", has=phone.page.locator(f"a[href*='{someone}']"))
    expect(card.locator(".row", has_text="走访")).to_contain_text("待发送")
    phone.online()
    phone.synced()
    expect(phone.page.locator("main")).not_to_contain_text("待发送")
    assert phone.said == []


def test_each_event_stands_once_after_whatever_a_line_can_do(
    house: House, chromium: Browser
) -> None:
    """Requests cut, lost, answered to nobody, sent twice and late; the phone goes off and comes back meanwhile."""
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    with bad_line(house.port, seed) as line:
        phone = a_phone(chromium, line.address)
        try:
            phone.sign_in("w1")
            line.begin()
            someone = who_owes(phone, "走访")[0]
            before = days(visits(house, someone))
            for back in range(25):
                visit_before(phone, someone, back + 1)
                if chance.random() < 0.4:
                    phone.offline()
                    phone.page.wait_for_timeout(chance.randrange(80))
                    phone.online()
                if back % 9 == 8:
                    phone.kill()
                    phone.take_up()
                    phone.unlock()
            line.mend()
            phone.online()
            phone.synced()
            new = days(visits(house, someone)) - before
            assert new == Counter(str(TODAY - n * DAY) for n in range(1, 26)), f"seed {seed}"
            assert set(line.happened) == set(FATES), (seed, line.happened)
        finally:
            phone.context.close()


def test_two_phones_that_decide_the_same_thing(
    house: House, phone: Phone, chromium: Browser
) -> None:
    """Whoever comes second sees what the first said, and a named person decides; neither is lost."""
    phone.sign_in("w1")
    other = a_phone(chromium, house.address)
    other.sign_in("w1")
    someone = who_owes(phone, "报到")[0]
    for each in (phone, other):
        each.offline()
        each.go(f"/people/{someone}/record/reported_in")
        each.page.get_by_role("button", name="保存").click()
        each.page.wait_for_selector("nav.tabs")
    phone.online()
    phone.synced()
    other.online()
    expect(other.page.locator(".strip")).to_contain_text("1 条等专人决定", timeout=20_000)
    other.page.click(".strip .count")
    expect(other.page.locator("main")).to_contain_text("报到")
    with house.caller("s1") as http:
        waits = http.get("/api/v1/quarantine").json()["items"]
        assert [one["case_id"] for one in waits] == [someone]
        events = http.get(f"/api/v1/cases/{someone}/events").json()["items"]
    assert [one["event"] for one in events].count("reported_in") == 1
    assert phone.said == other.said == []
    other.context.close()


def test_what_is_decided_on_top_of_one_s_own_visit_is_no_conflict(
    house: House, phone: Phone
) -> None:
    phone.sign_in("w1")
    someone = who_owes(phone, "报到")[0]
    phone.offline()
    for event in ("visited", "reported_in"):
        phone.go(f"/people/{someone}/record/{event}")
        phone.page.get_by_role("button", name="保存").click()
        phone.page.wait_for_selector("nav.tabs")
    phone.online()
    phone.synced()
    with house.caller("s1") as http:
        events = http.get(f"/api/v1/cases/{someone}/events").json()["items"]
    assert {"visited", "reported_in"} <= {one["event"] for one in events}


def test_a_list_that_is_pulled_down_asks_the_server(house: House, phone: Phone) -> None:
    phone.sign_in("w1")
    someone = who_owes(phone, "走访")[0]
    with house.caller("w1") as http:
        event = {"id": str(uuid4()), "event": "visited", "happened_on": str(TODAY)}
        answer = http.post(f"/api/v1/cases/{someone}/events", json={"events": [event]})
        assert answer.status_code == 201, answer.text
    assert someone in who_owes(phone, "走访")
    pull_down(phone)
    card = phone.page.locator("main article", has=phone.page.locator(f"a[href*='{someone}']"))
    expect(card.locator(".row", has_text="走访")).to_have_count(0)
    assert phone.said == []


def pull_down(phone: Phone) -> None:
    """A thumb that draws the list down from its top."""
    finger = phone.context.new_cdp_session(phone.page)
    for sort, y in (("touchStart", 150), *(("touchMove", y) for y in range(170, 420, 25))):
        touch = {"type": sort, "touchPoints": [{"x": 200, "y": y}]}
        finger.send("Input.dispatchTouchEvent", touch)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
