"""
A proposal (待审批) as the record holds it: its row, and the request that is sealed in it.

The ciphertext is bound to the case and to who proposed it, the reason of a decision to the
outcome and to whose it is: a row that was moved, or given to somebody else, does not open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, cast
from uuid import UUID

from workflow.services.case_files import same_content
from workflow.services.event_forms import dump, read
from workflow.services.recording import NewEvent
from workflow.store import data_keys, people
from workflow.store.data_keys import DataKey
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

Outcome = Literal["approved", "declined", "withdrawn"]
OUTCOMES: tuple[Outcome, ...] = ("approved", "declined", "withdrawn")


@dataclass(frozen=True, slots=True)
class Proposal:
    """
    One request that waits for a second person, or waited.

    Args:
        name: what the person is called, where the office knows it.
        outcome: None while it waits; so are `decided_at` and `decided_by`.
        reason: why it was declined or withdrawn, where one was given.
    """

    id: UUID
    case_id: UUID
    name: str | None = field(repr=False)
    events: tuple[NewEvent, ...] = field(repr=False)
    proposed_at: datetime
    proposed_by: str
    outcome: Outcome | None
    reason: str | None = field(repr=False)
    decided_at: datetime | None
    decided_by: str | None


def opened_all(uow: UnitOfWork, rows: Sequence[Found]) -> list[Proposal]:
    """
    What these rows hold, in their order; each of them with `person_id` and `subject_id` of its case.

    Raises:
        Refused: `key_shredded`: what is about one of these persons can no longer be read;
            `key_does_not_open`: a row was changed, or put elsewhere.
        Invalid: `unreadable_event`.
    """
    owners = {row.person_id for row in rows}
    keys = data_keys.of_many(uow.session, uow.ring, owners, strict=True)
    known = people.profiles_of(uow.session, uow.ring, {row.subject_id for row in rows})
    names = {subject_id: profile.name for subject_id, profile in known.items()}
    return [_proposal(row, keys[row.person_id], names.get(row.subject_id)) for row in rows]


def opened_one(uow: UnitOfWork, row: Found) -> Proposal:
    """The same of one row."""
    (found,) = opened_all(uow, [row])
    return found


def sealed_request(key: DataKey, request: Iterable[NewEvent], place: str) -> bytes:
    """A request under a person's key: `opened_request` reads it."""
    return key.seal_json([_written(new) for new in request], place)


def opened_request(row: Found, key: DataKey) -> tuple[NewEvent, ...]:
    """The request that a row of `proposals` holds."""
    return opened_at(row.sealed, key, request_place(row.case_id, row.id, row.proposed_by))


def opened_at(sealed: bytes, key: DataKey, place: str) -> tuple[NewEvent, ...]:
    """A request that `sealed_request` put under a person's key at this place."""
    return tuple(_read(each) for each in key.open_json(sealed, place))


def sealed_reason(key: DataKey, reason: str, place: str) -> bytes:
    """Why a proposal was declined or withdrawn, under a person's key."""
    return key.seal(reason.encode(), place)


def opened_reason(row: Found, key: DataKey) -> str | None:
    """The reason that a row of `proposals` holds, if it does."""
    if row.reason is None:
        return None
    return key.open(row.reason, reason_place(row.id, row.outcome, row.decided_by)).decode()


def request_place(case_id: UUID, proposal_id: UUID, by: str) -> str:
    """Where a request is sealed: on this case, proposed by this person."""
    return f"proposals.sealed|{case_id}|{proposal_id}|{by}"


def reason_place(proposal_id: UUID, outcome: str, by: str) -> str:
    """Where a reason is sealed: for this outcome, decided by this person."""
    return f"proposals.reason|{proposal_id}|{outcome}|{by}"


def same_request(one: Sequence[NewEvent], other: Sequence[NewEvent]) -> bool:
    """Whether two requests say the same, event by event."""
    return len(one) == len(other) and all(map(_same, one, other))


def _same(one: NewEvent, other: NewEvent) -> bool:
    return _envelope(one) == _envelope(other) and same_content(one.event, other.event)


def _envelope(new: NewEvent) -> tuple[object, ...]:
    return new.id, new.happened_on, new.happened_at, new.captured_at


def _proposal(row: Found, key: DataKey, name: str | None) -> Proposal:
    return Proposal(
        id=row.id,
        case_id=row.case_id,
        name=name,
        events=opened_request(row, key),
        proposed_at=row.proposed_at,
        proposed_by=row.proposed_by,
        outcome=cast("Outcome | None", row.outcome),
        reason=opened_reason(row, key),
        decided_at=row.decided_at,
        decided_by=row.decided_by,
    )


def _written(new: NewEvent) -> dict[str, Any]:
    return {
        "id": new.id,
        "event": new.event.name,
        "version": new.event.version,
        "happened_on": new.happened_on.isoformat(),
        "happened_at": new.happened_at and new.happened_at.isoformat(),
        "captured_at": new.captured_at and new.captured_at.isoformat(),
        "data": dump(new.event),
    }


def _read(held: dict[str, Any]) -> NewEvent:
    return NewEvent(
        held["id"],
        read(held["event"], held["version"], held["data"]),
        date.fromisoformat(held["happened_on"]),
        _instant(held["happened_at"]),
        _instant(held["captured_at"]),
    )


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
