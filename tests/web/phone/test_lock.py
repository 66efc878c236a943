"""The lock: what lies on the phone is sealed, opens by its PIN, for three days without a signal, and ten tries at most."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.web.phone.houses import PASSWORD, House
from tests.web.phone.phones import PIN, Phone, a_phone_on_disk, rows

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.databases("sqlite", why="what a phone keeps depends on no database"),
]
WRONG = "204817"
HOUR_MS = 3_600_000
UNSENT = """() => new Promise(done => {
  const asked = indexedDB.open('guitu')
  asked.onsuccess = () => {
    const written = asked.result.transaction('queue', 'readwrite')
    for (const id of ['1', '2']) written.objectStore('queue').add({ id, case_id: id })
    written.oncomplete = () => { asked.result.close(); done() }
  }
})"""
"""Two records that wait, sealed for whoever looks without a PIN."""


def test_who_signs_in_has_a_phone_that_opens_by_its_pin_alone(house: House, phone: Phone) -> None:
    phone.sign_in("w1")
    cookies = {cookie["name"] for cookie in phone.context.cookies()}
    assert not cookies & {"guitu_session", "guitu_csrf"}
    phone.page.reload()
    phone.page.wait_for_selector(".keys")
    assert phone.page.locator("nav.tabs").count() == 0
    phone.type_pin(WRONG)
    expect(phone.page.locator("[role=alert]")).to_have_text("不对，还可以试 9 次")
    phone.unlock()
    assert all(url.startswith(house.address) for url in phone.asked)
    assert phone.said == []


def test_the_tenth_wrong_pin_wipes_the_phone_however_often_it_is_killed(phone: Phone) -> None:
    phone.sign_in("w1")
    assert rows(phone.page, "cases") > 30
    phone.page.reload()
    for n in range(1, 11):
        if n in (4, 8):
            phone.kill()
            phone.take_up()
        phone.page.wait_for_selector(".keys")
        phone.type_pin(WRONG)
        if n < 10:
            words = "再错一次" if n == 9 else f"还可以试 {10 - n} 次"
            expect(phone.page.locator("[role=alert]")).to_contain_text(words)
    phone.page.wait_for_selector("[name=handle]")
    expect(phone.page.locator("main")).to_contain_text("已清除")
    assert [rows(phone.page, table) for table in ("cases", "queue", "state")] == [0, 0, 0]
    assert phone.said == []


def test_who_forgot_the_pin_starts_over_once_told_what_goes(phone: Phone) -> None:
    phone.sign_in("w1")
    phone.page.reload()
    phone.page.click(".over")
    sheet = phone.page.get_by_role("dialog")
    expect(sheet).to_contain_text("什么都不会丢")
    sheet.get_by_role("button", name="取消").click()
    assert rows(phone.page, "cases") > 30
    phone.page.evaluate(UNSENT)
    phone.page.click(".over")
    expect(sheet).to_contain_text("2 条")
    sheet.get_by_role("button", name="全部清除").click()
    phone.page.wait_for_selector("[name=handle]")
    assert [rows(phone.page, table) for table in ("cases", "queue", "state")] == [0, 0, 0]
    assert phone.said == []


def is_too_late(phone: Phone) -> None:
    """The PIN is right, and nobody is shown without the server."""
    phone.page.reload()
    phone.page.wait_for_selector(".keys")
    phone.type_pin(PIN)
    expect(phone.page.locator("main")).to_contain_text("72 小时")


def left_for_three_days(phone: Phone) -> None:
    """Somebody's phone, which had no signal for so long, and whose PIN was just given."""
    phone.page.clock.install()
    phone.sign_in("w1")
    phone.offline()
    phone.page.clock.fast_forward(73 * HOUR_MS)
    is_too_late(phone)


def test_without_a_signal_it_opens_for_three_days_and_no_longer(phone: Phone) -> None:
    phone.page.clock.install()
    phone.sign_in("w1")
    phone.offline()
    phone.page.clock.fast_forward(71 * HOUR_MS)
    phone.page.reload()
    phone.unlock()
    phone.page.clock.fast_forward(2 * HOUR_MS)
    is_too_late(phone)
    assert phone.page.locator("nav.tabs").count() == 0
    expect(phone.page.locator("main [role=status]")).to_contain_text("还是连不上服务器")
    phone.context.set_offline(False)
    phone.page.click("main .button")
    phone.at_home()


def test_who_waits_for_a_signal_is_locked_out_too_after_a_while(phone: Phone) -> None:
    """The PIN was given, three days were over, and the phone lay open for whoever had a signal later."""
    left_for_three_days(phone)
    phone.page.clock.run_for(6 * 60_000)
    phone.page.wait_for_selector(".keys")
    phone.online()
    phone.page.wait_for_timeout(500)
    assert phone.page.locator("nav.tabs").count() == 0


def test_turning_the_clock_back_opens_nothing(phone: Phone) -> None:
    left_for_three_days(phone)
    now = phone.page.evaluate("Date.now()")
    phone.page.clock.set_system_time(now - 72 * HOUR_MS)
    is_too_late(phone)


def test_a_phone_that_nobody_touches_locks_itself(phone: Phone) -> None:
    phone.page.clock.install()
    phone.sign_in("w1")
    phone.page.clock.run_for(4 * 60_000)
    phone.page.mouse.click(5, 400)
    phone.page.clock.run_for(4 * 60_000)
    assert phone.page.locator("nav.tabs").count() == 1
    phone.page.clock.run_for(2 * 60_000)
    phone.page.wait_for_selector(".keys")
    assert phone.page.locator("nav.tabs").count() == 0


def test_no_name_and_no_address_lies_readable_on_the_disk(
    house: House, chromium: Browser, tmp_path: Path
) -> None:
    """Neither in our rows nor in what a browser keeps by itself: its caches, its history, its journals."""
    with house.caller("w1") as http:
        cases = http.get("/api/v1/sync", params={"limit": 200}).json()["cases"]
    told = {
        one["person"][field]
        for one in cases
        for field in ("name", "address")
        if field in one.get("person", {})
    }
    disk = tmp_path / "disk"
    context = a_phone_on_disk(chromium, disk)
    phone = Phone(context, house.address)
    phone.sign_in("w1")
    shown = phone.page.locator("main").inner_text()
    phone.page.click("a.person")
    expect(phone.page).to_have_title("个人页 · 归途")
    expect(phone.page.locator("h1")).to_be_focused()
    assert any(word in shown for word in told)
    context.close()
    held = b"".join(file.read_bytes() for file in disk.rglob("*") if file.is_file())
    assert b"guitu" in held
    found = [word for word in told for form in written(word) if form in held]
    assert len(told) > 40
    assert found == []


def written(word: str) -> Iterator[bytes]:
    """A word as a browser may write it down."""
    yield word.encode()
    yield word.encode("utf-16-le")
    yield json.dumps(word).strip('"').encode()
    yield quote(word).encode()


def test_a_tab_killed_at_the_last_try_gives_no_further_one(phone: Phone) -> None:
    phone.sign_in("w1")
    phone.page.reload()
    phone.page.wait_for_selector(".keys")
    phone.page.evaluate(
        """() => new Promise(done => {
          const asked = indexedDB.open('guitu')
          asked.onsuccess = () => {
            const change = asked.result.transaction('state', 'readwrite')
            change.objectStore('state').put({ name: 'tries', value: 10 })
            change.oncomplete = () => { asked.result.close(); done() }
          }
        })"""
    )
    phone.type_pin()
    phone.page.wait_for_selector("[name=handle]")
    assert rows(phone.page, "cases") == rows(phone.page, "state") == 0


def test_a_phone_that_became_somebodys_in_another_tab_stays_theirs(phone: Phone) -> None:
    phone.context.add_init_script("delete window.BroadcastChannel")
    late = phone.take_up()
    late.fill("[name=handle]", "w2")
    late.fill("[name=password]", PASSWORD)
    late.click("[type=submit]")
    late.wait_for_selector(".keys")
    held: list[Route] = []
    late.route("**/api/v1/sessions/current", lambda route: held.append(route))
    for _ in range(2):
        phone.type_pin("917350")
    late.get_by_text("正在准备这台手机").wait_for()
    late.wait_for_timeout(500)
    phone.take_up()
    phone.sign_in("w1")
    phone.page = late
    held[0].continue_()
    late.get_by_role("heading", name="输入 6 位数字密码").wait_for()
    phone.type_pin("917350")
    expect(late.locator("[role=alert]")).to_have_text("不对，还可以试 9 次")
    phone.unlock()
    phone.go("/mine")
    expect(late.locator("main")).to_contain_text("w1")
