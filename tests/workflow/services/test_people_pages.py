"""Persons and staff: keys and profiles that do not open are named, and marks and links that are not theirs."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from tests.builders import PERSON, RING, Office, an_office
from tests.persons import NOW
from tests.tampering import Hand, Named, flipped, hand_in, named, unguard, verify
from workflow.services.merges import merge_people, undo_merge
from workflow.services.people import shred_person
from workflow.services.staffing import add_staff, shred_staff
from workflow.store import people
from workflow.store.keyring import KeyRing
from workflow.store.profiles import Profile
from workflow.store.unit_of_work import UnitOfWork

OTHER, WORKER = UUID(int=6), UUID(int=7)
PHONES = ("13900004417", "13900004418")


@pytest.fixture
def office() -> Iterator[Office]:
    """Two persons without a case, and one member of staff."""
    with an_office() as found:
        with found.uow() as uow:
            for n, person_id in enumerate((PERSON, OTHER)):
                profile = Profile(name=f"某{n}", phones=PHONES, address="某处")
                people.add(uow.session, uow.ring, person_id, profile, NOW.now)
            add_staff(
                uow, staff_id=WORKER, handle="w1", name="某丙", phone=None, clock=NOW, by="a1"
            )
        assert verify(found).people == 2
        assert named(found) == []
        unguard(found.engine)
        yield found


def keys(office: Office) -> list[tuple[str, dict[str, str]]]:
    return [(one.fault, dict(one.key)) for one in verify(office).findings]


@pytest.mark.parametrize(
    ("table", "column", "found"),
    [
        ("people", "profile", ("unreadable", "people", ("profile",))),
        ("staff", "profile", ("unreadable", "staff", ("profile",))),
        ("data_keys", "wrapped", ("unreadable", "data_keys", ())),
    ],
)
def test_a_flipped_bit_is_found(office: Office, table: str, column: str, found: Named) -> None:
    with hand_in(office, table) as hand:
        for row in hand.rows():
            hand.change(row, **{column: flipped(row[column])})
            assert named(office) == [found]
            hand.change(row)


def test_a_profile_in_the_place_of_another_does_not_open(office: Office) -> None:
    with hand_in(office, "people") as hand:
        first, second = hand.rows()
        hand.change(first, profile=second["profile"])
        assert named(office) == [("unreadable", "people", ("profile",))]


def test_a_profile_that_was_taken_away_is_missed(office: Office) -> None:
    with hand_in(office, "people") as hand:
        hand.change(hand.rows()[0], profile=None)
        assert named(office) == [("mutated", "people", ("profile",))]


def test_a_key_that_was_taken_away_by_itself_is_missed(office: Office) -> None:
    """Shredding takes the profile and the marks with it."""
    with hand_in(office, "data_keys") as hand:
        row = next(row for row in hand.rows() if row["owner_id"] == PERSON)
        hand.take(row)
        assert keys(office) == [("missing", {"owner_id": str(PERSON)})]


def test_somebody_who_was_shredded_is_in_order(office: Office) -> None:
    marks = Hand(office.engine, "person_marks").rows()
    with office.uow() as uow:
        shred_person(uow, PERSON, clock=NOW, by="a1")
        shred_staff(uow, staff_id=WORKER, clock=NOW)
    assert named(office) == []
    left = next(row for row in marks if row["person_id"] == PERSON)
    with hand_in(office, "person_marks") as hand:
        hand.put(left)
        assert named(office) == [("surplus", "person_marks", ())]


# ------------------------------------------------------------------ what follows from a profile


def test_marks_are_those_of_the_profile(office: Office) -> None:
    with hand_in(office, "person_marks") as hand:
        row = hand.rows()[0]
        key = {"person_id": str(row["person_id"]), "kind": "phone", "root_key": RING.active}
        hand.take(row)
        assert keys(office) == [("missing", key)]
        hand.put({**row, "digest": flipped(row["digest"])})
        (found,) = verify(office).findings
        assert (found.fault, found.columns, found.key) == ("mutated", ("digest",), key)
        hand.put(row)
        assert keys(office) == [("surplus", key)]


def test_a_mark_that_no_key_of_the_ring_made_is_named(office: Office) -> None:
    with hand_in(office, "person_marks") as hand:
        hand.change(hand.rows()[0], root_key="k9")
        assert ("unreadable", "person_marks", ()) in named(office)


def test_keys_and_marks_of_two_root_keys_are_in_order(office: Office) -> None:
    """As they are while a rotation is under way."""
    ring: KeyRing = RING.with_new_key()
    with UnitOfWork(office.engine, ring) as uow:
        people.remark(uow.session, ring, PERSON)
    office.ring = ring
    assert named(office) == []


def test_a_link_is_that_of_a_merge_that_stands(office: Office) -> None:
    merge_id = UUID(int=9)
    with office.uow() as uow:
        merge_people(
            uow,
            merge_id=merge_id,
            kept_id=OTHER,
            merged_id=PERSON,
            reason="同一人",
            clock=NOW,
            by="a1",
        )
    assert named(office) == []
    with hand_in(office, "people") as hand:
        hand.change(next(row for row in hand.rows() if row["id"] == PERSON), merged_into=None)
        assert named(office) == [("mutated", "people", ("merged_into",))]
    with office.uow() as uow:
        undo_merge(uow, merge_id, clock=NOW, by="a1")
    assert named(office) == []
    with hand_in(office, "people") as hand:
        hand.change(hand.rows()[0], merged_into=hand.rows()[1]["id"])
        assert named(office) == [("mutated", "people", ("merged_into",))]


# ------------------------------------------------------------------ what belongs to nobody


@pytest.mark.parametrize(
    ("table", "owner"),
    [("data_keys", "owner_id"), ("person_marks", "person_id")],
)
def test_what_belongs_to_nobody_is_named(office: Office, table: str, owner: str) -> None:
    with hand_in(office, table) as hand:
        hand.put({**hand.rows()[0], owner: UUID(int=99)})
        (found,) = verify(office).findings
        assert (found.fault, found.table, found.key[owner]) == (
            "orphaned",
            table,
            str(UUID(int=99)),
        )


def test_no_finding_repeats_what_is_secret(office: Office) -> None:
    marks = Hand(office.engine, "person_marks").rows()
    for table in ("people", "staff", "data_keys", "person_marks"):
        with hand_in(office, table) as hand:
            for row in hand.rows():
                changed = {name: flipped(v) for name, v in row.items() if isinstance(v, bytes)}
                hand.change(row, **changed)
            found = verify(office).findings
        assert found
        for secret in ("某", "1390000441", *(row["digest"].hex() for row in marks)):
            assert secret not in repr(found)
