"""
Some cases with every row that belongs to them, read in one snapshot: what verifying looks at, a page at a time.

A row whose case is not there turns up in the page into whose range its case's id
falls, so that nothing has to be asked twice and nothing can hide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from workflow.rules.workdays import WorkDays
from workflow.services.calendar_days import work_days_in
from workflow.services.findings import DAMAGED, Findings
from workflow.store import data_keys, raw_rows
from workflow.store.cases import SWEPT_THROUGH
from workflow.store.data_keys import DataKey
from workflow.store.raw_rows import Page
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork, UnitsOfWork

AT_ONCE = 100
"""Cases a page: enough that statements cost little, few enough that a page is a few megabytes."""

OF_CASES = (
    "events",
    "obligations",
    "sightings",
    "stays",
    "chairs",
    "rungs",
    "outlooks",
    "notices",
    "pins",
    "placements",
    "attachments",
    "proposals",
    "quarantine",
)
"""The tables whose rows belong to a case and are compared or looked at."""


Place = tuple[UUID | None, UUID]
"""The ids of a page: after one, and up to another."""


@dataclass(slots=True)
class CasePage:
    """
    Some cases as they lie in the database at one moment.

    Args:
        cases: those whose row can be read.
        rows: by table, and by case.
        torn: the cases of which some row cannot be read, so that nothing can be reckoned from the others.
        persons: those of the persons whom the cases were opened about that are there.
        keys: the data keys that open, by person; `locked` those that are there and do not.
        roots: whom the cases are about, by person and merges that stand.
        calendar: what counts now.
        changes: the instants at which an office set a day of it; None where the calendar was given.
        swept_through: the last day that a sweep has told to its end.
    """

    cases: Sequence[Found]
    rows: dict[str, dict[UUID, list[Found]]]
    torn: set[UUID]
    persons: set[UUID]
    keys: dict[UUID, DataKey]
    locked: set[UUID]
    roots: dict[UUID, UUID]
    calendar: WorkDays
    changes: Sequence[datetime] | None
    swept_through: date | None

    def of(self, table: str, case_id: UUID) -> list[Found]:
        """The rows of a case in a table, in the order of their keys."""
        return self.rows[table].get(case_id, [])


def case_pages(
    uow_factory: UnitsOfWork,
    calendar: WorkDays | None,
    findings: Findings,
    *,
    at_once: int = AT_ONCE,
) -> Iterator[CasePage]:
    """
    Every case, page by page; what belongs to no case, or cannot be read, is noted down on the way.

    Args:
        uow_factory: gives units of work that only read.
        calendar: the working days; None for those of the database.
    """
    last: UUID | None = None
    while True:
        with uow_factory() as uow:
            found = raw_rows.after(uow.session, "cases", last, at_once)
            if found.last is None:
                _note_strays(uow, found, last, findings)
                return
            page = _page(uow, found, (last, found.last), calendar, findings)
        yield page
        last = found.last


def _page(
    uow: UnitOfWork,
    found: Page,
    place: Place,
    calendar: WorkDays | None,
    findings: Findings,
) -> CasePage:
    torn = {key["id"] for key in found.bad if isinstance(key["id"], UUID)}
    for key in found.bad:
        findings.add("unreadable", "cases", key)
    known = torn | {row.id for row in found.rows}
    rows = {table: _rows(uow, table, place, known, torn, findings) for table in OF_CASES}
    persons = {row.person_id for row in found.rows}
    keys, locked = open_keys(uow, persons)
    swept = raw_rows.stamp(uow.session, SWEPT_THROUGH)
    return CasePage(
        cases=found.rows,
        rows=rows,
        torn=torn,
        persons=raw_rows.known(uow.session, "people", persons),
        keys=keys,
        locked=locked,
        roots=raw_rows.roots(uow.session, persons),
        calendar=work_days_in(uow, calendar),
        changes=None if calendar else raw_rows.calendar_changes(uow.session),
        swept_through=date.fromisoformat(swept) if swept else None,
    )


def _note_strays(uow: UnitOfWork, found: Page, last: UUID | None, findings: Findings) -> None:
    """What lies behind the last case belongs to none."""
    for key in found.bad:
        findings.add("unreadable", "cases", key)
    for table in OF_CASES:
        for key in raw_rows.keys_beyond(uow.session, table, "case_id", last):
            findings.add("orphaned", table, key)


def _rows(
    uow: UnitOfWork,
    table: str,
    place: Place,
    known: set[UUID],
    torn: set[UUID],
    findings: Findings,
) -> dict[UUID, list[Found]]:
    """The rows of a table by case; those of no case are noted down and left out."""
    page = raw_rows.between(uow.session, table, "case_id", *place)
    for key in page.bad:
        findings.add("unreadable", table, key)
        if isinstance(of := key.get("case_id"), UUID):
            torn.add(of)
    by_case: dict[UUID, list[Found]] = {}
    for row in page.rows:
        if row.case_id in known:
            by_case.setdefault(row.case_id, []).append(row)
        else:
            findings.add("orphaned", table, raw_rows.key_of(table, row))
    return by_case


def open_keys(uow: UnitOfWork, owners: set[UUID]) -> tuple[dict[UUID, DataKey], set[UUID]]:
    """The data keys of these owners that open, and the owners whose key is there and does not."""
    try:
        return data_keys.of_many(uow.session, uow.ring, owners), set()
    except DAMAGED:
        pass  # one of them: each is asked for by itself
    found: dict[UUID, DataKey] = {}
    locked: set[UUID] = set()
    for owner in owners:
        try:
            found |= data_keys.of_many(uow.session, uow.ring, [owner])
        except DAMAGED:
            locked.add(owner)
    return found, locked
