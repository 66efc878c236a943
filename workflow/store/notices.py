"""Where the notices are read and written. What was told cannot be untold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from workflow.rules.telling import Notice
from workflow.store.tables import Found, NoticeRow, table_of

NOTICES = table_of(NoticeRow)
_NEW = {
    "sqlite": sqlite.insert(NOTICES).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(NOTICES).on_conflict_do_nothing(),
}


def of_case(
    session: Session, case_id: UUID, *, known_at: datetime | None = None
) -> Sequence[Found]:
    """Everything told about a case, in order of telling; by an instant."""
    query = select(NOTICES).where(NOTICES.c.case_id == case_id)
    if known_at is not None:
        query = query.where(NOTICES.c.told_at <= known_at)
    order = (NOTICES.c.told_on, NOTICES.c.kind, NOTICES.c.occurrence, NOTICES.c.told_to)
    return session.execute(query.order_by(*order)).all()


def count_on(session: Session, day: date) -> int:
    """How many notices a day has."""
    query = select(func.count()).select_from(NOTICES).where(NOTICES.c.told_on == day)
    return session.execute(query).scalar_one()


def add_new(session: Session, told: Sequence[tuple[UUID, Notice]], told_at: datetime) -> int:
    """Write down those not told yet, by their key; gives back how many they were."""
    if not told:
        return 0
    rows = [_row(case_id, notice, told_at) for case_id, notice in told]
    done = session.execute(_NEW[session.get_bind().dialect.name], rows)
    assert isinstance(done, CursorResult)
    return done.rowcount


def _row(case_id: UUID, notice: Notice, told_at: datetime) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "kind": notice.kind,
        "occurrence": notice.occurrence,
        "told_on": notice.on,
        "told_to": notice.to,
        "role": notice.role,
        "rung": notice.rung,
        "told_at": told_at,
    }
