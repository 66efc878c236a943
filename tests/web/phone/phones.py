"""
A phone in a test's hand: Chromium at 390x844 that signs in, loses its signal, is killed and taken up again.

Whatever its pages complain of is kept in `said`; a test that expects none says so at its end.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browsers import QUIET
from tests.web.phone.houses import PASSWORD

PIN = "204816"
SIZE: ViewportSize = {"width": 390, "height": 844}
FLIGHT = (
    "net::ERR_INTERNET_DISCONNECTED",
    "net::ERR_FAILED",
    "net::ERR_CONNECTION",
    "net::ERR_EMPTY_RESPONSE",
)
"""What a browser itself says of a request that found no line; not ours to prevent."""


class Phone:
    """One phone; its storage lasts as long as its context, its pages do not."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self.address = context, address
        self.said: list[str] = []
        self._slower = 1
        self.asked: set[str] = set()
        self.page = self.take_up("/app/")

    def take_up(self, path: str = "/app/") -> Page:
        """Open the client in a new tab, which is the one in hand from now on."""
        self.page = page = self.context.new_page()
        page.on("console", lambda message: self._heard(message.type, message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.add(request.url))
        self.slow_down(self._slower)
        page.goto(self.address + path)
        return page

    def slow_down(self, times: int) -> None:
        """An old phone: its processor is so many times slower than this machine's, in each tab from now on."""
        self._slower = times
        session = self.context.new_cdp_session(self.page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": times})

    def sign_in(
        self, handle: str, pin: str = PIN, *, at_pin: Callable[[], None] = lambda: None
    ) -> None:
        """Account, password and a PIN, until the day's list is there; `at_pin` is called where it is asked for."""
        self.page.fill("[name=handle]", handle)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("[type=submit]")
        self.page.wait_for_selector(".keys")
        at_pin()
        self.type_pin(pin)
        self.type_pin(pin)
        self.at_home()
        self.synced()

    def type_pin(self, pin: str = PIN) -> None:
        """Six digits, by the keys of the screen."""
        for digit in pin:
            self.page.locator(".keys button", has_text=digit).click()

    def unlock(self, pin: str = PIN) -> None:
        """The PIN before a locked phone, until the day's list is there."""
        self.page.wait_for_selector(".keys")
        self.type_pin(pin)
        self.at_home()

    def at_home(self) -> None:
        """Wait until the phone is open."""
        self.page.wait_for_selector("nav.tabs", timeout=20_000)

    def offline(self) -> None:
        """No signal from now on."""
        self.context.set_offline(True)

    def online(self) -> None:
        """There is a signal; what waits is sent."""
        self.context.set_offline(False)
        self.page.evaluate("dispatchEvent(new Event('online'))")

    def synced(self) -> None:
        """Wait until the phone says that it spoke with the server and that nothing waits."""
        line = self.page.locator(".strip")
        expect(line).to_have_attribute("data-line", "well", timeout=30_000)
        expect(self.page.locator(".strip .count")).to_have_count(0, timeout=30_000)

    def kill(self) -> None:
        """The system takes the tab away: nothing of its memory is left, and nobody asked it."""
        self.page.close(run_before_unload=False)

    def go(self, path: str) -> None:
        """To another screen, as its links do."""
        self.page.evaluate(
            "path => (history.pushState({}, '', path), dispatchEvent(new PopStateEvent('popstate', {state: {}})))",
            f"/app{path}",
        )

    def _heard(self, sort: str, text: str) -> None:
        if not any(each in text for each in FLIGHT):
            self.said.append(f"{sort}: {text}")


def a_phone(browser: Browser, address: str, **more: object) -> Phone:
    """A new phone, in Chinese, by day."""
    given = {
        "viewport": SIZE,
        "locale": "zh-CN",
        "color_scheme": "light",
        "is_mobile": True,
        "has_touch": True,
    }
    return Phone(browser.new_context(**{**given, **more}), address)  # type: ignore[arg-type]


def a_phone_on_disk(browser: Browser, folder: Path) -> BrowserContext:
    """A phone whose storage lies in a folder, so that a test reads its disk, or kills it."""
    return browser.browser_type.launch_persistent_context(
        folder,
        executable_path=shutil.which("chromium"),
        args=[*QUIET],
        viewport=SIZE,
        locale="zh-CN",
    )


def rows(page: Page, table: str) -> int:
    """How many rows of a table lie on the phone."""
    counted = page.evaluate(
        """table => new Promise((found, failed) => {
          const asked = indexedDB.open('guitu')
          asked.onerror = () => failed(asked.error)
          asked.onsuccess = () => {
            const counted = asked.result.transaction(table).objectStore(table).count()
            counted.onsuccess = () => { asked.result.close(); found(counted.result) }
          }
        })""",
        table,
    )
    return int(counted)
