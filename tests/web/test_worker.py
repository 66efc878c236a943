"""The service worker in a real browser: the client opens without a server, and a new version waits for its user."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

from api.app import create_app
from tests.api.clients import Client, a_demo
from tests.browsers import served
from tests.waiting import until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.databases("sqlite", why="what a browser keeps depends on no database"),
]
IN_CHARGE = "navigator.serviceWorker.controller !== null"
IS_NEW = "document.querySelector('meta[name=description]').content.startsWith('新')"
WAITING = "async () => (await navigator.serviceWorker.getRegistration()).waiting !== null"


class Place:
    """A server with a client of its own that may go away and come back, and a phone before it."""

    def __init__(self, demo: Client, folder: Path, phone: BrowserContext) -> None:
        self._demo, self.folder, self.phone = demo, folder, phone
        self._running, self.address = ExitStack(), ""

    def start(self) -> None:
        port = int(self.address.rpartition(":")[2] or 0)
        app = create_app(self._demo.parts, self.folder)
        self.address = self._running.enter_context(served(app, port))

    def stop(self) -> None:
        self._running.close()

    def opened(self) -> Page:
        """The client, once its worker is in charge."""
        page = self.phone.new_page()
        page.goto(f"{self.address}/app/")
        assert until(lambda: told(page, IN_CHARGE))
        return page

    def release(self) -> None:
        """A new version: another page, and so another worker."""
        page, worker = self.folder / "index.html", self.folder / "sw.js"
        page.write_text(
            page.read_text("utf-8").replace('content="归途', 'content="新归途'), "utf-8"
        )
        worker.write_text(worker.read_text("utf-8").replace('VERSION = "', 'VERSION = "new'))


@pytest.fixture
def place(chromium: Browser, built: Path, tmp_path: Path) -> Iterator[Place]:
    folder = tmp_path / "client"
    shutil.copytree(built, folder)
    with a_demo(date(2024, 1, 8), shared_in=tmp_path) as demo:
        found = Place(demo, folder, chromium.new_context(locale="zh-CN"))
        found.start()
        try:
            yield found
        finally:
            found.phone.close()
            found.stop()


def told(page: Page, asked: str) -> Any:
    """What a page says, or nothing while it is being loaded; the policy lets no tool wait inside of it."""
    try:
        return page.evaluate(asked)
    except Error:
        return None


def caches_of(page: Page) -> dict[str, list[str]]:
    """The addresses in each cache of the browser."""
    asked = """async () => Object.fromEntries(await Promise.all((await caches.keys()).map(
        async (name) => [name, (await (await caches.open(name)).keys()).map((one) => one.url)])))"""
    found: dict[str, list[str]] = page.evaluate(asked)
    return found


def test_a_first_visit_is_loaded_once(place: Place) -> None:
    page, loads = place.phone.new_page(), list[Page]()
    page.on("load", lambda page: loads.append(page))
    page.goto(f"{place.address}/app/")
    assert until(lambda: told(page, IN_CHARGE))
    page.wait_for_timeout(300)
    assert len(loads) == 1


def test_it_opens_without_a_server(place: Place) -> None:
    page = place.opened()
    place.stop()
    for path in ("/app/", "/app/people", "/app/person/0192f0c1-7a10-7c3e-9d2b-2f1f6f4f0b01"):
        page.goto(place.address + path)
        page.wait_for_selector("#app main")
        assert page.title()
    kept = [url for urls in caches_of(page).values() for url in urls]
    assert len(kept) == len(json.loads(files_of(place.folder)))
    assert not [url for url in kept if "/api/" in url]


def files_of(folder: Path) -> str:
    return (folder / "sw.js").read_text("utf-8").splitlines()[1].partition("= ")[2]


def test_a_new_version_waits_and_is_taken_once_by_all_pages(place: Place) -> None:
    """A page that was loaded anew under somebody's hands lost what they were writing."""
    first, second = place.opened(), place.opened()
    loads = {first: 0, second: 0}
    for page in loads:
        page.on("load", lambda page: loads.update({page: loads[page] + 1}))
    place.release()
    first.evaluate("async () => { await (await navigator.serviceWorker.ready).update() }")
    assert until(lambda: told(first, WAITING))
    first.wait_for_selector("button.fresh")
    assert set(loads.values()) == {0}
    first.click("button.fresh")
    assert until(lambda: all(told(page, IS_NEW) for page in loads))
    first.wait_for_timeout(300)
    assert set(loads.values()) == {1}
    assert [name[:9] for name in caches_of(first)] == ["shell-new"]


def test_a_version_that_arrives_in_part_is_not_taken(place: Place) -> None:
    page = place.opened()
    before = caches_of(page)
    place.release()
    (place.folder / "icon.svg").unlink()
    tried = "async () => { await (await navigator.serviceWorker.ready).update().catch(() => 0) }"
    page.evaluate(tried)
    page.wait_for_timeout(500)
    assert page.evaluate(WAITING) is False
    page.reload()
    assert told(page, IS_NEW) is False
    assert before.items() <= caches_of(page).items()


def test_what_is_pushed_is_shown(place: Place) -> None:
    place.phone.grant_permissions(["notifications"], origin=place.address)
    page = place.opened()
    sender = place.phone.new_cdp_session(page)
    known: list[str] = []
    sender.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: known.extend(each["registrationId"] for each in told["registrations"]),
    )
    sender.send("ServiceWorker.enable")
    page.wait_for_timeout(200)
    pushed = {"title": "归途", "body": "今日到期 3 项"}
    sender.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": place.address, "registrationId": known[0], "data": json.dumps(pushed)},
    )
    shown = """async () => (await (await navigator.serviceWorker.ready).getNotifications())
        .map((one) => `${one.title}|${one.body}`)"""
    assert until(lambda: told(page, shown) == ["归途|今日到期 3 项"])
