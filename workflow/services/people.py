"""
The persons (本人): registering one, changing what is known of them, finding them again, shredding them.

Whether two rows are one person is never decided here: what looks alike is shown,
and a person decides. Merging them is `services.merges`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from workflow.rules.errors import Conflict, NotFound, Refused
from workflow.rules.identity_numbers import plain_number, wrong_with
from workflow.services.clock import Instant
from workflow.store import data_keys, merges, names, people
from workflow.store.profiles import MarkKind, Profile, plain_name, plain_phone
from workflow.store.reach import Reach
from workflow.store.unit_of_work import UnitOfWork

STRONGEST: tuple[MarkKind, ...] = ("identity_no", "name_born", "phone")
"""What tells most comes first. A phone alone is a hint: a family shares one."""


@dataclass(frozen=True, slots=True)
class Decided:
    """
    What a caller has decided about those who look alike.

    Args:
        not_same_as: persons within their reach who are somebody else.
        elsewhere: how many beyond their reach they were told of, and set aside all the same.
    """

    not_same_as: Collection[UUID] = frozenset()
    elsewhere: int = 0


UNDECIDED = Decided()


@dataclass(frozen=True, slots=True)
class RegisteredPerson:
    """
    A person written down.

    Args:
        already_known: the same had been sent before.
        same_phone: persons within reach who gave the same phone: a hint, no more.
    """

    person_id: UUID
    already_known: bool = False
    same_phone: tuple[UUID, ...] = ()


def register_person(
    uow: UnitOfWork,
    *,
    person_id: UUID,
    profile: Profile,
    clock: Instant,
    by: str,
    decided: Decided = UNDECIDED,
    reach: Reach | None = None,
) -> RegisteredPerson:
    """
    Write a new person down, once however often it is sent.

    Raises:
        Refused: `identity_number_wrong`: no such number can exist; `possible_duplicate`: somebody of
            the same number, or of the same name and birth date, is known and was not set aside.
        Conflict: `person_id_conflict`: the id is taken, with other content or by a member of staff.
    """
    findable = list(profile.findable)
    people.take_turns(uow.session, uow.ring, person_id, findable)
    if people.is_known(uow.session, person_id):
        if people.profile_of(uow.session, uow.ring, person_id) != profile:
            raise Conflict("person_id_conflict", id=str(person_id))
        return RegisteredPerson(person_id, already_known=True)
    if data_keys.is_taken(uow.session, person_id):
        raise Conflict("person_id_conflict", id=str(person_id))
    _check_number(profile, clock)
    alike = _alike(uow, findable)
    _ask(uow, alike, decided, reach)
    people.add(uow.session, uow.ring, person_id, profile, clock.now, by)
    hinted = [root for root, kinds in alike.items() if "phone" in kinds]
    same_phone = sorted(people.reached(uow.session, reach, hinted))
    return RegisteredPerson(person_id, same_phone=tuple(same_phone))


def update_person(
    uow: UnitOfWork,
    *,
    person_id: UUID,
    profile: Profile,
    clock: Instant,
    by: str,
    decided: Decided = UNDECIDED,
    reach: Reach | None = None,
) -> None:
    """
    Put what is known of a person in the place of what was; only what is new about them is checked.

    Raises:
        NotFound: there is nobody of that id within reach.
        Refused: as for registering; `key_shredded`: nothing is written about them any more.
    """
    root = _root_within(uow, person_id, reach)
    people.take_turns(uow.session, uow.ring, person_id, profile.findable)
    old = people.profile_of(uow.session, uow.ring, person_id)
    if old is None:
        raise Refused("key_shredded", owner=str(person_id))
    if old == profile:
        return
    if profile.identity_no != old.identity_no:
        _check_number(profile, clock)
    alike = _alike(uow, set(profile.findable) - set(old.findable))
    alike.pop(root, None)
    _ask(uow, alike, decided, reach)
    people.change_profile(uow.session, uow.ring, person_id, profile, at=clock.now, by=by)


def shred_person(
    uow: UnitOfWork, person_id: UUID, *, clock: Instant, by: str, reach: Reach | None = None
) -> tuple[UUID, ...]:
    """
    Destroy the key of one person's row: what is sealed under it is unreadable for good, to us too.

    The row, its cases and the dates in them stay, by id. Rows merged with it have
    keys of their own and stay readable, because a merge may have been a mistake:
    they are given back, and whoever erases the person shreds them as well.

    Raises:
        NotFound: there is nobody of that id within reach.
        Refused: `case_still_open`: they have an open case.
    """
    _root_within(uow, person_id, reach)
    root = merges.held_roots(uow.session, [person_id])[person_id]
    if merges.open_case_of(uow.session, root) is not None:
        raise Refused("case_still_open", id=str(person_id))
    rows = people.readable(uow.session, merges.same_as(uow.session, root))
    if person_id in rows:
        people.shred(uow.session, person_id, at=clock.now, by=by)
        names.forget()
    return tuple(sorted(rows - {person_id}))


# ------------------------------------------------------------------ finding them again

WIDEST = 20_000
"""Names opened for one search by name: 10,000 take about half a second of one core."""
FoundBy = Literal["identity_no", "phone", "name"]
_SHOWN: tuple[tuple[MarkKind, FoundBy], ...] = (("identity_no", "identity_no"), ("phone", "phone"))
_DIGITS = re.compile(r"\+?(?:[\s()-]*[0-9]){5,}X?")


@dataclass(frozen=True, slots=True)
class FoundPerson:
    """
    Somebody found.

    Args:
        person_id: the row that was found.
        subject_id: whom it is about, merges counted.
        name: as that row has it.
    """

    person_id: UUID
    subject_id: UUID
    name: str | None
    by: FoundBy


def search_people(
    uow: UnitOfWork, text: str, *, reach: Reach | None, limit: int = 50
) -> list[FoundPerson]:
    """
    Those within reach whose number or phone this is, or whose name it is or is part of.

    A number or a phone is found whole, by its blind mark. A name is compared with
    the opened names of everyone within reach, and is written nowhere: the whole
    name comes first, then names that begin with it, then names that hold it.

    Raises:
        Refused: `search_too_wide`: there are too many within reach to open their names.
    """
    sought = _as_numbers(text)
    found = _by_mark(uow, sought, reach) if sought else _by_name(uow, text, reach)
    return found[:limit]


def _as_numbers(text: str) -> list[tuple[MarkKind, str]]:
    """A text made of digits as the number and the phone that it may be; nothing for a name."""
    shown = unicodedata.normalize("NFKC", text).strip().upper()
    if not _DIGITS.fullmatch(shown):
        return []
    return [("identity_no", plain_number(shown)), ("phone", plain_phone(shown))]


def _by_mark(
    uow: UnitOfWork, sought: list[tuple[MarkKind, str]], reach: Reach | None
) -> list[FoundPerson]:
    by_kind = people.with_marks(uow.session, uow.ring, sought)
    roots = merges.roots_of(uow.session, (row for rows in by_kind.values() for row in rows))
    near = people.reached(uow.session, reach, roots.values())
    found: dict[UUID, tuple[UUID, FoundBy]] = {}
    for kind, by in _SHOWN:
        for row in by_kind.get(kind, []):
            if roots[row] in near:
                found.setdefault(roots[row], (row, by))
    profiles = people.profiles_of(uow.session, uow.ring, (row for row, _ in found.values()))
    return [
        FoundPerson(row, root, profiles[row].name, by)
        for root, (row, by) in found.items()
        if row in profiles
    ]


def _by_name(uow: UnitOfWork, text: str, reach: Reach | None) -> list[FoundPerson]:
    wanted = plain_name(text)
    if not wanted:
        return []
    rows = people.ids_within(uow.session, reach, WIDEST + 1)
    if len(rows) > WIDEST:
        raise Refused("search_too_wide", most=WIDEST)
    hits: list[tuple[int, str, UUID, str]] = []
    for row, profile in people.each_profile(uow.session, uow.ring, rows):
        if profile.name and wanted in (plain := plain_name(profile.name)):
            hits.append((_distance(wanted, plain), plain, row, profile.name))
    roots = merges.roots_of(uow.session, (row for _, _, row, _ in hits))
    found: dict[UUID, FoundPerson] = {}
    for _, _, row, name in sorted(hits):
        found.setdefault(roots[row], FoundPerson(row, roots[row], name, "name"))
    return list(found.values())


def _distance(wanted: str, name: str) -> int:
    """0 for the whole name, 1 for its beginning, 2 for a part of it."""
    return 0 if name == wanted else 1 if name.startswith(wanted) else 2


# ------------------------------------------------------------------ what is checked


def _root_within(uow: UnitOfWork, person_id: UUID, reach: Reach | None) -> UUID:
    """Who somebody is after merges; one out of reach is not found, like one who is not known."""
    root = merges.root_of(uow.session, person_id)
    known = people.is_known(uow.session, person_id)
    if not known or not people.reached(uow.session, reach, [root]):
        raise NotFound("not_found", what=str(person_id))
    return root


def _check_number(profile: Profile, clock: Instant) -> None:
    wrong = wrong_with(profile.identity_no, clock.today) if profile.identity_no else None
    if wrong is not None:
        raise Refused("identity_number_wrong", fault=wrong.fault, expected=wrong.expected)


def _alike(uow: UnitOfWork, findable: Iterable[tuple[MarkKind, str]]) -> dict[UUID, set[MarkKind]]:
    """Who has one of these marks too, merges counted, and which of them."""
    by_kind = people.with_marks(uow.session, uow.ring, findable)
    roots = merges.roots_of(uow.session, (row for rows in by_kind.values() for row in rows))
    alike: dict[UUID, set[MarkKind]] = {}
    for kind, rows in by_kind.items():
        for row in rows:
            alike.setdefault(roots[row], set()).add(kind)
    return alike


def _ask(
    uow: UnitOfWork,
    alike: dict[UUID, set[MarkKind]],
    decided: Decided,
    reach: Reach | None,
) -> None:
    """Refuse until a person has decided about each who looks alike by more than a phone."""
    aside = set(merges.roots_of(uow.session, decided.not_same_as).values())
    left = [root for root, kinds in alike.items() if kinds != {"phone"} and root not in aside]
    near = sorted(people.reached(uow.session, reach, left))
    beyond = len(left) - len(near)
    if near or beyond > decided.elsewhere:
        raise Refused(
            "possible_duplicate",
            ids=[str(root) for root in near],
            by=[_strongest(alike[root]) for root in near],
            elsewhere=beyond or None,
        )


def _strongest(kinds: set[MarkKind]) -> MarkKind:
    return next(kind for kind in STRONGEST if kind in kinds)
