"""
What whoever runs the office counts of its messages: what waits, what is late, what came of the attempts of a day.

Each reads an index over what waits or over a day, so that asking every quarter of a minute costs little.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.store.tables import AttemptRow, Found, MessageRow, table_of

MESSAGES, ATTEMPTS = table_of(MessageRow), table_of(AttemptRow)
UNDER_WAY = "under_way"


def waiting(session: Session, now: datetime) -> tuple[int, int]:
    """How many messages wait: those whose time has come, and those that go out later."""
    due = func.count().filter(MESSAGES.c.next_at <= now)
    query = select(due, func.count()).where(MESSAGES.c.next_at.is_not(None))
    queued, all_waiting = session.execute(query).one()
    return queued, all_waiting - queued


def oldest_due(session: Session, now: datetime) -> datetime | None:
    """Since when the oldest message waits whose time has come; None where none does."""
    query = select(func.min(MESSAGES.c.next_at)).where(MESSAGES.c.next_at.is_not(None))
    oldest = session.execute(query).scalar()
    return oldest if oldest is not None and oldest <= now else None


def failed_since(session: Session, since: datetime, for_day: date) -> int:
    """
    How many messages reached nobody since an instant, of those for this day or later.

    An alarm that reached nobody is left out: it would raise the next one.
    """
    query = select(func.count()).where(MESSAGES.c.for_day >= for_day, MESSAGES.c.failed_at >= since)
    return session.execute(query.where(MESSAGES.c.sort != "alarm")).scalar_one()


def outcomes_for(session: Session, day: date) -> list[Found]:
    """The attempts to send the messages for a day: `channel`, `outcome` and `count`."""
    outcome = func.coalesce(ATTEMPTS.c.outcome, UNDER_WAY).label("outcome")
    query = select(ATTEMPTS.c.channel, outcome, func.count().label("count"))
    query = query.join(MESSAGES, MESSAGES.c.id == ATTEMPTS.c.message_id)
    query = query.where(MESSAGES.c.for_day == day).group_by(ATTEMPTS.c.channel, outcome)
    return list(session.execute(query))
