"""Where the obligations are read and written: the difference between what was owed and what is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, insert, select, type_coerce, update
from sqlalchemy.orm import Session
from sqlalchemy.types import NULLTYPE

from workflow.store.of_cases import OfCases
from workflow.store.statements import Order, Question, Statement, carry_out
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

Values = tuple[Any, ...]
_CHANGED = (*(f"old_{name}" for name in KEY), *(f"new_{name}" for name in DATA))
_ONE = and_(*(OBLIGATIONS.c[name] == bindparam(f"old_{name}") for name in KEY))
_OF_CASES = OfCases(select(*(OBLIGATIONS.c[name] for name in COLUMNS)), OBLIGATIONS.c.case_id)
_SEEN_OF_CASES = OfCases(
    select(
        type_coerce(OBLIGATIONS.c.case_id, NULLTYPE),
        *(OBLIGATIONS.c[name] for name in COLUMNS[1:]),
        SIGHTINGS.c.known_on,
    )
    .outerjoin(SIGHTINGS, and_(*(SIGHTINGS.c[name] == OBLIGATIONS.c[name] for name in KEY)))
    .order_by(OBLIGATIONS.c.case_id),
    OBLIGATIONS.c.case_id,
)
_SIGHTINGS_OF = OfCases(select(SIGHTINGS), SIGHTINGS.c.case_id)
_ADD, _SEE = Statement(insert(OBLIGATIONS)), Statement(insert(SIGHTINGS))
_CHANGE = Statement(
    update(OBLIGATIONS).where(_ONE).values({name: bindparam(f"new_{name}") for name in DATA})
)
_REMOVE = Statement(delete(OBLIGATIONS).where(_ONE))


def of_cases(session: Session, case_ids: Collection[UUID]) -> Iterator[Found]:
    """Every obligation row of several cases, its `COLUMNS` in their order."""
    yield from _OF_CASES.all(session, case_ids)


def seen_of_cases(
    session: Session, case_ids: Collection[UUID]
) -> Iterator[tuple[UUID, list[Found]]]:
    """
    The same case by case, and behind the `COLUMNS` the day on which each was first seen open.

    The id of the case in a row is as the driver gives it: it would be made anew for each.
    """
    rows = _SEEN_OF_CASES.all(session, case_ids)
    for driven, found in groupby(rows, key=itemgetter(0)):
        yield driven if isinstance(driven, UUID) else UUID(driven), list(found)


def seen_of(case_id: UUID) -> Question:
    """The same question about one case, to be asked together with others."""
    return _SEEN_OF_CASES.of(case_id)


def to_add(rows: Sequence[Values]) -> Order:
    """New obligations to be written down, each its `COLUMNS` in their order."""
    return _ADD, [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def to_change(rows: Sequence[Values]) -> Order:
    """What is to be changed about obligations that are known by their key, each its `COLUMNS` in their order."""
    return _CHANGE, [dict(zip(_CHANGED, row, strict=True)) for row in rows]


def to_remove(keys: Sequence[tuple[UUID, str, str]]) -> Order:
    """Those to be taken away, because their key fell away. When they were seen stays known."""
    return _REMOVE, [dict(zip(_CHANGED, key, strict=False)) for key in keys]


def remove(session: Session, keys: Sequence[tuple[UUID, str, str]]) -> None:
    """Take them away at once."""
    carry_out(session, [to_remove(keys)])


def sightings_of(session: Session, case_ids: Collection[UUID]) -> Iterator[Found]:
    """When each obligation of several cases was first seen open, those that fell away included."""
    yield from _SIGHTINGS_OF.all(session, case_ids)


def to_see(rows: Sequence[dict[str, Any]]) -> Order:
    """That obligations were seen open for the first time, to be written down."""
    return _SEE, rows
