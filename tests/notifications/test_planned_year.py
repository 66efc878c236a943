"""A year of two hundred cases, with days off, mornings slept through and things recorded at all hours of the day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from random import Random
from uuid import UUID

import pytest

from bench import counties as bench
from tests.builders import DAY, RING, new_database, new_event
from tests.counties import named
from tests.notifications.counties import Telling
from workflow.rules.access import AccountRole
from workflow.services.clock import ZONE, Instant
from workflow.services.staffing import add_staff, post
from workflow.services.sweeping import next_day

__all__ = ["new_database"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.databases(
        "sqlite", why="a year is dear; each rule of it is tried on both elsewhere"
    ),
]

CASES, COURSES, SEED = 200, 20, 20260302
NIGHT, TEN, TWO, EVENING = time(0, 5), time(10), time(14), time(18, 30)
SENT_AT = (time(8, 30), time(12), time(17), time(19, 59))
"""When the dispatch looks: it is never far behind."""
STAFF: tuple[tuple[str, str, AccountRole], ...] = (
    ("h0", "community_worker", "worker"),
    ("h1", "community_police", "helper"),
    ("h2", "community_doctor", "helper"),
    ("s1", "supervisor", "supervisor"),
    ("c1", "county_office", "county"),
)


def test_a_year_in_which_nobody_is_woken_stormed_or_left_out() -> None:
    county = a_county_of_many()
    chance = Random(SEED)
    first, through = bench.DUE, bench.DUE + 366 * DAY
    cases = [UUID(int=(1 << 112) + number) for number in range(1, CASES + 1)]
    lost: set[UUID] = set()
    for day in days_with_something(county, first, through):
        for at in hours(chance):
            recorded = chance.random() < 0.5 and at > NIGHT
            if recorded and len(lost) < CASES:
                lose_somebody(county, day, at, chance.choice([*set(cases) - lost]), lost)
            county.tick_at(day, at)
            for sent in SENT_AT:
                if sent <= at:
                    county.fix(Instant.on(day, sent).now)
            county.plan(day, at)
            county.withdraw(day, at)
        for sent in SENT_AT:
            county.fix(Instant.on(day, sent).now)
    assert_humane(county)
    assert_accounted_for(county)


def assert_humane(county: Telling) -> None:
    """No message in quiet hours, and no more than one digest and one supplement a person a day."""
    rows = county.rows("SELECT recipient, sort, send_from FROM messages WHERE failed_at IS NULL")
    hours_used = Counter[int]()
    a_day = Counter[tuple[str, str, date]]()
    for who, sort, at in rows:
        local = datetime.fromisoformat(at).replace(tzinfo=UTC).astimezone(ZONE)
        hours_used[local.hour] += 1
        a_day[who, sort, local.date()] += sort in ("digest", "later")
    assert len(rows) > 300
    assert set(hours_used) <= set(range(8, 20))
    assert max(a_day.values()) == 1
    assert {sort for _, sort, _ in rows} == {"digest", "later"}


def assert_accounted_for(county: Telling) -> None:
    """Every notice is in a message of the day on which it was told, or of the next morning; none waits for ever."""
    told = county.rows("SELECT count(*) FROM notices")[0][0]
    in_items = county.rows(
        "SELECT count(*) FROM (SELECT DISTINCT case_id, kind, occurrence, told_on, told_to"
        " FROM message_items) AS every"
    )[0][0]
    assert told == in_items > 2000
    far = county.rows(
        "SELECT count(*) FROM message_items i JOIN messages m ON m.id = i.message_id"
        " WHERE julianday(m.for_day) - julianday(i.told_on) NOT IN (0, 1)"
    )
    assert far == [(0,)]
    waiting = county.rows("SELECT count(*) FROM messages WHERE next_at IS NOT NULL")[0][0]
    assert waiting <= 10  # of the last evening, for the next morning


# ------------------------------------------------------------------ the year


def a_county_of_many() -> Telling:
    """Two hundred cases of one office, a fortnight after they reported in, with everybody in their chairs."""
    county = Telling(new_database())
    base = bench.County.at(county.engine, RING)
    courses = bench.young_courses(COURSES, 10)
    bench.settle(base, courses, CASES // COURSES)
    for handle, role, account in STAFF:
        clock = Instant.on(bench.BEGUN)
        with county.uow() as uow:
            who = {"staff_id": named(handle), "handle": handle, "name": handle, "phone": None}
            add_staff(uow, **who, clock=clock, by="root")  # type: ignore[arg-type]
            post(
                uow,
                posting_id=named(f"post {handle}"),
                staff_id=named(handle),
                office_id=bench.OFFICE,
                role=role,
                first_on=bench.BEGUN,
                clock=clock,
                by="root",
            )
        county.account(handle, account)
    county.packs = base.packs
    return county


def days_with_something(county: Telling, first: date, through: date) -> Iterator[date]:
    """The days on which the calendar brings something about."""
    day = first
    while day <= through:
        yield day
        with county.uow() as uow:
            day = max(next_day(uow, day) or through + DAY, day + DAY)


def hours(chance: Random) -> list[time]:
    """At which hours somebody looks on a day: mostly by night, now and then once more, or only when half of it is over."""
    asleep, again = chance.random() < 0.1, chance.random() < 0.2
    by_day = [chance.choice([TEN, TWO, EVENING])] if asleep or again else []
    return by_day if asleep else [NIGHT, *by_day]


def lose_somebody(county: Telling, day: date, at: time, case_id: UUID, lost: set[UUID]) -> None:
    """Somebody is out of touch, recorded now: a welfare contact is owed, and told on its opening."""
    lost.add(case_id)
    county.record_at(day, at, new_event("contact_lost", day), case_id=case_id)
