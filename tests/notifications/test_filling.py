"""What a message holds when it is sent: as pressing as it is by then, and nothing that was taken out."""

from __future__ import annotations

from datetime import date, time

from notifications.content import Item
from notifications.filling import items_in
from notifications.withdrawing import left_standing
from tests.builders import DAY, new_database, new_event
from tests.notifications.counties import Telling, a_telling_county, case_of
from workflow.services.clock import Instant

__all__ = ["new_database"]

FIRST = date(2024, 3, 4)
REPORTED = FIRST + 17 * DAY
DUE = REPORTED + 7 * DAY


def items(county: Telling, on: date, recipient: str = "w1") -> list[Item]:
    with county.uow() as uow:
        left = left_standing(uow, Instant.on(on).now, county.ids(recipient))
        found = items_in(uow, left, on)
        return [one for some in found.values() for one in some]


def test_an_item_says_what_is_owed_by_whom_and_how_late_it_is_today() -> None:
    with a_telling_county() as county:
        county.in_detox("north", "甲", FIRST, ["w1"])
        county.live(REPORTED + DAY)
        one = items(county, REPORTED + DAY)[0]
        assert one == Item(
            case_id=case_of("甲"),
            kind="sign_agreement",
            occurrence="m1/1",
            pressing="coming",
            owner="community_worker",
            due_on=DUE,
            days_late=0,
            because="chair",
        )
        states = [
            (one.pressing, one.days_late)
            for on in (DUE, DUE + 2 * DAY)
            for one in items(county, on)
        ]
        assert states == [("due", 0), ("overdue", 2)]


def test_what_a_law_sets_the_day_of_is_statutory() -> None:
    with a_telling_county() as county:
        county.in_detox("north", "甲", FIRST, ["w1"])
        left = new_event("left", REPORTED, written_report=True, return_on=REPORTED + 9 * DAY)
        county.record(REPORTED, left, case_id=case_of("甲"))
        for number in range(1, 9):
            county.live(REPORTED + number * DAY)
        found = {one.kind: one.pressing for one in items(county, REPORTED + 8 * DAY)}
        assert found["return_from_leave"] == "statutory"
        assert found["sign_agreement"] == "overdue"


def test_what_was_taken_out_is_in_it_no_more() -> None:
    with a_telling_county() as county:
        county.in_detox("north", "甲", FIRST, ["w1"])
        county.live(REPORTED + DAY, time(0, 5))
        signed = new_event("agreement_signed", REPORTED + DAY)
        county.record(REPORTED + DAY, signed, case_id=case_of("甲"))
        county.withdraw(REPORTED + DAY, time(7))
        assert items(county, REPORTED + DAY) == []
