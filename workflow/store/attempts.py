"""Where the attempts are written down (告知台账): before anything goes out, and again when something came back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from workflow.store.many import Inserting, Updating
from workflow.store.statements import Order
from workflow.store.tables import AttemptRow, table_of

ATTEMPTS = table_of(AttemptRow)


class Attempt(NamedTuple):
    """
    An attempt, by the columns' names.

    Args:
        number: that of the fence under which the message was taken: it is taken once an attempt.
    """

    message_id: UUID
    number: int
    channel: str
    fence: int
    begun_at: datetime
    ended_at: datetime | None = None
    outcome: str | None = None
    code: str | None = None


_BEGIN = Inserting(ATTEMPTS, Attempt._fields)
_END = Updating(
    ATTEMPTS,
    ("message_id", "number", "ended_at", "outcome", "code"),
    keys=2,
    only_without="outcome",
)
_LOST = Updating(ATTEMPTS, ("message_id", "ended_at", "outcome"), keys=1, only_without="outcome")


def to_begin(attempts: Sequence[Attempt]) -> Order:
    """These attempts begin."""
    return _BEGIN, attempts


def to_end(ended: Sequence[tuple[UUID, int, datetime, str, str | None]]) -> Order:
    """Message and number of attempts, when each ended, how and why; one that is given up for lost stays so."""
    return _END, ended


def to_give_up(message_ids: Sequence[UUID], now: datetime) -> Order:
    """Whatever is under way of these messages is lost: whoever was at it was never heard of again."""
    return _LOST, [(message_id, now, "lost") for message_id in message_ids]
