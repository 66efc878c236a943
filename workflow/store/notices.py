"""Where the notices are read and written. What was told cannot be untold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.rules.telling import Notice
from workflow.store.many import Inserting
from workflow.store.obligations import KEY
from workflow.store.tables import Found, NoticeRow, table_of

NOTICES = table_of(NoticeRow)
OF = (*KEY, "told_on", "told_to")
"""What names a notice, here and in `message_items`: the obligation, the day, and the role that was told."""
COLUMNS = (*OF, "role", "rung", "told_at")
_ADD_NEW = Inserting(NOTICES, COLUMNS, known_stay=True)


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
    rows = [
        (case_id, one.kind, one.occurrence, one.on, one.to, one.role, one.rung, told_at)
        for case_id, one in told
    ]
    return _ADD_NEW.run(session, rows)
