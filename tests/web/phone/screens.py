"""Every screen of the phone, by the name under which it is shown to whoever judges it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from tests.web.phone.phones import Phone

SHOWN = Path(__file__).resolve().parents[3] / "build" / "screens"
"""Where the pictures of a run are kept."""
STILL_MS = 250
"""How long what opens is on its way."""


def walk(phone: Phone) -> Iterator[str]:
    """Go from screen to screen; gives the name of each once it stands still."""
    page = phone.page
    phone.go("/")
    for name, path in places(page).items():
        phone.go(path)
        page.wait_for_selector("main h1")
        page.wait_for_load_state("networkidle")
        yield name


def sheets(phone: Phone) -> Iterator[str]:
    """What opens on top of a screen, or is said of what was filled in wrongly; gives the name of each once it stands still."""
    page, someone = phone.page, places_first(phone)
    page.get_by_role("button", name=re.compile("^(为什么|Why)")).first.click()
    page.wait_for_selector("dialog[open] h2")
    yield "why"
    page.keyboard.press("Escape")
    phone.go("/people")
    page.locator("input[type=search]").fill("zzz")
    page.wait_for_timeout(200)
    yield "people-none"
    phone.go(f"{someone}/record/test_taken")
    page.wait_for_selector("form")
    page.locator("form [type=submit]").click()
    page.wait_for_selector("[aria-invalid=true]")
    yield "record-wrong"
    phone.go("/batch")
    page.locator(".chip").nth(1).click()
    page.locator(".list").first.locator(".head button").click()
    yield "batch-chosen"
    page.locator(".bar button").click()
    page.wait_for_selector("dialog[open] h2")
    yield "batch-summary"
    page.keyboard.press("Escape")
    phone.go("/mine")
    page.locator("main button").last.click()
    page.wait_for_selector("dialog[open] h2")
    yield "leaving"
    page.keyboard.press("Escape")


def places_first(phone: Phone) -> str:
    """The page of the first person on the day's list, which is open afterwards."""
    phone.go("/")
    return places(phone.page)["person"]


def places(page: Page) -> dict[str, str]:
    """Where each screen is; of the people it is the first on the day's list."""
    page.wait_for_selector("main a[href*='/people/']")
    someone = page.locator("main a[href*='/people/']").first.get_attribute("href") or ""
    person = "/people/" + someone.split("/people/")[1].split("/")[0].split("?")[0]
    return {
        "today": "/",
        "people": "/people",
        "person": person,
        "choose": f"{person}/record",
        "record": f"{person}/record/visited",
        "batch": "/batch",
        "notices": "/notices",
        "hand-overs": "/hand-overs",
        "queue": "/queue",
        "mine": "/mine",
    }


def keep(page: Page, name: str) -> Path:
    """A picture of the whole of a screen, also of what is drawn only when it is scrolled to."""
    page.evaluate(
        "document.querySelectorAll('main *').forEach((one) => (one.style.contentVisibility = 'visible'))"
    )
    SHOWN.mkdir(parents=True, exist_ok=True)
    to = SHOWN / f"{name}.png"
    page.wait_for_timeout(STILL_MS)
    page.screenshot(path=to, full_page=True)
    return to


def is_too_wide(page: Page) -> bool:
    """Whether it has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))
