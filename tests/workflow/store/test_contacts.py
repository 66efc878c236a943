"""By which channels somebody can be told: what they chose and works, in their order, and the inbox of their account."""

from __future__ import annotations

from datetime import date, time

from tests.builders import new_database
from tests.notifications.counties import Telling, a_telling_county
from workflow.services.staffing import shred_staff
from workflow.store.contacts import Way, hours_of, house_accounts, inboxes_of, places_of

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
