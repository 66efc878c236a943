"""Names that lists remember: found by what a query has just read, and by nothing once that is gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.builders import CASE, PERSON, RING, Office, an_office
from workflow.rules.errors import Refused
from workflow.services.clock import Instant
from workflow.services.people import shred_person
from workflow.store import cases, names, people
from workflow.store.data_keys import DATA_KEYS
from workflow.store.keyring import KeyRing
from workflow.store.profiles import Profile
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

TODAY = Instant.on(date(2024, 1, 8))


@pytest.fixture
def office() -> Iterator[Office]:
    names.forget()
    with an_office() as found:
        found.open(TODAY.today, name="张三")
        yield found
    names.forget()


def row(uow: UnitOfWork) -> Found:
    query = select(people.PEOPLE.c.profile, DATA_KEYS.c.root_key, DATA_KEYS.c.wrapped)
    joined = people.PEOPLE.join(DATA_KEYS, DATA_KEYS.c.owner_id == people.PEOPLE.c.id, isouter=True)
    return uow.session.execute(query.select_from(joined)).one()


def named(office: Office, ring: KeyRing = RING, person_id: UUID = PERSON) -> str | None:
    with office.uow() as uow:
        found = row(uow)
    return names.name_in(ring, person_id, found.profile, found.root_key, found.wrapped)


def test_a_name_is_opened_once(office: Office) -> None:
    assert named(office) == "张三"
    assert named(office, person_id=UUID(int=9)) == "张三", "it was remembered, not opened anew"


def test_a_changed_profile_is_another_name(office: Office) -> None:
    assert named(office) == "张三"
    with office.uow() as uow:
        people.change_profile(uow.session, uow.ring, PERSON, Profile(name="李四"))
    assert named(office) == "李四"


def test_who_was_shredded_has_no_name_and_nothing_is_remembered(office: Office) -> None:
    assert named(office) == "张三"
    with office.uow() as uow:
        cases.set_values(uow.session, CASE, ended_on=TODAY.today)
        shred_person(uow, PERSON, clock=TODAY, by="root")
    assert named(office) is None
    assert not names._young
    assert not names._old


def test_who_has_not_the_root_key_finds_nothing_remembered(office: Office) -> None:
    assert named(office) == "张三"
    with pytest.raises(Refused, match="key_missing"):
        named(office, KeyRing.generate("other"))


class Forgotten(dict[names._Sealed, str | None]):
    """As another thread leaves it that forgets just after one has asked whether something is in there."""

    def __contains__(self, sealed: object) -> bool:
        found = super().__contains__(sealed)
        self.clear()
        return found


def test_what_is_forgotten_meanwhile_is_opened_anew(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert named(office) == "张三"
    known = dict(names._young)
    for generation in ("_old", "_young"):
        monkeypatch.setattr(names, "_young", {})
        monkeypatch.setattr(names, generation, Forgotten(known))
        assert named(office) == "张三"


def test_it_stays_small_and_is_forgotten_in_time(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "MOST", 2)
    for number in range(9):
        names._remember(("k1", bytes([number]), b""), "某")
    assert len(names._young) + len(names._old) <= 4
    monkeypatch.setattr(names, "_until", 0.0)
    assert named(office) == "张三"
    assert len(names._young) + len(names._old) == 1
