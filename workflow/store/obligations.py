"""Where the obligations are read and written: the difference between what was owed and what is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, func, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NULLTYPE

from workflow.store.many import Deleting, Inserting, Updating, Values
from workflow.store.of_cases import OfCases
from workflow.store.statements import Asker, Order, Question, Statement, carry_out
from workflow.store.tables import Found, ObligationRow, SightingRow, table_of

OBLIGATIONS, SIGHTINGS = table_of(ObligationRow), table_of(SightingRow)
KEY = ("case_id", "kind", "occurrence")
DATA = (
    "opens_on",
    "due_on",
    "owner",
    "opened_by",
    "closed_on",
    "closed_by",
    "ended_on",
    "withdrawn",
    "missed_on",
    "excused_on",
    "held_since",
    "paused",
    "nominal_days",
    "is_window",
    "measure",
    "office_id",
)
COLUMNS = KEY + DATA
"""A row of `obligations`, in this order wherever it travels as a tuple."""

SEEN = (*KEY, "known_on")
"""A row of `sightings`, in this order."""

_OF_CASES = OfCases(select(*(OBLIGATIONS.c[name] for name in COLUMNS)), OBLIGATIONS.c.case_id)
_PLAIN = (
    type_coerce(OBLIGATIONS.c.case_id, NULLTYPE),
    *(OBLIGATIONS.c[name] for name in COLUMNS[1:]),
)
_BY_CASE = OfCases(select(*_PLAIN).order_by(OBLIGATIONS.c.case_id), OBLIGATIONS.c.case_id)
_THE_CASE: Any = bindparam("of_case_id")
_EVER = select(func.count()).select_from(SIGHTINGS).where(SIGHTINGS.c.case_id == _THE_CASE)
_SEEN_OF = Statement(
    select(*_PLAIN, _EVER.scalar_subquery().label("ever"), SIGHTINGS.c.known_on)
    .outerjoin(SIGHTINGS, and_(*(SIGHTINGS.c[name] == OBLIGATIONS.c[name] for name in KEY)))
    .where(OBLIGATIONS.c.case_id == _THE_CASE)
)
_SIGHTINGS_OF = OfCases(
    select(
        type_coerce(SIGHTINGS.c.case_id, NULLTYPE), *(SIGHTINGS.c[n] for n in SEEN[1:])
    ).order_by(SIGHTINGS.c.case_id),
    SIGHTINGS.c.case_id,
)
_ADD, _SEE = Inserting(OBLIGATIONS, COLUMNS), Inserting(SIGHTINGS, SEEN)
_CHANGE, _REMOVE = Updating(OBLIGATIONS, COLUMNS, keys=len(KEY)), Deleting(OBLIGATIONS, KEY)


def of_cases(session: Session, case_ids: Collection[UUID]) -> Iterator[Found]:
    """Every obligation row of several cases, its `COLUMNS` in their order."""
    yield from _OF_CASES.all(session, case_ids)


def by_case(session: Session, case_ids: Collection[UUID]) -> Iterator[tuple[UUID, list[Found]]]:
    """
    The same case by case.

    The id of the case in a row is as the driver gives it: it would be made anew for each.
    """
    return _by_case(_BY_CASE.all(session, case_ids))


def seen_of(case_id: UUID) -> Question:
    """
    The question about one case, to be asked with others: behind each how many the case ever saw open, those that
    fell away included, and the day on which this one was.
    """
    return _SEEN_OF, {"of_case_id": case_id}


def sightings_of(session: Asker, case_ids: Collection[UUID]) -> Iterator[tuple[UUID, list[Found]]]:
    """When each obligation of several cases was first seen open, case by case; those that fell away included."""
    return _by_case(_SIGHTINGS_OF.all(session, case_ids))


def _by_case(rows: Sequence[Found]) -> Iterator[tuple[UUID, list[Found]]]:
    for driven, found in groupby(rows, key=itemgetter(0)):
        yield driven if isinstance(driven, UUID) else UUID(driven), list(found)


def to_add(rows: Sequence[Values]) -> Order:
    """New obligations to be written down, each its `COLUMNS` in their order."""
    return _ADD, rows


def to_change(rows: Sequence[Values]) -> Order:
    """What is to be changed about obligations that are known by their key, each its `COLUMNS` in their order."""
    return _CHANGE, rows


def to_remove(keys: Sequence[tuple[UUID, str, str]]) -> Order:
    """Those to be taken away, because their key fell away. When they were seen stays known."""
    return _REMOVE, keys


def remove(session: Session, keys: Sequence[tuple[UUID, str, str]]) -> None:
    """Take them away at once."""
    carry_out(session, [to_remove(keys)])


def to_see(rows: Sequence[Values]) -> Order:
    """That obligations were seen open for the first time, to be written down, each what is `SEEN` in its order."""
    return _SEE, rows
