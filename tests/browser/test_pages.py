"""The pages in a real browser: logging in works, nothing is blocked or logged, and nothing needs sideways scrolling."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.api.clients import PASSWORD

pytestmark = [
    pytest.mark.browser,
    pytest.mark.databases("sqlite", why="what a browser does depends on no database"),
]

SIZES = {"phone": (390, 844), "desk": (1440, 900)}


def opened(browser: Browser, size: str, language: str, said: list[str]) -> Page:
    """A new window; what it complains of is added to `said`."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, locale=language, color_scheme="light"
    )
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return page


def log_in(page: Page, address: str, handle: str) -> None:
    page.goto(f"{address}/desk")
    page.fill("#handle", handle)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_selector("nav form button")


@pytest.mark.parametrize("size", SIZES)
def test_a_supervisor_finds_what_is_overdue_and_goes_to_the_person(
    chromium: Browser, address: str, size: str, tmp_path: Path
) -> None:
    """A browser sent our own form from "null", and nobody could log in; no test client showed it."""
    said: list[str] = []
    page = opened(chromium, size, "zh-CN", said)
    log_in(page, address, "county")
    assert "逾期" in page.inner_text("main")
    for path in ("/desk", "/today", "/people", "/inbox"):
        page.goto(address + path)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
        page.screenshot(path=tmp_path / f"{path.strip('/')}-{size}.png")
    assert "今日督办：36 项" in page.inner_text("main")
    unread = page.locator("main form").count()
    page.click("main form button")
    page.wait_for_load_state()
    assert page.locator("main form").count() == unread - 1
    page.goto(f"{address}/people")
    page.click("main a:has-text('金虚构')")
    assert page.inner_text("h1").startswith("金虚构")
    page.click("nav form button")
    page.wait_for_selector("#password")
    page.goto(f"{address}/people")
    assert page.url.startswith(f"{address}/login")
    assert said == []


def test_the_clock_of_a_demo_is_moved_from_the_page(chromium: Browser, address: str) -> None:
    said: list[str] = []
    page = opened(chromium, "desk", "zh-CN", said)
    log_in(page, address, "county")
    page.fill("#to", "2024-02-01")
    page.click("#clock button")
    page.wait_for_selector(".strip time[datetime='2024-02-01']")
    assert said == []
