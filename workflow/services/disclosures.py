"""
The disclosure ledger of a case (告知台账): who was told what, when, by which channel, and what came of each attempt.

It is read off what the dispatch wrote before it went on the wire, so that nothing goes out that is not in it.
What a message said of the case is its code and counts; what it was about stands beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from workflow.rules.errors import NotFound
from workflow.store import cases, disclosures
from workflow.store.disclosures import Place
from workflow.store.reach import Reach
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

__all__ = ["Attempt", "Disclosure", "Place", "Told", "disclosures_of"]


@dataclass(frozen=True, slots=True)
class Told:
    """One notice that a message carried: which obligation, to which role, and why this person heard it."""

    kind: str
    occurrence: str
    told_on: date
    told_to: str
    because: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver; without an outcome while it is under way."""

    number: int
    channel: str
    begun_at: datetime
    ended_at: datetime | None
    outcome: str | None
    code: str | None


@dataclass(frozen=True, slots=True)
class Disclosure:
    """
    One message that told somebody of the case, or may have.

    Args:
        recipient: a handle.
        channel, sent_at: by which it went out, and when; None where no attempt came through.
        read_at: when they read it in their inbox, where that is how it went.
        passed_to: the message that told somebody higher instead.
    """

    id: UUID
    recipient: str
    as_role: str
    sort: str
    for_day: date
    channel: str | None
    sent_at: datetime | None
    read_at: datetime | None
    passed_to: UUID | None
    failed_at: datetime | None
    told: tuple[Told, ...]
    attempts: tuple[Attempt, ...]

    @property
    def place(self) -> Place:
        """Where a page that ends with it ends."""
        return self.for_day, self.id


def disclosures_of(
    uow: UnitOfWork,
    case_id: UUID,
    *,
    reach: Reach | None,
    limit: int,
    after: Place | None = None,
) -> list[Disclosure]:
    """
    Who was told of a case, the newest day first.

    Args:
        reach: what the caller may know of; None for whoever may read every ledger.

    Raises:
        NotFound: there is no such case within reach.
    """
    if cases.find(uow.session, case_id, reach) is None:
        raise NotFound("not_found", what=str(case_id))
    rows = disclosures.messages_about(uow.session, case_id, limit=limit, after=after)
    ids = [row.id for row in rows]
    told: dict[UUID, list[Told]] = defaultdict(list)
    for item in disclosures.items_of(uow.session, case_id, ids):
        told[item.message_id].append(_told(item))
    tried: dict[UUID, list[Attempt]] = defaultdict(list)
    for attempt in disclosures.attempts_of(uow.session, ids):
        tried[attempt.message_id].append(_attempt(attempt))
    return [_disclosure(row, told, tried) for row in rows]


def _told(row: Found) -> Told:
    return Told(row.kind, row.occurrence, row.told_on, row.told_to, row.because)


def _attempt(row: Found) -> Attempt:
    return Attempt(
        row.number, row.channel, row.begun_at, row.ended_at, row.outcome, row.code or None
    )


def _disclosure(
    row: Found, told: Mapping[UUID, list[Told]], tried: Mapping[UUID, list[Attempt]]
) -> Disclosure:
    return Disclosure(
        id=row.id,
        recipient=row.recipient,
        as_role=row.as_role,
        sort=row.sort,
        for_day=row.for_day,
        channel=row.channel,
        sent_at=row.sent_at,
        read_at=row.read_at,
        passed_to=row.passed_to,
        failed_at=row.failed_at,
        told=tuple(told[row.id]),
        attempts=tuple(tried[row.id]),
    )
