"""One's own screen: another PIN, signing in anew, leaving; and what one tab does the others see."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.web.phone.acts import visit, visits, waiting, who_owes
from tests.web.phone.houses import PASSWORD, House
from tests.web.phone.phones import PIN, Phone

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.databases("sqlite", why="a phone meets one API, whatever is behind it"),
]
OTHER_PIN = "315927"


def press(page: Page, name: str) -> None:
    """A button by its words; of a sheet, where one lies above."""
    page.get_by_role("button", name=name, exact=True).last.click()


def test_what_one_tab_writes_the_others_see_and_one_lock_locks_them_all(phone: Phone) -> None:
    phone.sign_in("w1")
    whom = who_owes(phone, "走访")[0]
    other = Phone(phone.context, phone.address)
    other.unlock()
    phone.offline()
    visit(phone, whom)
    expect(other.page.locator(".strip .count")).to_have_text("1 条等待发送")
    phone.online()
    phone.synced()
    expect(other.page.locator(".strip .count")).to_have_count(0)
    phone.go("/mine")
    press(phone.page, "立即锁定")
    expect(other.page.locator(".keys")).to_be_visible()
    phone.unlock()
    other.unlock()
    phone.go("/mine")
    press(phone.page, "退出登录")
    press(phone.page, "清除并退出")
    expect(other.page.locator("[name=handle]")).to_be_visible()
    assert phone.said + other.said == []


def test_the_pin_is_changed_by_who_knows_the_old_one(phone: Phone) -> None:
    phone.sign_in("w1")
    phone.go("/mine")
    press(phone.page, "修改数字密码")
    phone.type_pin(OTHER_PIN)
    expect(phone.page.locator("dialog [role=alert]")).to_contain_text("还可以试 9 次")
    phone.type_pin(PIN)
    phone.page.get_by_role("heading", name="设置 6 位数字密码").wait_for()
    phone.type_pin(OTHER_PIN)
    phone.type_pin(OTHER_PIN)
    expect(phone.page.locator("main")).to_contain_text("数字密码已修改")
    phone.page.reload()
    phone.page.wait_for_selector(".keys")
    phone.type_pin(PIN)
    expect(phone.page.locator("[role=alert]")).to_contain_text("还可以试 9 次")
    phone.unlock(OTHER_PIN)


def test_who_leaves_with_unsent_work_is_told_so_first(phone: Phone) -> None:
    phone.sign_in("w1")
    whom = who_owes(phone, "走访")[0]
    phone.offline()
    visit(phone, whom)
    phone.go("/mine")
    press(phone.page, "退出登录")
    sheet = phone.page.locator("dialog")
    expect(sheet).to_contain_text("还有 1 条记录没有送到服务器")
    expect(sheet).to_contain_text("现在没有信号")
    phone.page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(phone.page.get_by_role("button", name="退出登录")).to_be_focused()
    assert waiting(phone) == "1 条等待发送"


def revoke_all(house: House, handle: str) -> None:
    """Somebody whose phone is lost ends, at another device, every token that they have."""
    with house.caller(handle) as http:
        for one in http.get("/api/v1/sessions").json()["items"]:
            if one["kind"] == "token":
                assert http.delete(f"/api/v1/sessions/{one['id']}").status_code == 204


def test_whom_the_server_no_longer_knows_signs_in_again_and_loses_nothing(
    house: House, phone: Phone
) -> None:
    phone.sign_in("w1")
    whom = who_owes(phone, "走访")[0]
    before = len(visits(house, whom))
    phone.offline()
    visit(phone, whom)
    revoke_all(house, "w1")
    phone.online()
    phone.page.get_by_role("link", name="需要重新登录").click()
    sheet = phone.page.locator("dialog")
    sheet.locator("[name=password]").fill("wrong")
    press(phone.page, "重新登录")
    expect(sheet.locator("[role=alert]")).to_contain_text("账号或密码不对")
    assert waiting(phone).endswith("1 条等待发送")
    sheet.locator("[name=password]").fill(PASSWORD)
    press(phone.page, "重新登录")
    expect(sheet).to_have_count(0)
    phone.synced()
    assert len(visits(house, whom)) == before + 1
