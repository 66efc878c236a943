"""
Data keys: one a person (or member of staff), under which all that is about them is sealed.

A row holds the key wrapped by a root key of the ring. Deleting the row shreds
the person: what was sealed stays where it is and is unreadable for good.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import structlog
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from workflow.rules.errors import Refused
from workflow.store.keyring import KEY_BYTES, KeyRing, seal, unseal
from workflow.store.statements import Question, Statement
from workflow.store.tables import CaseRow, DataKeyRow, Found, table_of

log = structlog.get_logger(__name__)

DATA_KEYS, CASES = table_of(DataKeyRow), table_of(CaseRow)
_OF_CASE = Statement(
    select(DATA_KEYS)
    .join(CASES, CASES.c.person_id == DATA_KEYS.c.owner_id)
    .where(CASES.c.id == bindparam("of_case_id"))
)


class DataKey:
    """What seals and opens one owner's data. `place` (table, column, row) is bound to what is sealed there."""

    __slots__ = ("_key", "owner")

    def __init__(self, owner: UUID, secret: bytes) -> None:
        self.owner = owner
        self._key = AESGCM(secret)

    def seal(self, plain: bytes, place: str) -> bytes:
        """Ciphertext that opens only with this key and in this place."""
        return seal(self._key, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """The plain bytes; raises Refused `key_does_not_open` where key, place or a byte is another."""
        return unseal(self._key, sealed, place.encode())

    def seal_json(self, value: Any, place: str) -> bytes:
        """A value as compact JSON, sealed."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return self.seal(text.encode(), place)

    def open_json(self, sealed: bytes, place: str) -> Any:
        """The value that `seal_json` sealed."""
        return json.loads(self.open(sealed, place))


def make(session: Session, ring: KeyRing, owner: UUID) -> DataKey:
    """A new key for a new owner, written down wrapped."""
    secret = secrets.token_bytes(KEY_BYTES)
    row = {"owner_id": owner, **_wrapped(ring, owner, secret)}
    session.execute(insert(DATA_KEYS), [row])
    return DataKey(owner, secret)


def is_taken(session: Session, owner: UUID) -> bool:
    """Whether this id has a key, of a person or of a member of staff: no two owners share one."""
    query = select(DATA_KEYS.c.owner_id).where(DATA_KEYS.c.owner_id == owner)
    return session.execute(query).first() is not None


def of(session: Session, ring: KeyRing, owner: UUID) -> DataKey:
    """
    The key of an owner.

    Raises:
        Refused: `key_shredded`: it was destroyed, and nothing sealed under it can be read again;
            `key_missing`: the ring has not the root key that wrapped it.
    """
    return of_many(session, ring, [owner], strict=True)[owner]


def of_many(
    session: Session, ring: KeyRing, owners: Collection[UUID], *, strict: bool = False
) -> dict[UUID, DataKey]:
    """The keys of several owners; those shredded are left out, or refused where `strict`."""
    query = select(DATA_KEYS).where(DATA_KEYS.c.owner_id.in_(owners))
    rows = session.execute(query).all()
    found = {row.owner_id: DataKey(row.owner_id, _secret(ring, row)) for row in rows}
    if strict and (lost := next((owner for owner in owners if owner not in found), None)):
        raise Refused("key_shredded", owner=str(lost))
    return found


def that_open(session: Session, ring: KeyRing, owners: Collection[UUID]) -> dict[UUID, DataKey]:
    """The keys of several owners; those shredded are left out, and those whose row is damaged, which the log names."""
    query = select(DATA_KEYS).where(DATA_KEYS.c.owner_id.in_(owners))
    found: dict[UUID, DataKey] = {}
    for row in session.execute(query):
        root = ring.root(row.root_key)
        try:
            secret = root.unwrap(row.wrapped, row.owner_id.bytes)
        except Refused as error:
            log.error("data_key_unreadable", owner_id=str(row.owner_id), error=error.code)
        else:
            found[row.owner_id] = DataKey(row.owner_id, secret)
    return found


def of_case(case_id: UUID) -> Question:
    """The question about the key of the person of a case, to be asked together with others; `opened` takes the answer."""
    return _OF_CASE, {"of_case_id": case_id}


def opened(ring: KeyRing, owner: UUID, rows: Sequence[Found]) -> DataKey:
    """The key in the row that was found for an owner; raises as `of` does."""
    if not rows:
        raise Refused("key_shredded", owner=str(owner))
    return DataKey(owner, _secret(ring, rows[0]))


def opened_key(ring: KeyRing, owner: UUID, root_key: str, wrapped: bytes) -> DataKey:
    """The key that a row holds, where another question has read it; raises as `of`."""
    return DataKey(owner, ring.root(root_key).unwrap(wrapped, owner.bytes))


def shred(session: Session, owner: UUID) -> None:
    """Destroy an owner's key: what was sealed under it is unreadable for good."""
    session.execute(delete(DATA_KEYS).where(DATA_KEYS.c.owner_id == owner))


def wrapped_otherwise(
    session: Session, ring: KeyRing, limit: int, after: UUID | None = None
) -> list[UUID]:
    """Owners whose key is not wrapped by the active root key: the next ones by id, held until the end."""
    query = select(DATA_KEYS.c.owner_id).where(DATA_KEYS.c.root_key != ring.active)
    if after is not None:
        query = query.where(DATA_KEYS.c.owner_id > after)
    query = query.order_by(DATA_KEYS.c.owner_id).limit(limit).with_for_update()
    return list(session.execute(query).scalars())


def count_otherwise(session: Session, ring: KeyRing) -> int:
    """How many keys are not wrapped by the active root key."""
    query = select(func.count()).select_from(DATA_KEYS).where(DATA_KEYS.c.root_key != ring.active)
    return session.execute(query).scalar_one()


def count_by_root(session: Session) -> dict[str, int]:
    """How many keys each root key wraps."""
    query = select(DATA_KEYS.c.root_key, func.count()).group_by(DATA_KEYS.c.root_key)
    return {row[0]: row[1] for row in session.execute(query)}


def wrapped_by(session: Session, root_key: str) -> UUID | None:
    """The owner of some key that this root key wraps; None where it wraps none."""
    query = select(DATA_KEYS.c.owner_id).where(DATA_KEYS.c.root_key == root_key).limit(1)
    return session.execute(query).scalar()


def wrapped_by_none_of(session: Session, root_keys: Collection[str]) -> str | None:
    """The id of some root key that wraps something and is not among these."""
    query = select(DATA_KEYS.c.root_key).where(DATA_KEYS.c.root_key.not_in(list(root_keys)))
    return session.execute(query.limit(1)).scalar()


def rewrap(session: Session, ring: KeyRing, owner: UUID) -> None:
    """Wrap an owner's key by the active root key; the key itself stays."""
    row = session.execute(select(DATA_KEYS).where(DATA_KEYS.c.owner_id == owner)).one()
    values = _wrapped(ring, owner, _secret(ring, row))
    session.execute(update(DATA_KEYS).where(DATA_KEYS.c.owner_id == owner).values(values))


def _wrapped(ring: KeyRing, owner: UUID, secret: bytes) -> Mapping[str, Any]:
    return {"root_key": ring.active, "wrapped": ring.current.wrap(secret, owner.bytes)}


def _secret(ring: KeyRing, row: Any) -> bytes:
    return ring.root(row.root_key).unwrap(row.wrapped, row.owner_id.bytes)
