"""The desk: what is overdue by owner and age, and every gap, of what one reaches and nothing else."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from tests.builders import DAY, new_event
from tests.counties import County, a_county, named
from workflow.services.clock import Instant
from workflow.services.desks import Desk, desk
from workflow.services.handing_over import hand_over, receive
from workflow.services.worklists import Asked, worklist

pytestmark = pytest.mark.databases("sqlite", "postgres")

FIRST = date(2024, 1, 8)
REPORTED = FIRST + timedelta(days=17)
LATER = date(2024, 3, 5)


@pytest.fixture
def county() -> Iterator[County]:
    with a_county(filled=_fill) as found:
        yield found


def _fill(county: County) -> None:
    county.in_detox("north", "甲", FIRST, ("w1",))
    county.in_detox("north", "乙", FIRST + 3 * DAY, ("w2", "w1"))
    county.in_detox("south", "丙", FIRST + 8 * DAY, ("w3",))


def seen(county: County, on: date, *offices: str) -> Desk:
    with county.uow() as uow:
        return desk(uow, county.reach(*offices), on)


def test_it_counts_what_the_worklist_lists(county: County) -> None:
    """A number on the desk whose list says something else is believed by nobody."""
    for on in (REPORTED + 3 * DAY, REPORTED + 8 * DAY, LATER):
        for offices in (("north",), ("south",), ("north", "south")):
            found = seen(county, on, *offices)
            with county.uow() as uow:
                items = worklist(uow, Asked(county.reach(*offices), 0), on)
            states = [one.state for one in items]
            assert found.overdue == states.count("overdue")
            assert found.due_today == states.count("due_today")
            assert sum(one.later for one in found.owners) == states.count("open")
            late = [one for one in items if one.state == "overdue"]
            assert [one.item for one in found.late] == late
            ages = [(on - one.due_on).days for one in late]
            by_age = [sum(owner.late[n] for owner in found.owners) for n in range(4)]
            bounds = ((1, 3), (4, 7), (8, 30), (31, 9999))
            assert by_age == [sum(low <= age <= high for age in ages) for low, high in bounds]


def test_each_owner_stands_there_once_with_the_reason_why_another_is_told(county: County) -> None:
    day = REPORTED + 3 * DAY
    county.leave("w1", day, LATER, None)
    found = seen(county, LATER, "north", "south")
    keys = [(one.role, one.helper, one.office, one.because) for one in found.owners]
    assert len(keys) == len(set(keys))
    workers = {one.helper: one for one in found.owners if one.role == "community_worker"}
    assert workers["w1"].because == "on_leave"
    assert (workers["w3"].name, workers["w3"].office) == ("工作人员w3", "south")
    assert list(found.owners) == sorted(found.owners, key=lambda one: -one.overdue)


def test_what_was_tried_is_the_last_notice(county: County) -> None:
    county.tick_through(FIRST, LATER)
    found = seen(county, LATER, "north")
    assert found.late
    assert all(one.told_on is not None and one.told_on <= LATER for one in found.late)
    assert "county_office" in {one.told_to for one in found.late}


def test_an_empty_chair_is_listed_until_it_is_filled_or_waived(county: County) -> None:
    case_id = named("case 甲")

    def chairs() -> set[str | None]:
        return {
            one.role for one in seen(county, LATER, "north").empty.first if one.case_id == case_id
        }

    before = chairs()
    assert before
    role = min(str(each) for each in before)
    county.record(
        LATER, new_event("chair_waived", LATER, role=role, reason="本人不同意"), case_id=case_id
    )
    assert chairs() == before - {role}
    assert seen(county, LATER, "north").empty.first[0].person == "甲"


def test_who_has_not_said_i_know_is_listed_from_the_day_after(county: County) -> None:
    case_id = named("case 丙")
    county.add_worker("p1", "south", "community_police")
    assigned = new_event("helper_assigned", LATER, role="community_police", helper="p1")
    county.record(LATER, assigned, case_id=case_id)
    assert seen(county, LATER + 3 * DAY, "south").unaware.total == 0
    (gap,) = seen(county, LATER + 5 * DAY, "south").unaware.first
    assert (gap.person, gap.role, gap.helper) == ("丙", "community_police", "工作人员p1")
    known = new_event("assignment_acknowledged", LATER + 5 * DAY, role="community_police")
    county.record(LATER + 5 * DAY, known, case_id=case_id)
    assert seen(county, LATER + 5 * DAY, "south").unaware.total == 0


def test_a_hand_over_is_listed_until_it_is_received(county: County) -> None:
    case_id, clock = named("case 甲"), Instant.on(LATER)
    with county.uow() as uow:
        hand_over(
            uow,
            case_id,
            named("south"),
            packs=county.packs,
            calendar=county.calendar,
            clock=clock,
            by="s1",
        )
    (gap,) = seen(county, LATER, "south").unreceived.first
    assert (gap.person, gap.office, gap.since) == ("甲", "south", LATER)
    assert seen(county, LATER, "north").unreceived.total == 0
    with county.uow() as uow:
        receive(uow, case_id, clock=clock, by="w3")
    assert seen(county, LATER, "south").unreceived.total == 0


def test_no_open_case_is_without_a_next_step(county: County) -> None:
    county.open_at("north", "丁", LATER)  # opened, and nothing has happened yet
    found = seen(county, LATER, "north")
    assert [one.person for one in found.stepless.first] == ["丁"]
    assert seen(county, LATER, "south").stepless.total == 0


def test_the_last_run_is_shown_with_what_it_could_not_do(county: County) -> None:
    assert seen(county, LATER, "north").last_run is None
    county.tick(LATER)
    run = seen(county, LATER, "north").last_run
    assert run is not None
    assert (run.for_day, run.failures) == (LATER, 0)
    assert run.ended_at is not None
