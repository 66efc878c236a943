"""
Where the persons are read and written: sealed profiles, and the blind marks that they are found by.

Nothing about a person is written in plain text. A person whose key was shredded
is still there by id, and has no profile, no name and no mark any more. Who was
found to be the same person stands in `store.merges`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from workflow.store import data_keys, turns
from workflow.store.data_keys import DataKey
from workflow.store.keyring import KeyRing
from workflow.store.merges import root_of as root_of
from workflow.store.profiles import MarkKind
from workflow.store.profiles import Profile as Profile
from workflow.store.reach import Reach, within
from workflow.store.tables import CaseRow, DataKeyRow, PersonMarkRow, PersonRow, table_of

PEOPLE, MARKS = table_of(PersonRow), table_of(PersonMarkRow)
CASES, DATA_KEYS = table_of(CaseRow), table_of(DataKeyRow)
AT_ONCE = 1000
"""Ids a statement: every database takes so many, and a plan is made for few lengths."""


def is_known(session: Session, person_id: UUID) -> bool:
    """Whether there is a person with this id, readable or not."""
    return session.execute(select(PEOPLE.c.id).where(PEOPLE.c.id == person_id)).first() is not None


def add(
    session: Session,
    ring: KeyRing,
    person_id: UUID,
    profile: Profile,
    registered_at: datetime,
    by: str | None = None,
) -> DataKey:
    """Write a new person down under a new data key; gives back the key that seals all about them."""
    key = data_keys.make(session, ring, person_id)
    row = {
        "id": person_id,
        "profile": _sealed(key, profile),
        "registered_at": registered_at,
        "changed_at": registered_at,
        "changed_by": by,
    }
    session.execute(insert(PEOPLE), [row])
    _mark(session, ring, person_id, profile)
    return key


def change_profile(
    session: Session,
    ring: KeyRing,
    person_id: UUID,
    profile: Profile,
    *,
    at: datetime | None = None,
    by: str | None = None,
) -> None:
    """
    Put a profile in the place of the old one, and its marks in the place of the old marks.

    Raises:
        Refused: `key_shredded`: nothing can be written about them any more.
    """
    key = data_keys.of(session, ring, person_id)
    _write(session, person_id, _sealed(key, profile), at, by)
    _unmark(session, person_id)
    _mark(session, ring, person_id, profile)


def profile_of(session: Session, ring: KeyRing, person_id: UUID) -> Profile | None:
    """What is known of a person; None where there is none, or where their key was shredded."""
    return profiles_of(session, ring, [person_id]).get(person_id)


def profiles_of(session: Session, ring: KeyRing, ids: Iterable[UUID]) -> dict[UUID, Profile]:
    """What is known of several persons; those unknown or shredded are left out."""
    return dict(each_profile(session, ring, ids))


def each_profile(
    session: Session, ring: KeyRing, ids: Iterable[UUID]
) -> Iterator[tuple[UUID, Profile]]:
    """The same, some at a time: for a search that keeps few of many."""
    wanted = list(dict.fromkeys(ids))
    for start in range(0, len(wanted), AT_ONCE):
        keys = data_keys.of_many(session, ring, wanted[start : start + AT_ONCE])
        query = select(PEOPLE.c.id, PEOPLE.c.profile).where(PEOPLE.c.id.in_(keys))
        for row in session.execute(query):
            if row.profile is not None:
                yield row.id, _opened(keys[row.id], row.profile)


def profile_in(key: DataKey, sealed: bytes) -> Profile:
    """What a row holds of a person, where another question has read it."""
    return _opened(key, sealed)


def name_of(session: Session, ring: KeyRing, person_id: UUID) -> str | None:
    """What the person is called, where the office knows it and their key was not shredded."""
    found = profile_of(session, ring, person_id)
    return found.name if found else None


def with_mark(session: Session, ring: KeyRing, kind: MarkKind, text: str) -> list[UUID]:
    """
    The persons of whom a text is the number, the phone or the name and birth date, by blind mark.

    Args:
        text: in its form for comparing (`plain_number`, `plain_phone`, `name_born`).
    """
    return with_marks(session, ring, [(kind, text)]).get(kind, [])


def with_marks(
    session: Session, ring: KeyRing, sought: Iterable[tuple[MarkKind, str]]
) -> dict[MarkKind, list[UUID]]:
    """The same for several texts at once, by kind; made under every key of the ring, old ones too."""
    wanted = [
        and_(MARKS.c.kind == kind, MARKS.c.root_key == name, MARKS.c.digest == digest)
        for kind, text in sought
        for name, digest in ring.marks(kind, text).items()
    ]
    found: dict[MarkKind, list[UUID]] = {}
    if wanted:
        query = select(MARKS.c.kind, MARKS.c.person_id).distinct().where(or_(*wanted))
        for row in session.execute(query.order_by(MARKS.c.person_id)):
            found.setdefault(row.kind, []).append(row.person_id)
    return found


def take_turns(
    session: Session, ring: KeyRing, person_id: UUID, sought: Iterable[tuple[MarkKind, str]]
) -> None:
    """Let nobody else write this person, or one who can be found by the same, until this transaction ends."""
    marks = [
        f"{kind} {digest.hex()}"
        for kind, text in sought
        for digest in ring.marks(kind, text).values()
    ]
    turns.take(session, f"person {person_id}", *marks)


def remark(session: Session, ring: KeyRing, person_id: UUID) -> None:
    """Make a person's marks anew under the active root key, as a change of that key needs."""
    profile = profile_of(session, ring, person_id)
    _unmark(session, person_id)
    if profile is not None:
        _mark(session, ring, person_id, profile)


def shred(session: Session, person_id: UUID, *, at: datetime, by: str) -> None:
    """Destroy a person's key, marks and profile: the row stays, and nothing of theirs is read again."""
    data_keys.shred(session, person_id)
    _write(session, person_id, None, at, by)
    _unmark(session, person_id)


def readable(session: Session, ids: Iterable[UUID]) -> set[UUID]:
    """Those of some persons whose key is still there."""
    query = select(DATA_KEYS.c.owner_id).where(DATA_KEYS.c.owner_id.in_(list(ids)))
    return set(session.execute(query).scalars())


# ------------------------------------------------------------------ who may be known of


def reached(session: Session, reach: Reach | None, roots: Iterable[UUID]) -> set[UUID]:
    """Those of some persons (roots) about whom the caller may know of a case; all of them without a reach."""
    wanted = list(roots)
    if reach is None:
        return set(wanted)
    query = select(CASES.c.subject_id).where(CASES.c.subject_id.in_(wanted), within(reach))
    return set(session.execute(query.distinct()).scalars())


def ids_within(session: Session, reach: Reach | None, limit: int) -> list[UUID]:
    """The rows of everyone within reach, those merged into them included; at most so many."""
    if reach is None:
        query = select(PEOPLE.c.id)
    else:
        subjects = select(CASES.c.subject_id.label("id")).where(within(reach))
        down = subjects.distinct().cte("down", recursive=True)
        down = down.union(select(PEOPLE.c.id).join(down, PEOPLE.c.merged_into == down.c.id))
        query = select(down.c.id)
    return list(session.execute(query.limit(limit)).scalars())


# ------------------------------------------------------------------ how they are written


def _write(
    session: Session, person_id: UUID, sealed: bytes | None, at: datetime | None, by: str | None
) -> None:
    values = {"profile": sealed, "changed_at": at, "changed_by": by}
    session.execute(update(PEOPLE).where(PEOPLE.c.id == person_id).values(values))


def _mark(session: Session, ring: KeyRing, person_id: UUID, profile: Profile) -> None:
    root = ring.current
    rows: list[dict[str, Any]] = [
        {"person_id": person_id, "kind": kind, "root_key": root.id, "digest": root.mark(kind, text)}
        for kind, text in profile.findable
    ]
    if rows:
        session.execute(insert(MARKS), rows)


def _unmark(session: Session, person_id: UUID) -> None:
    session.execute(delete(MARKS).where(MARKS.c.person_id == person_id))


def _place(owner: UUID) -> str:
    return f"people.profile|{owner}"


def _sealed(key: DataKey, profile: Profile) -> bytes:
    return key.seal_json(profile.as_json, _place(key.owner))


def _opened(key: DataKey, sealed: bytes) -> Profile:
    return Profile.from_json(key.open_json(sealed, _place(key.owner)))
