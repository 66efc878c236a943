"""What a worker does with a phone in a test, and what stands on the server afterwards."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from playwright.sync_api import expect

from tests.web.phone.houses import TODAY, House
from tests.web.phone.phones import Phone

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


def record(phone: Phone, case_id: str, event: str) -> None:
    """Record something that needs no more than its day."""
    phone.go(f"/people/{case_id}/record/{event}")
    phone.page.get_by_role("button", name="保存").click()
    phone.page.wait_for_selector("nav.tabs")
