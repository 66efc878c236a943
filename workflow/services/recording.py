"""
Recording what happened: a request is taken whole or refused whole, and taken once however often it is sent.

It is judged by the history that it leaves. What it closes is written into its
events, the rows are projected, and the case is to be looked at again today.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from workflow.rules.errors import Conflict, Invalid, Refused
from workflow.rules.events import Event, EventVoided, HelperAssigned
from workflow.rules.history import Recorded
from workflow.rules.judging import Accepted, judge
from workflow.rules.remits import WHOLE, Remit, check_chairs, check_kinds, heard
from workflow.rules.telling import exit_undone
from workflow.rules.terms import DAY
from workflow.rules.workdays import WorkDays
from workflow.services.case_files import CaseFile, same_content, sealed
from workflow.services.clock import Instant, civil_day
from workflow.services.holding import Held, hold
from workflow.services.pinning import follow_pins, packs_within
from workflow.services.placing import follow_moves, hold_offices
from workflow.services.projecting import (
    Packs,
    Planned,
    Rows,
    dates_of,
    difference,
    fold_and_plan,
)
from workflow.store import cases, events, notices, staff
from workflow.store.reach import Reach
from workflow.store.statements import Order, carry_out
from workflow.store.unit_of_work import UnitOfWork

LONGEST_ID = 64


@dataclass(frozen=True, slots=True)
class NewEvent:
    """
    One event as a client sends it.

    Args:
        id: made by the client (UUIDv7), so that sending it twice is harmless.
        happened_at: the instant, where known; it falls on `happened_on` in the office's zone.
        captured_at: the device's clock when it was written down there.
        approved_by: the second, authenticated person who approved it; never taken from the request's text.
    """

    id: str
    event: Event
    happened_on: date
    happened_at: datetime | None = None
    captured_at: datetime | None = None
    approved_by: str | None = None


@dataclass(frozen=True, slots=True)
class RecordedResult:
    """What was recorded, the case's version after it, and whether all of it had been recorded before."""

    events: tuple[Recorded, ...]
    version: int
    already_known: bool


def record(
    uow: UnitOfWork,
    case_id: UUID,
    request: Sequence[NewEvent],
    *,
    packs: Packs,
    calendar: WorkDays | None,
    clock: Instant,
    by: str,
    expected_version: int | None = None,
    reach: Reach | None = None,
    remit: Remit = WHOLE,
) -> RecordedResult:
    """
    Record a request on a case.

    Args:
        by: who records, as the session knows them.
        expected_version: the version that the caller saw; None where they do not care.
        calendar: the working days; None for those of this database.
        reach: which cases the caller may know of; None for the engine itself.
        remit: what they may record of a case.

    Raises:
        Refused: it is not possible; nothing of it was recorded.
        Forbidden: `not_allowed_kind` or `not_from_your_chair`: it is not theirs to record.
        Invalid: an id is empty, too long or used twice in it, or an instant falls on another day.
        Conflict: an id is known with other content, or the case has changed since it was seen.
        NotFound: there is no such case within reach.
    """
    check_request(request)
    said = [new.event for new in request]
    check_kinds(remit, [event.name for event in said])
    hold_offices(uow, said, clock.today)
    held = hold(uow, case_id, [new.id for new in request], reach)
    case_file = held.file
    if known := already_known(uow, held, request, reach):
        return RecordedResult(known, case_file.version, already_known=True)
    _check_version(case_file, expected_version)
    packs, days = packs_within(uow, packs), held.days if calendar is None else calendar
    taken = judged(uow, case_file, request, packs=packs, days=days, clock=clock, by=by, remit=remit)
    if taken.exit_undone:
        notices.add_new(uow.session, [(case_id, exit_undone(clock.today))], clock.now)
    after, added = _appended(case_file, list(zip(taken.events, request, strict=True)), clock)
    after = follow_moves(uow, after, taken.events, clock=clock, by=by)
    after = follow_pins(uow, after, taken.events, packs=packs, clock=clock, by=by)
    planned = Planned(after, taken.case, taken.owed)
    if after.policy != case_file.policy:
        planned = fold_and_plan(after, packs(after.policy), days, clock.today)
    _write(uow, planned, held.rows, added, clock)
    return RecordedResult(taken.events, case_file.version + 1, already_known=False)


def judged(
    uow: UnitOfWork,
    case_file: CaseFile,
    request: Sequence[NewEvent],
    *,
    packs: Packs,
    days: WorkDays,
    clock: Instant,
    by: str,
    remit: Remit = WHOLE,
) -> Accepted:
    """
    What a request would leave if it were recorded now; nothing is written.

    Raises:
        Refused: it is not possible.
        Forbidden: `not_from_your_chair`.
    """
    last = max((r.seq for r in case_file.recorded), default=0)
    recs = [recorded_as(new, last + n, clock, by) for n, new in enumerate(request, 1)]
    pack = packs(case_file.policy)
    try:
        found = judge(case_file.recorded, recs, pack, days, clock.today, team=case_file.team)
    except Refused as refused:
        raise heard(remit, refused, recs) from refused.__cause__
    check_chairs(remit, found)
    _check_helpers(uow, case_file, found.events)
    return found


def correct_event(
    uow: UnitOfWork,
    case_id: UUID,
    event_id: str,
    *,
    reason: str,
    right: NewEvent,
    void_id: str,
    packs: Packs,
    calendar: WorkDays | None,
    clock: Instant,
    by: str,
    expected_version: int | None = None,
    reach: Reach | None = None,
    remit: Remit = WHOLE,
) -> RecordedResult:
    """
    Void a wrong event and record what is right in its place, as one request.

    Args:
        right: what is true; it takes over the place of the wrong one in the order of recording.
        void_id: the id of the void, made by the client too; it is approved by who approved `right`.

    Raises:
        Refused, Invalid, Forbidden, Conflict, NotFound: as `record`.
    """
    voided = EventVoided(event_id=event_id, reason=reason)
    on = events.day_of(uow.session, case_id, void_id) or clock.today  # sent again a day later
    void = NewEvent(
        void_id, voided, on, captured_at=right.captured_at, approved_by=right.approved_by
    )
    return record(
        uow,
        case_id,
        [void, right],
        packs=packs,
        calendar=calendar,
        clock=clock,
        by=by,
        expected_version=expected_version,
        reach=reach,
        remit=remit,
    )


def _check_version(case_file: CaseFile, expected: int | None) -> None:
    """See that the case is as the caller saw it, where they say so."""
    if expected is not None and expected != case_file.version:
        raise Conflict("version_conflict", expected=expected, actual=case_file.version)


def _check_helpers(uow: UnitOfWork, case_file: CaseFile, new: Sequence[Recorded]) -> None:
    """Where there are offices, a chair is taken by somebody of the staff list: a name has no place in it."""
    if case_file.office_id is None:
        return
    for rec in new:
        if isinstance(rec.event, HelperAssigned) and not _on_the_list(uow, rec.event):
            raise Refused("unknown_helper")


def _on_the_list(uow: UnitOfWork, event: HelperAssigned) -> bool:
    return staff.by_handle(uow.session, event.helper) is not None


def _write(uow: UnitOfWork, planned: Planned, rows: Rows, added: Order, clock: Instant) -> None:
    """Write new events down and what the case comes to with them, and count the recording, all at once."""
    after = planned.file
    look_on = waits_on(after, clock)
    _, written = difference(uow, [planned], rows, {after.id: look_on})
    dates = written.dates.pop()[1:] if written.dates else dates_of(after)
    counted = cases.to_count(after.id, after.version, chain=after.chain, dates=dates)
    touched = carry_out(uow.asker, [counted, added, *written.orders()])
    if touched[0] != 1:
        raise Conflict("version_conflict", expected=after.version)


def append(
    uow: UnitOfWork,
    case_file: CaseFile,
    taken: Sequence[tuple[Recorded, NewEvent]],
    clock: Instant,
) -> CaseFile:
    """Write events down behind those of the case, and no more; gives back the case with its new chain."""
    after, added = _appended(case_file, taken, clock)
    carry_out(uow.session, [added])
    return after


def _appended(
    case_file: CaseFile, taken: Sequence[tuple[Recorded, NewEvent]], clock: Instant
) -> tuple[CaseFile, Order]:
    """The case with new events behind its own, and what writes them down."""
    case_id, request_id = case_file.id, taken[0][0].id
    rows = [
        {
            **_envelope(rec, new, clock),
            "request_id": request_id,
            "sealed": sealed(rec, case_file.key, case_id),
        }
        for rec, new in taken
    ]
    added, chain = events.to_add(case_id, case_file.chain, rows)
    recorded = case_file.recorded + tuple(rec for rec, _ in taken)
    return replace(case_file, recorded=recorded, chain=chain), added


def waits_on(case_file: CaseFile, clock: Instant) -> date:
    """
    The day from which on the next sweep is to look at a case that was recorded on: today.

    An earlier day that has not been told yet stays, so that it is caught up.
    """
    days = [clock.today]
    if case_file.next_change_on is not None:
        days.append(case_file.next_change_on)
    if case_file.swept_through is not None:
        days.append(case_file.swept_through + DAY)
    return min(days)


def check_request(request: Sequence[NewEvent]) -> None:
    """
    See that a request can be judged at all.

    Raises:
        Invalid: it is empty, an id is empty, too long or used twice in it, or an instant falls on another day.
    """
    if not request:
        raise Invalid("empty_request")
    seen: set[str] = set()
    for new in request:
        if not 0 < len(new.id) <= LONGEST_ID or new.id in seen:
            raise Invalid("invalid_value", event=new.event.name, field="id", expected="UUIDv7")
        seen.add(new.id)
        _check_instants(new)


def _check_instants(new: NewEvent) -> None:
    """An instant has its offset, and the one of happening falls on the day of happening."""
    for field in ("happened_at", "captured_at"):
        instant: datetime | None = getattr(new, field)
        if instant is None:
            continue
        elsewhere = instant.utcoffset() is not None and civil_day(instant) != new.happened_on
        if instant.utcoffset() is None or (field == "happened_at" and elsewhere):
            expected = f"{new.happened_on.isoformat()}Thh:mm+08:00"
            raise Invalid("invalid_value", event=new.event.name, field=field, expected=expected)


def already_known(
    uow: UnitOfWork, held: Held, request: Sequence[NewEvent], reach: Reach | None
) -> tuple[Recorded, ...]:
    """
    What an earlier sending of the same request left; nothing where all of it is new.

    An id that was used in a case out of the caller's reach is like one that nobody used.
    """
    sent = {new.id: new for new in request}
    by_id = {rec.id: rec for rec in held.file.recorded if rec.id in sent}
    if by_id:
        captured = {row.id: row.captured_at for row in held.used if row.case_id == held.file.id}
        for new in request:
            was = by_id.get(new.id)
            if was is None or not _same(was, captured[new.id], new):
                raise Conflict("event_id_conflict", id=new.id if was else next(iter(by_id)))
        return tuple(by_id[new.id] for new in request)
    for row in held.used:
        if row.case_id != held.file.id and cases.find(uow.session, row.case_id, reach) is not None:
            raise Conflict("event_id_conflict", id=row.id)
    return ()


def _same(held: Recorded, captured_at: datetime | None, new: NewEvent) -> bool:
    """Who sends it again themselves brings no approval: what was approved since is known to them too."""
    if new.approved_by not in (None, held.approved_by):
        return False
    was, sent = (held.on, held.at, captured_at), (new.happened_on, new.happened_at, new.captured_at)
    return was == sent and same_content(held.event, new.event)


def recorded_as(new: NewEvent, seq: int, clock: Instant, by: str) -> Recorded:
    """A new event as the record will hold it, at its place in the order of recording."""
    return Recorded(
        id=new.id,
        event=new.event,
        on=new.happened_on,
        recorded_on=clock.today,
        seq=seq,
        at=new.happened_at,
        recorded_by=by,
        approved_by=new.approved_by,
    )


def _envelope(rec: Recorded, new: NewEvent, clock: Instant) -> dict[str, Any]:
    return {
        "id": rec.id,
        "seq": rec.seq,
        "name": rec.event.name,
        "version": rec.event.version,
        "happened_on": rec.on,
        "happened_at": rec.at,
        "captured_at": new.captured_at,
        "recorded_on": rec.recorded_on,
        "recorded_at": clock.now,
        "recorded_by": rec.recorded_by,
        "approved_by": rec.approved_by,
        "rank": rec.rank,
    }
