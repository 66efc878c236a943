"""
A real Chromium before a real server: what a test client cannot see (origins, cookies, policies, layout).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path
from uuid import UUID

import pytest

from api.app import create_app
from notifications.content import Item, Pressing
from tests.api.clients import Client, a_demo, add_account, event
from tests.browsers import served
from tests.builders import Office
from tests.messages import delivered, fixed, message
from workflow.services.clock import Instant

EVERYTHING: tuple[tuple[Pressing, ...], tuple[str, ...], tuple[int, ...], tuple[str, ...]] = (
    ("statutory", "overdue"),
    ("community_worker", "community_police", "supervisor"),
    (2, 40),
    ("chair", "empty", "no_channel"),
)
"""What a digest may hold: groups, owners, days late, reasons."""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A demo with one person overdue, served at this address; `county` and `root` may log in."""
    with a_demo(date(2024, 1, 8), shared_in=tmp_path) as client:
        _fill(client)
        with served(create_app(client.parts)) as found:
            yield found


def _fill(client: Client) -> None:
    add_account(client.parts, "root", "administrator")
    client.open(name="金虚构")
    client.post(event("detected", "2024-01-08", source="inspection"))
    client.move_clock("2024-01-20")
    _deliver(client)


def _deliver(client: Client) -> None:
    """A full digest in the inbox of `county`."""
    office, on = Office(client.parts.engine), date(2024, 1, 20)
    sent = message(office, "full", on, [], recipient="county", sent_at=Instant.on(on).now)
    items = [
        Item(UUID(int=n), "visit", "", group, owner, on, late, because)
        for n, (group, owner, late, because) in enumerate(product(*EVERYTHING))
    ]
    fixed(office, sent, items, as_role="county_office")
    delivered(office, sent, Instant.on(on).now)
