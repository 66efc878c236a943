"""
Approvals (审批): one person proposes a request, a second one approves it while logged in, and only then it is recorded.

A proposal is judged when it is made, as if it were approved, so that what is not possible is
refused at once; and again when it is approved, by the record as it then is. What is recorded
bears both names. Nothing of it stands in the record before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from uuid import UUID

from workflow.rules.errors import Conflict, Forbidden, NotFound, Refused
from workflow.rules.moves import SOMEBODY
from workflow.rules.workdays import WorkDays
from workflow.services.case_files import CaseFile
from workflow.services.clock import Instant
from workflow.services.holding import hold
from workflow.services.pinning import packs_within
from workflow.services.projecting import Packs
from workflow.services.proposal_files import (
    Outcome,
    Proposal,
    opened_all,
    opened_one,
    reason_place,
    request_place,
    same_request,
    sealed_reason,
    sealed_request,
)
from workflow.services.recording import (
    NewEvent,
    RecordedResult,
    already_known,
    check_request,
    judged,
    record,
)
from workflow.store import accounts, cases, data_keys, offices
from workflow.store import proposals as rows
from workflow.store.proposals import Stretch
from workflow.store.reach import Reach
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

APPROVABLE = frozenset({"approval_missing", "exit_told_needs_approval"})
"""With these the rules refuse what a second person may approve."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What was proposed, and whether it had been before."""

    proposal: Proposal
    already_known: bool


@dataclass(frozen=True, slots=True)
class Approved:
    """A proposal that was approved, and what was recorded by that."""

    proposal: Proposal
    recorded: RecordedResult


def propose(
    uow: UnitOfWork,
    proposal_id: UUID,
    case_id: UUID,
    request: Sequence[NewEvent],
    *,
    packs: Packs,
    calendar: WorkDays | None,
    clock: Instant,
    by: str,
    reach: Reach | None = None,
) -> Proposed:
    """
    Let a request wait for a second person. Sending it twice is harmless.

    Args:
        proposal_id: made by the client (UUIDv7); the ids of the events stay theirs too.
        by: who proposes, as the session knows them.
        reach: which cases the caller may know of; None for the engine itself.

    Raises:
        Refused: it would not be possible even with an approval; `approval_not_needed`: nor does it need one.
        Invalid: as `record`.
        Conflict: `proposal_id_conflict`: the id is taken by another proposal; `event_id_conflict`.
        NotFound: there is no such case within reach.
    """
    check_request(request)
    held = hold(uow, case_id, [new.id for new in request], reach)
    if known := proposed_before(uow, proposal_id, case_id, request, by):
        return Proposed(known, already_known=True)
    if found := already_known(uow, held, request, reach):
        raise Conflict("event_id_conflict", id=found[0].id)
    days = held.days if calendar is None else calendar
    _check_possible(uow, held.file, request, packs=packs, days=days, clock=clock, by=by)
    place = request_place(case_id, proposal_id, by)
    row = {
        "id": proposal_id,
        "case_id": case_id,
        "sealed": sealed_request(held.file.key, request, place),
        "proposed_at": clock.now,
        "proposed_by": by,
    }
    if not rows.add(uow.session, row):
        raise Conflict("proposal_id_conflict", id=str(proposal_id))
    return Proposed(show_proposal(uow, proposal_id), already_known=False)


def approve(
    uow: UnitOfWork,
    proposal_id: UUID,
    *,
    packs: Packs,
    calendar: WorkDays | None,
    clock: Instant,
    by: str,
    expected_version: int | None = None,
    reach: Reach | None = None,
) -> Approved:
    """
    Record what was proposed: by who proposed it, approved by who is logged in now. Sending it twice is harmless.

    Args:
        by: who approves; their role was looked at before.
        expected_version: the version of the case that they saw; None where they do not care.
        reach: which cases they may know of; a seat in a team opens none for approving.

    Raises:
        Forbidden: `own_proposal`: nobody approves what they proposed.
        Refused: it is not possible any more: it goes on waiting, and nothing was recorded;
            `proposal_decided`: somebody decided on it before.
        Conflict: as `record`.
        NotFound: there is no such proposal on a case within reach.
    """
    row = _held(uow, proposal_id, by_office(reach))
    _check_second(row, by)
    if row.outcome is not None and (row.outcome, row.decided_by) != ("approved", by):
        raise _decided(row)
    proposal = opened_one(uow, row)
    recorded = record(
        uow,
        row.case_id,
        [replace(new, approved_by=by) for new in proposal.events],
        packs=packs,
        calendar=calendar,
        clock=clock,
        by=row.proposed_by,
        expected_version=expected_version,
        reach=by_office(reach),
    )
    if row.outcome is None:
        rows.decide(uow.session, proposal_id, "approved", at=clock.now, by=by, reason=None)
    return Approved(show_proposal(uow, proposal_id), recorded)


def decline(
    uow: UnitOfWork,
    proposal_id: UUID,
    *,
    reason: str,
    clock: Instant,
    by: str,
    reach: Reach | None = None,
) -> Proposal:
    """
    Say no to what was proposed, and why. Sending it twice is harmless.

    Raises:
        Forbidden: `own_proposal`: who proposed it withdraws it.
        Refused: `proposal_decided`.
        NotFound: there is no such proposal on a case within reach.
    """
    row = _held(uow, proposal_id, by_office(reach))
    _check_second(row, by)
    return _closed(uow, row, "declined", reason, clock, by)


def withdraw(
    uow: UnitOfWork,
    proposal_id: UUID,
    *,
    reason: str | None = None,
    clock: Instant,
    by: str,
    reach: Reach | None = None,
) -> Proposal:
    """
    Take back what one proposed oneself. Sending it twice is harmless.

    Raises:
        Forbidden: `not_own_proposal`: a second person declines it.
        Refused: `proposal_decided`.
        NotFound: there is no such proposal on a case within reach.
    """
    row = _held(uow, proposal_id, reach)
    if row.proposed_by != by:
        raise Forbidden("not_own_proposal", by=row.proposed_by)
    return _closed(uow, row, "withdrawn", reason, clock, by)


# ------------------------------------------------------------------ looking at them


def show_proposal(uow: UnitOfWork, proposal_id: UUID, reach: Reach | None = None) -> Proposal:
    """
    One proposal, whatever became of it.

    Raises:
        NotFound: there is no such proposal on a case within reach.
        Refused: `key_shredded`.
    """
    row = rows.find_within(uow.session, proposal_id, reach)
    if row is None:
        raise NotFound("not_found", what=str(proposal_id))
    return opened_one(uow, row)


def proposals_of(
    uow: UnitOfWork, case_id: UUID, stretch: Stretch, reach: Reach | None = None
) -> list[Proposal]:
    """
    What was proposed on a case, in the order in which it came.

    Raises:
        NotFound: there is no such case within reach.
        Refused: `key_shredded`.
    """
    if cases.find(uow.session, case_id, reach) is None:
        raise NotFound("not_found", what=str(case_id))
    return opened_all(uow, rows.of_case(uow.session, case_id, stretch))


def waiting_for(
    uow: UnitOfWork, handle: str, stretch: Stretch, reach: Reach | None = None
) -> list[Proposal]:
    """What others proposed and waits for a second person with this reach, what has waited longest first."""
    found = rows.waiting(uow.session, handle, stretch, own=False, reach=by_office(reach))
    return opened_all(uow, found)


def waiting_from(
    uow: UnitOfWork, handle: str, stretch: Stretch, reach: Reach | None = None
) -> list[Proposal]:
    """What somebody proposed themselves and waits still, what has waited longest first."""
    return opened_all(uow, rows.waiting(uow.session, handle, stretch, own=True, reach=reach))


def by_office(reach: Reach | None) -> Reach | None:
    """The same reach without the cases in whose team somebody merely sits: approving is an office's act."""
    return None if reach is None else replace(reach, helper=None)


def deciders(uow: UnitOfWork, case_id: UUID, today: date, *, but: str) -> tuple[str, ...]:
    """Who may decide on a case's proposals and is nearest: of its office, else of the next one above that has somebody."""
    case = cases.find(uow.session, case_id)
    if case is None or case.office_id is None:
        return ()
    way = offices.above(uow.session, case.office_id, on=today)
    leading = [row for row in accounts.leading(uow.session, way, today) if row.handle != but]
    nearest = min((way.index(row.office_id) for row in leading), default=None)
    if nearest is None:
        return ()
    return tuple(sorted({row.handle for row in leading if row.office_id == way[nearest]}))


# ------------------------------------------------------------------ step by step


def _check_possible(
    uow: UnitOfWork,
    case_file: CaseFile,
    request: Sequence[NewEvent],
    *,
    packs: Packs,
    days: WorkDays,
    clock: Instant,
    by: str,
) -> None:
    """See that an approval is all that the request lacks."""
    packs = packs_within(uow, packs)
    as_now = partial(judged, uow, case_file, packs=packs, days=days, clock=clock, by=by)
    try:
        as_now(request)
    except Refused as refused:
        if refused.code not in APPROVABLE:
            raise
    else:
        raise Refused("approval_not_needed")
    as_now([replace(new, approved_by=SOMEBODY) for new in request])


def proposed_before(
    uow: UnitOfWork, proposal_id: UUID, case_id: UUID, request: Sequence[NewEvent], by: str
) -> Proposal | None:
    """
    What an earlier sending of the same left; None where the id is new.

    Raises:
        Conflict: `proposal_id_conflict`.
        Refused: `key_shredded`.
    """
    row = rows.find(uow.session, proposal_id)
    if row is None:
        return None
    if (row.case_id, row.proposed_by) == (case_id, by):
        found = show_proposal(uow, proposal_id)
        if same_request(found.events, request):
            return found
    raise Conflict("proposal_id_conflict", id=str(proposal_id))


def _held(uow: UnitOfWork, proposal_id: UUID, reach: Reach | None) -> Found:
    """The row of a proposal; nobody else decides on it until this transaction ends."""
    row = rows.find_within(uow.session, proposal_id, reach, to_write=True)
    if row is None:
        raise NotFound("not_found", what=str(proposal_id))
    return row


def _check_second(row: Found, by: str) -> None:
    if row.proposed_by == by:
        raise Forbidden("own_proposal")


def _decided(row: Found) -> Refused:
    return Refused("proposal_decided", outcome=row.outcome, by=row.decided_by)


def _closed(
    uow: UnitOfWork, row: Found, outcome: Outcome, reason: str | None, clock: Instant, by: str
) -> Proposal:
    if row.outcome is None:
        key = data_keys.of(uow.session, uow.ring, row.person_id)
        place = reason_place(row.id, outcome, by)
        sealed = sealed_reason(key, reason, place) if reason else None
        rows.decide(uow.session, row.id, outcome, at=clock.now, by=by, reason=sealed)
    elif (row.outcome, row.decided_by) != (outcome, by):
        raise _decided(row)
    return show_proposal(uow, row.id)
