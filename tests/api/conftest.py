"""What tests of the API start from: an app over a fresh demo or office, and a client that speaks to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from tests.api.clients import Client, a_demo, an_office_app


@pytest.fixture
def demo() -> Iterator[Client]:
    """An empty demo on 8 January 2024."""
    with a_demo(date(2024, 1, 8)) as client:
        yield client


@pytest.fixture
def office() -> Iterator[Client]:
    """An empty office on 8 January 2024."""
    with an_office_app(date(2024, 1, 8)) as client:
        yield client
