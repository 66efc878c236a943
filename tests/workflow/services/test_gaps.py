"""Who is missing stands on the list of those who lead: today, and before it happens; of what one reaches and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

import pytest
from sqlalchemy import event

from tests.builders import DAY, new_event
from tests.counties import named
from tests.notifications.counties import Telling, a_telling_county, case_of
from workflow.services.clock import Instant
from workflow.services.desks import desk
from workflow.services.gaps import WITHIN, GapsFound, Kind, gaps
from workflow.services.staffing import end_posting

pytestmark = pytest.mark.databases("sqlite", "postgres")

FIRST = date(2024, 3, 4)
REPORTED = FIRST + 17 * DAY
TODAY = REPORTED + 4 * DAY


@pytest.fixture
def county() -> Iterator[Telling]:
    with a_telling_county() as found:
        found.in_detox("north", "甲", FIRST, ("w1",))
        found.in_detox("south", "乙", FIRST, ("w3",))
        yield found


def seen(county: Telling, *offices: str, on: date = TODAY) -> GapsFound:
    with county.uow() as uow:
        return gaps(uow, county.reach(*(offices or ("north",))), on, limit=50)


def helpers(found: GapsFound, kind: Kind) -> list[str | None]:
    return [one.helper for one in found.of(kind).first]


def test_empty_chairs_and_who_has_not_said_i_know_are_gaps(county: Telling) -> None:
    assigned = new_event("helper_assigned", REPORTED, role="community_doctor", helper="w2")
    county.record(REPORTED, assigned, case_id=case_of("甲"))
    found = seen(county, on=REPORTED + 10 * DAY)
    assert [one.role for one in found.of("empty_chair").first] == ["community_police", "family"]
    assert found.of("empty_chair").total == 2
    assert helpers(found, "unacknowledged") == ["w2"]
    assert found.of("unacknowledged").first[0].name == "工作人员w2"


def test_who_is_away_with_nobody_who_deputises_is_a_gap_while_it_lasts(county: Telling) -> None:
    county.leave("w1", TODAY, TODAY + 7 * DAY, None)
    one = seen(county).of("on_leave").first[0]
    assert (one.helper, one.cases, one.since, one.until) == ("w1", 1, TODAY, TODAY + 7 * DAY)
    assert one.due == 1  # the agreement, three days later
    assert helpers(seen(county, on=TODAY - DAY), "on_leave") == []
    assert helpers(seen(county, on=TODAY + 8 * DAY), "on_leave") == []
    assert helpers(seen(county, "south"), "on_leave") == []


def test_a_deputy_closes_the_gap_unless_away_as_well(county: Telling) -> None:
    county.leave("w1", TODAY, TODAY + 7 * DAY, "w2")
    assert helpers(seen(county), "on_leave") == []
    county.leave("w2", TODAY, TODAY + DAY, None)
    assert helpers(seen(county), "on_leave") == ["w1"]


def test_who_can_be_told_by_no_channel_is_a_gap(county: Telling) -> None:
    assert helpers(seen(county), "no_channel") == []
    county.disable("w1", FIRST)
    assert helpers(seen(county), "no_channel") == ["w1"]
    assert helpers(seen(county, "south"), "no_channel") == []
    county.address("w1", {"email": "w1@example.org"}, ["email"])
    assert helpers(seen(county), "no_channel") == []


def test_an_office_that_nobody_leads_is_a_gap_and_what_reached_nobody_is_listed(
    county: Telling,
) -> None:
    assert [one.office for one in seen(county, "north", "south").of("no_supervisor").first] == [
        "south"
    ]
    assert seen(county, "south").of("told_nobody").total == 0
    for handle in ("w3", "c1"):
        county.disable(handle, FIRST)
    county.live(TODAY, time(0, 5))
    found = seen(county, "south").of("told_nobody")
    assert {one.what for one in found.first} >= {"sign_agreement"}
    assert found.total == len(found.first)
    assert seen(county, "north").of("told_nobody").first == ()


def test_a_leave_to_come_is_a_gap_if_something_falls_due_in_it(county: Telling) -> None:
    county.leave("w1", TODAY + 2 * DAY, TODAY + 9 * DAY, None)
    county.leave("w3", TODAY + 2 * DAY, TODAY + 2 * DAY, None)
    found = seen(county, "north", "south").of("leave_begins")
    assert [(one.helper, one.due, one.since) for one in found.first] == [("w1", 1, TODAY + 2 * DAY)]
    far = TODAY + 2 * DAY - WITHIN - DAY
    assert helpers(seen(county, on=far), "leave_begins") == []
    assert helpers(seen(county, on=TODAY + 2 * DAY), "leave_begins") == []


def test_a_posting_that_ends_is_a_gap_while_its_chairs_owe_something(county: Telling) -> None:
    with county.uow() as uow:
        end_posting(
            uow,
            posting_id=named("post w1"),
            last_on=TODAY + DAY,
            clock=Instant.on(TODAY),
            by="root",
        )
    one = seen(county).of("posting_ends").first[0]
    assert (one.helper, one.role, one.office, one.until) == (
        "w1",
        "community_worker",
        "north",
        TODAY + DAY,
    )
    assert one.due >= 1
    assert helpers(seen(county, on=TODAY + 3 * DAY), "posting_ends") == []


def test_of_what_is_not_asked_for_nothing_is_read(county: Telling) -> None:
    heard: list[str] = []
    event.listen(county.engine, "before_cursor_execute", lambda *args: heard.append(args[2]))
    with county.uow() as uow:
        found = gaps(uow, county.reach("north"), TODAY, limit=50, kinds=("on_leave",))
    assert [each.kind for each in found.lists] == ["on_leave"]
    assert not [each for each in heard if "messages" in each or "contacts" in each]
    heard.clear()
    with county.uow() as uow:
        desk(uow, county.reach("north"), TODAY)
    assert len([each for each in heard if "acknowledge_by <" in each and "late_0" not in each]) == 1
