"""
Handing over (交接): a case to another office, a worker's whole caseload to another; one transaction, receipts on both sides.

Nothing that is owed is left behind: it is owed by the case, and goes where the case goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from workflow.rules.errors import Conflict, NotFound, Refused
from workflow.rules.events import HelperAssigned
from workflow.rules.workdays import WorkDays
from workflow.services.calendar_days import work_days_in
from workflow.services.case_files import load
from workflow.services.clock import Instant
from workflow.services.pinning import packs_within
from workflow.services.placing import office_named, place, settled
from workflow.services.projecting import Packs, project
from workflow.services.recording import NewEvent, record, waits_on
from workflow.store import calendar_days, cases, chairs, people, placements, staff, turns
from workflow.store.reach import Reach
from workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CaseloadHandedOver:
    """What a hand-over of a caseload did: the chairs that changed hands, by case and role."""

    chairs: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class WaitingHandOver:
    """A case that was handed over, and that its new office has not received yet."""

    id: UUID
    case_id: UUID
    name: str | None
    office_id: UUID
    from_office_id: UUID | None
    from_on: date
    recorded_at: datetime
    recorded_by: str


def hand_over(
    uow: UnitOfWork,
    case_id: UUID,
    to_office_id: UUID,
    *,
    packs: Packs,
    calendar: WorkDays | None,
    clock: Instant,
    by: str,
    reach: Reach | None = None,
    hand_over_id: UUID | None = None,
) -> None:
    """
    Hand a case over to another office from today on. A person who moved is recorded by `moved`, which does this too.

    The new office has it at once, and is asked to say "received" (`receive`).

    Args:
        hand_over_id: made by the client, so that sending it twice is harmless.

    Raises:
        NotFound: there is no such case within reach.
        Conflict: `hand_over_id_conflict`: the id is taken by another hand-over.
        Refused: `unknown_office`, `office_not_open`, `already_there`, `case_has_no_office`, `case_ended`;
            `case_elsewhere`: the caller's office had it once, and still owes something in it.
    """
    if hand_over_id is not None and _already_sent(uow, hand_over_id, case_id, to_office_id, by):
        return
    to = office_named(uow, str(to_office_id), clock.today)
    case_file = load(uow, case_id, reach, to_write=True)
    if case_file.office_id is None:
        raise Refused("case_has_no_office")
    if reach is not None and case_file.office_id not in reach.offices:
        raise Refused("case_elsewhere")
    if case_file.ended_on is not None:
        raise Refused("case_ended", ended_on=case_file.ended_on)
    place(uow, case_id, to, clock.today, clock=clock, by=by, placement_id=hand_over_id)
    after = settled(uow, case_file, clock=clock, by=by)
    wait = {case_id: waits_on(case_file, clock)}
    days = work_days_in(uow, calendar)
    project(uow, [after], packs_within(uow, packs), days, clock.today, wait=wait)


def _already_sent(
    uow: UnitOfWork, hand_over_id: UUID, case_id: UUID, to_office_id: UUID, by: str
) -> bool:
    """Whether the same was sent before by the same; they may reach the case no longer."""
    turns.take(uow.session, f"hand-over {hand_over_id}")
    known = placements.find(uow.session, hand_over_id)
    if known is None:
        return False
    if (known.case_id, known.office_id, known.recorded_by) != (case_id, to_office_id, by):
        raise Conflict("hand_over_id_conflict", id=str(hand_over_id))
    return True


def waiting(
    uow: UnitOfWork, reach: Reach, *, limit: int, after: placements.Place | None = None
) -> list[WaitingHandOver]:
    """The hand-overs to the caller's offices to which nobody has said "received", the longest waiting first."""
    rows = placements.not_received(uow.session, sorted(reach.offices), limit=limit, after=after)
    known = people.profiles_of(uow.session, uow.ring, {row.subject_id for row in rows})
    return [
        WaitingHandOver(
            id=row.id,
            case_id=row.case_id,
            name=known[row.subject_id].name if row.subject_id in known else None,
            office_id=row.office_id,
            from_office_id=row.from_office_id,
            from_on=row.from_on,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
        )
        for row in rows
    ]


def receive(
    uow: UnitOfWork, case_id: UUID, *, clock: Instant, by: str, reach: Reach | None = None
) -> int:
    """
    The receipt of the office that has a case now; gives back how many hand-overs it was for.

    Raises:
        NotFound: there is no such case within reach.
        Refused: `receipt_by_receiver`: the caller reaches it, but not as the office that has it now.
    """
    row = cases.find(uow.session, case_id, reach, to_write=True)
    if row is None:
        raise NotFound("not_found", what=str(case_id))
    if reach is not None and row.office_id is not None and row.office_id not in reach.offices:
        raise Refused("receipt_by_receiver")
    return placements.receive(uow.session, case_id, at=clock.now, by=by)


def hand_over_caseload(
    uow: UnitOfWork,
    handover_id: UUID,
    from_helper: str,
    to_helper: str,
    *,
    packs: Packs,
    calendar: WorkDays | None,
    clock: Instant,
    by: str,
    reach: Reach | None = None,
) -> CaseloadHandedOver:
    """
    Seat one helper in every chair of another, in the open cases of the caller's offices: all of them or none.

    Who takes over is asked to say "I know" for each; who hands over owes nothing of it any more.
    Sending it twice is harmless.

    Args:
        handover_id: made by the client; the ids of the events are made from it.

    Raises:
        Refused: `unknown_helper`, `same_helper`; or what one of the cases refuses, which then names it.
    """
    if from_helper == to_helper:
        raise Refused("same_helper", helper=to_helper)
    if staff.by_handle(uow.session, to_helper) is None:
        raise Refused("unknown_helper", helper=to_helper)
    calendar_days.keep(uow.session)
    waited_for = {row.case_id for row in chairs.held_by(uow.session, from_helper, reach)}
    held = cases.find_many(uow.session, waited_for)  # so that nobody seats another one meanwhile
    ours = {row.id for row in held if reach is None or _has(reach, row.office_id)}
    seats = chairs.held_by(uow.session, from_helper, reach)
    known = {(row.case_id, row.role) for row in seats if row.case_id in ours}
    for case_id, role in sorted(known):
        event_id = str(uuid5(handover_id, f"{case_id}|{role}"))
        new = NewEvent(event_id, HelperAssigned(role=role, helper=to_helper), clock.today)
        record(uow, case_id, [new], packs=packs, calendar=calendar, clock=clock, by=by)
    return CaseloadHandedOver(tuple(sorted(known)))


def _has(reach: Reach, office_id: UUID | None) -> bool:
    """Whether a case is with an office of the caller, and not only known to them."""
    return reach.unplaced if office_id is None else office_id in reach.offices
