"""
Where the messages of a day are found and made that notices go into; who sends them reads them elsewhere.

A message takes notices until its content is fixed. Whoever puts one in holds its row until then, so that
nothing is put into a message that is on its way.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.orm import Session

from workflow.store.many import Inserting, Values
from workflow.store.tables import Found, MessageRow, table_of

MESSAGES = table_of(MessageRow)
SPACE = UUID("6f0b1d0e-6d65-7373-9167-657300000036")
"""In which the ids of messages are made of what they are about."""
AT_ONCE = 5000
COLUMNS = (
    *("id", "recipient", "as_role", "sort", "for_day", "subject", "office_id"),
    *("planned_at", "send_from", "next_at", "failed_at", "failure", "owner"),
    *("place", "tries", "fence"),
)
_ADD = Inserting(MESSAGES, COLUMNS, known_stay=True)


def message_id(recipient: str, for_day: date, sort: str, subject: str = "") -> UUID:
    """The id of the one message that somebody has of a sort, a day and a subject: planned twice it is the same."""
    return uuid5(SPACE, "|".join((recipient, for_day.isoformat(), sort, subject)))


def held(session: Session, recipients: Collection[str], since: date) -> list[Found]:
    """
    The messages of these for a day or a later one, and older ones that nobody has seen yet, in the order of days.

    Nobody fixes what they say until this transaction ends.
    """
    columns = ("id", "recipient", "as_role", "sort", "for_day", "send_from", "next_at")
    fixed = MESSAGES.c.content.is_not(None).label("fixed")
    withdrawn = MESSAGES.c.withdrawn_at.is_not(None).label("withdrawn")
    query = select(*(MESSAGES.c[name] for name in columns), fixed, withdrawn)
    query = query.order_by(MESSAGES.c.id).with_for_update()
    late = and_(MESSAGES.c.next_at.is_not(None), MESSAGES.c.content.is_(None))
    late = and_(late, MESSAGES.c.for_day < since)
    known = sorted(set(recipients))
    found: list[Found] = []
    for start in range(0, len(known), AT_ONCE):
        mine = MESSAGES.c.recipient.in_(known[start : start + AT_ONCE])
        for which in (late, MESSAGES.c.for_day >= since):
            found += session.execute(query.where(mine, which)).all()
    return sorted(found, key=lambda row: row.for_day)


def add(session: Session, rows: Sequence[Values]) -> int:
    """Write new messages, each its `COLUMNS` in their order; those that are there stay as they are."""
    return _ADD.run(session, rows)


def take_up(session: Session, rows: Sequence[tuple[UUID, datetime, str]]) -> None:
    """Let messages that nobody has seen yet wait for an instant, for somebody in that role: id, instant, role."""
    if not rows:
        return
    statement = (
        update(MESSAGES)
        .where(MESSAGES.c.id == bindparam("of_id"))
        .values(
            send_from=bindparam("from_at"),
            next_at=bindparam("from_at"),
            as_role=bindparam("role"),
            withdrawn_at=None,
        )
    )
    values: list[dict[str, Any]] = [
        {"of_id": each, "from_at": at, "role": role} for each, at, role in rows
    ]
    session.connection().execute(statement, values)
