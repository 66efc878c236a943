"""Data keys: what opens, what does not, and what nobody can read again."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from tests.databases import new_database
from workflow.rules.errors import Refused
from workflow.store import data_keys
from workflow.store.data_keys import DATA_KEYS, DataKey
from workflow.store.keyring import KeyRing
from workflow.store.unit_of_work import UnitOfWork

ANNA, BORIS, NOBODY = (UUID(int=n) for n in (1, 2, 3))
RING = KeyRing.generate()
PLACE = "people.profile|1"
NOTE = {"note": "在家 · 与母亲同住", "n": [1, None, True]}


def refused(code: str) -> "pytest.RaisesExc[Refused]":
    return pytest.RaisesExc(Refused, check=lambda error: error.code == code)


@pytest.fixture
def uow() -> Iterator[UnitOfWork]:
    engine = new_database()
    with UnitOfWork(engine, RING) as found:
        yield found
    engine.dispose()


@pytest.fixture
def anna(uow: UnitOfWork) -> DataKey:
    return data_keys.make(uow.session, RING, ANNA)


def test_what_was_sealed_opens_in_its_place(uow: UnitOfWork, anna: DataKey) -> None:
    sealed = anna.seal_json(NOTE, PLACE)
    assert "母亲".encode() not in sealed
    again = data_keys.of(uow.session, RING, ANNA)
    assert again.open_json(sealed, PLACE) == NOTE
    assert again.owner == ANNA


def test_moved_to_another_place_it_does_not_open(anna: DataKey) -> None:
    """Somebody who can write to the database could else give one person the other's result."""
    sealed = anna.seal(b"negative", "events.sealed|case|1")
    with refused("key_does_not_open"):
        anna.open(sealed, "events.sealed|case|2")


def test_under_another_owners_key_it_does_not_open(uow: UnitOfWork, anna: DataKey) -> None:
    boris = data_keys.make(uow.session, RING, BORIS)
    with refused("key_does_not_open"):
        boris.open(anna.seal(b"x", PLACE), PLACE)


def test_each_changed_byte_is_noticed(anna: DataKey) -> None:
    sealed = anna.seal(b"positive", PLACE)
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 0x80
        with refused("key_does_not_open"):
            anna.open(bytes(changed), PLACE)


def test_sealing_twice_gives_two_ciphertexts(anna: DataKey) -> None:
    """Else everybody without a note, or with a negative result, could be told by looking."""
    assert anna.seal(b"negative", PLACE) != anna.seal(b"negative", PLACE)


def test_two_owners_never_share_a_key(uow: UnitOfWork, anna: DataKey) -> None:
    data_keys.make(uow.session, RING, BORIS)
    wrapped = uow.session.execute(select(DATA_KEYS.c.wrapped)).scalars().all()
    assert len(set(wrapped)) == 2


def test_a_wrapped_key_moved_to_another_owner_does_not_open(uow: UnitOfWork, anna: DataKey) -> None:
    data_keys.make(uow.session, RING, BORIS)
    rows = {row.owner_id: row.wrapped for row in uow.session.execute(select(DATA_KEYS))}
    boris = DATA_KEYS.c.owner_id == BORIS
    uow.session.execute(update(DATA_KEYS).where(boris).values(wrapped=rows[ANNA]))
    with refused("key_does_not_open"):
        data_keys.of(uow.session, RING, BORIS)


def test_another_ring_opens_nothing(uow: UnitOfWork, anna: DataKey) -> None:
    with refused("key_does_not_open"):
        data_keys.of(uow.session, KeyRing.generate(), ANNA)
    with refused("key_missing"):
        data_keys.of(uow.session, KeyRing.generate("k9"), ANNA)


@pytest.mark.usefixtures("anna")
def test_a_shredded_owner_is_left_out_or_refused(uow: UnitOfWork) -> None:
    data_keys.make(uow.session, RING, BORIS)
    data_keys.shred(uow.session, ANNA)
    assert set(data_keys.of_many(uow.session, RING, [ANNA, BORIS])) == {BORIS}
    with refused("key_shredded"):
        data_keys.of(uow.session, RING, ANNA)
    with refused("key_shredded"):
        data_keys.of_many(uow.session, RING, [BORIS, ANNA], strict=True)


def test_losing_a_key_makes_what_was_sealed_unreadable_for_good(
    uow: UnitOfWork, anna: DataKey
) -> None:
    """Not even a new key for the same owner, under the same ring, opens it."""
    sealed = anna.seal(b"positive", PLACE)
    uow.session.execute(delete(DATA_KEYS).where(DATA_KEYS.c.owner_id == ANNA))
    again = data_keys.make(uow.session, RING, ANNA)
    with refused("key_does_not_open"):
        again.open(sealed, PLACE)


def test_a_new_root_key_leaves_what_was_sealed_as_it_is(uow: UnitOfWork, anna: DataKey) -> None:
    sealed = anna.seal(b"positive", PLACE)
    newer = RING.with_new_key()
    assert data_keys.wrapped_otherwise(uow.session, newer, 10) == [ANNA]
    assert data_keys.of(uow.session, newer, ANNA).open(sealed, PLACE) == b"positive"
    data_keys.rewrap(uow.session, newer, ANNA)
    assert data_keys.wrapped_otherwise(uow.session, newer, 10) == []
    without_old = newer.without(RING.active)
    assert data_keys.of(uow.session, without_old, ANNA).open(sealed, PLACE) == b"positive"
    with refused("key_missing"):
        data_keys.of(uow.session, RING, ANNA)


def test_nobody_has_no_key(uow: UnitOfWork) -> None:
    assert data_keys.of_many(uow.session, RING, []) == {}
    with refused("key_shredded"):
        data_keys.of(uow.session, RING, NOBODY)
