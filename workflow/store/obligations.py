"""Where the obligations are read and written: the difference between what was owed and what is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, insert, or_, select, text, update
from sqlalchemy.orm import Session

from workflow.store.tables import FallenRow, Found, ObligationRow, table_of
from workflow.store.tables.obligations import STANDING

OBLIGATIONS, FALLEN = table_of(ObligationRow), table_of(FallenRow)
KEY = ("kind", "occurrence")
DATA = tuple(c.name for c in OBLIGATIONS.c if not c.primary_key)

Values = Mapping[str, Any]


def of_case(session: Session, case_id: UUID) -> Sequence[Found]:
    """Every obligation row of a case."""
    return session.execute(select(OBLIGATIONS).where(OBLIGATIONS.c.case_id == case_id)).all()


def add(session: Session, case_id: UUID, rows: Sequence[Values]) -> None:
    """Write new obligations down."""
    if rows:
        session.execute(insert(OBLIGATIONS), [{"case_id": case_id, **row} for row in rows])


def change(session: Session, case_id: UUID, rows: Sequence[Values]) -> None:
    """Write what changed about obligations that are known by their key."""
    if rows:
        changed: dict[str, Any] = {name: bindparam(f"new_{name}") for name in DATA}
        statement = update(OBLIGATIONS).where(_one(case_id)).values(changed)
        named = [{f"new_{name}": row[name] for name in (*KEY, *DATA)} for row in rows]
        session.connection().execute(statement, named)


def remove(session: Session, case_id: UUID, rows: Sequence[Found], on: date) -> None:
    """Take away those whose key fell away on a day; of those that were known a trace stays."""
    if rows:
        named = [{"new_kind": row.kind, "new_occurrence": row.occurrence} for row in rows]
        session.connection().execute(delete(OBLIGATIONS).where(_one(case_id)), named)
    before = fallen(session, case_id) if any(row.known_on for row in rows) else {}
    traces = [
        {"case_id": case_id, "known_on": row.known_on, "fell_on": on}
        | {"kind": row.kind, "occurrence": row.occurrence}
        for row in rows
        if row.known_on is not None and (row.kind, row.occurrence) not in before
    ]
    if traces:
        session.execute(insert(FALLEN), traces)


def fallen(session: Session, case_id: UUID) -> dict[tuple[str, str], date]:
    """Since when those were known that fell away."""
    rows = session.execute(select(FALLEN).where(FALLEN.c.case_id == case_id)).all()
    return {(row.kind, row.occurrence): row.known_on for row in rows}


def standing(session: Session, on: date) -> Sequence[Found]:
    """What is owed or will be on a day, of all cases: neither settled nor ended nor held; the first due first."""
    held = OBLIGATIONS.c.held_since
    columns = (OBLIGATIONS.c.case_id, OBLIGATIONS.c.kind, OBLIGATIONS.c.occurrence)
    dates = (OBLIGATIONS.c.opens_on, OBLIGATIONS.c.due_on, OBLIGATIONS.c.owner)
    query = (
        select(*columns, *dates)
        .where(text(STANDING))
        .where(or_(held.is_(None), held > on))
        .order_by(OBLIGATIONS.c.case_id, OBLIGATIONS.c.due_on, OBLIGATIONS.c.opens_on)
    )
    return session.execute(query).all()


def _one(case_id: UUID) -> Any:
    mine = OBLIGATIONS.c.case_id == case_id
    kind = OBLIGATIONS.c.kind == bindparam("new_kind")
    return and_(mine, kind, OBLIGATIONS.c.occurrence == bindparam("new_occurrence"))
