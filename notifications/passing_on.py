"""
A message that reaches its recipient by no channel goes to whoever is next above; where nobody is, it has failed.

It leaves a trace both ways: the first names the one that took its items over, which say why they are there. A
failure has an owner: the role that has to see to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid5

import structlog

from notifications.post import Post
from notifications.recipients import Directory, NextRecipient, next_higher
from workflow.services.clock import civil_day
from workflow.store import messages
from workflow.store.messages import New
from workflow.store.statements import Order, Row
from workflow.store.unit_of_work import UnitOfWork

SORT = "at_once"
OWNER = "county_office"
"""Who sees to what reached nobody: there is no one above."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Stranded:
    """
    A message that no channel of its recipient takes.

    Args:
        row: held by this transaction, and found by `fence`.
        code: what the last channel said.
    """

    row: Row
    fence: int
    code: str


@dataclass(slots=True)
class PassedOn:
    """What is to be written, and for how many: `passed` to somebody, `failed` for good."""

    orders: list[Order] = field(default_factory=list)
    passed: int = 0
    failed: int = 0


def pass_on(uow: UnitOfWork, post: Post, stranded: Sequence[Stranded], now: datetime) -> PassedOn:
    """Pass these on, to be sent as soon as people may be told."""
    found = PassedOn()
    if not stranded:
        return found
    directory = Directory.of(uow, civil_day(now), post.working)
    for one in stranded:
        above = next_higher(uow, one.row, directory)
        if above:
            found.orders += _passed(one, above, now, post.awake(now))
            found.passed += 1
        else:
            failed = (one.row.id, one.fence, now, one.code, OWNER)
            found.orders.append(messages.to_fail([failed]))
            found.failed += 1
            log.warning("message_failed", message_id=str(one.row.id), code=one.code, owner=OWNER)
    return found


def _passed(
    one: Stranded, above: Sequence[NextRecipient], now: datetime, send_from: datetime
) -> list[Order]:
    """A message for each of those above, with the same items."""
    because = "no_channel" if one.code == "no_channel" else "failed"
    new = [_new(one.row, each, now, send_from) for each in above]
    return [
        messages.to_add(new),
        messages.to_copy_items([(one.row.id, each.id, because) for each in new]),
        messages.to_be_passed([(one.row.id, one.fence, now, new[0].id)]),
    ]


def _new(row: Row, above: NextRecipient, now: datetime, send_from: datetime) -> New:
    return New(
        id=uuid5(row.id, above.handle),
        recipient=above.handle,
        as_role=above.as_role,
        sort=SORT,
        for_day=row.for_day,
        subject=f"passed|{row.id}",
        office_id=row.office_id,
        planned_at=now,
        send_from=send_from,
        next_at=send_from,
    )
