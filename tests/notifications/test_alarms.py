"""Alarms: each is said once a day, to the county's staff, in the log and to the operators; never about anybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from notifications.alarms import Post, raise_alarms
from tests.builders import DAY, RING, Office
from tests.counties import County, a_county, named
from tests.messages import MESSAGES, message
from workflow.services.clock import ZONE, Instant
from workflow.services.run_reports import Alarm
from workflow.store import runs
from workflow.store.unit_of_work import UnitOfWork

pytestmark = pytest.mark.databases("sqlite", "postgres")

FIRST = date(2024, 1, 8)
LATER = FIRST + 3 * DAY


class Operators:
    """Takes what it is posted, unless it is told not to."""

    def __init__(self) -> None:
        self.taken: list[Post] = []
        self.refuses = ""

    def post(self, alarm: Post) -> str:
        """Keep it, or say why not."""
        if not self.refuses:
            self.taken.append(alarm)
        return self.refuses

    def close(self) -> None:
        """It keeps nothing open."""


@pytest.fixture
def county() -> Iterator[County]:
    """A county of two officers, one on leave with a deputy at the township, that looked at one day and missed two."""
    with a_county(filled=_fill) as found:
        yield found


def _fill(county: County) -> None:
    for handle in ("c1", "c2"):
        county.add_worker(handle, "county", "county_office")
    county.leave("c2", FIRST, FIRST + 90 * DAY, "w1")
    county.tick(FIRST)
    county.tick(LATER)


def raised(
    office: Office, at: datetime | date, operators: Operators | None = None
) -> list[tuple[str, date]]:
    clock = Instant.on(at) if not isinstance(at, datetime) else Instant.at(at)
    found = raise_alarms(office.uow, clock=clock, packs=office.packs, operators=operators)
    return [(one.what, one.for_day) for one in found]


def told(office: Office) -> list[Any]:
    columns = ("recipient", "sort", "subject", "for_day", "as_role", "office_id", "send_from")
    query = select(*(MESSAGES.c[name] for name in columns)).where(MESSAGES.c.sort == "alarm")
    with office.uow() as uow:
        rows = uow.session.execute(query).all()
    return sorted(rows, key=lambda row: (row.for_day, row.recipient))


MISSED = [("missed_day", FIRST + DAY), ("missed_day", FIRST + 2 * DAY)]


def test_a_clock_that_was_put_forward_brings_one_alarm_and_no_storm(county: County) -> None:
    operators = Operators()
    county.tick(LATER + 300 * DAY)
    assert len(raised(county, LATER + 300 * DAY, operators)) == 30
    assert [row.recipient for row in told(county)] == ["c1", "c2"]  # back from leave
    assert [(one.what, one.count) for one in operators.taken] == [("missed_day", 30)]


def test_each_is_told_once_to_whoever_is_at_the_county_office(county: County) -> None:
    operators = Operators()
    with capture_logs() as logged:
        for _ in range(3):
            assert raised(county, LATER, operators) == MISSED
    found = told(county)
    assert [(row.recipient, row.subject, row.for_day) for row in found] == [
        (handle, "missed_day", LATER) for handle in ("c1", "w1")
    ]
    assert {(row.as_role, row.office_id) for row in found} == {("county_office", named("county"))}
    lines = [one for one in logged if one["event"] == "alarm"]
    last = FIRST + 2 * DAY
    assert [(one["what"], one["for_day"], one["count"], one["log_level"]) for one in lines] == [
        ("missed_day", last.isoformat(), 2, "error")
    ]
    assert [(one.what, one.for_day, one.count) for one in operators.taken] == [
        ("missed_day", last, 2)
    ]


def test_what_goes_on_is_told_again_the_next_day_and_what_is_over_is_not(county: County) -> None:
    raised(county, LATER)
    message(county, "stuck", LATER)
    for n in range(1, 3):
        county.tick(LATER + n * DAY)
        for minutes in (31, 90):
            raised(county, Instant.on(LATER + n * DAY).now + timedelta(minutes=minutes))
    found = [(row.subject, row.for_day) for row in told(county) if row.recipient == "c1"]
    assert found == [
        ("missed_day", LATER),
        ("messages_stuck", LATER + DAY),
        ("messages_stuck", LATER + 2 * DAY),
    ]


@pytest.mark.parametrize(("hour", "sent"), [(3, 8), (9, 9), (21, 32)])
def test_the_county_is_told_in_waking_hours(county: County, hour: int, sent: int) -> None:
    raised(county, datetime.combine(LATER, time(hour), ZONE))
    midnight = datetime.combine(LATER, time(), ZONE)
    assert {row.send_from for row in told(county)} == {midnight + timedelta(hours=sent)}


class Lost(UnitOfWork):
    """A transaction that never comes to its end."""

    def __exit__(self, *_: object) -> None:
        gone = ConnectionError()
        super().__exit__(ConnectionError, gone, None)
        raise gone


def test_what_was_not_written_down_is_not_logged(county: County) -> None:
    clock = Instant.on(LATER)
    with capture_logs() as logged, pytest.raises(ConnectionError):
        raise_alarms(lambda: Lost(county.engine, RING), clock=clock, packs=county.packs)
    assert logged == []
    with capture_logs() as logged:
        raised(county, LATER)
    assert [one["event"] for one in logged] == ["alarm"]


def test_what_the_webhook_does_not_take_is_posted_at_the_next_look(county: County) -> None:
    operators = Operators()
    operators.refuses = "timeout"
    with capture_logs() as logged:
        raised(county, LATER, operators)
    assert [one["code"] for one in logged if one["event"] == "alarm_not_posted"] == ["timeout"]
    operators.refuses = ""
    raised(county, LATER, operators)
    raised(county, LATER, operators)
    assert [(one.what, one.count) for one in operators.taken] == [("missed_day", 2)]


def test_what_waited_for_a_week_is_not_posted_any_more(county: County) -> None:
    raised(county, LATER)
    operators = Operators()
    raised(county, LATER + 8 * DAY, operators)
    assert not {one.for_day for one in operators.taken} & {day for _, day in MISSED}


def test_messages_that_reached_nobody_and_what_this_does_not_count(county: County) -> None:
    now = Instant.on(LATER).now
    failed: dict[str, Any] = {"failed_at": now, "failure": "no_channel", "owner": "county_office"}
    message(county, "an alarm", LATER, sort="alarm", **failed)
    message(county, "long ago", LATER, **{**failed, "failed_at": now - 2 * DAY})
    assert raised(county, LATER) == MISSED
    for name in ("one", "two"):
        message(county, name, LATER, **failed)
    found = raise_alarms(county.uow, clock=Instant.on(LATER), packs=county.packs)
    assert found[-1] == Alarm("message_failed", LATER, None, 2)


def test_a_run_that_never_ends_and_a_day_that_nobody_looked_at(county: County) -> None:
    on = Instant.on(LATER + DAY)
    assert raised(county, on.now - timedelta(hours=2)) == MISSED
    assert raised(county, on.now)[2:] == [("not_today", LATER + DAY)]
    with county.uow() as uow:
        runs.begin(uow.session, named("dead"), kind="delivery", for_day=on.today, started_at=on.now)
    assert ("no_end", on.today) not in raised(county, on.now)
    assert raised(county, on.now + timedelta(hours=2))[0] == ("no_end", on.today)


def test_without_anybody_at_the_county_office_it_is_still_raised() -> None:
    with a_county() as found:
        found.tick(FIRST)
        operators = Operators()
        assert raised(found, FIRST + DAY, operators) == [("not_today", FIRST + DAY)]
        assert (len(operators.taken), told(found)) == (1, [])
