"""What is in messages, as it stands now: the items that were not taken out, with what is owed behind each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from workflow.store.tables import CaseRow, Found, MessageItemRow, ObligationRow, table_of

ITEMS, CASES, OWED = table_of(MessageItemRow), table_of(CaseRow), table_of(ObligationRow)
AT_ONCE = 5000
_OWED = and_(*(OWED.c[name] == ITEMS.c[name] for name in ("case_id", "kind", "occurrence")))


def of_messages(session: Session, message_ids: Collection[UUID]) -> list[Found]:
    """
    The items of messages, each with what is owed as it stands: `owner`, `due_on`, both None where nothing is.

    Columns: message_id, case_id, kind, occurrence, told_on, told_to, because, policy, owner, due_on.
    """
    names = ("message_id", "case_id", "kind", "occurrence", "told_on", "told_to", "because")
    query = select(
        *(ITEMS.c[name] for name in names), CASES.c.policy, OWED.c.owner, OWED.c.due_on
    ).select_from(ITEMS.join(CASES, CASES.c.id == ITEMS.c.case_id).outerjoin(OWED, _OWED))
    query = query.where(ITEMS.c.withdrawn_at.is_(None))
    known: Sequence[UUID] = sorted(set(message_ids))
    found: list[Found] = []
    for start in range(0, len(known), AT_ONCE):
        some = known[start : start + AT_ONCE]
        found += session.execute(query.where(ITEMS.c.message_id.in_(some))).all()
    return found


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
