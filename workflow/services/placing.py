"""
Which office has a case (所在机构): it follows the person's moves, and what an office hands over to another.

In a database without offices, as in a demo of the rules, moves name places in plain words and nothing follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from workflow.rules.errors import Refused
from workflow.rules.events import Event, EventVoided, Moved
from workflow.rules.history import Recorded
from workflow.services.case_files import CaseFile
from workflow.services.clock import Instant
from workflow.store import cases, offices, placements
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork


def follow_moves(
    uow: UnitOfWork, case_file: CaseFile, new: Sequence[Recorded], *, clock: Instant, by: str
) -> CaseFile:
    """
    Hand the case over to the office that the person moved to, and back where the move was voided.

    All that is open passes with it in the same transaction; the old office keeps the file that it has to forward.

    Raises:
        Refused: `unknown_office`, `office_not_open` or `already_there`.
    """
    if case_file.office_id is None:
        return case_file
    voided = [rec.event.event_id for rec in new if isinstance(rec.event, EventVoided)]
    changed = bool(voided) and bool(
        placements.withdraw(uow.session, case_file.id, voided, clock.now)
    )
    for rec in new:
        if isinstance(rec.event, Moved):
            to = office_named(uow, rec.event.to_office, rec.on)
            place(uow, case_file.id, to, rec.on, clock=clock, by=by, event_id=rec.id)
            changed = True
    return settled(uow, case_file, clock=clock, by=by) if changed else case_file


def hold_offices(uow: UnitOfWork, new: Sequence[Event], day: date) -> None:
    """
    See that nobody closes the offices that these moves lead to until this transaction ends.

    To be asked before the case is held: who closes an office holds the tree first and the cases after it.
    """
    for event in new:
        if isinstance(event, Moved) and (office_id := _as_id(event.to_office)) is not None:
            offices.held_open(uow.session, office_id, day)


def place(
    uow: UnitOfWork,
    case_id: UUID,
    to_office_id: UUID,
    from_on: date,
    *,
    clock: Instant,
    by: str,
    event_id: str | None = None,
    placement_id: UUID | None = None,
) -> None:
    """
    Write down that a case passes to an office on a day.

    Raises:
        Refused: `already_there`: that office has it on that day.
    """
    before = office_on(uow, case_id, from_on)
    if before == to_office_id:
        raise Refused("already_there", office=str(to_office_id))
    placements.begin(
        uow.session,
        case_id,
        to_office_id,
        from_on,
        at=clock.now,
        by=by,
        from_office_id=before,
        event_id=event_id,
        placement_id=placement_id,
    )


def settled(uow: UnitOfWork, case_file: CaseFile, *, clock: Instant, by: str) -> CaseFile:
    """Let the case be with the office that has it by the last hand-over; of one that closed since, with its heir."""
    known = placements.of_case(uow.session, case_file.id)
    office_id = known[-1].office_id if known else case_file.office_id
    heir = offices.open_heir(uow.session, office_id, on=clock.today) if office_id else None
    if heir is not None and heir != office_id:
        place(uow, case_file.id, heir, clock.today, clock=clock, by=by)
        office_id = heir
    cases.set_values(uow.session, case_file.id, office_id=office_id)
    return replace(case_file, office_id=office_id)


def office_on(uow: UnitOfWork, case_id: UUID, day: date) -> UUID | None:
    """The office that had a case on a day, as known now; the first one for days before it was opened."""
    return office_then(placements.of_case(uow.session, case_id), day)


def office_then(known: Sequence[Found], day: date) -> UUID | None:
    """The office that had a case on a day, by its placements in order."""
    upto = [row.office_id for row in known if row.from_on <= day]
    first = known[0].office_id if known else None
    return upto[-1] if upto else first


def office_named(uow: UnitOfWork, text: str, day: date) -> UUID:
    """
    The office that an event names by its id.

    Raises:
        Refused: `unknown_office`: there is none of that id; `office_not_open`: not on that day.
    """
    office_id = _as_id(text)
    if office_id is None or not offices.exists(uow.session, office_id):
        raise Refused("unknown_office")
    if not offices.held_open(uow.session, office_id, day):
        raise Refused("office_not_open", office=text, on=day)
    return office_id


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
