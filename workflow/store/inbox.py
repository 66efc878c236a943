"""Where a message is put into somebody's inbox (收件箱): once, whoever tries again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from workflow.store.many import Inserting
from workflow.store.statements import Order
from workflow.store.tables import InboxRow, table_of

INBOX = table_of(InboxRow)
_PUT = Inserting(INBOX, ("message_id", "recipient", "delivered_at"), known_stay=True)


def to_put(delivered: Sequence[tuple[UUID, str, datetime]]) -> Order:
    """These messages lie in the inboxes of these recipients since an instant."""
    return _PUT, delivered
