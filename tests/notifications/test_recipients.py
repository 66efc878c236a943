"""Who is next above whoever cannot be reached; and nobody hears of the cases of another office."""

from __future__ import annotations

from datetime import date
from typing import Any

from notifications.recipients import Directory, NextRecipient, next_higher
from tests.builders import DAY, new_database
from tests.notifications.counties import MESSAGES, Telling, a_telling_county, case_of

__all__ = ["new_database"]

FIRST = date(2024, 3, 4)
NEXT = FIRST + 18 * DAY
SUPERVISOR, COUNTY = NextRecipient("s1", "supervisor"), NextRecipient("c1", "county_office")


def above(county: Telling, recipient: str) -> list[NextRecipient]:
    with county.uow() as uow:
        query = MESSAGES.select().where(MESSAGES.c.recipient == recipient)
        row: Any = uow.session.execute(query).first()
        return next_higher(uow, row, Directory.of(uow, NEXT, ()))


def test_the_supervisor_is_above_a_helper_and_the_county_office_above_the_supervisor() -> None:
    with a_telling_county() as county:
        county.in_detox("north", "甲", FIRST, ["w1"])
        county.live(NEXT)
        assert above(county, "w1") == [SUPERVISOR]
        assert above(county, "s1") == [COUNTY]
        county.disable("s1", NEXT)
        assert above(county, "w1") == [COUNTY]
        county.disable("c1", NEXT)
        assert above(county, "w1") == []


def test_nobody_is_above_the_county_office() -> None:
    with a_telling_county() as county:
        county.in_detox("south", "甲", FIRST, [])
        county.live(NEXT)
        assert {who for who, *_ in county.told()} == {"c1"}
        assert above(county, "c1") == []


def test_what_is_of_several_offices_goes_to_whoever_leads_them_all() -> None:
    with a_telling_county() as county:
        county.in_detox("north", "甲", FIRST, ["w1"])
        county.in_detox("south", "乙", FIRST, ["w1"])
        county.live(NEXT)
        assert above(county, "w1") == [COUNTY]


def test_a_supervisor_on_leave_is_replaced_by_their_deputy_and_else_by_the_next_office() -> None:
    with a_telling_county() as county:
        county.in_detox("north", "甲", FIRST, ["w1"])
        county.live(NEXT)
        county.leave("s1", NEXT, NEXT, "w2")
        assert above(county, "w1") == [NextRecipient("w2", "supervisor")]
        county.leave("w2", NEXT, NEXT + DAY, None)
        assert above(county, "w1") == [COUNTY]


def test_cases_without_an_office_are_the_county_s_own() -> None:
    with a_telling_county() as county:
        county.account("c0", "county", on_staff=False)
        county.open(FIRST, case_id=case_of("无"), team="recorded")
        county.tell_of("无", NEXT)
        assert county.told("m.recipient", "m.as_role") == [("c0", "county_office")]
