"""
Projecting a case: its events folded and planned, and the difference written to rows.

Recording, ticking and verifying use this one function. Rows hold dates, never
states, under natural keys, so that a second run writes nothing. When the case
is looked at next is not written here: that moves on only with what was told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from workflow.rules.case import Case, Fact, TeamMode
from workflow.rules.changes import next_change
from workflow.rules.errors import NotFound
from workflow.rules.fold import fold
from workflow.rules.history import Recorded, history_of
from workflow.rules.obligations.owed import Obligation
from workflow.rules.pack import Pack
from workflow.rules.plan import plan
from workflow.rules.telling import Key
from workflow.rules.workdays import WorkDays
from workflow.services.event_forms import read
from workflow.store import cases, events, obligations, stays
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

Packs = Callable[[str], Pack]
"""Finds the pack of an id: `workflow.services.packs.load_pack`, or what a test hands in."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case as the record holds it: its row, and every event in the order of recording."""

    id: UUID
    person_id: UUID
    policy: str
    team: TeamMode
    opened_on: date
    next_change_on: date | None
    ended_on: date | None
    version: int
    recorded: tuple[Recorded, ...]


@dataclass(frozen=True, slots=True)
class Projection:
    """
    What projecting gave.

    Args:
        known_on: the day on which each obligation was first seen open.
        next_change_on: the day after this one on which to look again; None where the calendar can change nothing.
        inserted, updated, deleted: how many rows were written.
    """

    case: Case
    owed: list[Obligation]
    known_on: dict[Key, date]
    next_change_on: date | None
    inserted: int
    updated: int
    deleted: int

    @property
    def written(self) -> int:
        """How many rows were written: none on a second run."""
        return self.inserted + self.updated + self.deleted


def load(uow: UnitOfWork, case_id: UUID) -> CaseFile:
    """
    The case of this id with all its events.

    Raises:
        NotFound: there is no such case.
        Invalid: an event of it cannot be read.
    """
    found = cases.find(uow.session, case_id)
    if found is None:
        raise NotFound("not_found", what=str(case_id))
    recorded = tuple(_recorded(row) for row in events.of_case(uow.session, case_id))
    return CaseFile(
        id=found.id,
        person_id=found.person_id,
        policy=found.policy,
        team=found.team,
        opened_on=found.opened_on,
        next_change_on=found.next_change_on,
        ended_on=found.ended_on,
        version=found.version,
        recorded=recorded,
    )


def project(
    uow: UnitOfWork, case_file: CaseFile, pack: Pack, calendar: WorkDays, today: date
) -> Projection:
    """Fold and plan the case for a day and write what changed: obligations, the way, the day it ended."""
    history = history_of(case_file.recorded)
    case = fold(history, pack, calendar, today, team=case_file.team)
    owed = plan(case)
    known_on, *counts = _write_owed(uow, case_file.id, owed, today)
    counts[0] += _write_way(uow, case_file.id, case)
    if case.ended_on != case_file.ended_on:
        cases.set_dates(uow.session, case_file.id, ended_on=case.ended_on)
        counts[1] += 1
    return Projection(case, owed, known_on, _next_look(case, owed, today), *counts)


def name_of(fact: Fact) -> str:
    """The id of a recorded event, or the name of what the calendar brought about."""
    return fact.rec.id if fact.rec else fact.name


def _recorded(row: Found) -> Recorded:
    return Recorded(
        id=row.id,
        event=read(row.name, row.version, row.payload),
        on=row.happened_on,
        recorded_on=row.recorded_on,
        seq=row.seq,
        at=row.happened_at,
        rank=row.rank,
        recorded_by=row.recorded_by,
        approved_by=row.approved_by,
        closes=tuple((kind, occurrence) for kind, occurrence, _ in row.closes),
        openings=tuple(opening for _, _, opening in row.closes),
    )


def _next_look(case: Case, owed: Sequence[Obligation], today: date) -> date | None:
    if not case.open and not any(one.stands() for one in owed):
        return None
    return next_change(case, owed, today)


def _write_owed(
    uow: UnitOfWork, case_id: UUID, owed: Sequence[Obligation], today: date
) -> tuple[dict[Key, date], int, int, int]:
    """Write the difference between what is owed and the rows; gives back since when each is known, and counts."""
    rows = {(row.kind, row.occurrence): row for row in obligations.of_case(uow.session, case_id)}
    known = _known_on(uow, case_id, owed, rows, today)
    new, changed = [], []
    for one in owed:
        row = rows.pop(one.key, None)
        values = _values(one, known.get(one.key))
        if row is None:
            new.append(values)
        elif any(getattr(row, name) != values[name] for name in obligations.DATA):
            changed.append(values)
    obligations.add(uow.session, case_id, new)
    obligations.change(uow.session, case_id, changed)
    obligations.remove(uow.session, case_id, list(rows.values()), today)
    return known, len(new), len(changed), len(rows)


def _known_on(
    uow: UnitOfWork,
    case_id: UUID,
    owed: Sequence[Obligation],
    rows: Mapping[Key, Found],
    today: date,
) -> dict[Key, date]:
    """Since when each is known: since it was first seen open, even if it fell away in between."""
    known = {key: row.known_on for key, row in rows.items() if row.known_on is not None}
    fresh = [one.key for one in owed if one.key not in known and one.opens_on <= today]
    if fresh:
        fallen = obligations.fallen(uow.session, case_id)
        known |= {key: fallen.get(key, today) for key in fresh}
    return known


def _values(one: Obligation, known_on: date | None) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "occurrence": one.occurrence,
        "opens_on": one.opens_on,
        "due_on": one.due_on,
        "owner": one.owner,
        "opened_by": name_of(one.opened_by),
        "closed_on": one.closed_on,
        "closed_by": name_of(one.closed_by) if one.closed_by else None,
        "ended_on": one.ended_on,
        "withdrawn": one.withdrawn,
        "missed_on": one.missed_by.on if one.missed_by else None,
        "excused_on": one.excused_by.on if one.excused_by else None,
        "held_since": one.held_since,
        "paused": one.paused,
        "ref": one.ref,
        "nominal_days": one.nominal_days,
        "is_window": one.window,
        "known_on": known_on,
        "measure": one.measure.ordinal if one.measure else None,
    }


def _write_way(uow: UnitOfWork, case_id: UUID, case: Case) -> int:
    """Write the stretches in the stages from the first that differs; gives back how many."""
    known = [
        (row.position, row.stage, row.first_on, row.begun_by)
        for row in stays.of_case(uow.session, case_id)
    ]
    way = [(n, s.stage, s.first, name_of(s.by)) for n, s in enumerate(case.stays, 1)]
    if known == way:
        return 0
    same = 0
    while same < min(len(known), len(way)) and known[same] == way[same]:
        same += 1
    columns = ("position", "stage", "first_on", "begun_by")
    rows = [dict(zip(columns, stretch, strict=True)) for stretch in way[same:]]
    stays.put_from(uow.session, case_id, same + 1, rows)
    return len(rows)
