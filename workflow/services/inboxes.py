"""
Somebody's inbox (收件箱): the messages that were delivered to them, newest first, and which they have read.

A message names cases by code. Here, behind a login, a code leads to its case, as far as that is within reach
today; it does not where the person moved away since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from workflow.rules.case_codes import case_code
from workflow.rules.errors import NotFound
from workflow.services.callers import Caller
from workflow.services.clock import Instant
from workflow.store import inbox_lists
from workflow.store.inbox_lists import Place
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

__all__ = ["Letter", "Place", "inbox_of", "mark_read", "unread_of"]


@dataclass(frozen=True, slots=True)
class Letter:
    """
    One message in an inbox.

    Args:
        content: what it says, as it was fixed (`notifications.content`).
        cases: by code, those of its cases that its reader reaches today.
    """

    id: UUID
    sort: str
    as_role: str
    for_day: date
    delivered_at: datetime
    read_at: datetime | None
    content: Mapping[str, Any]
    cases: Mapping[str, UUID]

    @property
    def place(self) -> Place:
        """Where a page that ends with it ends."""
        return self.delivered_at, self.id


def inbox_of(
    uow: UnitOfWork,
    caller: Caller,
    *,
    unread: bool = False,
    limit: int,
    after: Place | None = None,
) -> list[Letter]:
    """What lies in the caller's inbox, the newest first."""
    rows = inbox_lists.listed(uow.session, caller.handle, unread=unread, limit=limit, after=after)
    return _letters(uow, caller, rows)


def unread_of(uow: UnitOfWork, caller: Caller) -> int:
    """How many the caller has not read."""
    return inbox_lists.count_unread(uow.session, caller.handle)


def mark_read(uow: UnitOfWork, caller: Caller, message_id: UUID, clock: Instant) -> Letter:
    """
    Note that the caller has read one of theirs. Sending it twice is harmless: the first time stays.

    Raises:
        NotFound: there is none of that id in their inbox.
    """
    inbox_lists.mark_read(uow.session, caller.handle, message_id, clock.now)
    row = inbox_lists.find(uow.session, caller.handle, message_id)
    if row is None:
        raise NotFound("not_found", what=str(message_id))
    return _letters(uow, caller, [row])[0]


def _letters(uow: UnitOfWork, caller: Caller, rows: Sequence[Found]) -> list[Letter]:
    ids = [row.message_id for row in rows]
    cases: dict[UUID, dict[str, UUID]] = defaultdict(dict)
    for message_id, case_id in inbox_lists.cases_in(uow.session, ids, caller.reach):
        cases[message_id][case_code(case_id)] = case_id
    return [
        Letter(
            id=row.message_id,
            sort=row.sort,
            as_role=row.as_role,
            for_day=row.for_day,
            delivered_at=row.delivered_at,
            read_at=row.read_at,
            content=row.content,
            cases=cases[row.message_id],
        )
        for row in rows
    ]
