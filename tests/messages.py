"""Messages written by hand: what a test of accounts, alarms and metrics starts from where no planner has run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import insert, select

from notifications.content import Item, content_of
from tests.builders import Office
from tests.counties import SPACE
from workflow.services.clock import Instant
from workflow.store.notices import OF
from workflow.store.tables import (
    AttemptRow,
    InboxRow,
    MessageItemRow,
    MessageRow,
    NoticeRow,
    table_of,
)

MESSAGES, ITEMS, NOTICES = table_of(MessageRow), table_of(MessageItemRow), table_of(NoticeRow)
ATTEMPTS, INBOX = table_of(AttemptRow), table_of(InboxRow)
Notice = tuple[Any, ...]


def notices(office: Office, on: date | None = None) -> list[Notice]:
    """What names each notice, of a day or of all, in a stable order."""
    query = select(*(NOTICES.c[name] for name in OF)).order_by(*(NOTICES.c[name] for name in OF))
    if on is not None:
        query = query.where(NOTICES.c.told_on == on)
    with office.uow() as uow:
        return [tuple(row) for row in uow.session.execute(query)]


def message(
    office: Office, name: str, on: date, items: Sequence[Notice] = (), **dates: Any
) -> UUID:
    """A message for `w1` with these notices in it; it waits since half past eight unless dates say otherwise."""
    message_id, morning = uuid5(SPACE, f"message {name} {on}"), Instant.on(on).now
    row: dict[str, Any] = {
        "id": message_id,
        "recipient": "w1",
        "as_role": "community_worker",
        "sort": "digest",
        "for_day": on,
        "subject": name,
        "planned_at": morning,
        "send_from": morning,
        "place": 0,
        "tries": 0,
        "fence": 0,
        "next_at": morning if not dates else None,
        **dates,
    }
    with office.uow() as uow:
        uow.session.execute(insert(MESSAGES), [row])
        for notice in items:
            item = dict(zip(OF, notice, strict=True))
            more = {"message_id": message_id, "because": "chair"}
            uow.session.execute(insert(ITEMS), [{**item, **more}])
    return message_id


def withdrawn(office: Office, message_id: UUID, at: datetime) -> None:
    """Take every item out of a message."""
    with office.uow() as uow:
        mine = ITEMS.update().where(ITEMS.c.message_id == message_id)
        uow.session.execute(mine.values(withdrawn_at=at, withdrawn_because="closed"))


def fixed(office: Office, message_id: UUID, items: Sequence[Item], *, as_role: str) -> None:
    """Fix what a message says, as the dispatch does at the first attempt."""
    with office.uow() as uow:
        row = uow.session.execute(select(MESSAGES).where(MESSAGES.c.id == message_id)).one()
        content = content_of(
            items, sort=row.sort, as_role=as_role, for_day=row.for_day, language="zh"
        )
        this = MESSAGES.update().where(MESSAGES.c.id == message_id)
        uow.session.execute(this.values(content=content.to_json(), as_role=as_role))


def delivered(office: Office, message_id: UUID, at: datetime) -> None:
    """Put a message into its recipient's inbox, with the attempt that did it."""
    with office.uow() as uow:
        row = uow.session.execute(select(MESSAGES).where(MESSAGES.c.id == message_id)).one()
        this = MESSAGES.update().where(MESSAGES.c.id == message_id)
        uow.session.execute(this.values(sent_at=at, channel="inbox", next_at=None))
        letter = {"message_id": message_id, "recipient": row.recipient, "delivered_at": at}
        uow.session.execute(insert(INBOX), [letter])
    tried(office, message_id, 1, "inbox", at, "sent")


def tried(
    office: Office, message_id: UUID, number: int, channel: str, at: datetime, outcome: str
) -> None:
    """Write an attempt down."""
    with office.uow() as uow:
        row = {
            "message_id": message_id,
            "number": number,
            "channel": channel,
            "fence": number,
            "begun_at": at,
            "ended_at": at,
            "outcome": outcome,
            "code": None if outcome == "sent" else "timeout",
        }
        uow.session.execute(insert(ATTEMPTS), [row])
