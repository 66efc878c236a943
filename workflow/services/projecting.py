"""
Projecting cases: events folded and planned, and the difference written to rows.

Recording, sweeping and verifying use this one module. Rows hold dates, never
states, under natural keys, so that a second run writes nothing. Whatever the
number of cases, the statements are the same few: each writes for all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from workflow.rules.case import Case, Chair, Fact
from workflow.rules.changes import next_change
from workflow.rules.fold import fold
from workflow.rules.history import history_of
from workflow.rules.obligations.owed import Obligation
from workflow.rules.pack import Pack
from workflow.rules.plan import plan
from workflow.rules.team import acknowledge_by
from workflow.rules.telling import Key, coming
from workflow.rules.workdays import WorkDays
from workflow.services.case_files import CaseFile
from workflow.store import cases, chairs, obligations, placements, rungs, stays
from workflow.store.statements import Order, carry_out
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

Packs = Callable[[str], Pack]
"""Finds the pack of an id: `workflow.services.packs.load_pack`, or what a test hands in."""

Planned = tuple[CaseFile, Case, list[Obligation]]
Values = dict[str, Any]
OF_OLD_OFFICE = frozenset({"forward_file"})
"""What the office that a person left by `moved` still owes (domain.md section 5)."""


@dataclass(frozen=True, slots=True)
class Projection:
    """
    What projecting a case gave.

    Args:
        known_on: the day on which each obligation was first seen open.
        next_change_on: the day after this one on which the calendar changes its rows; None where it cannot.
    """

    file: CaseFile
    case: Case
    owed: list[Obligation]
    known_on: dict[Key, date]
    next_change_on: date | None


@dataclass(slots=True)
class Written:
    """The rows that a projection writes, for all its cases together."""

    added: list[obligations.Values] = field(default_factory=list)
    changed: list[obligations.Values] = field(default_factory=list)
    removed: list[tuple[UUID, str, str]] = field(default_factory=list)
    seen: list[Values] = field(default_factory=list)
    ways: list[tuple[UUID, int]] = field(default_factory=list)
    stays: list[Values] = field(default_factory=list)
    seated: list[UUID] = field(default_factory=list)
    chairs: list[Values] = field(default_factory=list)
    rung: list[UUID] = field(default_factory=list)
    rungs: list[Values] = field(default_factory=list)
    dates: list[Values] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many rows change: none on a second run."""
        owed = len(self.added) + len(self.changed) + len(self.removed) + len(self.seen)
        return owed + sum(len(rows) for rows in (self.stays, self.chairs, self.rungs, self.dates))

    def orders(self) -> list[Order]:
        """What writes them."""
        return [
            obligations.to_remove(self.removed),
            obligations.to_add(self.added),
            obligations.to_change(self.changed),
            obligations.to_see(self.seen),
            *stays.to_put_from(self.ways, self.stays),
            *chairs.to_put(self.seated, self.chairs),
            *rungs.to_put(self.rung, self.rungs),
            cases.to_set_dates(self.dates),
        ]


@dataclass(slots=True)
class Rows:
    """What the tables hold of some cases, by case."""

    owed: dict[UUID, dict[Key, Sequence[Any]]] = field(default_factory=lambda: defaultdict(dict))
    known: dict[UUID, dict[Key, date]] = field(default_factory=lambda: defaultdict(dict))
    stays: dict[UUID, list[Found]] = field(default_factory=lambda: defaultdict(list))
    chairs: dict[UUID, list[Found]] = field(default_factory=lambda: defaultdict(list))
    rungs: dict[UUID, list[Found]] = field(default_factory=lambda: defaultdict(list))
    left: dict[tuple[UUID, str], UUID | None] = field(default_factory=dict)

    def put_owed(self, case_id: UUID, owed: Sequence[Sequence[Any]]) -> None:
        """Take in the obligations of a case, each its columns and behind them the day on which it was first seen."""
        self.owed[case_id] = {(row[1], row[2]): row for row in owed}
        self.known[case_id] = {(row[1], row[2]): row[-1] for row in owed if row[-1] is not None}


def project(
    uow: UnitOfWork,
    files: Sequence[CaseFile],
    packs: Packs,
    calendar: WorkDays,
    today: date,
    *,
    wait: Mapping[UUID, date] | None = None,
) -> tuple[list[Projection], int]:
    """
    Fold and plan cases for a day and write what changed; gives back what that gave, and how many rows it wrote.

    Args:
        wait: for cases whose day has not been told yet, the day from which on the sweep is to look at them
            again; their rungs are left to it.

    Raises:
        Refused: `another_case_open`: a case would be open again beside another one of the same person.
        PackRefused: the pack of a case cannot be read.
    """
    planned = [fold_and_plan(one, packs(one.policy), calendar, today) for one in files]
    done, written = difference(uow, planned, _rows(uow, planned), wait or {})
    carry_out(uow.session, written.orders())
    return done, written.count


def fold_and_plan(one: CaseFile, pack: Pack, calendar: WorkDays, today: date) -> Planned:
    """What a case comes to on a day, and what it owes."""
    case = fold(history_of(one.recorded), pack, calendar, today, team=one.team)
    return one, case, plan(case)


def difference(
    uow: UnitOfWork, planned: Sequence[Planned], rows: Rows, wait: Mapping[UUID, date]
) -> tuple[list[Projection], Written]:
    """What cases come to that are folded and planned, and what is to be written for it into rows that were read."""
    _complete(uow, planned, rows)
    written = Written()
    done = []
    for one, case, owed in planned:
        found = _projection(one, case, owed, rows)
        done.append(found)
        compare(found, rows, written, wait.get(one.id))
    return done, written


def compare(found: Projection, rows: Rows, written: Written, waits_on: date | None) -> None:
    """Add to `written` what differs between the rows of a case and what it comes to now."""
    case_id = found.file.id
    _compare_owed(found, rows, written)
    _compare_way(case_id, found.case, rows.stays.get(case_id, ()), written)
    _compare_team(case_id, found.case, rows.chairs.get(case_id, ()), written)
    told, held = ([] if waits_on else _rungs(found)), rows.rungs.get(case_id, ())
    if differ(told, held):
        written.rung.append(case_id)
        written.rungs += told
    one = found.file
    case, since = found.case, found.case.team_since
    dates = (case.on, waits_on or found.next_change_on, case.ended_on, since.on if since else None)
    named = dict(zip(cases.DATES, dates, strict=True))
    if named != dates_of(one):
        written.dates.append({"id": case_id, **named})


def dates_of(one: CaseFile) -> dict[str, date | None]:
    """The `cases.DATES` in the row of a case."""
    return {name: getattr(one, name) for name in cases.DATES}


def name_of(fact: Fact) -> str:
    """The id of a recorded event, or the name of what the calendar brought about."""
    return fact.rec.id if fact.rec else fact.name


def _projection(one: CaseFile, case: Case, owed: list[Obligation], rows: Rows) -> Projection:
    known, today = dict(rows.known.get(one.id, {})), case.on
    for each in owed:
        if each.opens_on <= today:
            known.setdefault(each.key, today)
    standing = [each for each in owed if each.stands()]
    following = None
    if case.open or standing:
        following = next_change(case, standing, today, rungs=False)
    return Projection(one, case, owed, known, following)


def _rows(uow: UnitOfWork, planned: Sequence[Planned]) -> Rows:
    session, case_ids, found = uow.session, [one.id for one, _, _ in planned], Rows()
    for case_id, owed in obligations.seen_of_cases(session, case_ids):
        found.put_owed(case_id, owed)
    for row in stays.of_cases(session, case_ids):
        found.stays[row.case_id].append(row)
    for row in chairs.of_cases(session, case_ids):
        found.chairs[row.case_id].append(row)
    for row in rungs.of_cases(session, case_ids):
        found.rungs[row.case_id].append(row)
    return found


def _complete(uow: UnitOfWork, planned: Sequence[Planned], rows: Rows) -> None:
    """Which offices were left, and of what is new, that which was seen before and fell away is known since then."""
    moved = [one.id for one, _, owed in planned if any(each.kind in OF_OLD_OFFICE for each in owed)]
    if moved:
        rows.left = placements.left_by_event(uow.session, moved)
    back = [
        one.id
        for one, case, owed in planned
        if any(each.opens_on <= case.on and each.key not in rows.owed[one.id] for each in owed)
    ]
    if back:
        for row in obligations.sightings_of(uow.session, back):
            rows.known[row.case_id][row.kind, row.occurrence] = row.known_on


def _compare_owed(found: Projection, rows: Rows, written: Written) -> None:
    case_id = found.file.id
    held = dict(rows.owed.get(case_id, {}))
    seen = rows.known.get(case_id, {})
    for one in found.owed:
        row = held.pop(one.key, None)
        values = _values(case_id, one, rows.left)
        if row is None:
            written.added.append(values)
        elif row[1:-1] != values[1:]:
            written.changed.append(values)
        if one.key in found.known_on and one.key not in seen:
            key = dict(zip(obligations.KEY, (case_id, *one.key), strict=True))
            written.seen.append({**key, "known_on": found.known_on[one.key]})
    written.removed += [(case_id, *key) for key in held]


def _values(
    case_id: UUID, one: Obligation, left: Mapping[tuple[UUID, str], UUID | None]
) -> obligations.Values:
    """The row of an obligation, its columns in the order of `obligations.COLUMNS`."""
    opened_by, closed_by = name_of(one.opened_by), one.closed_by
    return (
        case_id,
        one.kind,
        one.occurrence,
        one.opens_on,
        one.due_on,
        one.owner,
        opened_by,
        closed_by.on if closed_by else None,
        name_of(closed_by) if closed_by else None,
        one.ended_on,
        one.withdrawn,
        one.missed_by.on if one.missed_by else None,
        one.excused_by.on if one.excused_by else None,
        one.held_since,
        one.paused,
        one.nominal_days,
        one.window,
        one.measure.ordinal if one.measure else None,
        left.get((case_id, opened_by)) if one.kind in OF_OLD_OFFICE else None,
    )


def _compare_way(case_id: UUID, case: Case, held: Sequence[Found], written: Written) -> None:
    """The stretches in the stages from the first that differs."""
    known = [(row.position, row.stage, row.first_on, row.begun_by) for row in held]
    way = [(n, s.stage, s.first, name_of(s.by)) for n, s in enumerate(case.stays, 1)]
    if known == way:
        return
    same = 0
    while same < min(len(known), len(way)) and known[same] == way[same]:
        same += 1
    columns = ("position", "stage", "first_on", "begun_by")
    written.ways.append((case_id, same + 1))
    written.stays += [
        {"case_id": case_id, **dict(zip(columns, stretch, strict=True))} for stretch in way[same:]
    ]


def differ(wanted: Sequence[Values], held: Sequence[Found]) -> bool:
    """
    Whether rows that are wanted are others than those that are held; their order does not count.

    Both have their columns in the order of the table.
    """
    if len(wanted) != len(held):
        return True
    return {tuple(row.values()) for row in wanted} != set(map(tuple, held))


def _compare_team(case_id: UUID, case: Case, held: Sequence[Found], written: Written) -> None:
    seats = _chairs(case_id, case)
    if differ(seats, held):
        written.seated.append(case_id)
        written.chairs += seats


def _chairs(case_id: UUID, case: Case) -> list[Values]:
    """Those who sit in a chair, and the chairs that were waived."""
    seated = [_chair(case_id, case, chair) for chair in case.chairs.values()]
    waived = [_seat(case_id, role, None, fact.on) for role, fact in case.waived.items()]
    return seated + waived


def _chair(case_id: UUID, case: Case, chair: Chair) -> Values:
    known = chair.acknowledged.on if chair.acknowledged else None
    taken = chair.assigned.on if chair.assigned else known
    assert taken is not None
    seat = _seat(case_id, chair.role, chair.helper, taken)
    return {**seat, "acknowledge_by": acknowledge_by(case, chair), "acknowledged_on": known}


def _seat(case_id: UUID, role: str, helper: str | None, since: date) -> Values:
    unasked: Values = {"acknowledge_by": None, "acknowledged_on": None}
    return {"case_id": case_id, "role": role, "helper": helper, "since": since, **unasked}


def _rungs(found: Projection) -> list[Values]:
    """Who is to be told until the rows change again: each once a day about one obligation."""
    if found.next_change_on is None:
        return []
    told = coming(found.case, found.owed, found.next_change_on)
    return [
        {
            "case_id": found.file.id,
            "kind": one.kind,
            "occurrence": one.occurrence,
            "told_on": one.on,
            "told_to": one.to,
            "role": one.role,
            "rung": one.rung,
        }
        for one in told
    ]
