"""
Sweep, plan and deliver, killed at every statement and around every commit: done again, it comes to the same.

Every place is enumerated, on both databases and with both engines: the workers' one puts its trigger into the
transaction that plans.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from notifications.engines.procrastinate import Kicks
from notifications.engines.procrastinate_schema import install
from notifications.jobs import Jobs
from tests import databases
from tests.builders import RING
from tests.counties import County
from tests.failpoints import Original, each_boundary
from tests.notifications.duties import EMAIL, TOLD, a_duty, with_one_case
from tests.notifications.posting import RecordingGateway
from tests.pictures import Picture, picture
from workflow.services.clock import Instant
from workflow.store.tables import MessageRow, table_of

pytestmark = [pytest.mark.databases("none"), pytest.mark.slow]

OF_THE_WAY = ("runs", "run_failures", "run_accounts", "attempts", "alarms", "stamps", "contacts")
"""What tells by which way it came about."""
MESSAGES = table_of(MessageRow)
OF_WHO = ("fence", "tries", "claimed_by", "claimed_until")


@pytest.fixture(
    params=[
        pytest.param(("sqlite", "embedded"), id="sqlite-embedded"),
        pytest.param(("postgres", "embedded"), id="postgres-embedded", marks=pytest.mark.postgres),
        pytest.param(("postgres", "worker"), id="postgres-worker", marks=pytest.mark.postgres),
    ]
)
def place(request: pytest.FixtureRequest) -> Iterator[tuple[Original, str]]:
    """A case of which two people are to be told, one of them by e-mail; and by which engine."""
    kind, engine = request.param

    def filled(county: County) -> None:
        with_one_case(county)
        county.address("w1", EMAIL)

    with databases.on(kind), a_duty(filled=filled) as duty:
        if engine == "worker":
            install(duty.database)
        yield Original(duty.database), engine


@dataclass
class Morning:
    """What an engine does on a morning; once more when the lease of the dead is over."""

    kicks: bool
    email: RecordingGateway = field(default_factory=RecordingGateway)

    def __call__(self, engine: Engine) -> None:
        county = County(engine, ring=RING)
        with county.uow() as uow:
            latest = uow.session.execute(select(func.max(MESSAGES.c.claimed_until))).scalar()
        at = Instant.at(latest + timedelta(minutes=1)) if latest else Instant.on(TOLD)
        jobs = Jobs(
            county.uow,
            packs=county.packs,
            calendar=county.calendar,
            clock=lambda: at,
            gateways={"email": self.email},
        )
        jobs.tick(Kicks().deliver if self.kicks else None)
        jobs.deliver()


def told(engine: Engine) -> Picture:
    """Who was told what; without when, and by whose hand."""
    seen = picture(engine, RING).without(*OF_THE_WAY)
    return Picture({name: tuple(map(timeless, rows)) for name, rows in seen.rows.items()})


def timeless(row: tuple[tuple[str, Any], ...]) -> tuple[tuple[str, Any], ...]:
    found: list[tuple[str, Any]] = []
    for name, value in row:
        if name in OF_WHO:
            continue
        is_date = name.endswith("_at") or name == "send_from"
        found.append((name, value is not None) if is_date else (name, value))
    return tuple(found)


def test_killed_anywhere_and_done_again_everybody_is_told_once(
    place: tuple[Original, str],
) -> None:
    original, engine = place
    morning = Morning(kicks=engine == "worker")
    found = each_boundary(original, morning, told)
    assert len(found.after.rows["inbox"]) == 1
    assert len(found.after.rows["messages"]) == 2
    for again in found.again:
        assert again == found.after, again.difference(found.after)
    places = [one.place for one in found.left]
    assert places.count("before COMMIT") >= 6
    said: dict[Any, set[tuple[str, str]]] = {}
    for message in morning.email.handed:
        said.setdefault(message.message_id, set()).add((message.title, message.body))
    assert {len(each) for each in said.values()} == {1}
