"""
Quarantined work (待核记录): what a phone brought and the record could not take, though it may be true.

It was written down offline while somebody else recorded the same otherwise, or before the case ended or
left its writer's reach. It is neither lost nor recorded silently: it lies sealed under the person's key until
somebody by whose office the case is in reach, and who did not send it, has it recorded or says why not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID, uuid5

from workflow.rules.access import grant_of
from workflow.rules.errors import Conflict, Forbidden, NotFound, Refused
from workflow.rules.remits import WHOLE, Remit, remit_of
from workflow.rules.workdays import WorkDays
from workflow.services.clock import Instant
from workflow.services.projecting import Packs
from workflow.services.proposal_files import (
    opened_at,
    opened_one,
    same_request,
    sealed_reason,
    sealed_request,
)
from workflow.services.proposals import by_office
from workflow.services.recording import NewEvent, RecordedResult, record
from workflow.store import accounts, attachments, cases, data_keys, people, proposals
from workflow.store import quarantine as rows
from workflow.store.data_keys import DataKey
from workflow.store.proposals import Stretch
from workflow.store.reach import Reach
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

Why = Literal["conflict", "reach_lost", "case_ended"]
Outcome = Literal["recorded", "dismissed"]
WHYS: tuple[Why, ...] = ("conflict", "reach_lost", "case_ended")
OUTCOMES: tuple[Outcome, ...] = ("recorded", "dismissed")


@dataclass(frozen=True, slots=True)
class Brought:
    """
    One request that a phone brought and that waits for a person, or waited.

    Args:
        name: what the person is called, where the office knows it.
        code: the refusal that it met.
        outcome: None while it waits; so are `decided_at` and `decided_by`.
    """

    id: UUID
    case_id: UUID
    name: str | None = field(repr=False)
    why: Why
    code: str
    events: tuple[NewEvent, ...] = field(repr=False)
    brought_at: datetime
    brought_by: str
    outcome: Outcome | None
    reason: str | None = field(repr=False)
    decided_at: datetime | None
    decided_by: str | None


@dataclass(frozen=True, slots=True)
class Settled:
    """A decision to record, and what was recorded by it."""

    brought: Brought
    recorded: RecordedResult


def keep(
    uow: UnitOfWork,
    brought_id: UUID,
    case_id: UUID,
    request: Sequence[NewEvent],
    *,
    why: Why,
    code: str,
    clock: Instant,
    by: str,
) -> Found:
    """
    Let a request wait for a person; gives back its row, which an earlier sending may have made.

    Raises:
        NotFound: there is no such case.
        Refused: `key_shredded`: nothing can be kept about this person any more.
        Conflict: `quarantine_id_conflict`: the id is taken by another request.
    """
    case = cases.find(uow.session, case_id)
    if case is None:
        raise NotFound("not_found", what=str(case_id))
    key = data_keys.of(uow.session, uow.ring, case.person_id)
    row = {
        "id": brought_id,
        "case_id": case_id,
        "why": why,
        "code": code,
        "sealed": sealed_request(key, request, brought_place(case_id, brought_id, by)),
        "brought_at": clock.now,
        "brought_by": by,
    }
    rows.add(uow.session, row)
    found = kept_before(uow, brought_id, case_id, request, by)
    assert found is not None
    return found


def kept_before(
    uow: UnitOfWork, brought_id: UUID, case_id: UUID, request: Sequence[NewEvent], by: str
) -> Found | None:
    """
    The row that an earlier sending of the same left; None where there is none.

    Raises:
        Conflict: `quarantine_id_conflict`.
        Refused: `key_shredded`.
    """
    row = rows.find(uow.session, brought_id)
    if row is None:
        return None
    if (row.case_id, row.brought_by) == (case_id, by):
        key = data_keys.of(uow.session, uow.ring, row.person_id)
        if same_request(opened_request(row, key), request):
            return row
    raise Conflict("quarantine_id_conflict", id=str(brought_id))


def waiting_for(uow: UnitOfWork, stretch: Stretch, reach: Reach | None = None) -> list[Brought]:
    """What waits on the cases of one's offices, what has waited longest first."""
    return _opened(uow, rows.waiting(uow.session, stretch, by_office(reach)))


def show_brought(uow: UnitOfWork, brought_id: UUID, reach: Reach | None = None) -> Brought:
    """
    One of them, whatever became of it.

    Raises:
        NotFound: there is none of this id on a case within reach.
        Refused: `key_shredded`.
    """
    return _opened(uow, [_found(uow, brought_id, by_office(reach))])[0]


def record_brought(
    uow: UnitOfWork,
    brought_id: UUID,
    *,
    packs: Packs,
    calendar: WorkDays | None,
    clock: Instant,
    by: str,
    reach: Reach | None = None,
) -> Settled:
    """
    Record it now: by who brought it, approved by who decides. Sending it twice is harmless.

    An event whose id is another one's meanwhile is recorded under one of its own; which of the two is right,
    and whether one has to be voided, a person sees on the case.

    Raises:
        Forbidden: `own_quarantine`: nobody decides on what they brought.
        Refused: it is not possible now, or `quarantine_not_from_chair`: it goes on waiting; `quarantine_decided`.
        Conflict: as `record`.
        NotFound: there is none of this id on a case within reach.
    """
    row = _to_decide(uow, brought_id, by, reach, "recorded")
    (brought,) = _opened(uow, [row])
    try:
        recorded = record(
            uow,
            row.case_id,
            [replace(_own(row, new), approved_by=by) for new in brought.events],
            packs=packs,
            calendar=calendar,
            clock=clock,
            by=row.brought_by,
            reach=by_office(reach),
            remit=_remit(uow, row),
        )
    except Forbidden as refused:
        event = refused.facts["event"]
        raise Refused("quarantine_not_from_chair", by=row.brought_by, event=event) from None
    if row.outcome is None:
        rows.decide(uow.session, brought_id, "recorded", at=clock.now, by=by, reason=None)
    return Settled(show_brought(uow, brought_id), recorded)


def dismiss(
    uow: UnitOfWork,
    brought_id: UUID,
    *,
    reason: str,
    clock: Instant,
    by: str,
    reach: Reach | None = None,
) -> Brought:
    """
    Say that it is not recorded, and why. It is kept as it is. Sending it twice is harmless.

    Raises:
        Forbidden: `own_quarantine`.
        Refused: `quarantine_decided`.
        NotFound: there is none of this id on a case within reach.
    """
    row = _to_decide(uow, brought_id, by, reach, "dismissed")
    if row.outcome is None:
        key = data_keys.of(uow.session, uow.ring, row.person_id)
        sealed = sealed_reason(key, reason, decision_place(row.id, "dismissed", by))
        rows.decide(uow.session, brought_id, "dismissed", at=clock.now, by=by, reason=sealed)
    return show_brought(uow, brought_id)


def stands_as(
    uow: UnitOfWork, request_id: UUID, case_id: UUID, event_id: str, by: str
) -> str | None:
    """
    Under which id an event stands on a case, or will: one that they brought by a request, be it decided on or recorded.

    None where they brought no such event by it, and recorded none themselves.

    Raises:
        NotFound: the request was turned down; an event of this id is another one.
        Refused: `key_shredded`.
    """
    kept = rows.find(uow.session, request_id)
    asked = proposals.find_within(uow.session, request_id)
    if kept is not None and (kept.case_id, kept.brought_by) == (case_id, by):
        _check_not_turned_down(kept)
        key = data_keys.of(uow.session, uow.ring, kept.person_id)
        found = {new.id: _own(kept, new).id for new in opened_request(kept, key)}
        return found.get(event_id)
    if asked is not None and (asked.case_id, asked.proposed_by) == (case_id, by):
        _check_not_turned_down(asked)
        sent = {new.id for new in opened_one(uow, asked).events}
        return event_id if event_id in sent else None
    mine = attachments.has_event(uow.session, case_id, event_id, by=by)
    return event_id if mine else None


# ------------------------------------------------------------------ step by step


def opened_request(row: Found, key: DataKey) -> tuple[NewEvent, ...]:
    """The request that a row of `quarantine` holds."""
    return opened_at(row.sealed, key, brought_place(row.case_id, row.id, row.brought_by))


def opened_reason(row: Found, key: DataKey) -> str | None:
    """The reason that a row of `quarantine` holds, if it does."""
    if row.reason is None:
        return None
    return key.open(row.reason, decision_place(row.id, row.outcome, row.decided_by)).decode()


def brought_place(case_id: UUID, brought_id: UUID, by: str) -> str:
    """Where a request is sealed: on this case, brought by this person."""
    return f"quarantine.sealed|{case_id}|{brought_id}|{by}"


def decision_place(brought_id: UUID, outcome: str, by: str) -> str:
    """Where a reason is sealed: for this outcome, decided by this person."""
    return f"quarantine.reason|{brought_id}|{outcome}|{by}"


def _remit(uow: UnitOfWork, row: Found) -> Remit:
    """
    What its writer may record: of what met a conflict or an end nobody has judged from which chair it comes, theirs now or then.

    Who lost the case has no chair in it to judge by; whether they had one then, who decides sees on the case.
    """
    by_chair = row.why != "reach_lost"
    writer = accounts.by_handle(uow.session, row.brought_by) if by_chair else None
    grant = grant_of(writer.role, "sync", "record") if writer is not None else None
    if grant is None:
        return WHOLE
    return replace(remit_of(grant, row.brought_by), for_another=True)


def _check_not_turned_down(row: Found) -> None:
    if row.outcome in ("dismissed", "declined", "withdrawn"):
        raise NotFound("not_found", what="event")


def _own(row: Found, new: NewEvent) -> NewEvent:
    if row.code != "event_id_conflict":
        return new
    return replace(new, id=str(uuid5(row.id, new.id)))


def _found(
    uow: UnitOfWork, brought_id: UUID, reach: Reach | None, *, to_write: bool = False
) -> Found:
    row = rows.find_within(uow.session, brought_id, reach, to_write=to_write)
    if row is None:
        raise NotFound("not_found", what=str(brought_id))
    return row


def _to_decide(
    uow: UnitOfWork, brought_id: UUID, by: str, reach: Reach | None, outcome: Outcome
) -> Found:
    """The row, held; nobody else decides on it until this transaction ends."""
    row = _found(uow, brought_id, by_office(reach), to_write=True)
    if row.brought_by == by:
        raise Forbidden("own_quarantine")
    if row.outcome is not None and (row.outcome, row.decided_by) != (outcome, by):
        raise Refused("quarantine_decided", outcome=row.outcome, by=row.decided_by)
    return row


def _opened(uow: UnitOfWork, found: Sequence[Found]) -> list[Brought]:
    owners, subjects = {row.person_id for row in found}, {row.subject_id for row in found}
    keys = data_keys.of_many(uow.session, uow.ring, owners, strict=True)
    known = people.profiles_of(uow.session, uow.ring, subjects)
    names = {subject_id: profile.name for subject_id, profile in known.items()}
    return [_brought(row, keys[row.person_id], names.get(row.subject_id)) for row in found]


def _brought(row: Any, key: DataKey, name: str | None) -> Brought:
    return Brought(
        id=row.id,
        case_id=row.case_id,
        name=name,
        why=cast("Why", row.why),
        code=row.code,
        events=opened_request(row, key),
        brought_at=row.brought_at,
        brought_by=row.brought_by,
        outcome=cast("Outcome | None", row.outcome),
        reason=opened_reason(row, key),
        decided_at=row.decided_at,
        decided_by=row.decided_by,
    )
