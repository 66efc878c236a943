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
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, func, insert, select, type_coerce, union
from sqlalchemy.orm import Session
from sqlalchemy.types import NULLTYPE

from workflow.store.of_cases import OfCases
from workflow.store.statements import Order, Question, Statement, carry_out
from workflow.store.tables import EventRow, Found, table_of

EVENTS = table_of(EventRow)
CHAINED = tuple(c.name for c in EVENTS.c if c.name not in ("case_id", "sealed", "chain"))
FOLDED = (
    "id",
    "name",
    "version",
    "happened_on",
    "recorded_on",
    "seq",
    "happened_at",
    "rank",
    "recorded_by",
    "approved_by",
    "sealed",
)
"""What is needed to fold a case, in this order."""
_OF_CASE = select(EVENTS).where(EVENTS.c.case_id == bindparam("of_case_id")).order_by(EVENTS.c.seq)
_OF_CASES = OfCases(
    select(type_coerce(EVENTS.c.case_id, NULLTYPE), *(EVENTS.c[name] for name in FOLDED)).order_by(
        EVENTS.c.case_id, EVENTS.c.seq
    ),
    EVENTS.c.case_id,
)
_WITH_ID = Statement(
    select(EVENTS.c.case_id, EVENTS.c.id, EVENTS.c.captured_at)
    .where(EVENTS.c.id == bindparam("of_id"))
    .order_by(EVENTS.c.case_id)
)
_INSERT = Statement(insert(EVENTS))


def of_case(
    session: Session, case_id: UUID, *, known_at: datetime | None = None
) -> Sequence[Found]:
    """Every event of a case in the order of recording, voided ones included; as known at an instant."""
    query = _OF_CASE
    if known_at is not None:
        query = query.where(EVENTS.c.recorded_at <= known_at)
    return session.execute(query, {"of_case_id": case_id}).all()


def of_cases(
    session: Session, case_ids: Collection[UUID], *, known_at: datetime | None = None
) -> Iterator[tuple[UUID, Sequence[Found]]]:
    """
    What is `FOLDED` of the events of several cases: case by case, each in the order of recording.

    The id of the case stands in front of it as the driver gives it: sixty times a case it would be
    made anew. As known at an instant, what was recorded by then.
    """
    only = () if known_at is None else (EVENTS.c.recorded_at <= known_at,)
    rows = _OF_CASES.all(session, case_ids, *only)
    for driven, found in groupby(rows, key=itemgetter(0)):
        yield driven if isinstance(driven, UUID) else UUID(driven), list(found)


def captured_of(
    session: Session, case_ids: Collection[UUID]
) -> Mapping[UUID, Mapping[str, datetime]]:
    """By case, when devices noted the events that they noted, by the events' ids."""
    noted = and_(EVENTS.c.case_id.in_(list(case_ids)), EVENTS.c.captured_at.is_not(None))
    query = select(EVENTS.c.case_id, EVENTS.c.id, EVENTS.c.captured_at).where(noted)
    found: dict[UUID, dict[str, datetime]] = {}
    for row in session.execute(query):
        found.setdefault(row.case_id, {})[row.id] = row.captured_at
    return found


def writers_of(session: Session, case_ids: Collection[UUID]) -> set[str]:
    """Whoever recorded or approved an event of these cases."""
    mine = EVENTS.c.case_id.in_(list(case_ids))
    named = (select(column).where(mine) for column in (EVENTS.c.recorded_by, EVENTS.c.approved_by))
    return {handle for handle in session.execute(union(*named)).scalars() if handle}


def last_requests(session: Session, case_id: UUID, count: int) -> set[str]:
    """The ids of the events of the last requests that were recorded on a case, so many of them."""
    mine = EVENTS.c.case_id == case_id
    query = select(EVENTS.c.request_id).where(mine).group_by(EVENTS.c.request_id)
    last = query.order_by(func.max(EVENTS.c.seq).desc()).limit(count)
    found = select(EVENTS.c.id).where(mine, EVENTS.c.request_id.in_(last))
    return set(session.execute(found).scalars())


def folded_of(case_id: UUID) -> Question:
    """The same question about one case as it now is, to be asked together with others."""
    return _OF_CASES.of(case_id)


def with_id(event_id: str) -> Question:
    """Of the events with this id, of whatever case: which case, and when they were captured."""
    return _WITH_ID, {"of_id": event_id}


def day_of(session: Session, case_id: UUID, event_id: str) -> date | None:
    """The day on which an event of a case happened; None where it has none of this id."""
    mine = and_(EVENTS.c.case_id == case_id, EVENTS.c.id == event_id)
    return session.execute(select(EVENTS.c.happened_on).where(mine)).scalar()


def add(session: Session, case_id: UUID, tip: bytes, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Write events of a case down behind the one whose hash is `tip`; gives back the new tip."""
    order, tip = to_add(case_id, tip, rows)
    carry_out(session, [order])
    return tip


def to_add(case_id: UUID, tip: bytes, rows: Sequence[Mapping[str, Any]]) -> tuple[Order, bytes]:
    """The same, to be written together with others, and the new tip."""
    chained = []
    for row in rows:
        tip = link(tip, case_id, row)
        chained.append({"case_id": case_id, **row, "chain": tip})
    return (_INSERT, chained), tip


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
