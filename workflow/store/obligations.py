"""Where the obligations are read and written: the difference between what was owed and what is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from workflow.store.due_sql import not_held, stands
from workflow.store.tables import Found, ObligationRow, SightingRow, table_of

OBLIGATIONS, SIGHTINGS = table_of(ObligationRow), table_of(SightingRow)
KEY = ("case_id", "kind", "occurrence")
DATA = tuple(c.name for c in OBLIGATIONS.c if not c.primary_key)

Values = dict[str, Any]
_ONE = and_(*(OBLIGATIONS.c[name] == bindparam(f"old_{name}") for name in KEY))
_ADD, _SEE = insert(OBLIGATIONS), insert(SIGHTINGS)
_CHANGE = update(OBLIGATIONS).where(_ONE).values({name: bindparam(f"new_{name}") for name in DATA})
_REMOVE = delete(OBLIGATIONS).where(_ONE)


def of_cases(session: Session, case_ids: Collection[UUID]) -> Iterator[Found]:
    """Every obligation row of several cases."""
    yield from session.execute(select(OBLIGATIONS).where(OBLIGATIONS.c.case_id.in_(case_ids)))


def add(session: Session, rows: Sequence[Values]) -> None:
    """Write new obligations down."""
    if rows:
        session.execute(_ADD, rows)


def change(session: Session, rows: Sequence[Values]) -> None:
    """Write what changed about obligations that are known by their key."""
    if rows:
        named = [
            {f"old_{name}": row[name] for name in KEY} | {f"new_{name}": row[name] for name in DATA}
            for row in rows
        ]
        session.connection().execute(_CHANGE, named)


def remove(session: Session, keys: Sequence[tuple[UUID, str, str]]) -> None:
    """Take away those whose key fell away. When they were seen stays known."""
    if keys:
        names = [f"old_{name}" for name in KEY]
        session.connection().execute(_REMOVE, [dict(zip(names, key, strict=True)) for key in keys])


def sightings_of(session: Session, case_ids: Collection[UUID]) -> Iterator[Found]:
    """When each obligation of several cases was first seen open, those that fell away included."""
    yield from session.execute(select(SIGHTINGS).where(SIGHTINGS.c.case_id.in_(case_ids)))


def see(session: Session, rows: Sequence[Values]) -> None:
    """Write down that obligations were seen open for the first time."""
    if rows:
        session.execute(_SEE, rows)


def standing(session: Session, on: date) -> Sequence[Found]:
    """What is owed or will be on a day, of all cases: neither settled nor ended nor held; the first due first."""
    columns = (OBLIGATIONS.c.case_id, OBLIGATIONS.c.kind, OBLIGATIONS.c.occurrence)
    dates = (OBLIGATIONS.c.opens_on, OBLIGATIONS.c.due_on, OBLIGATIONS.c.owner)
    query = (
        select(*columns, *dates)
        .where(stands(), not_held(on))
        .order_by(OBLIGATIONS.c.case_id, OBLIGATIONS.c.due_on, OBLIGATIONS.c.opens_on)
    )
    return session.execute(query).all()
