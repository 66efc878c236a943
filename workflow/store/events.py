"""Where the events are read and written. There is no update and no delete: the database refuses both."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from workflow.store.tables import EventRow, Found, table_of

EVENTS = table_of(EventRow)


def of_case(session: Session, case_id: UUID) -> Sequence[Found]:
    """Every event of a case in the order of recording, voided ones included."""
    query = select(EVENTS).where(EVENTS.c.case_id == case_id).order_by(EVENTS.c.seq)
    return session.execute(query).all()


def with_ids(session: Session, ids: Collection[str]) -> Sequence[Found]:
    """The events with these ids, of whatever case, in the order of recording."""
    query = select(EVENTS).where(EVENTS.c.id.in_(ids)).order_by(EVENTS.c.seq)
    return session.execute(query).all()


def add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write events down, in one statement."""
    session.execute(insert(EVENTS), [dict(row) for row in rows])
