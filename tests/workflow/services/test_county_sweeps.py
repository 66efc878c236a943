"""A sweep county by county comes to what one sweep does; a look at the calendar that would find nothing is not made."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import bindparam, insert, select, update

from tests.builders import DAY
from tests.counties import BEGUN, County, a_county, named
from tests.pictures import picture
from workflow.services.clock import Instant
from workflow.services.offices import open_office
from workflow.services.sweeping import (
    AT_ONCE,
    counties_to_sweep,
    is_due,
    sweep_county,
)
from workflow.store import runs
from workflow.store.cases import CASES

FIRST = date(2024, 1, 8)
LATER = date(2024, 2, 20)
pytestmark = pytest.mark.databases("sqlite", "postgres")
HERE, THERE = "621102", "620102"
CODES = (THERE, HERE)


@pytest.fixture
def county() -> Iterator[County]:
    """Two cases in one county and one in another, which nobody has looked at for a month."""
    with a_county(filled=fill) as found:
        yield found


def fill(county: County) -> None:
    for name, level, parent in (("city", "county", None), ("west", "township", "city")):
        with county.uow() as uow:
            open_office(
                uow,
                office_id=named(name),
                division=THERE,
                level=level,
                name=name,
                parent_id=named(parent) if parent else None,
                on=BEGUN,
                clock=Instant.on(BEGUN),
                by="root",
            )
    for office, name in (("north", "甲"), ("south", "乙"), ("west", "丙")):
        county.in_detox(office, name, FIRST)


def swept(county: County, division: str, on: date = LATER) -> int:
    clock = Instant.on(on)
    how = {"packs": county.packs, "calendar": county.calendar, "clock": clock}
    return sweep_county(county.uow, division, **how).cases  # type: ignore[arg-type]


def apart(county: County, on: date = LATER) -> tuple[str, ...]:
    with county.uow() as uow:
        return counties_to_sweep(uow, Instant.on(on))


def due(county: County, clock: Instant) -> bool:
    with county.uow() as uow:
        return is_due(uow, clock)


def test_county_by_county_it_comes_to_what_one_sweep_does(county: County) -> None:
    assert apart(county) == CODES
    assert [swept(county, code) for code in CODES] == [1, 2]
    assert county.tick(LATER).cases == 0
    with a_county(filled=fill) as other:
        other.tick(LATER)
        wanted = picture(other.engine, other.ring).without("runs")
        assert picture(county.engine, county.ring).without("runs") == wanted


def test_it_is_done_once_a_morning_and_where_there_are_several(county: County) -> None:
    swept(county, THERE)
    assert apart(county) == ()
    county.tick(LATER)
    assert apart(county) == ()
    assert apart(county, LATER + 90 * DAY) == CODES
    swept(county, THERE, LATER + 90 * DAY)
    assert apart(county, LATER + 91 * DAY) == ()


def test_a_day_is_due_until_it_was_swept(county: County) -> None:
    assert due(county, Instant.on(LATER))
    county.tick(LATER)
    assert not due(county, Instant.on(LATER))
    assert due(county, Instant.on(LATER + DAY))


def test_a_clock_that_goes_back_brings_nothing_about(county: County) -> None:
    county.tick(LATER)
    assert not due(county, Instant.on(LATER - DAY))


def test_what_is_opened_on_a_day_that_was_swept_is_looked_at(county: County) -> None:
    county.tick(LATER)
    county.open_at("north", "丁", LATER)
    assert due(county, Instant.on(LATER))
    county.tick(LATER)
    assert not due(county, Instant.on(LATER))


def test_a_case_that_cannot_be_done_is_tried_again_an_hour_later(county: County) -> None:
    bad = county.open_at("north", "戊", LATER)
    county.damage("no_such_event", "{}", case_id=bad)
    clock = Instant.on(LATER)
    assert len(county.tick(LATER).failures) == 1
    assert not due(county, clock)
    assert due(county, Instant.at(clock.now + timedelta(hours=1)))
    county.open_at("north", "己", LATER)
    assert due(county, clock)


MOST = AT_ONCE + 30


def fill_many(county: County) -> None:
    """More cases than a sweep takes at once; ended ones, since no two of one person may be open."""
    county.open_at("north", "甲", FIRST)
    county.tick(LATER)
    with county.engine.begin() as connection:
        row = connection.execute(select(CASES)).mappings().one()
        more = {"ended_on": FIRST, "next_change_on": None}
        rows = [{**row, **more, "id": UUID(int=n)} for n in range(MOST)]
        connection.execute(insert(CASES), rows)


@given(st.integers(0, MOST - 2), st.sets(st.integers(0, MOST), max_size=2))
@example(MOST - 2, {MOST})
@example(MOST - 2, set())
@settings(max_examples=10, phases=[Phase.explicit, Phase.generate], deadline=None)
def test_however_many_could_not_be_done_one_that_was_not_tried_is_due(
    failed: int, untried: set[int]
) -> None:
    """Those not tried are drawn among all that wait: the sweep itself would come to some of them in a later turn only."""
    waiting = failed + len(untried)
    places = {min(place, waiting - 1) for place in untried}
    clock = Instant.on(LATER)
    with a_county(filled=fill_many) as county, county.uow() as uow:
        run_id, at = UUID(int=7), clock.now
        runs.begin(uow.session, run_id, kind=runs.SWEEP, for_day=LATER, started_at=at)
        now = update(CASES).where(CASES.c.id == bindparam("of")).values(next_change_on=FIRST)
        for place in range(waiting):
            uow.session.execute(now, {"of": UUID(int=place)})
            if place not in places:
                runs.note_failure(uow.session, run_id, UUID(int=place), error="x", at=at)
        assert is_due(uow, clock) == bool(places)
        assert is_due(uow, Instant.at(at + timedelta(hours=1))) == bool(waiting)
