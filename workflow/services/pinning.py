"""
Which pack counts for a case (锁定规则版本): the one it was opened under, as it then was, until somebody pins another.

A pack is kept whole under its name when the first case is pinned to it. From
then on what is kept counts, even where a release changes the file or drops it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Literal
from uuid import UUID

from workflow.rules.errors import Invalid, NotFound
from workflow.rules.events import EventVoided, PolicyPinned
from workflow.rules.history import Recorded, history_of
from workflow.rules.pack import Pack
from workflow.services.case_files import CaseFile
from workflow.services.clock import Instant
from workflow.services.pack_contents import content_of, damaged, digest_of, read_content
from workflow.services.packs import PackRefused, load_pack, shipped_packs
from workflow.services.projecting import Packs
from workflow.store import cases, next_looks
from workflow.store import packs as kept_packs
from workflow.store.unit_of_work import UnitOfWork, UnitsOfWork

NAME = re.compile(r"[a-z0-9-]{1,64}(@[0-9A-Za-z.]{1,32})?")


@dataclass(frozen=True, slots=True)
class PackChange:
    """
    A kept pack that is not what its name says any more.

    Args:
        what: `changed`: this release ships the name with another content, which counts for no case;
            `damaged`: what is kept cannot be read.
    """

    name: str
    what: Literal["changed", "damaged"]


class StoredPacks:
    """
    Finds packs by name: what is kept counts, then what this release ships. See `stored_packs`.

    A name once found in the database is never asked for again: what is kept never changes.
    """

    def __init__(self, uow_factory: UnitsOfWork) -> None:
        self._uow_factory = uow_factory
        self._found: dict[str, Pack] = {}

    def __call__(self, name: str) -> Pack:
        """
        The pack of this name (`cn-national@2026.11`); of an id alone or a path, as it is now.

        Raises:
            PackRefused: it is neither kept nor shipped, or what is kept is damaged.
        """
        if name in self._found or "@" not in name:
            return self._found.get(name) or load_pack(name)
        with self._uow_factory() as uow:
            return self.find(uow, name)

    def find(self, uow: UnitOfWork, name: str) -> Pack:
        """The same within a transaction that is open already."""
        if name in self._found or "@" not in name:
            return self._found.get(name) or load_pack(name)
        kept = _kept(uow, name)
        if kept is None:
            return load_pack(name)  # not remembered: another release may yet keep its own
        return self._found.setdefault(name, kept)

    def forget(self, name: str) -> None:
        """What was kept under this name was not kept after all."""
        self._found.pop(name, None)


def stored_packs(uow_factory: UnitsOfWork) -> StoredPacks:
    """
    Finds a pack by its name for a whole process: kept content counts, then what this release ships.

    Safe in many threads; no query once a pack is known.

    Args:
        uow_factory: gives units of work that only read, since a caller may be writing meanwhile.
    """
    return StoredPacks(uow_factory)


def packs_within(uow: UnitOfWork, packs: Packs) -> Packs:
    """The same packs, asked for within this transaction: it needs no second connection and sees what it kept itself."""
    return partial(packs.find, uow) if isinstance(packs, StoredPacks) else packs


def pin_new_case(
    uow: UnitOfWork, case_id: UUID, policy: str, *, packs: Packs, clock: Instant, by: str
) -> str:
    """
    Pin a case that was just written down to a pack as it now is; gives back its name, which is the case's policy now.

    Raises:
        PackRefused: there is no such pack.
    """
    name = _keep(uow, policy, packs, clock)
    kept_packs.pin(uow.session, case_id, name, at=clock.now, by=by)
    return name


def re_pin(
    uow: UnitOfWork, case_id: UUID, policy: str, *, packs: Packs, clock: Instant, by: str
) -> str:
    """
    Let another pack count for a case from now on; it is looked at again today. Gives back the pack's name.

    `pin_differences.differences` says beforehand what that changes. Where the pack counts already, nothing is written.

    Raises:
        NotFound: there is no such case.
        PackRefused: there is no such pack.
    """
    if cases.find(uow.session, case_id, to_write=True) is None:
        raise NotFound("not_found", what=str(case_id))
    name = _keep(uow, policy, packs, clock)
    if kept_packs.pinned(uow.session, case_id) != name:
        kept_packs.pin(uow.session, case_id, name, at=clock.now, by=by)
        next_looks.look_at(uow.session, case_id, clock.today)
    return name


def follow_pins(
    uow: UnitOfWork,
    case_file: CaseFile,
    new: Sequence[Recorded],
    *,
    packs: Packs,
    clock: Instant,
    by: str,
) -> CaseFile:
    """
    Let the pack count that a `policy_pinned` among new events names, or the one before where that was voided.

    Raises:
        Invalid: it is no name of a pack; a path has no place in the record.
        PackRefused: there is no such pack.
    """
    voided = {rec.event.event_id for rec in new if isinstance(rec.event, EventVoided)}
    pins = [rec for rec in case_file.recorded if isinstance(rec.event, PolicyPinned)]
    fresh = {rec.id for rec in new}
    if not any(rec.id in fresh or rec.id in voided for rec in pins):
        return case_file
    standing = history_of(case_file.recorded).standing
    named = [rec.event.pack for rec in standing if isinstance(rec.event, PolicyPinned)]
    wanted = named[-1] if named else kept_packs.pins_of(uow.session, case_file.id)[0].pack
    if not NAME.fullmatch(wanted):
        raise Invalid(
            "invalid_value", event="policy_pinned", field="pack", expected="cn-national@2026.11"
        )
    name = re_pin(uow, case_file.id, wanted, packs=packs, clock=clock, by=by)
    return replace(case_file, policy=name)


def pinned(uow: UnitOfWork, case_id: UUID, known_at: datetime | None = None) -> str:
    """
    The name of the pack that counts for a case; as known at an instant.

    Raises:
        NotFound: there is no such case, or it was not known by then.
    """
    name = kept_packs.pinned(uow.session, case_id, known_at)
    if name is None:
        raise NotFound("not_found", what=str(case_id))
    return name


def answers_to(name: str, policy: str) -> bool:
    """
    Whether a request for this policy may have led to this pin: the same name, or its id without a version.

    So that opening a case twice is harmless even when a release with a new version came between.
    """
    return policy in (name, name.partition("@")[0])


def kept_names(uow: UnitOfWork) -> frozenset[str]:
    """The names of the packs that are kept, because cases are or were pinned to them."""
    return frozenset(kept_packs.names(uow.session))


def pack_changes(uow: UnitOfWork) -> list[PackChange]:
    """What is wrong with the packs that are kept: damaged ones, and those whose file changed under an unchanged version."""
    found: list[PackChange] = []
    for name in kept_packs.names(uow.session):
        try:
            kept = _kept(uow, name, whole=True)
        except PackRefused:
            found.append(PackChange(name, "damaged"))
            continue
        shipped = _shipped(name)
        if shipped is not None and shipped != kept:
            found.append(PackChange(name, "changed"))
    return found


def _keep(uow: UnitOfWork, policy: str, packs: Packs, clock: Instant) -> str:
    """The name of the pack that this policy means now, its content kept under it once."""
    pack = packs_within(uow, packs)(policy)
    name, known = pack.name, kept_packs.is_known(uow.session, pack.name)
    if not known:
        content = content_of(pack)
        digest = digest_of(content)
        kept_packs.add(uow.session, name, digest=digest, content=content, at=clock.now)
    if isinstance(packs, StoredPacks):
        packs.find(uow, name)
        if not known:
            kept_packs.if_rolled_back(uow.session, partial(packs.forget, name))
    return name


def _kept(uow: UnitOfWork, name: str, *, whole: bool = False) -> Pack | None:
    """
    The pack that is kept under a name, or None.

    Args:
        whole: read what is kept even where this release ships the same.
    """
    try:
        row = kept_packs.find(uow.session, name)
    except ValueError as error:
        raise damaged(name) from error
    if row is None:
        return None
    shipped = None if whole else _shipped(name)
    if shipped is not None and digest_of(content_of(shipped)) == row.digest:
        return shipped
    return read_content(name, row.content, row.digest)


def _shipped(name: str) -> Pack | None:
    """The pack of exactly this name that travels with the program, or None."""
    pack_id = name.partition("@")[0]
    if pack_id not in shipped_packs():
        return None
    pack = load_pack(pack_id)
    return pack if pack.name == name else None
