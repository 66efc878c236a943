"""
The day without a signal: what is written down there stands on the server afterwards, each once, whatever happened.

Tabs are killed, phones come back days later, two of them decide the same thing, somebody loses a case meanwhile.
"""

from __future__ import annotations

import random
from collections import Counter
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect

from tests.web.phone.acts import DAY, days, record, visit, visit_before, visits, waiting, who_owes
from tests.web.phone.bad_line import FATES, bad_line
from tests.web.phone.houses import TODAY, House
from tests.web.phone.phones import Phone, a_phone

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.databases("sqlite", why="a phone meets one API, whatever is behind it"),
]


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
        record(each, someone, "reported_in")
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


def test_what_is_decided_on_top_of_one_s_own_visits_is_no_conflict(
    house: House, phone: Phone
) -> None:
    phone.sign_in("w1")
    someone = who_owes(phone, "报到")[0]
    phone.offline()
    visit_before(phone, someone, 1)
    for event in ("visited", "reported_in"):
        record(phone, someone, event)
    phone.online()
    phone.synced()
    assert {"visited", "reported_in"} <= recorded_of(house, someone)


def test_nor_is_what_is_decided_before_the_phone_hears_of_its_own_visit(
    house: House, phone: Phone
) -> None:
    """The visit arrived, and the line broke before the phone could ask what is new."""
    phone.sign_in("w1")
    someone = who_owes(phone, "报到")[0]
    phone.context.route(
        "**/api/v1/sync?*",
        lambda route: route.abort() if route.request.method == "GET" else route.fallback(),
    )
    record(phone, someone, "visited")
    expect(phone.page.locator(".strip .count")).to_have_count(0)
    record(phone, someone, "reported_in")
    phone.context.unroute_all()
    phone.online()
    phone.synced()
    assert {"visited", "reported_in"} <= recorded_of(house, someone)


def test_what_came_back_is_not_sent_again_by_itself(phone: Phone) -> None:
    """A visit behind it was recorded, on the version that the refused one had been decided on."""
    phone.sign_in("w1")
    someone = who_owes(phone, "走访")[0]
    phone.offline()
    for event in ("reported_in", "visited"):
        record(phone, someone, event)
    pushes: list[str] = []
    phone.page.on(
        "request",
        lambda one: (
            pushes.append(one.url) if (one.method, one.url[-5:]) == ("POST", "/sync") else None
        ),
    )
    phone.online()
    expect(phone.page.locator(".strip .count")).to_have_text("1 条被退回，请看")
    expect(phone.page.locator(".strip")).to_have_attribute("data-line", "well")
    assert len(pushes) == 1


def recorded_of(house: House, case_id: str) -> set[str]:
    with house.caller("s1") as http:
        answer = http.get(f"/api/v1/cases/{case_id}/events", params={"limit": 200})
    return {one["event"] for one in answer.json()["items"]}


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
