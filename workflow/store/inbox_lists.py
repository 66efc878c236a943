"""Where somebody's inbox is read: what lies in it, the newest first, how much of it is unread, and that it was read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from workflow.store.reach import Reach, within
from workflow.store.tables import (
    CaseRow,
    Found,
    InboxRow,
    MessageItemRow,
    MessageRow,
    table_of,
)

INBOX, MESSAGES = table_of(InboxRow), table_of(MessageRow)
ITEMS, CASES = table_of(MessageItemRow), table_of(CaseRow)
Place = tuple[datetime, UUID]
"""Where a page ended: when the last one was delivered, and its id."""

_LETTERS = select(
    INBOX, MESSAGES.c.sort, MESSAGES.c.as_role, MESSAGES.c.for_day, MESSAGES.c.content
).join(MESSAGES, MESSAGES.c.id == INBOX.c.message_id)


def listed(
    session: Session,
    recipient: str,
    *,
    unread: bool,
    limit: int,
    after: Place | None = None,
) -> Sequence[Found]:
    """What lies in somebody's inbox, with what each says; only what they have not read where `unread`."""
    query = _LETTERS.where(INBOX.c.recipient == recipient)
    if unread:
        query = query.where(INBOX.c.read_at.is_(None))
    if after is not None:
        at, message_id = after
        same = and_(INBOX.c.delivered_at == at, INBOX.c.message_id < message_id)
        query = query.where(or_(INBOX.c.delivered_at < at, same))
    newest = (INBOX.c.delivered_at.desc(), INBOX.c.message_id.desc())
    return session.execute(query.order_by(*newest).limit(limit)).all()


def find(session: Session, recipient: str, message_id: UUID) -> Found | None:
    """One of somebody's own; None where it is not theirs."""
    query = _LETTERS.where(INBOX.c.message_id == message_id, INBOX.c.recipient == recipient)
    return session.execute(query).first()


def count_unread(session: Session, recipient: str) -> int:
    """How many they have not read."""
    query = select(func.count()).select_from(INBOX)
    unread = query.where(INBOX.c.recipient == recipient, INBOX.c.read_at.is_(None))
    return session.execute(unread).scalar_one()


def mark_read(session: Session, recipient: str, message_id: UUID, at: datetime) -> None:
    """Note that somebody read one of theirs; the first time stays."""
    own = and_(INBOX.c.message_id == message_id, INBOX.c.recipient == recipient)
    session.execute(update(INBOX).where(own, INBOX.c.read_at.is_(None)).values(read_at=at))


def cases_in(
    session: Session, message_ids: Collection[UUID], reach: Reach
) -> Sequence[tuple[UUID, UUID]]:
    """The cases that messages are about, as far as they are within reach today: message and case."""
    query = (
        select(ITEMS.c.message_id, ITEMS.c.case_id)
        .distinct()
        .join(CASES, CASES.c.id == ITEMS.c.case_id)
        .where(ITEMS.c.message_id.in_(message_ids), ITEMS.c.withdrawn_at.is_(None), within(reach))
        .order_by(ITEMS.c.message_id, ITEMS.c.case_id)
    )
    return [(row.message_id, row.case_id) for row in session.execute(query)]
