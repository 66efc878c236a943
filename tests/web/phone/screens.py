"""Every screen of the phone, by the name under which it is shown to whoever judges it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from tests.web.phone.phones import Phone

SHOWN = Path(__file__).resolve().parents[3] / "build" / "screens"
"""Where the pictures of a run are kept."""


def walk(phone: Phone) -> Iterator[str]:
    """Go from screen to screen; gives the name of each once it stands still."""
    page = phone.page
    phone.go("/")
    for name, path in places(page).items():
        phone.go(path)
        page.wait_for_selector("main h1")
        page.wait_for_load_state("networkidle")
        yield name


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
    page.screenshot(path=to, full_page=True)
    return to


def is_too_wide(page: Page) -> bool:
    """Whether it has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))
