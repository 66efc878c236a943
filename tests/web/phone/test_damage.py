"""What is damaged on a phone, or written there twice, takes nothing else away and is said."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

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


def test_a_draft_that_was_not_kept_is_said_and_the_next_one_is_kept(phone: Phone) -> None:
    phone.sign_in("w1")
    someone = who_owes(phone, "走访")[0]
    phone.go(f"/people/{someone}/record/visited")
    text = phone.page.locator("textarea").first
    phone.page.evaluate(
        """() => {
          const whole = IDBObjectStore.prototype.put
          window.mend = () => void (IDBObjectStore.prototype.put = whole)
          IDBObjectStore.prototype.put = () => { throw new Error('no') }
        }"""
    )
    text.fill("写")
    expect(phone.page.locator(".strip [role=alert]")).to_contain_text("没有存下")
    phone.page.evaluate("window.mend()")
    text.fill(NOTE)
    expect(phone.page.locator(".strip [role=alert]")).to_have_count(0)
    phone.kill()
    phone.take_up(f"/app/people/{someone}/record/visited")
    phone.type_pin()
    phone.page.get_by_role("button", name="接着写").click()
    expect(phone.page.locator("textarea").first).to_have_value(NOTE)


def test_what_two_tabs_hold_is_recorded_once(house: House, phone: Phone) -> None:
    phone.sign_in("w1")
    someone = who_owes(phone, "走访")[0]
    before = days(visits(house, someone))
    begin(phone, someone)
    first = phone.page
    phone.take_up(f"/app{first.url.split('/app')[1]}")
    phone.type_pin()
    expect(phone.page.locator("textarea").first).to_have_value(NOTE)
    first.get_by_role("button", name="保存").click()
    first.wait_for_selector("nav.tabs")
    phone.page.locator("textarea").first.fill("又写")
    told = phone.page.locator(".strip [role=alert]")
    expect(told).to_contain_text("已在另一个页面提交")
    phone.page.get_by_role("button", name="保存").click()
    phone.page.wait_for_timeout(500)
    expect(told).to_contain_text("已在另一个页面提交")
    phone.kill()
    phone.take_up()
    phone.unlock()
    phone.synced()
    assert days(visits(house, someone)) - before == {str(house.today): 1}


def test_a_batch_in_two_tabs_is_recorded_once(phone: Phone) -> None:
    phone.sign_in("w1")
    phone.go("/batch")
    phone.page.get_by_role("radio", name="走访").first.check()
    phone.page.locator(".tick input").first.check()
    phone.page.wait_for_timeout(600)
    first = phone.page
    phone.take_up("/app/batch")
    phone.type_pin()
    for page in (first, phone.page):
        page.get_by_role("button", name="核对").click()
    phone.offline()
    first.get_by_role("button", name="保存 1 条记录").click()
    first.wait_for_selector("nav.tabs")
    phone.page.get_by_role("button", name="保存 1 条记录").click()
    expect(phone.page.locator(".strip [role=alert]")).to_contain_text("已在另一个页面提交")
    phone.kill()
    phone.take_up("/app/batch")
    phone.type_pin()
    expect(phone.page.locator(".strip")).to_contain_text("1 条等待发送")
    phone.page.wait_for_selector(".chips")
    expect(phone.page.locator("main .note")).to_have_count(0)


def test_a_page_that_arrives_after_a_wipe_writes_nothing(phone: Phone) -> None:
    phone.sign_in("w1")
    held: list[Route] = []
    phone.page.route("**/api/v1/sync?*", lambda route: held.append(route))
    phone.page.locator(".strip .state").click()
    phone.page.wait_for_timeout(500)
    phone.page.evaluate(
        """() => new Promise(done => {
          const asked = indexedDB.open('guitu')
          asked.onsuccess = () => {
            const names = [...asked.result.objectStoreNames]
            const change = asked.result.transaction(names, 'readwrite')
            names.forEach(name => change.objectStore(name).clear())
            change.oncomplete = () => { asked.result.close(); done() }
          }
        })"""
    )
    held[0].continue_()
    phone.page.wait_for_timeout(1_000)
    assert len(held) == 1
    assert names_in(phone.page, "cases") == names_in(phone.page, "sections") == []


def test_what_was_begun_for_many_leaves_with_them(house: House, phone: Phone) -> None:
    phone.sign_in("w1")
    phone.go("/batch")
    phone.page.get_by_role("radio", name="走访").first.check()
    phone.page.locator(".tick input").first.check()
    phone.page.wait_for_timeout(600)
    phone.go("/notices")
    phone.page.wait_for_selector("main h1")
    assert "batch" in names_in(phone.page, "state")
    with house.caller("w1") as http:
        mine = http.get("/api/v1/me").json()
    with house.caller("admin") as http:
        http.post(f"/api/v1/accounts/{mine['account_id']}/disable").raise_for_status()
    phone.page.locator(".strip .state").click()
    expect(phone.page.locator(".strip")).to_have_attribute("data-line", "told", timeout=20_000)
    assert not {"batch", "read", "cursor"} & set(names_in(phone.page, "state"))


def names_in(page: Page, table: str) -> list[str]:
    """The keys of a table."""
    found: list[str] = page.evaluate(
        """table => new Promise((found, failed) => {
          const asked = indexedDB.open('guitu')
          asked.onerror = () => failed(asked.error)
          asked.onsuccess = () => {
            const keys = asked.result.transaction(table).objectStore(table).getAllKeys()
            keys.onsuccess = () => { asked.result.close(); found(keys.result) }
          }
        })""",
        table,
    )
    return found
