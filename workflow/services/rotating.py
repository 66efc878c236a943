"""
Changing the keys of a ring while the office works: a new root key, everything moved under it, the old one retired.

A rotation has one order, and each step can be interrupted and run again: the ring
is written first, then the database takes the new key up, then data keys and
blind marks move, a few people a transaction. Until the end both keys are in the
ring, so that everything stays readable at every moment.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from workflow.rules.errors import GuituError, Refused
from workflow.services.key_files import KeyFile
from workflow.store import data_keys, key_checks, marks, people
from workflow.store.keyring import KeyRing
from workflow.store.unit_of_work import UnitOfWork, UnitsOfWork, in_one_go

AT_ONCE = 20
"""Data keys a transaction: it holds writers up for milliseconds. Marks move one person a transaction."""

Passed = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class KeyStanding:
    """A root key of the ring: since when the database knows it, and what it still wraps and marks."""

    id: str
    active: bool
    since: date | None
    data_keys: int
    marks: int


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation moved, and whose key or profile did not open: they stay as they were."""

    data_keys: int
    people: int
    failed: tuple[UUID, ...]


# ------------------------------------------------------------------ the ring of a database


def knows_a_ring(uow: UnitOfWork) -> bool:
    """Whether the database was ever used with a ring: then no other one will do."""
    return bool(key_checks.by_root(uow.session) or data_keys.wrapped_by_none_of(uow.session, ()))


def confirm_ring(uow: UnitOfWork) -> None:
    """
    See that the ring opens this database.

    A key that the database knows and the ring lacks is in order once nothing is
    wrapped by it.

    Raises:
        Refused: `key_ring_wrong`: another office's ring, or an old one.
    """
    confirm_keys(uow)
    ring = uow.ring
    if lacking := data_keys.wrapped_by_none_of(uow.session, ring.secrets.keys()):
        raise Refused("key_ring_wrong", key=lacking)
    if not key_checks.by_root(uow.session):
        for name in ring.secrets:
            _try_one(uow.session, ring, name)


def confirm_keys(uow: UnitOfWork) -> None:
    """
    The part of it that costs nothing however large the database is: the keys are those that it knows.

    Raises:
        Refused: `key_ring_wrong`.
    """
    ring, checks = uow.ring, key_checks.by_root(uow.session)
    shared = checks.keys() & ring.secrets.keys()
    for name in shared:
        if not hmac.compare_digest(key_checks.value_of(ring.root(name)), checks[name].value):
            raise Refused("key_ring_wrong", key=name)
    if checks and not shared:
        raise Refused("key_ring_wrong", key=max(checks))


def take_up(uow: UnitOfWork, today: date) -> None:
    """Have a database that knows no ring yet know this one."""
    key_checks.hold(uow.session)
    if not key_checks.by_root(uow.session):
        key_checks.put(uow.session, uow.ring.current, today)


def standing(uow: UnitOfWork) -> list[KeyStanding]:
    """Each key of the ring: never a secret."""
    checks = key_checks.by_root(uow.session)
    wrapped, marked = data_keys.count_by_root(uow.session), marks.count_by_root(uow.session)
    return [
        KeyStanding(
            name,
            name == uow.ring.active,
            checks[name].since if name in checks else None,
            wrapped.get(name, 0),
            marked.get(name, 0),
        )
        for name in uow.ring.secrets
    ]


# ------------------------------------------------------------------ a new key


def renew(uow: UnitOfWork, file: KeyFile, *, prepare: bool = False) -> KeyRing:
    """
    Write the next ring (`next_ring`) to its file, and let the database know its new key.

    Of two at once the second waits and then finds it done.
    """
    key_checks.hold(uow.session)
    old = file.read()
    new = next_ring(uow, old, prepare=prepare)
    if new != old:
        file.replace(new)
    for name in new.secrets.keys() - old.secrets.keys():
        key_checks.put(uow.session, new.root(name))
    return new


def next_ring(uow: UnitOfWork, ring: KeyRing, *, prepare: bool = False) -> KeyRing:
    """
    The ring to rotate to: this one while a rotation is under way, else with a new active key.

    Args:
        prepare: the new key is in the ring and not active yet. Servers elsewhere can then open what
            it will wrap; the next call makes it active.

    Raises:
        Refused: `rotation_under_way`: a key is prepared only when everything is under the active one.
    """
    checks = key_checks.by_root(uow.session)
    settled = {name for name, check in checks.items() if check.since}
    if ring.active not in settled:
        if prepare:
            raise Refused("rotation_under_way", key=ring.active)
        return ring
    prepared = [name for name in ring.secrets if _is_newer(name, ring.active, settled)]
    if prepared:
        return ring if prepare else replace(ring, active=prepared[-1])
    new = ring.with_new_key(taken=checks)
    return replace(new, active=ring.active) if prepare else new


def rotate(
    uow_factory: UnitsOfWork, *, today: date, passed: Passed | None = None, at_once: int = AT_ONCE
) -> Rotation:
    """
    Move every data key and every blind mark under the active key of the ring.

    May be interrupted anywhere and run again, twice at once, and while servers
    work. Where a key or a profile does not open, it is left and told.

    Args:
        today: the day since which, in the end, everything is under the key.
        passed: is told how many of how many are done.
    """
    with uow_factory() as uow:
        confirm_ring(uow)
        root = uow.ring.current
        key_checks.hold(uow.session)
        if root.id not in key_checks.by_root(uow.session):
            key_checks.put(uow.session, root)
        left = data_keys.count_otherwise(uow.session, uow.ring)
        total = left + marks.count_otherwise(uow.session, uow.ring.active)
    told = _Progress(total, passed)
    wrapped, lost = _each(uow_factory, _rewrap_some, told, at_once)
    marked, unread = _each(uow_factory, _remark_some, told, 1)
    with uow_factory() as uow:
        key_checks.put(uow.session, root, today)
    return Rotation(wrapped, marked, tuple(dict.fromkeys([*lost, *unread])))


def retire(uow: UnitOfWork, file: KeyFile | None, key_id: str) -> KeyRing:
    """
    Take a key out of the ring for good; without a file, gives back the ring that then is to be set.

    What lies in older backups of the database is not readable without it.

    Raises:
        Refused: `key_missing`, `key_active`, or `key_in_use`: something is wrapped or marked with it.
    """
    key_checks.hold(uow.session)
    ring = file.read() if file else uow.ring
    if key_id not in ring.secrets:
        raise Refused("key_missing", key=key_id)
    if key_id == ring.active:
        raise Refused("key_active", key=key_id)
    wrapped = data_keys.count_by_root(uow.session).get(key_id, 0)
    marked = marks.count_by_root(uow.session).get(key_id, 0)
    if wrapped or marked:
        raise Refused("key_in_use", key=key_id, data_keys=wrapped, marks=marked)
    key_checks.drop(uow.session, key_id)
    left = ring.without(key_id)
    if file:
        file.replace(left)
    return left


# ------------------------------------------------------------------ step by step


class _Progress:
    def __init__(self, total: int, passed: Passed | None) -> None:
        self._total, self._passed, self._done = total, passed, 0

    def add(self, done: int) -> None:
        self._done += done
        if self._passed:
            self._passed(self._done, max(self._total, self._done))


class Some(Protocol):
    """One step of a pass, from an id on: whom it came to, and with whom it failed."""

    def __call__(
        self, uow: UnitOfWork, *, limit: int, after: UUID | None
    ) -> tuple[list[UUID], list[UUID]]: ...


def _each(
    uow_factory: UnitsOfWork, some: Some, told: _Progress, at_once: int
) -> tuple[int, list[UUID]]:
    done, failed, after = 0, list[UUID](), None
    while True:
        step = partial(some, limit=at_once, after=after)
        found, missed = in_one_go(uow_factory, step)
        if not found:
            return done, failed
        done += len(found) - len(missed)
        failed += missed
        after = found[-1]
        told.add(len(found))


def _rewrap_some(
    uow: UnitOfWork, *, limit: int, after: UUID | None
) -> tuple[list[UUID], list[UUID]]:
    found = data_keys.wrapped_otherwise(uow.session, uow.ring, limit, after)
    return found, _tried(found, lambda owner: data_keys.rewrap(uow.session, uow.ring, owner))


def _remark_some(
    uow: UnitOfWork, *, limit: int, after: UUID | None
) -> tuple[list[UUID], list[UUID]]:
    """Marks of a shredded person are a trace that should not be there: they go."""

    def remark(person_id: UUID) -> None:
        marks.hold(uow.session, person_id)
        people.remark(uow.session, uow.ring, person_id)

    # the row of one person is held at a time, so that nobody can wait for us who is waited for
    found = marks.marked_otherwise(uow.session, uow.ring.active, limit, after)
    return found, _tried(found, remark)


def _tried(found: Iterable[UUID], act: Callable[[UUID], None]) -> list[UUID]:
    """Those with whom it failed, which stops nobody else."""
    failed = []
    for each in found:
        try:
            act(each)
        except GuituError:
            failed.append(each)
    return failed


def _is_newer(name: str, active: str, settled: Iterable[str]) -> bool:
    """Whether a key was put into the ring after the active one, and nothing was moved to it yet."""
    number, than = name[1:], active[1:]
    numbered = number.isdecimal() and than.isdecimal()
    return numbered and int(number) > int(than) and name not in settled


def _try_one(session: Session, ring: KeyRing, root_key: str) -> None:
    """Open one data key that this root key wraps, if there is one."""
    owner = data_keys.wrapped_by(session, root_key)
    if owner is None:
        return
    try:
        data_keys.of(session, ring, owner)
    except Refused as error:
        raise Refused("key_ring_wrong", key=root_key) from error
