"""
The persons and the staff, page by page: whether their keys and profiles open, and what follows from these is there.

Marks and merges' links are computed anew. A person whose key was shredded has
neither profile nor marks, and that is as it should be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TypeVar
from uuid import UUID

from workflow.services.case_pages import open_keys
from workflow.services.findings import DAMAGED, Findings, code_of
from workflow.services.staffing import read_staff
from workflow.store import people, raw_rows
from workflow.store.keyring import KeyRing
from workflow.store.profiles import Profile
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork, UnitsOfWork

STRAYS = (
    ("data_keys", "owner_id", ("people", "staff")),
    ("person_marks", "person_id", ("people",)),
    ("attachment_bodies", "attachment_id", ("attachments",)),
)
"""Rows that belong to something, by the column that says to what, and where that should be."""

Mark = tuple[str, bytes]
Read = TypeVar("Read")


def check_people(
    uow_factory: UnitsOfWork,
    findings: Findings,
    stepped: Callable[[int], None],
    *,
    at_once: int,
) -> int:
    """
    Look at every person and member of staff; gives back how many persons there are.

    Args:
        uow_factory: gives units of work that only read.
        stepped: told after each page how many persons it had.
    """
    count = 0
    last: UUID | None = None
    while True:
        with uow_factory() as uow:
            page = raw_rows.after(uow.session, "people", last, at_once)
            for key in page.bad:
                findings.add("unreadable", "people", key)
            if page.last is None:
                break
            _check_page(uow, page.rows, (last, page.last), findings)
        last = page.last
        count += len(page.rows)
        stepped(len(page.rows))
    _check_staff(uow_factory, findings, at_once)
    with uow_factory() as uow:
        for table, column, owners in STRAYS:
            for key in raw_rows.strays(uow.session, table, column, *owners):
                findings.add("orphaned", table, _shown(key))
    return count


def _check_page(
    uow: UnitOfWork,
    rows: Sequence[Found],
    place: tuple[UUID | None, UUID],
    findings: Findings,
) -> None:
    ids = {row.id for row in rows}
    keys, locked = open_keys(uow, ids)
    profiles, closed = _read(partial(people.profiles_of, uow.session, uow.ring), keys.keys())
    up = raw_rows.links(uow.session, ids)
    marks = raw_rows.between(uow.session, "person_marks", "person_id", *place)
    for key in marks.bad:
        findings.add("unreadable", "person_marks", _shown(key))
    of = _by_person(marks.rows)
    for row in rows:
        if row.merged_into != up.get(row.id):
            findings.add("mutated", "people", {"id": row.id}, "merged_into")
        if row.id in locked:
            findings.add("unreadable", "data_keys", {"owner_id": row.id})
        elif row.id in closed:
            because = closed[row.id]
            findings.add("unreadable", "people", {"id": row.id}, "profile", because=because)
        elif row.id in keys and row.id not in profiles:
            findings.add("mutated", "people", {"id": row.id}, "profile")
        elif row.id not in keys and row.profile is not None:
            findings.add("missing", "data_keys", {"owner_id": row.id})
        else:
            profile = profiles.get(row.id, Profile())
            _check_marks(uow.ring, row.id, profile, of.get(row.id, []), findings)


def _read(
    read: Callable[[Collection[UUID]], dict[UUID, Read]], ids: Collection[UUID]
) -> tuple[dict[UUID, Read], dict[UUID, str]]:
    """What is sealed about these, and of those where it does not open the code of the error."""
    try:
        return read(ids), {}
    except DAMAGED:
        pass  # one of them: each is asked for by itself
    found: dict[UUID, Read] = {}
    closed: dict[UUID, str] = {}
    for one in ids:
        try:
            found |= read([one])
        except DAMAGED as error:
            closed[one] = code_of(error)
    return found, closed


def _by_person(marks: Sequence[Found]) -> dict[UUID, list[Found]]:
    found: dict[UUID, list[Found]] = {}
    for mark in marks:
        found.setdefault(mark.person_id, []).append(mark)
    return found


def _check_marks(
    ring: KeyRing, person_id: UUID, profile: Profile, marks: Sequence[Found], findings: Findings
) -> None:
    """The blind marks of a person are those of their profile, all made by one key of the ring."""
    made_by = {mark.root_key for mark in marks} or {ring.active}
    for name in sorted(made_by):
        held = {(mark.kind, mark.digest) for mark in marks if mark.root_key == name}
        try:
            root = ring.root(name)
        except DAMAGED as error:
            key = {"person_id": person_id, "root_key": name}
            findings.add("unreadable", "person_marks", key, because=code_of(error))
            continue
        wanted: set[Mark] = {(kind, root.mark(kind, text)) for kind, text in profile.findable}
        _compare_marks(person_id, name, wanted, held, findings)


def _compare_marks(
    person_id: UUID, root_key: str, wanted: set[Mark], held: set[Mark], findings: Findings
) -> None:
    """A mark that is missing beside one that is too much was changed: the digest is a part of the key."""
    missing, surplus = _kinds(wanted - held), _kinds(held - wanted)
    for kind in sorted({*missing, *surplus}):
        key = {"person_id": person_id, "kind": kind, "root_key": root_key}
        changed = min(missing[kind], surplus[kind])
        for _ in range(changed):
            findings.add("mutated", "person_marks", key, "digest")
        for _ in range(missing[kind] - changed):
            findings.add("missing", "person_marks", key)
        for _ in range(surplus[kind] - changed):
            findings.add("surplus", "person_marks", key)


def _kinds(marks: set[Mark]) -> Counter[str]:
    return Counter(kind for kind, _ in marks)


def _check_staff(uow_factory: UnitsOfWork, findings: Findings, at_once: int) -> None:
    last: UUID | None = None
    while True:
        with uow_factory() as uow:
            page = raw_rows.after(uow.session, "staff", last, at_once)
            for key in page.bad:
                findings.add("unreadable", "staff", key)
            keys, locked = open_keys(uow, {row.id for row in page.rows})
            _, closed = _read(partial(read_staff, uow), keys.keys())
        for owner in sorted(locked):
            findings.add("unreadable", "data_keys", {"owner_id": owner})
        for one, because in closed.items():
            findings.add("unreadable", "staff", {"id": one}, "profile", because=because)
        if page.last is None:
            return
        last = page.last


def _shown(key: raw_rows.Key) -> raw_rows.Key:
    """A key without the digest of a mark, which tells who has the same number."""
    return {name: value for name, value in key.items() if name != "digest"}
