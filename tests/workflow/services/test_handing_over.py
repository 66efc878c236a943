"""Handing over: nothing that is owed is left behind, whoever and wherever it goes to."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from tests.builders import DAY, new_event
from tests.counties import County, a_county, named
from tests.tampering import verify
from workflow.rules.errors import NotFound, Refused
from workflow.services.clock import Instant
from workflow.services.handing_over import hand_over, hand_over_caseload, receive
from workflow.services.offices import merge_office_into
from workflow.services.opening import NewCase, open_case
from workflow.services.worklists import Asked, worklist
from workflow.store import cases, chairs, offices, placements
from workflow.store.people import Profile
from workflow.store.reach import OWED, Reach

pytestmark = pytest.mark.databases("sqlite", "postgres")

FIRST = date(2024, 1, 8)
LATER = date(2024, 3, 5)


@pytest.fixture
def county() -> Iterator[County]:
    with a_county(filled=fill) as found:
        yield found


def fill(county: County) -> None:
    county.in_detox("north", "甲", FIRST)


CASE = named("case 甲")


def office_of(county: County, case_id: UUID = CASE) -> UUID | None:
    with county.uow() as uow:
        found = cases.find(uow.session, case_id)
        assert found is not None
        office: UUID | None = found.office_id
        return office


def owed_at(county: County, office: str, on: date) -> list[str]:
    """The kinds on an office's list."""
    with county.uow() as uow:
        return sorted(one.kind for one in worklist(uow, Asked(county.reach(office)), on))


def handed_over(county: County, to: str, on: date, case_id: UUID = CASE) -> None:
    with county.uow() as uow:
        hand_over(
            uow,
            case_id,
            named(to),
            packs=county.packs,
            calendar=county.calendar,
            clock=Instant.on(on),
            by="s1",
        )


# ------------------------------------------------------------------ the person moved


def moved(county: County, to: str, on: date, id: str = "moved") -> None:
    county.record(
        on, new_event("moved", on, id=id, to_office=str(named(to)), reason="家"), case_id=CASE
    )


def test_all_that_is_owed_goes_with_the_person_but_the_file(county: County) -> None:
    before = owed_at(county, "north", LATER)
    assert before
    assert owed_at(county, "south", LATER) == []
    moved(county, "south", LATER)
    assert owed_at(county, "north", LATER) == ["forward_file"]
    assert set(before) <= set(owed_at(county, "south", LATER))


def test_the_old_office_closes_its_file_and_then_knows_no_more_of_it(county: County) -> None:
    moved(county, "south", LATER)
    sent = new_event("file_forwarded", LATER + DAY)
    county.record(LATER + DAY, sent, case_id=CASE, reach=county.reach("north"))
    with pytest.raises(NotFound):
        county.record(
            LATER + DAY,
            new_event("visited", LATER + DAY),
            case_id=CASE,
            reach=county.reach("north"),
        )


def test_a_voided_move_brings_the_case_back(county: County) -> None:
    moved(county, "south", LATER)
    void = new_event("event_voided", LATER + DAY, event_id="moved", reason="错", approved_by="s1")
    county.record(LATER + DAY, void, case_id=CASE)
    assert office_of(county) == named("north")
    assert "forward_file" not in owed_at(county, "north", LATER + DAY)
    with county.uow() as uow:
        then = placements.of_case(uow.session, CASE, Instant.on(LATER).now)
        assert [row.office_id for row in then] == [named("north"), named("south")]
        assert [row.office_id for row in placements.of_case(uow.session, CASE)] == [named("north")]


def test_a_corrected_move_leads_to_the_right_office(county: County) -> None:
    county.add_office("west", "township", "county")
    moved(county, "south", LATER)
    void = new_event("event_voided", LATER, event_id="moved", reason="错")
    right = new_event("moved", LATER, id="right", to_office=str(named("west")))
    county.record(LATER, void, right, case_id=CASE)
    assert office_of(county) == named("west")
    assert owed_at(county, "south", LATER) == []
    assert owed_at(county, "north", LATER) == ["forward_file"]


@pytest.mark.parametrize("to", ["南镇", str(UUID(int=5))])
def test_a_move_to_nowhere_is_refused(county: County, to: str) -> None:
    with pytest.raises(Refused) as refused:
        county.record(LATER, new_event("moved", LATER, to_office=to), case_id=CASE)
    assert refused.value.code == "unknown_office"
    assert office_of(county) == named("north")


# ------------------------------------------------------------------ office to office


def test_an_office_hands_a_case_over_and_the_other_says_received(county: County) -> None:
    before = owed_at(county, "north", LATER)
    handed_over(county, "south", LATER)
    assert owed_at(county, "south", LATER) == before
    assert owed_at(county, "north", LATER) == []
    with county.uow() as uow:
        assert len(placements.not_received(uow.session, [named("south")])) == 1
        assert receive(uow, CASE, clock=Instant.on(LATER), by="w3") == 1
        assert placements.not_received(uow.session, [named("south")]) == []
        assert receive(uow, CASE, clock=Instant.on(LATER), by="w3") == 0


def test_it_is_handed_to_another_office_that_exists(county: County) -> None:
    for to, code in (("north", "already_there"), ("nowhere", "unknown_office")):
        with pytest.raises(Refused) as refused:
            handed_over(county, to, LATER)
        assert refused.value.code == code


def test_a_case_that_ended_is_not_handed_over(county: County) -> None:
    county.record(LATER, new_event("died", LATER), case_id=CASE)
    with pytest.raises(Refused) as refused:
        handed_over(county, "south", LATER)
    assert refused.value.code == "case_ended"


def test_where_there_are_no_offices_nothing_is_handed_over(county: County) -> None:
    with county.uow() as uow:
        new = NewCase(UUID(int=1), UUID(int=2), Profile(name="某甲"), "cn-national")
        open_case(uow, new, packs=county.packs, clock=Instant.on(LATER), by="w1")
    with pytest.raises(Refused) as refused:
        handed_over(county, "south", LATER, UUID(int=1))
    assert refused.value.code == "case_has_no_office"


def test_what_a_missed_day_owed_to_tell_is_told_after_a_hand_over(county: County) -> None:
    """It was: who hands over takes the case's rungs away, and with them went that of the missed day."""
    county.tick(date(2024, 1, 26))
    county.tick_through(date(2024, 1, 26), date(2024, 2, 3))
    handed_over(county, "south", date(2024, 2, 5))
    county.tick(date(2024, 2, 5))
    told = county.rows(
        "SELECT told_to FROM notices WHERE told_on = '2024-02-05' AND kind = 'sign_agreement'"
    )
    assert sorted(told) == [("community_worker",), ("supervisor",)]


# ------------------------------------------------------------------ a whole caseload


def caseload_over(county: County, from_helper: str, to: str, on: date) -> int:
    with county.uow() as uow:
        done = hand_over_caseload(
            uow,
            named(f"{from_helper} to {to}"),
            from_helper,
            to,
            packs=county.packs,
            calendar=county.calendar,
            clock=Instant.on(on),
            by="s1",
        )
    return len(done.chairs)


def chairs_of(county: County, helper: str) -> set[tuple[UUID, str]]:
    with county.uow() as uow:
        return {(row.case_id, row.role) for row in chairs.held_by(uow.session, helper)}


def test_a_caseload_goes_to_a_colleague_who_is_asked_to_say_i_know(county: County) -> None:
    county.in_detox("north", "乙", FIRST, ("w1", "w1"))
    mine = chairs_of(county, "w1")
    assert len(mine) == 3
    assert caseload_over(county, "w1", "w2", LATER) == 3
    assert (chairs_of(county, "w1"), chairs_of(county, "w2")) == (set(), mine)
    assert owed_at(county, "north", LATER).count("acknowledge_assignment") == 3


def test_sent_twice_it_is_done_once(county: County) -> None:
    assert caseload_over(county, "w1", "w2", LATER) == 1
    events = county.rows("SELECT count(*) FROM events")
    assert caseload_over(county, "w1", "w2", LATER) == 0
    assert county.rows("SELECT count(*) FROM events") == events


def test_one_refusal_refuses_the_whole(county: County) -> None:
    """In the second case the colleague sits in another chair already, which is fine; in this one in the same."""
    other = county.in_detox("north", "乙", FIRST, ("w2",))
    county.record(
        LATER,
        new_event("helper_assigned", LATER, role="grid_worker", helper="w1"),
        case_id=other,
    )
    with pytest.raises(Refused) as refused:
        caseload_over(county, "w1", "nobody", LATER)
    assert refused.value.code == "unknown_helper"
    assert len(chairs_of(county, "w1")) == 2


def test_to_oneself_nothing_is_handed_over(county: County) -> None:
    with pytest.raises(Refused) as refused:
        caseload_over(county, "w1", "w1", LATER)
    assert refused.value.code == "same_helper"


def test_a_name_has_no_place_in_a_chair(county: County) -> None:
    """Chairs lie in plain text: whoever takes one is on the staff list and goes by their handle."""
    seat = new_event("helper_assigned", LATER, role="volunteer", helper="张三丰")
    with pytest.raises(Refused) as refused:
        county.record(LATER, seat, case_id=CASE)
    assert refused.value.code == "unknown_helper"


# ------------------------------------------------------------------ which office owes it


def owing(county: County) -> set[tuple[str, UUID | None]]:
    """What stands, and by which office its row says that it is owed."""
    rows = county.rows(
        "SELECT kind, office_id FROM obligations WHERE closed_on IS NULL AND missed_on IS NULL"
        " AND excused_on IS NULL AND ended_on IS NULL AND NOT withdrawn"
    )
    return {(kind, UUID(office) if office else None) for kind, office in rows}


def test_what_stands_is_owed_by_the_office_that_has_the_case(county: County) -> None:
    assert {office for _, office in owing(county)} == {named("north")}
    handed_over(county, "south", LATER)
    assert {office for _, office in owing(county)} == {named("south")}
    county.tick(LATER + 40 * DAY)
    assert {office for _, office in owing(county)} == {named("south")}
    assert verify(county).findings == ()


def test_after_a_move_the_file_to_forward_alone_keeps_a_case_in_reach(county: County) -> None:
    """A row that was left behind under another office opens no case to it."""
    moved(county, "south", LATER)
    county.record(LATER + DAY, new_event("file_forwarded", LATER + DAY), case_id=CASE)
    with county.uow() as uow:
        uow.session.execute(update(OWED).values(office_id=named("north")))
    assert ("visit", named("north")) in owing(county)
    with county.uow() as uow:
        assert cases.find(uow.session, CASE, county.reach("north")) is None
        assert cases.find(uow.session, CASE, county.reach("south")) is not None


def test_a_merger_takes_along_what_is_owed_and_leaves_the_file_to_forward(county: County) -> None:
    moved(county, "south", LATER)
    assert ("forward_file", named("north")) in owing(county)
    county.add_office("west", "township", "county")
    west = named("west")
    more: dict[str, Any] = {"on": LATER, "clock": Instant.on(LATER), "by": "c1"}
    for gone in ("south", "north"):
        with county.uow() as uow:
            merge_office_into(uow, office_id=named(gone), into_id=west, **more)
    found = owing(county)
    assert ("forward_file", named("north")) in found
    assert {office for kind, office in found if kind != "forward_file"} == {named("west")}
    assert verify(county).findings == ()
    with county.uow() as uow:
        within = offices.below_all(uow.session, [named("west")], on=LATER)
        listed = worklist(uow, Asked(Reach(within)), LATER)
    assert {"forward_file", "visit"} <= {one.kind for one in listed}
