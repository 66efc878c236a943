"""Where quarantined work is read and written: what phones brought and the record could not take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from workflow.store.many import Inserting
from workflow.store.proposals import Stretch
from workflow.store.reach import Reach, within
from workflow.store.tables import CaseRow, DataKeyRow, Found, QuarantineRow, table_of

QUARANTINE, CASES, KEYS = table_of(QuarantineRow), table_of(CaseRow), table_of(DataKeyRow)
_FILE = select(QUARANTINE, CASES.c.person_id, CASES.c.subject_id).join(
    CASES, CASES.c.id == QUARANTINE.c.case_id
)

_ADD = Inserting(
    QUARANTINE,
    ("id", "case_id", "why", "code", "sealed", "brought_at", "brought_by"),
    known_stay=True,
)


def add(session: Session, row: Mapping[str, Any]) -> bool:
    """Write down what was brought; False where its id is taken. Whoever sends the same meanwhile waits here."""
    return _ADD.run_one(session, row)


def find(session: Session, brought_id: UUID) -> Found | None:
    """The row of this id, of whatever case, with whom its case is about."""
    return session.execute(_FILE.where(QUARANTINE.c.id == brought_id)).first()


def find_within(
    session: Session, brought_id: UUID, reach: Reach | None, *, to_write: bool = False
) -> Found | None:
    """
    The same, or None where there is none on a case within reach.

    Args:
        to_write: nobody else decides on it until this transaction ends.
    """
    query = _reached(_FILE.where(QUARANTINE.c.id == brought_id), reach)
    if to_write:
        query = query.with_for_update(of=QUARANTINE)
    return session.execute(query).first()


def waiting(session: Session, stretch: Stretch, reach: Reach | None) -> Sequence[Found]:
    """What waits within reach, what has waited longest first; nothing about a person whose key was shredded."""
    readable = exists().where(KEYS.c.owner_id == CASES.c.person_id).correlate(CASES)
    query = _reached(_FILE.where(QUARANTINE.c.outcome.is_(None), readable), reach)
    if stretch.after is not None:
        at, last = stretch.after
        same = and_(QUARANTINE.c.brought_at == at, QUARANTINE.c.id > last)
        query = query.where(or_(QUARANTINE.c.brought_at > at, same))
    ordered = query.order_by(QUARANTINE.c.brought_at, QUARANTINE.c.id).limit(stretch.limit)
    return session.execute(ordered).all()


def decide(
    session: Session,
    brought_id: UUID,
    outcome: str,
    *,
    at: datetime,
    by: str,
    reason: bytes | None,
) -> None:
    """Write down what became of one that waits."""
    values = {"outcome": outcome, "decided_at": at, "decided_by": by, "reason": reason}
    mine = and_(QUARANTINE.c.id == brought_id, QUARANTINE.c.outcome.is_(None))
    session.execute(update(QUARANTINE).where(mine).values(values))


def _reached(query: Select[Any], reach: Reach | None) -> Select[Any]:
    return query if reach is None else query.where(within(reach))
