"""What a monitor reads of messages and runs: the same as stands in the rows, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert

from notifications.account import close
from notifications.metrics import Metrics
from tests.builders import DAY, Office
from tests.counties import County, a_county
from tests.messages import message, notices
from workflow.rules.errors import Unavailable
from workflow.services.clock import Instant
from workflow.store import runs
from workflow.store.tables import AttemptRow, table_of
from workflow.store.unit_of_work import UnitOfWork

pytestmark = pytest.mark.databases("sqlite", "postgres")

FIRST = date(2024, 1, 8)
TOLD = FIRST + 18 * DAY
NOW = Instant.on(TOLD).now


@pytest.fixture
def county() -> Iterator[County]:
    """Two cases in detox, and the day on which they are first told of something."""
    with a_county(filled=_fill) as found:
        yield found


def _fill(county: County) -> None:
    for name in ("甲", "乙"):
        county.in_detox("north", name, FIRST)
    county.tick(TOLD)


def read(office: Office, at: datetime = NOW) -> dict[str, float]:
    text = Metrics(office.uow, lambda: Instant.at(at)).text().decode()
    lines = [one for one in text.splitlines() if not one.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def attempted(office: Office, message_id: UUID, *outcomes: str | None) -> None:
    rows = [
        {
            "message_id": message_id,
            "number": number,
            "channel": "email",
            "fence": number,
            "begun_at": NOW,
            "outcome": outcome,
        }
        for number, outcome in enumerate(outcomes, 1)
    ]
    with office.uow() as uow:
        uow.session.execute(insert(table_of(AttemptRow)), rows)


def test_what_waits_and_for_how_long(county: County) -> None:
    assert read(county)["guitu_oldest_due_seconds"] == 0
    message(county, "due", TOLD)
    later = NOW + timedelta(hours=8)
    message(county, "later", TOLD, next_at=later, send_from=later)
    found = read(county, NOW + timedelta(minutes=10))
    assert found["guitu_messages_queued"] == 1
    assert found["guitu_messages_held"] == 1
    assert found["guitu_oldest_due_seconds"] == 600
    assert found['guitu_alarms{what="messages_stuck"}'] == 0
    assert read(county, NOW + timedelta(minutes=31))['guitu_alarms{what="messages_stuck"}'] == 1


def test_what_came_of_the_attempts_of_a_day(county: County) -> None:
    attempted(county, message(county, "today", TOLD), "again", "again", "sent")
    attempted(county, message(county, "another", TOLD), None)
    attempted(county, message(county, "yesterday", TOLD - DAY), "sent")
    found = {name: value for name, value in read(county).items() if "attempts" in name}
    of = 'guitu_attempts_today{channel="email",outcome='
    assert found == {f'{of}"again"}}': 2, f'{of}"sent"}}': 1, f'{of}"under_way"}}': 1}


def test_the_sweep_and_the_account(county: County) -> None:
    run_id = county.tick(TOLD + DAY).run_id
    on = Instant.on(TOLD + DAY).now
    with county.uow() as uow:
        close(uow, run_id, on, TOLD + DAY)
        runs.end(uow.session, run_id, ended_at=on + timedelta(seconds=7), counts={})
    found = read(county, on + timedelta(minutes=2))
    assert found["guitu_sweep_seconds"] == 7
    assert found["guitu_days_since_sweep"] == 0
    assert found["guitu_account_age_seconds"] == 120
    assert found["guitu_open_cases"] == found["guitu_cases_with_step"] == 2
    told = len(notices(county, TOLD + DAY))
    assert found['guitu_account_gap{part="untold"}'] == told
    assert found['guitu_alarms{what="gap"}'] == (1 if told else 0)
    assert found['guitu_account_gap{part="unnamed"}'] == 0


def test_days_that_nobody_looked_at(county: County) -> None:
    later = Instant.on(TOLD + 3 * DAY).now
    found = read(county, later)
    assert found['guitu_alarms{what="missed_day"}'] == 2
    assert found['guitu_alarms{what="not_today"}'] == 1
    assert found["guitu_days_since_sweep"] == 3


@pytest.mark.databases("none")
def test_a_database_that_cannot_be_read_is_told_and_nothing_is_made_up() -> None:
    def lost() -> UnitOfWork:
        raise Unavailable("connection_lost")

    text = Metrics(lost, lambda: Instant.at(NOW)).text().decode()
    assert "guitu_database_up 0.0" in text
    assert "guitu_messages_queued" not in text
