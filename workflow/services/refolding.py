"""
Cases folded anew from their events into an empty schema, and compared row by row with what the database holds.

The rows are written by `project`, the one that recording and sweeping use, as of
the day for which they were last computed. Where a day of the calendar was set or
another pack pinned since then, they are still those of before, and the case waits
to be looked at: it is then folded by what counted before that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Engine

from workflow.rules.history import Recorded
from workflow.rules.workdays import WorkDays
from workflow.services.calendar_days import work_days_of
from workflow.services.case_files import CaseFile
from workflow.services.case_pages import CasePage
from workflow.services.clock import civil_day
from workflow.services.findings import Findings, code_of
from workflow.services.outlooks import basis_of, read
from workflow.services.projecting import Packs, project
from workflow.store import raw_rows
from workflow.store.cases import DATES
from workflow.store.data_keys import DataKey
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork, UnitsOfWork

DERIVED = ("obligations", "stays", "chairs", "rungs")
"""The tables whose rows are computed and nothing else; `cases` holds dates that are."""

_BEFORE = timedelta(microseconds=1)
_NEEDED = ("cases", "placements", *DERIVED, "sightings", "outlooks")


@dataclass(frozen=True, slots=True)
class Sound:
    """A case whose record holds, so that its rows can be computed from it."""

    row: Found
    key: DataKey
    recorded: tuple[Recorded, ...]

    @property
    def waits(self) -> bool:
        """Whether the sweep has still to look at it for the day of its rows: its rungs are left to that."""
        next_on = self.row.next_change_on
        return next_on is not None and next_on <= self.row.projected_on


@dataclass(slots=True)
class Refolded:
    """Rows as they should be, by table and case; and the cases that cannot be folded, each with the error's code."""

    rows: dict[str, dict[UUID, list[Found]]] = field(default_factory=dict)
    failed: dict[UUID, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Suspect:
    """A case whose rows are not what they should be by what counts now."""

    one: Sound
    differences: Findings
    since: list[datetime]


class Refolding:
    """Folds and compares cases; holds the empty schema, which is used again and again."""

    def __init__(self, uow_factory: UnitsOfWork, packs: Packs) -> None:
        self._uow_factory = uow_factory
        self._packs = packs
        self._scratch: Engine = raw_rows.empty_schema(*_NEEDED)

    def close(self) -> None:
        """Let go of the empty schema."""
        self._scratch.dispose()

    def check(self, page: CasePage, cases: Sequence[Sound], findings: Findings) -> None:
        """Note down each row of these cases that is missing, too much, or not as it should be."""
        made = self._refold(page, cases, page.calendar)
        suspects: list[_Suspect] = []
        for one in cases:
            case_id = one.row.id
            if case_id in made.failed:
                findings.of_case("unreadable", case_id, because=made.failed[case_id])
                continue
            differences = _compare(page, one, made, findings.most)
            self._compare_outlook(page, one, made, differences)
            if differences.count:
                suspects.append(_Suspect(one, differences, _changes_since(page, one)))
        for each in self._unexplained(page, suspects):
            findings.take(each.differences)

    def _compare_outlook(self, page: CasePage, one: Sound, made: Refolded, found: Findings) -> None:
        """Whether the outlook says what the case comes to, where the sweep would go by it."""
        row, held = one.row, self._outlook(page, one)
        if held is None or one.waits:
            return
        ahead = read(held.content, self._packs(row.policy))
        if ahead is not None and ahead.outlook.until <= row.projected_on:
            return  # it says nothing of the days to come
        wanted = made.rows["outlooks"].get(row.id, [])
        if [(each.basis, each.content) for each in wanted] != [(held.basis, held.content)]:
            found.add("mutated", "outlooks", raw_rows.key_of("outlooks", held), "content")

    def _outlook(self, page: CasePage, one: Sound) -> Found | None:
        """The outlook of a case, where it follows from what counts now."""
        row, held = one.row, page.of("outlooks", one.row.id)
        if not held:
            return None
        basis = basis_of(row.chain, row.team, self._packs(row.policy), page.calendar)
        return held[0] if held[0].basis == basis else None

    def _reach(self, page: CasePage, cases: Sequence[Sound]) -> dict[UUID, date]:
        """How far the outlooks of these cases reach, where they can be read."""
        found: dict[UUID, date] = {}
        for one in cases:
            held = self._outlook(page, one)
            ahead = read(held.content, self._packs(one.row.policy)) if held else None
            if ahead is not None:
                found[one.row.id] = ahead.outlook.through
        return found

    def _unexplained(self, page: CasePage, suspects: list[_Suspect]) -> list[_Suspect]:
        """Those that are not right by what counted before a change that they wait to be looked at for either."""
        left = {each.one.row.id: each for each in suspects}
        for at in sorted({at for each in suspects for at in each.since}):
            those = [each.one for each in left.values() if at in each.since]
            if not those:
                continue
            made = self._refold(page, those, self._calendar(page, at), before=at)
            for one in those:
                fine = one.row.id not in made.failed
                if fine and not _compare(page, one, made, 1, put_down=True).count:
                    del left[one.row.id]
        return list(left.values())

    def _calendar(self, page: CasePage, before: datetime) -> WorkDays:
        """The one that counted just before an instant."""
        if page.changes is None:
            return page.calendar
        with self._uow_factory() as uow:
            return work_days_of(uow, known_at=before - _BEFORE)

    def _refold(
        self,
        page: CasePage,
        cases: Sequence[Sound],
        calendar: WorkDays,
        *,
        before: datetime | None = None,
    ) -> Refolded:
        """
        Fold these cases into the empty schema; where that fails, each by itself.

        Args:
            before: with the packs of just before this instant, and as if none of them waited.
        """
        try:
            return self._written(page, cases, calendar, before)
        except Exception as error:  # noqa: BLE001 (the job's edge: one bad case stops nobody)
            if len(cases) == 1:
                return Refolded(failed={cases[0].row.id: code_of(error)})
        found = Refolded()
        for one in cases:
            single = self._refold(page, [one], calendar, before=before)
            found.failed |= single.failed
            for table, by_case in single.rows.items():
                found.rows.setdefault(table, {}).update(by_case)
        return found

    def _written(
        self,
        page: CasePage,
        cases: Sequence[Sound],
        calendar: WorkDays,
        before: datetime | None,
    ) -> Refolded:
        with UnitOfWork(self._scratch) as uow:
            _put_facts(uow, page, cases)
            for day, of_day in _by_day(cases):
                files = [_file(one, _policy(page, one, before)) for one in of_day]
                wait = {one.row.id: one.row.next_change_on for one in of_day if one.waits}
                wait, reach = {} if before else wait, self._reach(page, of_day)
                project(uow, files, self._packs, calendar, day, wait=wait, through=reach)
            rows = {name: _by_case(raw_rows.every(uow.session, name)) for name in _NEEDED[2:]}
            rows["cases"] = {row.id: [row] for row in raw_rows.every(uow.session, "cases")}
            uow.session.rollback()  # empty again, for the next ones
        return Refolded(rows)


# ------------------------------------------------------------------ into the empty schema


def _put_facts(uow: UnitOfWork, page: CasePage, cases: Sequence[Sound]) -> None:
    """The rows that projecting reads: each case as nobody has ever projected it, where it was, what was seen of it."""
    blank = dict.fromkeys(DATES)
    alone = [
        {**one.row._mapping, **blank, "subject_id": one.row.id, "follows_id": None} for one in cases
    ]
    raw_rows.put(uow.session, "cases", alone)
    for table in ("placements", "sightings"):
        known = [row._asdict() for one in cases for row in page.of(table, one.row.id)]
        raw_rows.put(uow.session, table, known)


def _file(one: Sound, policy: str) -> CaseFile:
    values = {**one.row._mapping, **dict.fromkeys((*DATES, "swept_through")), "policy": policy}
    return CaseFile.of(cast(Found, SimpleNamespace(**values)), one.key, one.recorded)


def _policy(page: CasePage, one: Sound, before: datetime | None) -> str:
    """The pack that counts for a case, or counted just before an instant."""
    pins = [] if before is None else page.of("pins", one.row.id)
    earlier = [row.pack for row in pins if before is not None and row.recorded_at < before]
    policy: str = earlier[-1] if earlier else one.row.policy
    return policy


def _by_day(cases: Sequence[Sound]) -> Iterator[tuple[date, list[Sound]]]:
    day_of: Callable[[Sound], date] = lambda one: one.row.projected_on  # noqa: E731
    for day, found in groupby(sorted(cases, key=day_of), key=day_of):
        yield day, list(found)


def _by_case(rows: Sequence[Found]) -> dict[UUID, list[Found]]:
    found: dict[UUID, list[Found]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found


# ------------------------------------------------------------------ comparing


def _changes_since(page: CasePage, one: Sound) -> list[datetime]:
    """
    The instants at which what counts for a case changed on the day of its rows or later, and it was put down for it.

    It is then looked at on the day of the change or before it.
    """
    next_on, since = one.row.next_change_on, one.row.projected_on
    if next_on is None:
        return []
    pinned = [row.recorded_at for row in page.of("pins", one.row.id)[1:]]
    days = {at: civil_day(at) for at in (*(page.changes or ()), *pinned)}
    return sorted(at for at, day in days.items() if since <= day and next_on <= day)


def _compare(
    page: CasePage, one: Sound, made: Refolded, most: int, *, put_down: bool = False
) -> Findings:
    """
    Where the rows of a case differ from those that were made.

    Args:
        put_down: it was put down to be looked at again, whatever its next day was.
    """
    case_id, found = one.row.id, Findings(most)
    for table in DERIVED:
        wanted, held = made.rows[table].get(case_id, []), page.of(table, case_id)
        if table == "rungs" and put_down and one.waits and not held:
            continue  # recorded on as well, so that they are left to the sweep
        _compare_rows(table, wanted, held, found)
    seen = {(row.kind, row.occurrence) for row in page.of("sightings", case_id)}
    for row in made.rows["sightings"].get(case_id, []):
        if (row.kind, row.occurrence) not in seen:
            found.add("missing", "sightings", raw_rows.key_of("sightings", row))
    (case,) = made.rows["cases"][case_id]
    dates = [name for name in DATES if not (put_down and name == "next_change_on")]
    if wrong := [name for name in dates if getattr(case, name) != getattr(one.row, name)]:
        found.of_case("mutated", case_id, *wrong)
    return found


def _compare_rows(
    table: str, wanted: Sequence[Found], held: Sequence[Found], found: Findings
) -> None:
    expected, there = _by_key(table, wanted), _by_key(table, held)
    for key, row in expected.items():
        other = there.pop(key, None)
        if other is None:
            found.add("missing", table, raw_rows.key_of(table, row))
        elif row != other:
            mine, theirs = row._mapping, other._mapping
            wrong = [name for name in mine if mine[name] != theirs[name]]
            found.add("mutated", table, raw_rows.key_of(table, row), *wrong)
    for row in there.values():
        found.add("surplus", table, raw_rows.key_of(table, row))


def _by_key(table: str, rows: Sequence[Found]) -> dict[tuple[Any, ...], Found]:
    names = [column.name for column in raw_rows.TABLES[table].primary_key.columns]
    return {tuple(getattr(row, name) for name in names): row for row in rows}
