"""What tests of the phone start from: a real browser, a county, and a server of its own for each test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.web.phone.houses import House, a_house, county_in
from tests.web.phone.phones import Phone, a_phone


@pytest.fixture(scope="session")
def county(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo county, loaded once for all workers of a run."""
    own = tmp_path_factory.getbasetemp()
    return county_in(own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own)


@pytest.fixture
def house(county: Path, tmp_path: Path) -> Iterator[House]:
    """A server over a county of its own."""
    with a_house(county, tmp_path) as found:
        yield found


@pytest.fixture
def phone(chromium: Browser, house: House) -> Iterator[Phone]:
    """A phone before the door of that county."""
    found = a_phone(chromium, house.address)
    yield found
    found.context.close()
