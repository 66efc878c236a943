"""How somebody is told: set whole, sealed, never over what they have not seen, and gone with their key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import time

import pytest
from sqlalchemy import select

from tests.counties import BEGUN, County, a_county, named
from workflow.rules.contacts import Wishes
from workflow.rules.errors import Conflict, GuituError, Invalid, Refused
from workflow.services.clock import Instant
from workflow.services.contacts import Contact, contact_of, set_contact
from workflow.store import data_keys
from workflow.store.contact_rows import CONTACTS

pytestmark = pytest.mark.databases("sqlite", "postgres")
NOW = Instant.on(BEGUN)
WISHES = Wishes(("wecom", "email"), time(9), "en", {"wecom": "Li", "email": "li@office.example"})


@pytest.fixture
def county() -> Iterator[County]:
    with a_county() as found:
        yield found


def put(county: County, wishes: Wishes, expected: int | None = None) -> Contact:
    with county.uow() as uow:
        return set_contact(uow, named("w1"), wishes, expected=expected, clock=NOW, by="w1")


def kept(county: County) -> Contact:
    with county.uow() as uow:
        return contact_of(uow, named("w1"))


def test_who_set_nothing_wishes_nothing(county: County) -> None:
    assert kept(county) == Contact(Wishes(), 0, None)


def test_it_is_set_whole_and_twice_is_once(county: County) -> None:
    first = put(county, WISHES, 0)
    assert first == put(county, WISHES, 0) == kept(county)
    less = put(county, Wishes(("email",), None, "zh", {"email": "li@office.example"}), 1)
    assert (less.version, kept(county).wishes) == (2, less.wishes)


def test_nobody_writes_over_what_they_have_not_seen(county: County) -> None:
    put(county, WISHES)
    with pytest.raises(Conflict, match="contact_changed"):
        put(county, replace(WISHES, language="zh"), 0)
    assert kept(county).wishes == WISHES


def test_an_address_stands_nowhere_in_the_clear(county: County) -> None:
    put(county, WISHES)
    with county.uow() as uow:
        row = uow.session.execute(select(CONTACTS)).one()
    assert not [text for text in WISHES.addresses.values() if text in repr(row)]
    assert "office.example" not in repr(WISHES)


def test_addresses_go_with_the_key(county: County) -> None:
    put(county, WISHES)
    with county.uow() as uow:
        data_keys.shred(uow.session, named("w1"))
    with pytest.raises(Refused, match="staff_gone"):
        kept(county)


@pytest.mark.parametrize(
    ("wishes", "code"),
    [
        (replace(WISHES, channels=("email", "email")), "channel_twice"),
        (replace(WISHES, channels=("webhook",)), "channel_without_address"),
        (replace(WISHES, digest_at=time(7, 59)), "digest_hour_beyond"),
        (replace(WISHES, digest_at=time(12, 1)), "digest_hour_beyond"),
    ],
)
def test_what_would_reach_nobody_or_come_too_late_is_refused(
    county: County, wishes: Wishes, code: str
) -> None:
    with pytest.raises(Invalid, match=code):
        put(county, wishes)
    assert kept(county).version == 0


def test_an_account_without_staff_has_nothing_to_set(county: County) -> None:
    for ask in (contact_of, _set_for_nobody):
        with pytest.raises(GuituError, match="not_on_the_staff_list"), county.uow() as uow:
            ask(uow, None)


def _set_for_nobody(uow: object, staff_id: None) -> None:
    set_contact(uow, staff_id, WISHES, expected=None, clock=NOW, by="root")  # type: ignore[arg-type]
