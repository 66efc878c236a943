"""The worklist: what is owed, by whom, and the same whether read from rows or folded as of then."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from tests.builders import DAY, new_event, positive
from tests.counties import County, a_county, named
from workflow.rules.errors import NotFound
from workflow.services.case_files import load
from workflow.services.clock import AsOf, Instant
from workflow.services.worklists import Asked, WorkItem, worklist, worklist_as_of
from workflow.store.reach import Reach

pytestmark = pytest.mark.databases("sqlite", "postgres")

FIRST = date(2024, 1, 8)
REPORTED = FIRST + timedelta(days=17)
LATER = date(2024, 3, 5)


@pytest.fixture
def county() -> Iterator[County]:
    with a_county(filled=fill) as found:
        yield found


def fill(county: County) -> None:
    county.in_detox("north", "甲", FIRST, ("w1",))
    county.in_detox("north", "乙", FIRST + 3 * DAY, ("w2", "w1"))
    county.in_detox("south", "丙", FIRST + 8 * DAY, ("w3",))


def listed(
    county: County, on: date, *offices: str, handle: str | None = None, coming: int = 7
) -> list[WorkItem]:
    """The list as it is read from rows on a day."""
    with county.uow() as uow:
        return worklist(uow, Asked(county.reach(*offices), coming, handle), on)


def listed_as_of(
    county: County, as_of: AsOf, *offices: str, handle: str | None = None
) -> list[WorkItem]:
    """The list as it was."""
    asked = Asked(county.reach(*offices), 7, handle)
    with county.uow() as uow:
        return worklist_as_of(uow, asked, as_of, packs=county.packs, calendar=county.calendar)


def by_whom(items: list[WorkItem], kind: str) -> set[tuple[str | None, str | None, str]]:
    """Name, helper and reason of each item of a kind."""
    return {(one.name, one.told.helper, one.told.because) for one in items if one.kind == kind}


def test_an_office_sees_its_own(county: County) -> None:
    assert {one.name for one in listed(county, LATER, "north")} == {"甲", "乙"}
    assert {one.name for one in listed(county, LATER, "south")} == {"丙"}
    assert listed(county, LATER) == []


def test_the_first_due_comes_first(county: County) -> None:
    due = [one.due_on for one in listed(county, LATER, "north", "south")]
    assert due == sorted(due)
    assert len(due) > 5


def test_a_helper_sees_what_their_chairs_owe(county: County) -> None:
    mine = listed(county, REPORTED + 3 * DAY, "north", handle="w1")
    assert {(one.name, one.owner) for one in mine} == {("甲", "community_worker")}
    assert {one.told.because for one in mine} == {"chair"}


def test_who_is_away_is_stood_in_for(county: County) -> None:
    day = REPORTED + 3 * DAY
    county.leave("w1", day, day + 5 * DAY, "w2")
    items = listed(county, day, "north")
    assert by_whom(items, "make_plan") == {("甲", "w2", "deputy"), ("乙", "w2", "chair")}
    assert {one.name for one in listed(county, day, "north", handle="w2")} == {"甲", "乙"}
    assert listed(county, day, "north", handle="w1") == []


def test_where_nobody_stands_in_the_supervisor_is_told(county: County) -> None:
    day = REPORTED + 3 * DAY
    county.leave("w1", day, day + 5 * DAY, None)
    items = [one for one in listed(county, day, "north") if one.kind == "make_plan"]
    assert [(one.told.role, one.told.because) for one in items if one.name == "甲"] == [
        ("supervisor", "on_leave")
    ]


def test_an_empty_chair_is_the_supervisors(county: County) -> None:
    items = listed(county, REPORTED + 3 * DAY, "north")
    assert ("supervisor", "office") in {(one.told.role, one.told.because) for one in items}
    released = new_event("helper_released", LATER, role="community_worker")
    county.record(LATER, released, case_id=named("case 甲"))
    visits = [one for one in listed(county, LATER, "north") if one.kind == "visit"]
    told = {one.name: (one.told.role, one.told.because) for one in visits}
    assert told == {"甲": ("supervisor", "empty"), "乙": ("community_worker", "chair")}


def test_a_page_ends_where_the_next_begins(county: County) -> None:
    whole = listed(county, LATER, "north", "south")
    asked = Asked(county.reach("north", "south"))
    paged: list[WorkItem] = []
    while True:
        last = paged[-1] if paged else None
        after = (last.due_on, last.case_id, last.kind, last.occurrence) if last else None
        with county.uow() as uow:
            page = worklist(uow, asked, LATER, limit=3, after=after)
        if not page:
            break
        paged += page
    assert paged == whole


# ------------------------------------------------------------------ as of


def test_rows_and_a_fold_say_the_same_of_today(county: County) -> None:
    before = FIRST + 25 * DAY
    for day in (FIRST + n * DAY for n in (26, 32, 36, 37, 38, 53, 80, 115)):
        county.leave("w1", day, day, "w2")
        county.tick_through(before, day)
        before = day
        for office in ("north", "south"):
            assert listed(county, day, office), (day, office)
            for handle in (None, "w2"):
                found = listed(county, day, office, handle=handle)
                assert found == listed_as_of(county, AsOf(day), office, handle=handle), day


def test_as_known_then_it_never_changes(county: County) -> None:
    """A leave known later, a move, a late entry, a void: what was known that morning stays what it was."""
    then = AsOf(LATER, Instant.on(LATER).now)
    before = listed_as_of(county, then, "north")
    day = LATER + DAY
    county.leave("w1", day, day + 10 * DAY, "w2")
    late = new_event("visited", LATER - 2 * DAY)
    county.record(day, late, case_id=named("case 甲"))
    moved = new_event("moved", day, to_office=str(named("south")))
    county.record(day, moved, case_id=named("case 乙"))
    assert listed_as_of(county, AsOf(day), "north") != before
    assert listed_as_of(county, then, "north") == before


def test_nobody_reaches_nothing(county: County) -> None:
    with county.uow() as uow:
        assert worklist(uow, Asked(Reach()), LATER) == []
        assert (
            worklist_as_of(
                uow, Asked(Reach()), AsOf(LATER), packs=county.packs, calendar=county.calendar
            )
            == []
        )


def test_a_helper_from_elsewhere_reaches_the_cases_they_sit_in(county: County) -> None:
    county.add_worker("doc", "county", "community_doctor")
    seat = new_event("helper_assigned", LATER, role="community_doctor", helper="doc")
    county.record(LATER, seat, case_id=named("case 丙"))
    with county.uow() as uow:
        found = worklist(uow, Asked(Reach(helper="doc")), LATER)
    assert {one.name for one in found} == {"丙"}


def test_who_owes_something_that_outlives_the_case_reaches_that_and_nothing_else(
    county: County,
) -> None:
    """A confirmed use is to be reported though the person died that day; the police owed a visit, and owe it no more."""
    case_id = named("case 乙")
    found = positive(LATER - 4 * DAY, "t2", purpose="routine")
    confirmed = new_event("use_confirmed", LATER, test_id="t2")
    county.record(LATER, found, confirmed, case_id=case_id)
    county.record(LATER, new_event("died", LATER), case_id=case_id)
    worker, police = Asked(Reach(helper="w2")), Asked(Reach(helper="w1"))
    with county.uow() as uow:
        left = [one for one in worklist(uow, worker, LATER) if one.case_id == case_id]
        assert [(one.kind, one.owner) for one in left] == [("report_use", "community_worker")]
        assert {one.case_id for one in worklist(uow, police, LATER)} == {named("case 甲")}
        for asked in (worker, police):
            then = worklist_as_of(
                uow, asked, AsOf(LATER), packs=county.packs, calendar=county.calendar
            )
            assert worklist(uow, asked, LATER) == then
        assert load(uow, case_id, worker.reach).id == case_id
        with pytest.raises(NotFound):
            load(uow, case_id, police.reach)
    county.record(LATER, new_event("use_reported", LATER), case_id=case_id)
    with county.uow() as uow, pytest.raises(NotFound):
        load(uow, case_id, worker.reach)
