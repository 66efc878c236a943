"""
Where the events are read and written. There is no update and no delete: the database refuses both.

What an event says is sealed under the person's data key. Each event's hash covers
the one before it and every column of its own, the ciphertext included, so that a
chain can be checked by whoever holds no key.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from workflow.store.tables import EventRow, Found, table_of

EVENTS = table_of(EventRow)
CHAINED = tuple(c.name for c in EVENTS.c if c.name not in ("case_id", "sealed", "chain"))
_READ = (
    EVENTS.c.case_id,
    EVENTS.c.seq,
    EVENTS.c.id,
    EVENTS.c.name,
    EVENTS.c.version,
    EVENTS.c.happened_on,
    EVENTS.c.happened_at,
    EVENTS.c.recorded_on,
    EVENTS.c.rank,
    EVENTS.c.recorded_by,
    EVENTS.c.approved_by,
    EVENTS.c.sealed,
)
_OF_CASE = select(EVENTS)
_INSERT = insert(EVENTS)


def of_case(
    session: Session, case_id: UUID, *, known_at: datetime | None = None
) -> Sequence[Found]:
    """Every event of a case in the order of recording, voided ones included; as known at an instant."""
    query = _OF_CASE.where(EVENTS.c.case_id == case_id).order_by(EVENTS.c.seq)
    if known_at is not None:
        query = query.where(EVENTS.c.recorded_at <= known_at)
    return session.execute(query).all()


def of_cases(session: Session, case_ids: Collection[UUID]) -> Iterator[Found]:
    """What is needed to fold several cases: case by case, each in the order of recording."""
    query = select(*_READ).where(EVENTS.c.case_id.in_(case_ids))
    yield from session.execute(query.order_by(EVENTS.c.case_id, EVENTS.c.seq))


def with_ids(session: Session, ids: Collection[str]) -> Sequence[Found]:
    """The events with these ids, of whatever case."""
    query = select(EVENTS).where(EVENTS.c.id.in_(ids))
    return session.execute(query.order_by(EVENTS.c.case_id, EVENTS.c.seq)).all()


def add(session: Session, case_id: UUID, tip: bytes, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Write events of a case down behind the one whose hash is `tip`; gives back the new tip."""
    chained = []
    for row in rows:
        tip = link(tip, case_id, row)
        chained.append({"case_id": case_id, **row, "chain": tip})
    session.execute(_INSERT, chained)
    return tip


def first_link(case_id: UUID) -> bytes:
    """Where the chain of a case begins."""
    return sha256(b"guitu case 1|" + case_id.bytes).digest()


def link(before: bytes, case_id: UUID, row: Mapping[str, Any]) -> bytes:
    """The hash of an event: of the one before it, and of every column of its own but this."""
    envelope = [str(case_id), *(_plain(row[name]) for name in CHAINED)]
    text = json.dumps(envelope, ensure_ascii=False, separators=(",", ":"))
    return sha256(before + text.encode() + b"|" + row["sealed"]).digest()


def place_of(case_id: UUID, event_id: str) -> str:
    """Where the fields of an event are sealed: a ciphertext opens nowhere else."""
    return f"events|{case_id.hex}|{event_id}"


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return f"{value.timestamp():.6f}"
    return value.isoformat() if isinstance(value, date) else value
