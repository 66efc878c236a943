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
from uuid import UUID, uuid5

from workflow.rules.case import TeamMode
from workflow.rules.errors import Conflict, Invalid
from workflow.rules.events import Event, PersonRegistered
from workflow.rules.history import Recorded
from workflow.rules.judging import judge
from workflow.rules.telling import exit_undone
from workflow.rules.workdays import WorkDays
from workflow.services.clock import Instant, civil_day
from workflow.services.event_forms import dump
from workflow.services.packs import load_pack
from workflow.services.projecting import CaseFile, Packs, load, project
from workflow.store import cases, events, notices, people
from workflow.store.tables import Found
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


def open_case(
    uow: UnitOfWork,
    *,
    case_id: UUID,
    person_id: UUID,
    born: date | None,
    name: str | None,
    policy: str,
    team: TeamMode,
    clock: Instant,
    by: str,
    opened_on: date | None = None,
    packs: Packs = load_pack,
) -> None:
    """
    Open a case for a person, known or new; where the birth date is known, registering it is its first event.

    Sending it twice is harmless.

    Args:
        opened_on: the civil day from which the birth date is on record, if earlier than today.

    Raises:
        Conflict: there is a case of that id, about another person or under another pack.
        PackRefused: there is no such pack.
    """
    packs(policy)
    known = cases.find(uow.session, case_id)
    if known is not None:
        if (known.person_id, known.policy, known.team) != (person_id, policy, team):
            raise Conflict("case_id_conflict", id=str(case_id))
        return
    if not people.is_known(uow.session, person_id):
        people.add(uow.session, person_id, born=born, name=name)
    day = opened_on or clock.today
    cases.add(
        uow.session, case_id, person_id=person_id, policy=policy, team=team, opened_on=clock.today
    )
    if born is not None:
        event_id = str(uuid5(case_id, PersonRegistered.name))
        new = NewEvent(event_id, PersonRegistered(born=born), day)
        _write(uow, case_id, [(_recorded(new, 1, clock, by), new)], clock)


def record(
    uow: UnitOfWork,
    case_id: UUID,
    request: Sequence[NewEvent],
    *,
    packs: Packs,
    calendar: WorkDays,
    clock: Instant,
    by: str,
    expected_version: int | None = None,
) -> RecordedResult:
    """
    Record a request on a case.

    Args:
        by: who records, as the session knows them.
        expected_version: the version that the caller saw; None where they do not care.

    Raises:
        Refused: it is not possible; nothing of it was recorded.
        Invalid: an id is empty, too long or used twice in it, or an instant falls on another day.
        Conflict: an id is known with other content, or the case has changed since it was seen.
        NotFound: there is no such case.
    """
    _check(request)
    case_file = load(uow, case_id)
    known = _already_known(uow, case_file, request)
    if known:
        return RecordedResult(known, case_file.version, already_known=True)
    if expected_version is not None and expected_version != case_file.version:
        raise Conflict("version_conflict", expected=expected_version, actual=case_file.version)
    pack = packs(case_file.policy)
    last = max((r.seq for r in case_file.recorded), default=0)
    recs = [_recorded(new, last + n, clock, by) for n, new in enumerate(request, 1)]
    judged = judge(case_file.recorded, recs, pack, calendar, clock.today, team=case_file.team)
    accepted = judged.events
    if judged.exit_undone:
        notices.add_new(uow.session, case_id, [exit_undone(clock.today)], clock.now)
    _write(uow, case_id, list(zip(accepted, request, strict=True)), clock)
    if not cases.raise_version(uow.session, case_id, case_file.version):
        raise Conflict("version_conflict", expected=case_file.version)
    after = replace(case_file, recorded=case_file.recorded + accepted)
    project(uow, after, pack, calendar, clock.today)
    _look_again(uow, case_file, clock.today)
    return RecordedResult(accepted, case_file.version + 1, already_known=False)


def _look_again(uow: UnitOfWork, case_file: CaseFile, today: date) -> None:
    """Have the next tick look at the case; a day that was already waiting is kept, so that it is caught up."""
    waiting = case_file.next_change_on
    if waiting is None or waiting > today:
        cases.set_dates(uow.session, case_file.id, next_change_on=today)


def _check(request: Sequence[NewEvent]) -> None:
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


def _already_known(
    uow: UnitOfWork, case_file: CaseFile, request: Sequence[NewEvent]
) -> tuple[Recorded, ...]:
    """What an earlier sending of the same request left; nothing where all of it is new."""
    rows = {row.id: row for row in events.with_ids(uow.session, [new.id for new in request])}
    if not rows:
        return ()
    for new in request:
        row = rows.get(new.id)
        if row is None or row.case_id != case_file.id or not _same(row, new):
            raise Conflict("event_id_conflict", id=new.id if row else next(iter(rows)))
    by_id = {rec.id: rec for rec in case_file.recorded}
    return tuple(by_id[new.id] for new in request)


def _same(row: Found, new: NewEvent) -> bool:
    content = (new.event.name, new.happened_on, new.happened_at, new.captured_at, new.approved_by)
    held = (row.name, row.happened_on, row.happened_at, row.captured_at, row.approved_by)
    return content == held and dump(new.event) == row.payload


def _recorded(new: NewEvent, seq: int, clock: Instant, by: str) -> Recorded:
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


def _write(
    uow: UnitOfWork, case_id: UUID, request: Sequence[tuple[Recorded, NewEvent]], clock: Instant
) -> None:
    request_id = request[0][0].id
    events.add(
        uow.session,
        [_row(case_id, rec, new.captured_at, request_id, clock) for rec, new in request],
    )


def _row(
    case_id: UUID, rec: Recorded, captured_at: datetime | None, request_id: str, clock: Instant
) -> dict[str, Any]:
    return {
        "id": rec.id,
        "case_id": case_id,
        "seq": rec.seq,
        "name": rec.event.name,
        "version": rec.event.version,
        "happened_on": rec.on,
        "happened_at": rec.at,
        "captured_at": captured_at,
        "recorded_on": rec.recorded_on,
        "recorded_at": clock.now,
        "recorded_by": rec.recorded_by,
        "approved_by": rec.approved_by,
        "rank": rec.rank,
        "closes": [
            [*key, opening] for key, opening in zip(rec.closes or (), rec.openings, strict=True)
        ],
        "request_id": request_id,
        "payload": dump(rec.event),
    }
