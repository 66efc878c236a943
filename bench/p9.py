"""
P9: the worker's phone at a quarter of this machine's speed: from the last digit of the PIN to the day's list, and what is
loaded before anybody has signed in.

A real Chromium at 390x844, its processor slowed down four times, before a served application with sixty people whose
cases were lived (as P6's). The list counts as drawn when its first row is there and two frames were painted after it.
There is no peer: the goals are what somebody at a door can wait.
"""

from __future__ import annotations

import gzip
import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import Engine

from bench import p6
from bench.desks import WORKER
from bench.measuring import Figure, Measured, shown
from bench.peers import PeerMissing
from bench.served import Place, served
from bench.stores import Store, stores
from web import build
from workflow.services.accounts import account_of, kept_password, put_own_password
from workflow.services.clock import Instant
from workflow.services.passwords import Passwords
from workflow.store.keyring import KeyRing
from workflow.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

DRAWN_S, LOADED_KB = 1.5, 170
PASSWORD, PIN = "a long one for the bench", "204816"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")
DRAWN = """() => new Promise((drawn) => {
  const look = () => document.querySelector('main .row')
    ? requestAnimationFrame(() => requestAnimationFrame(() => drawn(performance.now())))
    : requestAnimationFrame(look)
  look()
})"""


@dataclass(frozen=True, slots=True)
class Size:
    """People (courses, each laid in so often), rounds, and how many times slower the phone is."""

    courses: int = 12
    copies: int = 5
    rounds: int = 7
    slower: int = 4


def measure() -> Measured:
    """Two figures."""
    build.build()
    with stores() as found, _browser() as browser:
        return measured(found[0], Size(), browser)


def measured(store: Store, size: Size, browser: Browser) -> Measured:
    """The same on this database, at this size; the client stands built."""
    page = browser.new_page(viewport={"width": 390, "height": 844}, locale="zh-CN")
    with closing(page), _county(store, size) as address:
        _sign_in(page, address)
        slow = page.context.new_cdp_session(page)
        rounds = [_opened(page, slow, size.slower) for _ in range(size.rounds)]
        rows = page.locator("main .row").count()
    doors, lists = zip(*rounds, strict=True)
    figures = (
        Figure("today_drawn", lists, DRAWN_S, "s", at_most=True),
        Figure("first_load", (first_load() / 1_000,), LOADED_KB, "KB gzip", at_most=True),
    )
    middle = sorted(doors)[len(doors) // 2]
    remark = (
        f"{rows} rows; the keys of the PIN stand {shown(middle)} s after the page was asked for"
    )
    return Measured(figures, (remark,))


def first_load() -> int:
    """Bytes of script and style, packed, that are fetched before anybody has signed in."""
    return sum(len(gzip.compress(path.read_bytes(), 5)) for path in build.loaded_at_once())


# ------------------------------------------------------------------ the phone


@contextmanager
def _browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        raise PeerMissing("Chromium is not installed: apt install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=program, args=[*FLAGS])


def _sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/app/")
    page.fill("[name=handle]", WORKER)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_selector(".keys")
    for digit in PIN * 2:
        page.keyboard.press(digit)
    page.wait_for_selector("nav.tabs")
    if page.locator("main .row").count() == 0:  # the chairs of these cases are others'
        page.locator("main label", has_text="全单位").click()
    page.wait_for_selector("main .row")


def _opened(page: Page, slow: CDPSession, times: int) -> tuple[float, float]:
    """Seconds from asking for the page to its keys, and from the last digit to the list."""
    slow.send("Emulation.setCPUThrottlingRate", {"rate": times})
    began = time.perf_counter()
    page.reload(wait_until="commit")
    page.wait_for_selector(".keys")
    door = time.perf_counter() - began
    for digit in PIN[:-1]:
        page.keyboard.press(digit)
    pressed = page.evaluate("performance.now()")
    page.keyboard.press(PIN[-1])
    drawn = page.evaluate(DRAWN)
    return door, (drawn - pressed) / 1_000


# ------------------------------------------------------------------ the county


@contextmanager
def _county(store: Store, size: Size) -> Iterator[str]:
    engine, ring = store.new(), KeyRing.generate()
    p6.fill(engine, ring, p6.Size(courses=size.courses, copies=size.copies))
    _let_in(engine, ring)
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()
    with served(Place(url, ring.text, 2)) as server:
        yield f"http://127.0.0.1:{server.port}"
    store.drop(engine)


def _let_in(engine: Engine, ring: KeyRing) -> None:
    """The worker may log in."""
    hashed, now = Passwords().hashed(PASSWORD, WORKER), Instant.at(datetime.now(UTC))
    with UnitOfWork(engine, ring) as uow:
        account_id = account_of(uow, WORKER).id
        seen = kept_password(uow, account_id) or ""
        put_own_password(uow, account_id, seen=seen, hashed=hashed, clock=now, but=uuid4())
