"""What is damaged on a phone, or written there twice, takes nothing else away and is said."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.web.phone.acts import days, record, visits, who_owes
from tests.web.phone.houses import House
from tests.web.phone.phones import Phone

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.databases("sqlite", why="what a phone keeps depends on no database"),
]
NOTE = "在家，情绪平稳"


def spoil(page: Page, table: str) -> None:
    """The first row of a table does not open any more: its bytes are others."""
    page.evaluate(
        """table => new Promise((done, failed) => {
          const asked = indexedDB.open('guitu')
          asked.onerror = () => failed(asked.error)
          asked.onsuccess = () => {
            const change = asked.result.transaction(table, 'readwrite')
            const cursor = change.objectStore(table).openCursor()
            cursor.onsuccess = () => {
              const row = cursor.result.value
              new Uint8Array(row.sealed.body)[0] ^= 255
              cursor.result.update(row)
            }
            change.oncomplete = () => { asked.result.close(); done() }
          }
        })""",
        table,
    )


def begin(phone: Phone, case_id: str) -> None:
    """A visit that is half written."""
    phone.go(f"/people/{case_id}/record/visited")
    phone.page.locator("textarea").first.fill(NOTE)
    phone.page.wait_for_timeout(600)


def test_a_row_that_does_not_open_takes_nothing_else_away(house: House, phone: Phone) -> None:
    phone.sign_in("w1")
    first, second = who_owes(phone, "走访")[:2]
    before = days(visits(house, second))
    phone.offline()
    record(phone, first, "visited")
    record(phone, second, "visited")
    begin(phone, first)
    phone.kill()
    phone.take_up("/app/queue")
    for table in ("queue", "drafts", "cases", "sections"):
        spoil(phone.page, table)
    phone.page.wait_for_selector(".keys")
    phone.type_pin()
    expect(phone.page.locator("main")).to_contain_text("有 2 条记录打不开，请联系管理员")
    assert "1 条等待发送" in phone.page.locator(".strip").inner_text()
    phone.online()
    phone.synced()
    assert days(visits(house, second)) - before == {str(house.today): 1}
    phone.go("/people")
    with house.caller("w1") as http:
        here = http.get("/api/v1/sync", params={"limit": 200}).json()["cases"]
    for one in here:
        expect(phone.page.locator(f"main a[href*='{one['id']}']").first).to_be_attached()
    phone.go("/queue")
    expect(phone.page.locator("main")).to_contain_text("有 2 条记录打不开")
    assert phone.said == []


def test_a_phone_that_cannot_be_opened_says_so_and_takes_another_pin(phone: Phone) -> None:
    phone.sign_in("w1")
    phone.page.reload()
    phone.page.wait_for_selector(".keys")
    phone.page.evaluate(
        """() => {
          const whole = IDBObjectStore.prototype.getAll
          window.mend = () => void (IDBObjectStore.prototype.getAll = whole)
          IDBObjectStore.prototype.getAll = () => { throw new Error('no') }
        }"""
    )
    phone.type_pin()
    expect(phone.page.locator("[role=alert]")).to_contain_text("打不开手机上的资料")
    phone.page.evaluate("window.mend()")
    phone.unlock()
