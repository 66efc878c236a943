"""Every screen, in both languages, by day and by night: nothing that axe objects to, nothing cut off, nothing logged."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.web.phone import audits
from tests.web.phone.houses import House
from tests.web.phone.phones import Phone, a_phone
from tests.web.phone.screens import is_too_wide, keep, sheets, walk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.databases("sqlite", why="what a screen looks like depends on no database"),
]
LOOKS = [("zh-CN", "light"), ("zh-CN", "dark"), ("en-GB", "light"), ("en-GB", "dark")]


@pytest.fixture(scope="session", autouse=True)
def judges() -> None:
    """Lighthouse and axe."""
    audits.fetch()


@pytest.fixture(params=LOOKS, ids="-".join)
def looked_at(
    request: pytest.FixtureRequest, chromium: Browser, house: House
) -> Iterator[tuple[str, Phone]]:
    """A phone of some look, with its name."""
    locale, theme = request.param
    found = a_phone(chromium, house.address, locale=locale, color_scheme=theme)
    yield f"{locale[:2]}-{theme}", found
    found.context.close()


def test_every_screen_is_one_that_everybody_can_use(looked_at: tuple[str, Phone]) -> None:
    look, phone = looked_at
    wrong: dict[str, list[str]] = {}

    def judge(name: str) -> None:
        keep(phone.page, f"{name}-{look}")
        wrong[name] = audits.axe(phone.page)
        if is_too_wide(phone.page):
            wrong[name].append("it has to be scrolled sideways")

    judge("door")
    phone.sign_in("w1", at_pin=lambda: judge("set-pin"))
    for name in walk(phone):
        judge(name)
    for name in sheets(phone):
        judge(name)
    phone.offline()
    for name in walk(phone):
        judge(f"{name}-offline")
    phone.page.reload()
    phone.page.wait_for_selector(".keys")
    judge("lock")
    assert {name: found for name, found in wrong.items() if found} == {}
    assert len(wrong) == 29
    assert phone.said == []


def test_lighthouse_has_nothing_to_object(house: House) -> None:
    told = audits.lighthouse(house.address, "w1")
    door, today = told["door"], told["today"]
    assert door.scores["performance"] >= 90, door
    for each in (door, today):
        assert each.scores["accessibility"] == 100, each
        assert each.scores["best-practices"] >= 95, each
