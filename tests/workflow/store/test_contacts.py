"""By which channels somebody can be told: what they chose and works, in their order, and the inbox of their account."""

from __future__ import annotations

from datetime import date, time

import pytest
from sqlalchemy import update
from structlog.testing import capture_logs

from tests.builders import new_database
from tests.notifications.counties import Telling, a_telling_county
from workflow.services.staffing import shred_staff
from workflow.store.contacts import Way, addressed, hours_of, house_accounts, inboxes_of, places_of
from workflow.store.tables import ContactRow, DataKeyRow, table_of

__all__ = ["new_database"]

ADDRESSES = {"email": "w1@example.org", "wecom": "w-one"}


def way(county: Telling, handle: str, *working: str) -> Way:
    with county.uow() as uow:
        return places_of(uow, [handle, "nobody"], frozenset(working))[handle]


def test_channels_are_tried_as_chosen_as_far_as_they_work_and_the_inbox_last() -> None:
    with a_telling_county() as county:
        county.address("w1", ADDRESSES, ["wecom", "email"])
        county.address("w2", ADDRESSES, ["inbox", "email"])
        assert way(county, "w1", "email", "wecom").channels == ("wecom", "email", "inbox")
        assert way(county, "w1", "email").channels == ("email", "inbox")
        assert way(county, "w1", "email").addresses == {"email": "w1@example.org"}
        assert way(county, "w2", "email", "wecom").channels == ("inbox", "email")
        assert way(county, "w3", "email") == Way(("inbox",))
        assert way(county, "nobody", "email") == Way(())


def test_without_an_account_there_is_no_inbox() -> None:
    with a_telling_county() as county:
        county.address("w1", ADDRESSES, ["email"])
        county.disable("w1", date(2024, 1, 1))
        assert way(county, "w1", "email").channels == ("email",)
        assert way(county, "w1", "webhook").channels == ()
        with county.uow() as uow:
            assert inboxes_of(uow.session, ["w1", "w2"]) == {"w2"}


def test_who_can_be_told_by_an_address() -> None:
    with a_telling_county() as county:
        county.address("w1", ADDRESSES, ["email"])
        county.address("w2", ADDRESSES, ["wecom"])
        county.address("w3", ADDRESSES, [])
        with county.uow() as uow:
            assert addressed(uow, {"email"}) == {"w1"}
            assert addressed(uow, {"email", "wecom"}) == {"w1", "w2"}
            assert addressed(uow, {"email", "wecom"}, but=["w2"]) == {"w1"}
            assert addressed(uow, {"webhook"}) == frozenset()


def test_a_way_shows_no_address() -> None:
    with a_telling_county() as county:
        county.address("w1", ADDRESSES, ["email"])
        assert "example.org" not in repr(way(county, "w1", "email"))


def test_who_was_shredded_has_no_address_left() -> None:
    with a_telling_county() as county:
        county.address("w1", ADDRESSES, ["email"])
        county.end_all_postings("w1")
        with county.uow() as uow:
            shred_staff(uow, staff_id=county.id_of("w1"), clock=county.at(date(2024, 2, 1)))
        assert way(county, "w1", "email").channels == ("inbox",)


@pytest.mark.parametrize("part", ["addresses", "digest_at", "key"])
def test_a_damaged_row_keeps_nobody_else_from_being_told(part: str) -> None:
    with a_telling_county() as county:
        for handle in ("w1", "w2"):
            county.address(handle, ADDRESSES, ["email"], digest_at="18:15")
        staff_id = county.id_of("w1")
        contacts, keys = table_of(ContactRow), table_of(DataKeyRow)
        of_contact = update(contacts).where(contacts.c.staff_id == staff_id)
        damaged = {
            "addresses": of_contact.values(addresses=b"x" * 40),
            "digest_at": of_contact.values(digest_at="25:00"),
            "key": update(keys).where(keys.c.owner_id == staff_id).values(wrapped=b"x" * 60),
        }[part]
        with county.engine.begin() as connection:
            connection.execute(damaged)
        with county.uow() as uow, capture_logs() as logs:
            ways = places_of(uow, ["w1", "w2"], frozenset({"email"}))
            hours = hours_of(uow.session, ["w1", "w2"])
        email = ("email",) if part == "digest_at" else ()
        assert ways["w1"].channels == (*email, "inbox")
        assert ways["w2"].channels == ("email", "inbox")
        assert hours["w2"] == time(18, 15)
        assert ("w1" in hours) == (part != "digest_at")
        assert [str(staff_id) in one.values() for one in logs] == [True]


def test_hours_are_known_of_those_who_chose_one() -> None:
    with a_telling_county() as county:
        county.address("w1", {}, [], digest_at="18:15")
        county.address("w2", {}, [])
        with county.uow() as uow:
            assert hours_of(uow.session, ["w1", "w2", "w3"]) == {"w1": time(18, 15)}


def test_accounts_of_the_house_are_those_that_are_on_no_list_of_staff() -> None:
    with a_telling_county() as county:
        county.account("c0", "county", on_staff=False)
        county.account("i0", "integration", on_staff=False)
        with county.uow() as uow:
            assert house_accounts(uow.session, "county") == ["c0"]
            assert inboxes_of(uow.session) == {"w1", "w2", "w3", "s1", "c1", "c0"}
