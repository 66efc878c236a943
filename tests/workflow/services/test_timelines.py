"""The timeline: everything about a case in one list; and the runs as they were known."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.attachments import photo
from tests.builders import DAY
from tests.counties import County, a_county, named
from workflow.rules.errors import NotFound
from workflow.services.attaching import attach
from workflow.services.clock import AsOf, Instant
from workflow.services.handing_over import hand_over, receive
from workflow.services.run_reports import runs_of
from workflow.services.timelines import HandOverView, Line, timeline
from workflow.store import runs
from workflow.store.reach import Reach

pytestmark = pytest.mark.databases("sqlite", "postgres")

FIRST = date(2024, 1, 8)
LATER = date(2024, 3, 5)
CASE = named("case 甲")


@pytest.fixture
def county() -> Iterator[County]:
    """A case with events, notices, a photo and a hand-over."""
    with a_county(filled=fill) as found:
        yield found


def fill(county: County) -> None:
    county.in_detox("north", "甲", FIRST)
    county.tick_through(FIRST + 17 * DAY, LATER)
    with county.uow() as uow:
        attach(
            uow,
            None,
            attachment_id=named("photo"),
            case_id=CASE,
            content=photo(),
            file_name="a.jpg",
            clock=Instant.on(LATER),
            by="w1",
        )
        hand_over(
            uow,
            CASE,
            named("south"),
            packs=county.packs,
            calendar=county.calendar,
            clock=Instant.on(LATER),
            by="s1",
        )


def lines(county: County, as_of: AsOf | None = None, reach: Reach | None = None) -> list[Line]:
    with county.uow() as uow:
        return timeline(
            uow,
            CASE,
            packs=county.packs,
            clock=Instant.on(LATER),
            calendar=county.calendar,
            as_of=as_of,
            reach=reach,
        )


def test_all_of_it_stands_in_the_order_of_days(county: County) -> None:
    found = lines(county)
    assert {one.kind for one in found} == {"event", "notice", "hand_over", "attachment"}
    assert [one.on for one in found] == sorted(one.on for one in found)
    offices = [one.what.to_office_id for one in found if isinstance(one.what, HandOverView)]
    assert offices == [named("north"), named("south")]


def test_as_known_before_the_day_of_the_hand_over_was_not_known(county: County) -> None:
    before = AsOf(LATER, Instant.on(LATER - DAY).now)
    then = lines(county, before)
    assert [one.kind for one in then if one.kind in ("hand_over", "attachment")] == ["hand_over"]
    with county.uow() as uow:
        receive(uow, CASE, clock=Instant.on(LATER + DAY), by="w3")
    assert lines(county, before) == then
    now = AsOf(LATER, Instant.on(LATER).now)
    received = [one.what for one in lines(county, now) if isinstance(one.what, HandOverView)]
    assert received[-1].received_at is None


def test_out_of_reach_there_is_no_such_case(county: County) -> None:
    assert lines(county, reach=county.reach("south"))
    with pytest.raises(NotFound):
        lines(county, reach=county.reach("north"))


def test_a_run_is_shown_as_it_was_known() -> None:
    started = datetime(2024, 3, 5, 0, 30, tzinfo=UTC)
    ended, late = started + timedelta(minutes=5), started + timedelta(minutes=2)
    run_id = named("run")
    with a_county() as county:
        case_id = county.open_at("north", "甲", FIRST)
        with county.uow() as uow:
            runs.begin(uow.session, run_id, kind="sweep", for_day=LATER, started_at=started)
            error = "Invalid:unreadable_event"
            runs.note_failure(uow.session, run_id, case_id, error=error, at=late)
            runs.end(uow.session, run_id, ended_at=ended, counts={"cases": 3})
        with county.uow() as uow:
            assert runs_of(uow, known_at=started - timedelta(minutes=1)) == []
            (under_way,) = runs_of(uow, on=LATER, known_at=started)
            (done,) = runs_of(uow, on=LATER)
            assert runs_of(uow, on=LATER + DAY) == []
    assert (under_way.ended_at, under_way.counts, under_way.failures) == (None, {}, ())
    assert (done.ended_at, done.counts) == (ended, {"cases": 3})
    assert done.failures == ((case_id, "Invalid:unreadable_event"),)
