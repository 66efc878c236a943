"""
Pictures of a database: every row of every table, with what is sealed opened, so that two can be compared.

Ciphertexts, ids drawn at random and the hashes over them differ from one run to the next. In their
place stands what they are for: the plain text, or that the hash holds. Whatever does not open says so.
"""

from __future__ import annotations

import hmac
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select

from workflow.rules.errors import GuituError
from workflow.services.chains import reckon
from workflow.services.proposal_files import reason_place, request_place
from workflow.services.quarantine import brought_place, decision_place
from workflow.store import data_keys, events, key_checks
from workflow.store.data_keys import DataKey
from workflow.store.keyring import KeyRing
from workflow.store.profiles import Profile
from workflow.store.sealed_files import SealedFiles
from workflow.store.tables import Found, Row
from workflow.store.unit_of_work import UnitOfWork

DRAWN = frozenset({"placements.id", "office_spans.id", "runs.id", "run_failures.run_id"})
"""Ids that the program draws itself."""
LEFT_OUT = frozenset({"packs.content", "outlooks.basis"})
"""The first is long, and its digest stands beside it; the second is a hash over a chain, which `verify` reckons anew."""
OF_NOBODY = ("stamps", "runs", "run_failures")
"""What belongs to no case and no person, and is written by jobs as they go."""

_EVERY = {
    table.name: select(*(c for c in table.c if f"{table.name}.{c.name}" not in LEFT_OUT)).order_by(
        *table.primary_key.columns
    )
    for table in Row.metadata.sorted_tables
}

_RAW = {
    "sqlite": [f'SELECT * FROM "{name}"' for name in _EVERY],  # noqa: S608 (tables of ours)
    "postgresql": [
        " UNION ALL ".join(f"SELECT '{name}', t::text FROM \"{name}\" t" for name in _EVERY)  # noqa: S608
        + " ORDER BY 1, 2"
    ],
}

Shown = tuple[tuple[str, Any], ...]
"""A row: each column with its value."""
Owned = dict[UUID | str, frozenset[tuple[str, Shown]]]
"""The rows of each case, each person, each member of staff; and of each table that knows none of these."""


@dataclass(frozen=True)
class Picture:
    """Every row of a database, by table."""

    rows: Mapping[str, tuple[Shown, ...]]

    def without(self, *tables: str) -> Picture:
        """The same, some tables left out."""
        return Picture({name: rows for name, rows in self.rows.items() if name not in tables})

    def owned(self) -> Owned:
        """The same by whom a row is about: a case, a person, a member of staff, or else its table."""
        found: dict[UUID | str, set[tuple[str, Shown]]] = defaultdict(set)
        for table, rows in self.rows.items():
            for row in rows:
                found[_owner(table, dict(row))].add((table, row))
        return {owner: frozenset(rows) for owner, rows in found.items()}

    def difference(self, other: Picture) -> str:
        """What is in one of two pictures only, to be read by whoever mends it."""
        lines = []
        for table in self.rows:
            mine, theirs = set(self.rows[table]), set(other.rows[table])
            lines += [f"- {table} {dict(row)}" for row in mine - theirs]
            lines += [f"+ {table} {dict(row)}" for row in theirs - mine]
            if mine == theirs and len(self.rows[table]) != len(other.rows[table]):
                lines.append(f"! {table}: the same rows, not as often")
        return "\n".join(lines)


def picture(engine: Engine, ring: KeyRing, files: SealedFiles | None = None) -> Picture:
    """
    Every row of a database, opened.

    Args:
        files: where attachments on a disk lie, if any do.
    """
    with UnitOfWork(engine, ring, reading=True) as uow:
        raw = {name: list(uow.session.execute(query).all()) for name, query in _EVERY.items()}
        keys = _keys(uow, ring, [row.owner_id for row in raw["data_keys"]])
        opener = _Opener(raw, keys, ring, files)
    return Picture({name: _shown(name, rows, opener) for name, rows in raw.items()})


def _keys(uow: UnitOfWork, ring: KeyRing, owners: Sequence[UUID]) -> Mapping[UUID, DataKey]:
    """The keys of several owners, those left out that the ring does not open."""
    try:
        return data_keys.of_many(uow.session, ring, owners)
    except GuituError:
        if len(owners) == 1:
            return {}
    return {owner: key for one in owners for owner, key in _keys(uow, ring, [one]).items()}


def _shown(table: str, rows: Sequence[Found], opener: _Opener) -> tuple[Shown, ...]:
    if not rows:
        return ()
    opened = opener.of.get(table, {})
    kept = [
        (n, name, opened.get(name))
        for n, name in enumerate(rows[0]._fields)
        if f"{table}.{name}" not in DRAWN
    ]
    found = [
        tuple((name, _hashable(open_it(row) if open_it else row[n])) for n, name, open_it in kept)
        for row in rows
    ]
    return tuple(sorted(found, key=repr))


def _hashable(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple(sorted((k, _hashable(v)) for k, v in value.items()))
    return tuple(map(_hashable, value)) if isinstance(value, list) else value


def _owner(table: str, row: dict[str, Any]) -> UUID | str:
    if table == "cases":
        return UUID(str(row["id"]))
    for column in ("case_id", "person_id", "owner_id"):
        if row.get(column) is not None:
            return UUID(str(row[column]))
    return UUID(str(row["id"])) if table in ("people", "staff") else table


def fingerprint(engine: Engine) -> bytes:
    """A hash over every row as it lies there, byte for byte: the same only where nobody wrote."""
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection  # asked so often that the way counts
        raw = [driver.execute(query).fetchall() for query in _RAW[engine.dialect.name]]
    return sha256(repr(raw).encode()).digest()


class _Opener:
    """What stands in the place of each column that nobody can compare."""

    def __init__(
        self,
        raw: Mapping[str, list[Found]],
        keys: Mapping[UUID, DataKey],
        ring: KeyRing,
        files: SealedFiles | None,
    ) -> None:
        self.raw, self.keys, self.ring, self.files = raw, keys, ring, files
        self.case_key = {row.id: keys.get(row.person_id) for row in raw["cases"]}
        self.attached = {row.id: row for row in raw["attachments"]}
        self.bodies = {row.attachment_id: row.body for row in raw["attachment_bodies"]}
        self.broken_at, self.tips = self._chains()
        self.marked = {
            (row.id, *mark): text for row in raw["people"] for mark, text in self._marks(row)
        }
        self.of: dict[str, dict[str, Callable[[Found], Any]]] = {
            "events": {
                "sealed": self._event,
                "chain": lambda row: row.seq < self.broken_at.get(row.case_id, row.seq + 1),
            },
            "cases": {"chain": lambda row: row.chain == self.tips[row.id]},
            "people": {"profile": partial(self._profile, "people.profile")},
            "staff": {"profile": partial(self._profile, "staff.profile")},
            "data_keys": {"wrapped": lambda row: row.owner_id in self.keys},
            "person_marks": {"digest": self._mark},
            "person_merges": {"reason": self._reason},
            "proposals": {"sealed": self._proposal, "reason": self._reason_of_proposal},
            "quarantine": {"sealed": self._brought, "reason": self._reason_of_brought},
            "attachments": {"details": self._details, "digest": self._digest},
            "attachment_bodies": {"body": self._body},
            "stamps": {"value": self._stamp},
        }

    def _chains(self) -> tuple[dict[UUID, int], dict[UUID, bytes]]:
        """Where the chain of each case breaks, if it does; and the hash of its last event."""
        by_case: dict[UUID, list[Found]] = {row.id: [] for row in self.raw["cases"]}
        for row in self.raw["events"]:
            by_case.setdefault(row.case_id, []).append(row)
        chains = {case_id: reckon(case_id, rows) for case_id, rows in by_case.items()}
        broken = {one: chain.broken_at for one, chain in chains.items() if chain.broken_at}
        return broken, {one: chain.tip for one, chain in chains.items()}

    def _marks(self, row: Found) -> Iterator[tuple[tuple[str, str, bytes], str]]:
        """Every mark that a person can be found by, under each root key, and the text that it is of."""
        key = self.keys.get(row.id)
        if key is None or row.profile is None:
            return
        profile = Profile.from_json(key.open_json(row.profile, f"people.profile|{row.id}"))
        for kind, text in profile.findable:
            for name in self.ring.secrets:
                yield (kind, name, self.ring.root(name).mark(kind, text)), text

    def _event(self, row: Found) -> object:
        return _opened(
            self.case_key.get(row.case_id), row.sealed, events.place_of(row.case_id, row.id)
        )

    def _profile(self, place: str, row: Found) -> object:
        if row.profile is None:
            return None
        return _opened(self.keys.get(row.id), row.profile, f"{place}|{row.id}")

    def _mark(self, row: Found) -> object:
        return self.marked.get((row.person_id, row.kind, row.root_key, row.digest), "of nothing")

    def _reason(self, row: Found) -> object:
        place = f"person_merges.reason|{row.id}"
        inner = _opened(self.keys.get(row.kept_id), row.reason, place)
        outer = self.keys.get(row.merged_id)
        return _opened(outer, inner, place) if isinstance(inner, bytes) else inner

    def _proposal(self, row: Found) -> object:
        place = request_place(row.case_id, row.id, row.proposed_by)
        return _opened(self.case_key.get(row.case_id), row.sealed, place)

    def _reason_of_proposal(self, row: Found) -> object:
        if row.reason is None:
            return None
        place = reason_place(row.id, row.outcome, row.decided_by)
        return _opened(self.case_key.get(row.case_id), row.reason, place)

    def _brought(self, row: Found) -> object:
        place = brought_place(row.case_id, row.id, row.brought_by)
        return _opened(self.case_key.get(row.case_id), row.sealed, place)

    def _reason_of_brought(self, row: Found) -> object:
        if row.reason is None:
            return None
        place = decision_place(row.id, row.outcome, row.decided_by)
        return _opened(self.case_key.get(row.case_id), row.reason, place)

    def _details(self, row: Found) -> object:
        return _opened(self.case_key.get(row.case_id), row.details, f"attachments.details|{row.id}")

    def _digest(self, row: Found) -> object:
        """What the attachment is, wherever it lies; that it is gone or another one where it is."""
        body = self.bodies.get(row.id)
        if row.kept == "disk" and self.files is not None:
            body = self.files.read(row.id, row.digest)
        if body is None or sha256(body).digest() != row.digest:
            return "gone or changed"
        key = self.case_key.get(row.case_id)
        plain = _opened(key, body, f"attachment_bodies.body|{row.id}")
        return sha256(plain).hexdigest() if isinstance(plain, bytes) else plain

    def _body(self, row: Found) -> object:
        return row.attachment_id in self.attached

    def _stamp(self, row: Found) -> object:
        """A check value tells of a root key, which another ring has drawn otherwise."""
        name = row.key.removeprefix(key_checks.PREFIX)
        if name == row.key or name not in self.ring.secrets:
            return row.value
        check, _, since = row.value.partition(" ")
        return hmac.compare_digest(check, key_checks.value_of(self.ring.root(name))), since


def _opened(key: DataKey | None, sealed: bytes, place: str) -> object:
    if key is None:
        return "shredded"
    try:
        return key.open(sealed, place)
    except GuituError as error:
        return error.code
