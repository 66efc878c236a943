"""What is in messages, as it stands now: the items that were not taken out, with what is owed behind each."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from workflow.store.obligations import KEY
from workflow.store.of_many import OfMany
from workflow.store.statements import Row
from workflow.store.tables import CaseRow, MessageItemRow, ObligationRow, table_of

ITEMS, CASES, OWED = table_of(MessageItemRow), table_of(CaseRow), table_of(ObligationRow)
_OWED = and_(*(OWED.c[name] == ITEMS.c[name] for name in KEY))


_NAMES = ("message_id", "case_id", "kind", "occurrence", "told_on", "told_to", "because")
_OF_MESSAGES = OfMany(
    select(*(ITEMS.c[name] for name in _NAMES), CASES.c.policy, OWED.c.owner, OWED.c.due_on)
    .select_from(ITEMS.join(CASES, CASES.c.id == ITEMS.c.case_id).outerjoin(OWED, _OWED))
    .where(ITEMS.c.withdrawn_at.is_(None)),
    ITEMS.c.message_id,
)


def of_messages(session: Session, message_ids: Collection[UUID]) -> list[Row]:
    """
    The items of messages, each with what is owed as it stands: `owner`, `due_on`, both None where nothing is.

    Columns: message_id, case_id, kind, occurrence, told_on, told_to, because, policy, owner, due_on.
    """
    return _OF_MESSAGES.all(session, message_ids)


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
