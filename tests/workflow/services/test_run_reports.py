"""What the runs tell whoever watches: a run that died, a day that nobody looked at, a case that could not be done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest

from tests.builders import CASE, DAY, Office, an_office, detected
from tests.messages import message
from workflow.services import modes
from workflow.services.clock import Instant
from workflow.services.run_reports import DAYS_BACK, alarms, runs_of
from workflow.store import runs
from workflow.store.unit_of_work import UnitOfWork

FIRST = date(2024, 1, 8)
DEAD = UUID(int=66)


@pytest.fixture
def office() -> Iterator[Office]:
    """An office that looked at the calendar on five days in a row."""
    with an_office() as found:
        for number in range(5):
            found.tick(FIRST + number * DAY)
        yield found


def wrong(office: Office, on: date, hours: int = 0, *, minutes: int = 0) -> list[tuple[str, date]]:
    clock = Instant.on(on)
    clock = Instant(clock.now + timedelta(hours=hours, minutes=minutes), clock.today)
    with UnitOfWork(office.engine, reading=True) as uow:
        return [(each.what, each.for_day) for each in alarms(uow, clock)]


def test_a_new_office_has_no_alarm() -> None:
    with an_office() as new:
        assert wrong(new, FIRST) == []


def test_a_day_without_a_run_is_told_once_it_is_over(office: Office) -> None:
    last = FIRST + 4 * DAY
    assert wrong(office, last) == []
    assert wrong(office, last + DAY) == [("not_today", last + DAY)]
    assert wrong(office, last + DAY, hours=-2) == []
    office.tick(last + 2 * DAY)
    assert wrong(office, last + 2 * DAY) == [("missed_day", last + DAY)]
    office.tick(last + 4 * DAY)
    assert wrong(office, last + 4 * DAY) == [
        ("missed_day", last + DAY),
        ("missed_day", last + 3 * DAY),
    ]
    assert wrong(office, last + timedelta(days=3 + DAYS_BACK))[0] == ("missed_day", last + 3 * DAY)


def test_a_run_without_an_end_is_told_after_an_hour(office: Office) -> None:
    today = FIRST + 5 * DAY
    office.tick(today)
    with office.uow() as uow:
        runs.begin(uow.session, DEAD, kind="sweep", for_day=today, started_at=Instant.on(today).now)
    assert wrong(office, today) == []
    assert wrong(office, today, hours=2) == [("no_end", today)]
    with office.uow() as uow:
        runs.end(uow.session, DEAD, ended_at=Instant.on(today).now, counts={})
    assert wrong(office, today, hours=2) == []


def test_a_sweep_that_was_begun_today_has_an_hour(office: Office) -> None:
    today = FIRST + 5 * DAY
    begun = Instant.on(today).now
    assert wrong(office, today) == [("not_today", today)]
    for number, minutes in enumerate((0, 50)):  # one that dies, and another try
        with office.uow() as uow:
            run, at = UUID(int=60 + number), begun + timedelta(minutes=minutes)
            runs.begin(uow.session, run, kind="sweep", for_day=today, started_at=at)
    assert wrong(office, today) == []
    assert wrong(office, today, minutes=59) == []
    assert ("not_today", today) in wrong(office, today, hours=1)


def test_what_waited_while_the_server_was_off_has_half_an_hour(office: Office) -> None:
    today = FIRST + 5 * DAY
    office.tick(today)
    begun = Instant.on(today).now
    message(office, "old", today - DAY, next_at=begun - timedelta(hours=20))
    with office.uow() as uow:
        runs.begin(uow.session, UUID(int=60), kind="delivery", for_day=today, started_at=begun)
    stuck = ("messages_stuck", today)
    assert stuck not in wrong(office, today, minutes=30)
    assert stuck in wrong(office, today, minutes=31)


def test_a_clock_that_stands_still_and_skips_days_makes_no_day_missed(office: Office) -> None:
    office.tick(FIRST + 8 * DAY)
    late = FIRST + 10 * DAY
    assert {what for what, _ in wrong(office, late)} == {"missed_day", "not_today"}
    with office.uow() as uow:
        modes.stamp(uow, "demo")
        modes.set_demo_today(uow, late)
    assert wrong(office, late) == []


def test_a_case_that_the_last_run_could_not_do(office: Office) -> None:
    day = FIRST + 5 * DAY
    office.open(FIRST + 4 * DAY)
    office.record(FIRST + 4 * DAY, detected(FIRST))
    office.damage("visited", "{")
    office.tick(day)
    assert wrong(office, day) == [("failures", day)]
    with UnitOfWork(office.engine, reading=True) as uow:
        assert runs_of(uow)[0].failures[0][0] == CASE
