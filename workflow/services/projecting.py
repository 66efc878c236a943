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
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from workflow.rules.case import Case
from workflow.rules.changes import next_change
from workflow.rules.fold import fold
from workflow.rules.history import History, history_of
from workflow.rules.obligations.owed import OF_OLD_OFFICE, Obligation
from workflow.rules.outlook import Outlook, outlook_of, plan_ahead
from workflow.rules.pack import Pack
from workflow.rules.plan import plan
from workflow.rules.telling import Key, Teller, coming, teller_of
from workflow.rules.workdays import WorkDays
from workflow.services.case_files import CaseFile
from workflow.services.case_rows import Written, name_of, obligation_row, rung_rows
from workflow.services.outlooks import basis_of, write
from workflow.store import chairs, obligations, placements, rungs, stays
from workflow.store.many import Values
from workflow.store.statements import carry_out
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

Packs = Callable[[str], Pack]
"""Finds the pack of an id: `workflow.services.packs.load_pack`, or what a test hands in."""


AHEAD = 2
"""How many horizons an outlook reaches: the nearer, the more often a quiet case is folded."""


class Planned(NamedTuple):
    """
    A case folded and planned for a day.

    Args:
        owed: what its rows show.
        foreseen: what an outlook is made of: the history, what opens after the horizon, and how far that reaches;
            None where there is to be none.
    """

    file: CaseFile
    case: Case
    owed: list[Obligation]
    foreseen: tuple[History, list[Obligation] | None, date] | None = None


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
    teller: Teller
    owed: list[Obligation]
    known_on: dict[Key, date]
    next_change_on: date | None
    outlook: Outlook | None


@dataclass(slots=True)
class Rows:
    """
    What the tables hold of some cases, by case.

    Args:
        all_seen: whether `known` is of everything that was ever seen of them, and not only of what is owed.
    """

    owed: dict[UUID, dict[Key, Sequence[Any]]] = field(default_factory=lambda: defaultdict(dict))
    known: dict[UUID, dict[Key, date]] = field(default_factory=lambda: defaultdict(dict))
    stays: dict[UUID, list[Found]] = field(default_factory=lambda: defaultdict(list))
    chairs: dict[UUID, list[Found]] = field(default_factory=lambda: defaultdict(list))
    rungs: dict[UUID, list[Found]] = field(default_factory=lambda: defaultdict(list))
    left: dict[tuple[UUID, str], UUID | None] = field(default_factory=dict)
    all_seen: bool = False

    def put_owed(self, case_id: UUID, owed: Sequence[Sequence[Any]]) -> None:
        """Take in the obligations of one case as `obligations.seen_of` finds them: behind their columns what was seen."""
        self.owed[case_id] = {(row[1], row[2]): row for row in owed}
        known = {(row[1], row[2]): row[-1] for row in owed if row[-1] is not None}
        self.known[case_id] = known
        self.all_seen = bool(owed) and owed[0][-2] == len(known)


def project(
    uow: UnitOfWork,
    files: Sequence[CaseFile],
    packs: Packs,
    calendar: WorkDays,
    today: date,
    *,
    wait: Mapping[UUID, date] | None = None,
    through: Mapping[UUID, date] | None = None,
) -> tuple[list[Projection], int]:
    """
    Fold and plan cases for a day and write what changed; gives back what that gave, and how many rows it wrote.

    Args:
        wait: for cases whose day has not been told yet, the day from which on the sweep is to look at them
            again; their rungs and their outlook are left to it.
        through: for cases whose outlook is to be compared, how far it reaches.

    Raises:
        Refused: `another_case_open`: a case would be open again beside another one of the same person.
        PackRefused: the pack of a case cannot be read.
    """
    waits, reach, planned = wait or {}, through or {}, []
    for one in files:
        pack = packs(one.policy)
        far = today + timedelta(days=AHEAD * pack.settings.horizon_days)
        upto = None if one.id in waits else reach.get(one.id, far)
        planned.append(fold_and_plan(one, pack, calendar, today, through=upto))
    done, written = difference(uow, planned, _rows(uow, planned), waits)
    carry_out(uow.session, written.orders())
    return done, written.count


def fold_and_plan(
    one: CaseFile, pack: Pack, calendar: WorkDays, today: date, *, through: date | None = None
) -> Planned:
    """
    What a case comes to on a day, and what it owes.

    Args:
        through: how far its outlook is to reach; None where it is to have none.
    """
    history = history_of(one.recorded)
    case = fold(history, pack, calendar, today, team=one.team)
    if through is None:
        return Planned(one, case, plan(case))
    owed, ahead = plan_ahead(case, through)
    return Planned(one, case, owed, (history, ahead, through))


def difference(
    uow: UnitOfWork, planned: Sequence[Planned], rows: Rows, wait: Mapping[UUID, date]
) -> tuple[list[Projection], Written]:
    """What cases come to that are folded and planned, and what is to be written for it into rows that were read."""
    _complete(uow, planned, rows)
    written = Written()
    done = []
    for each in planned:
        found = _projection(each, rows)
        done.append(found)
        compare(found, rows, written, wait.get(each.file.id))
    return done, written


def compare(found: Projection, rows: Rows, written: Written, waits_on: date | None) -> None:
    """Add to `written` what differs between the rows of a case and what it comes to now."""
    one, case = found.file, found.case
    _compare_owed(found, rows, written)
    written.note_stays(one.id, case, rows.stays.get(one.id, ()))
    written.note_chairs(one.id, case, rows.chairs.get(one.id, ()))
    told = [] if waits_on else _rungs(found)
    written.note_rungs(one.id, told, rows.rungs.get(one.id, ()))
    since = case.team_since
    dates = (case.on, waits_on or found.next_change_on, case.ended_on, since.on if since else None)
    if dates != dates_of(one):
        written.dates.append((one.id, *dates))
    if not waits_on:
        _compare_outlook(found, written)


def dates_of(one: CaseFile) -> tuple[date | None, ...]:
    """The `cases.DATES` in the row of a case, in their order."""
    return (one.projected_on, one.next_change_on, one.ended_on, one.team_since)


def _projection(planned: Planned, rows: Rows) -> Projection:
    one, case, owed, foreseen = planned
    known, today = dict(rows.known.get(one.id, {})), case.on
    for each in owed:
        if each.opens_on <= today:
            known.setdefault(each.key, today)
    standing = [each for each in owed if each.stands()]
    following = outlook = None
    if case.open or standing:
        following = next_change(case, standing, today, rungs=False)
    if foreseen is not None:
        history, ahead, through = foreseen
        outlook = outlook_of(case, history, (owed, ahead), known, through)
    return Projection(one, case, teller_of(case), owed, known, following, outlook)


def _rows(uow: UnitOfWork, planned: Sequence[Planned]) -> Rows:
    session, case_ids = uow.session, [each.file.id for each in planned]
    found = Rows(all_seen=True)
    for case_id, owed in obligations.by_case(session, case_ids):
        found.owed[case_id] = {(row[1], row[2]): row for row in owed}
    for case_id, seen in obligations.sightings_of(session, case_ids):
        found.known[case_id] = {(row[1], row[2]): row[3] for row in seen}
    for row in stays.of_cases(session, case_ids):
        found.stays[row.case_id].append(row)
    for row in chairs.of_cases(session, case_ids):
        found.chairs[row.case_id].append(row)
    for row in rungs.of_cases(session, case_ids):
        found.rungs[row.case_id].append(row)
    return found


def _complete(uow: UnitOfWork, planned: Sequence[Planned], rows: Rows) -> None:
    """Which offices were left, and of what is new, that which was seen before and fell away is known since then."""
    moved = [p.file.id for p in planned if any(each.kind in OF_OLD_OFFICE for each in p.owed)]
    if moved:
        rows.left = placements.left_by_event(uow.session, moved)
    if rows.all_seen:
        return
    back = [
        one.id
        for one, case, owed, _ in planned
        if any(each.opens_on <= case.on and each.key not in rows.owed[one.id] for each in owed)
    ]
    if back:
        for case_id, seen in obligations.sightings_of(uow.asker, back):
            rows.known[case_id] |= {(row[1], row[2]): row[3] for row in seen}


def _compare_owed(found: Projection, rows: Rows, written: Written) -> None:
    case_id = found.file.id
    held = dict(rows.owed.get(case_id, {}))
    seen = rows.known.get(case_id, {})
    for one in found.owed:
        row, values = held.pop(one.key, None), _row(found.file, one, rows.left)
        if row is None:
            written.added.append(values)
        elif row[1 : len(values)] != values[1:]:
            written.changed.append(values)
        if one.key in found.known_on and one.key not in seen:
            written.seen.append((case_id, *one.key, found.known_on[one.key]))
    written.removed += [(case_id, *key) for key in held]


def _row(file: CaseFile, one: Obligation, left: Mapping[tuple[UUID, str], UUID | None]) -> Values:
    measure = one.measure.ordinal if one.measure else None
    return obligation_row(file.id, one, measure, _owing(file, one, left))


def _owing(
    file: CaseFile, one: Obligation, left: Mapping[tuple[UUID, str], UUID | None]
) -> UUID | None:
    """The office that owes something while it stands: the one that has the case, or the one that the person left."""
    if not one.stands():
        return None
    old = left.get((file.id, name_of(one.opened_by))) if one.kind in OF_OLD_OFFICE else None
    return old or file.office_id


def _rungs(found: Projection) -> list[Values]:
    """Who is to be told until the rows change again: each once a day about one obligation."""
    if found.next_change_on is None:
        return []
    told = coming(found.teller, found.owed, found.case.on, found.next_change_on)
    return rung_rows(found.file.id, told)


def _compare_outlook(found: Projection, written: Written) -> None:
    """The outlook, where there is another one than before."""
    one, case = found.file, found.case
    basis = basis_of(one.chain, one.team, case.pack, case.days)
    if found.outlook is None or basis is None:
        if one.outlook is not None:
            written.without_outlook.append(one.id)
        return
    wanted = (basis, write(found.outlook))
    if wanted != one.outlook:
        written.outlooks.append((one.id, *wanted))
