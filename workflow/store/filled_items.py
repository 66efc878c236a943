"""What is in messages, as it stands now: the offices behind the items that were not taken out."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from workflow.store.obligations import KEY
from workflow.store.tables import CaseRow, MessageItemRow, ObligationRow, table_of

ITEMS, CASES, OWED = table_of(MessageItemRow), table_of(CaseRow), table_of(ObligationRow)
_OWED = and_(*(OWED.c[name] == ITEMS.c[name] for name in KEY))


def offices_of(session: Session, message_id: UUID) -> list[UUID | None]:
    """The offices that owe what is in a message."""
    office = func.coalesce(OWED.c.office_id, CASES.c.office_id)
    query = (
        select(office)
        .select_from(ITEMS.join(CASES, CASES.c.id == ITEMS.c.case_id).outerjoin(OWED, _OWED))
        .where(ITEMS.c.message_id == message_id, ITEMS.c.withdrawn_at.is_(None))
        .distinct()
    )
    return list(session.execute(query).scalars())
