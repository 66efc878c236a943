"""
Where it is read who was told of a case (告知台账): messages that went out or were tried, with what of this case they held.

What was planned and withdrawn before the first attempt told nobody anything, and is left out; what was
withdrawn after one may have told somebody, and stays.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from workflow.store.tables import (
    AttemptRow,
    Found,
    InboxRow,
    MessageItemRow,
    MessageRow,
    table_of,
)

MESSAGES, ITEMS = table_of(MessageRow), table_of(MessageItemRow)
ATTEMPTS, INBOX = table_of(AttemptRow), table_of(InboxRow)
Place = tuple[date, UUID]
"""Where a page ended: the day of the last message, and its id."""


def messages_about(
    session: Session, case_id: UUID, *, limit: int, after: Place | None = None
) -> Sequence[Found]:
    """Messages that told somebody of a case, or may have, the newest day first; `read_at` is the inbox's."""
    about = select(ITEMS.c.message_id).where(ITEMS.c.case_id == case_id, _may_have_told())
    tried = exists().where(ATTEMPTS.c.message_id == MESSAGES.c.id).correlate(MESSAGES)
    query = (
        select(MESSAGES, INBOX.c.read_at)
        .outerjoin(INBOX, INBOX.c.message_id == MESSAGES.c.id)
        .where(MESSAGES.c.id.in_(about), or_(MESSAGES.c.sent_at.is_not(None), tried))
        .order_by(MESSAGES.c.for_day.desc(), MESSAGES.c.id)
        .limit(limit)
    )
    if after is not None:
        day, message_id = after
        same = and_(MESSAGES.c.for_day == day, MESSAGES.c.id > message_id)
        query = query.where(or_(MESSAGES.c.for_day < day, same))
    return session.execute(query).all()


def items_of(session: Session, case_id: UUID, message_ids: Collection[UUID]) -> Sequence[Found]:
    """What these messages held of the case."""
    key = (ITEMS.c.told_on, ITEMS.c.kind, ITEMS.c.occurrence, ITEMS.c.told_to)
    held = and_(ITEMS.c.case_id == case_id, ITEMS.c.message_id.in_(message_ids))
    query = select(ITEMS).where(held, _may_have_told())
    return session.execute(query.order_by(*key)).all()


def attempts_of(session: Session, message_ids: Collection[UUID]) -> Sequence[Found]:
    """What was tried to deliver these messages, in order."""
    query = select(ATTEMPTS).where(ATTEMPTS.c.message_id.in_(message_ids))
    return session.execute(query.order_by(ATTEMPTS.c.message_id, ATTEMPTS.c.number)).all()


def _may_have_told() -> ColumnElement[bool]:
    """That an item was in its message when somebody tried to send it."""
    before = and_(
        ATTEMPTS.c.message_id == ITEMS.c.message_id, ATTEMPTS.c.begun_at < ITEMS.c.withdrawn_at
    )
    return or_(ITEMS.c.withdrawn_at.is_(None), exists().where(before).correlate(ITEMS))
