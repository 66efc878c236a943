"""
A year of an office, hour by hour: nobody is told anything at night, one digest a day, and the account closes every day.

Forty cases each time; `GUITU_YEAR_CASES=200 pytest tests/notifications/test_year.py` takes some minutes.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import date, time, timedelta
from random import Random

import pytest
from sqlalchemy import select

from notifications.jobs import Jobs
from tests import databases
from tests.builders import DAY, new_event
from tests.counties import named
from tests.notifications.counties import Telling, a_telling_county
from workflow.rules.errors import GuituError
from workflow.services.clock import ZONE, Instant
from workflow.services.completeness import Account, last_account
from workflow.services.run_reports import alarms
from workflow.store.tables import AttemptRow, MessageRow, table_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.databases("sqlite", why="a year of it; both hold the same rows"),
    pytest.mark.timeout(900),
]

OPENED = date(2024, 1, 8)
FIRST = OPENED + 30 * DAY
CASES = int(os.environ.get("GUITU_YEAR_CASES", "40"))
DAYS = 366
HOURS = (time(0, 1), time(7, 59), time(8, 30), time(17), time(22))
MESSAGES, ATTEMPTS = table_of(MessageRow), table_of(AttemptRow)


class Year:
    """Cases that came in one week of January, and are seen to now and then."""

    def __init__(self, county: Telling, seed: int) -> None:
        self.county, self.random = county, Random(seed)
        self.at = Instant.on(FIRST)
        self.jobs = Jobs(
            county.uow,
            packs=county.packs,
            calendar=county.calendar,
            clock=lambda: self.at,
        )
        self.accounts: list[Account] = []
        self.wrong: Counter[str] = Counter()

    def open(self) -> None:
        """Each is in community detox by the day on which the year begins."""
        for n in range(CASES):
            office, worker = self.random.choice((("north", "w1"), ("north", "w2"), ("south", "w3")))
            self.county.in_detox(office, f"年{n}", OPENED + n % 5 * DAY, (worker,))

    def live(self) -> None:
        """Every day of it."""
        self.jobs.begin_on(FIRST)
        for n in range(DAYS):
            day = FIRST + n * DAY
            for hour in HOURS:
                self.at = Instant.on(day, hour)
                self.jobs.tick()
                self.jobs.deliver()
                if hour == HOURS[2]:
                    self.work(day)
            self.jobs.look()
            with self.county.uow() as uow:
                account = last_account(uow)
                self.wrong.update(one.what for one in alarms(uow, self.at))
            assert account is not None
            assert account.for_day == day
            self.accounts.append(account)

    def work(self, day: date) -> None:
        """Some visits are made, and now and then a leave begins."""
        for _ in range(5):
            case_id = named(f"case 年{self.random.randrange(CASES)}")
            try:
                self.county.record(day, new_event("visited", day), case_id=case_id)
            except GuituError as refused:
                self.wrong[f"refused {refused.code}"] += 1
        if day.day == 15:
            self.county.leave(self.random.choice(("w1", "w2", "w3")), day, day + 6 * DAY, None)


@pytest.fixture(scope="module")
def year() -> Iterator[Year]:
    with databases.on("sqlite"), a_telling_county() as county:
        found = Year(county, seed=5)
        found.open()
        found.live()
        yield found


def test_the_account_closes_on_every_day(year: Year) -> None:
    assert len(year.accounts) == DAYS
    assert [one for one in year.accounts if not one.closes] == []
    last = year.accounts[-1]
    assert last.open_cases == last.with_step == CASES
    assert sum(one.notices for one in year.accounts) > 25 * CASES
    for one in year.accounts:
        assert one.waiting == 0
        assert not one.items.get("failed")
        assert sum(one.items.values()) >= one.notices
    assert not year.wrong


def test_nobody_is_told_anything_in_quiet_hours(year: Year) -> None:
    with year.county.uow() as uow:
        begun = uow.session.execute(select(ATTEMPTS.c.begun_at)).scalars().all()
    hours = Counter(one.astimezone(ZONE).hour for one in begun)
    assert sum(hours.values()) > 500
    assert set(hours) <= set(range(8, 20))


def test_each_has_one_digest_a_day_and_at_most_one_supplement(year: Year) -> None:
    with year.county.uow() as uow:
        rows = uow.session.execute(select(MESSAGES)).all()
    counted = Counter((row.recipient, row.for_day, row.sort) for row in rows if not row.subject)
    assert set(counted.values()) == {1}
    assert {row.sort for row in rows} <= {"digest", "later", "at_once"}
    for row in rows:
        assert (row.sent_at or row.withdrawn_at or row.next_at) is not None
        if row.sent_at:
            assert timedelta(0) <= row.sent_at - row.send_from < timedelta(hours=8)
