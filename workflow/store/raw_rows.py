"""
Rows as they lie in the tables, read page by page by their keys: for verifying, which trusts none of them.

Nothing is joined and nothing left out. A row that cannot be read at all is given
back by its key: SQLite keeps whatever somebody wrote into a column.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Engine,
    Select,
    String,
    Table,
    event,
    func,
    insert,
    select,
    text,
    union,
)
from sqlalchemy import type_coerce as as_it_lies
from sqlalchemy.orm import Session

from workflow.store.engine import make_engine
from workflow.store.tables import (
    CalendarOverrideRow,
    CaseRow,
    Found,
    PersonMergeRow,
    Row,
    StampRow,
    table_of,
)

TABLES: Mapping[str, Table] = MappingProxyType(dict(Row.metadata.tables))
"""Every table by its name."""

CASES, MERGES, STAMPS = table_of(CaseRow), table_of(PersonMergeRow), table_of(StampRow)
OVERRIDES = table_of(CalendarOverrideRow)

Key = dict[str, object]
"""A row by the columns of its primary key."""

MOST_FAULTS = 100
"""Faults of a file that are listed."""

_ILL_TYPED = (ValueError, TypeError, AttributeError, ArithmeticError)
"""What the drivers' converters raise for a date that is none, an id that is none, a text for bytes."""


@dataclass(frozen=True, slots=True)
class Page:
    """
    Some rows in the order of their keys.

    Args:
        bad: the keys of those among them that cannot be read.
        last: the first column of the last key; None where there was no row.
    """

    rows: Sequence[Found]
    bad: Sequence[Key]
    last: UUID | None


def count(session: Session, name: str) -> int:
    """How many rows a table has."""
    return session.execute(select(func.count()).select_from(TABLES[name])).scalar_one()


def after(session: Session, name: str, last: UUID | None, limit: int) -> Page:
    """The next rows of a table whose key is one id."""
    table = TABLES[name]
    (key,) = table.primary_key.columns
    query = select(table) if last is None else select(table).where(key > last)
    return _read(session, table, query.order_by(key).limit(limit))


def between(session: Session, name: str, column: str, first: UUID | None, last: UUID) -> Page:
    """
    The rows of a table that belong to an id after one and up to another: those also that belong to nothing known.

    Args:
        column: the one that says to what a row belongs.
    """
    table = TABLES[name]
    owner, query = table.c[column], select(table).where(table.c[column] <= last)
    if first is not None:
        query = query.where(owner > first)
    return _read(session, table, query.order_by(owner, *table.primary_key.columns))


def keys_beyond(session: Session, name: str, column: str, last: UUID | None) -> Iterator[Key]:
    """The keys of the rows that belong to an id beyond one, however many they are."""
    table = TABLES[name]
    columns = list(table.primary_key.columns)
    query = select(*(_lying(session, column) for column in columns))
    if last is not None:
        query = query.where(table.c[column] > last)
    yield from _keys(session, columns, query)


def strays(session: Session, name: str, column: str, *owners: str) -> Iterator[Key]:
    """The keys of the rows of a table whose column names a row that none of the tables `owners` has."""
    table = TABLES[name]
    columns = list(table.primary_key.columns)
    query = select(*(_lying(session, column) for column in columns))
    for owner in owners:
        (key,) = TABLES[owner].primary_key.columns
        query = query.where(~select(key).where(key == table.c[column]).exists())
    yield from _keys(session, columns, query)


def every(session: Session, name: str) -> Sequence[Found]:
    """All rows of a table that is known to be small."""
    return session.execute(select(TABLES[name])).all()


def known(session: Session, name: str, ids: Collection[UUID]) -> set[UUID]:
    """Which of these ids a table has a row for."""
    (key,) = TABLES[name].primary_key.columns
    return set(session.execute(select(key).where(key.in_(ids))).scalars())


def faults_of_the_file(session: Session) -> list[str]:
    """
    What SQLite finds wrong with its file, in its own words: tables, indexes and rows by number, never a value.

    A row that an index lacks is there for whoever reads the table, and for the sweep it is not.
    """
    if session.get_bind().dialect.name != "sqlite":
        return []
    lines = session.execute(text(f"PRAGMA integrity_check({MOST_FAULTS})")).scalars().all()
    return [line for line in lines if line != "ok"]


def stamp(session: Session, name: str) -> str | None:
    """What the database says of itself under a name."""
    return session.execute(select(STAMPS.c.value).where(STAMPS.c.key == name)).scalar()


def links(session: Session, ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Into whom each of these persons was merged, by the merges that stand and not by what follows from them."""
    query = select(MERGES.c.merged_id, MERGES.c.kept_id).where(
        MERGES.c.merged_id.in_(ids), MERGES.c.undone_at.is_(None)
    )
    return {row.merged_id: row.kept_id for row in session.execute(query)}


def roots(session: Session, ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Who each of these persons is after the merges that stand; a circle ends where it began."""
    found = {one: one for one in ids}
    asked: set[UUID] = set()
    while tops := set(found.values()) - asked:
        asked |= tops
        up = links(session, tops)
        found = {one: up.get(top, top) for one, top in found.items()}
    return found


def calendar_changes(session: Session) -> list[datetime]:
    """The instants at which somebody set a day of the calendar, or took one back, in order."""
    instants = union(select(OVERRIDES.c.recorded_at), select(OVERRIDES.c.withdrawn_at))
    column = instants.subquery().c[0]
    query = select(column).where(column.is_not(None)).order_by(column)
    return list(session.execute(query).scalars())


# ------------------------------------------------------------------ an empty schema


def empty_schema(*names: str) -> Engine:
    """
    A database in memory with some of our tables, empty, and no others.

    What a row refers to need not be there, and nothing is refused but a key that is taken.
    """
    engine = make_engine("sqlite://")
    event.listen(engine, "connect", _refer_freely)
    Row.metadata.create_all(engine, tables=[TABLES[name] for name in names])
    return engine


def put(session: Session, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows down as they are."""
    if rows:
        session.execute(insert(TABLES[name]), list(rows))


def _refer_freely(connection: Any, record: Any) -> None:
    connection.execute("PRAGMA foreign_keys = OFF")


# ------------------------------------------------------------------ what cannot be read


def key_of(name: str, row: Found) -> Key:
    """The key of a row that was read."""
    return {column.name: getattr(row, column.name) for column in TABLES[name].primary_key.columns}


def _read(session: Session, table: Table, query: Select[Any]) -> Page:
    try:
        rows = session.execute(query).all()
    except _ILL_TYPED:
        if session.get_bind().dialect.name != "sqlite":
            raise  # every other database keeps to its types
        return _one_by_one(session, table, query)
    return Page(rows, (), rows[-1][0] if rows else None)


def _keys(session: Session, columns: Sequence[Any], query: Select[Any]) -> Iterator[Key]:
    for key in session.execute(query.execution_options(yield_per=1000)):
        yield {c.name: _shown(c, value) for c, value in zip(columns, key, strict=True)}


def _one_by_one(session: Session, table: Table, query: Select[Any]) -> Page:
    """Each row by itself, found by its key as it lies."""
    columns = list(table.primary_key.columns)
    lying = [_lying(session, column) for column in columns]
    keys = session.execute(query.with_only_columns(*lying)).all()
    rows: list[Found] = []
    bad: list[Key] = []
    for key in keys:
        same = [column == value for column, value in zip(lying, key, strict=True)]
        try:
            rows.append(session.execute(select(table).where(*same)).one())
        except _ILL_TYPED:
            bad.append({c.name: _shown(c, v) for c, v in zip(columns, key, strict=True)})
    ids = [_id(key[0]) for key in keys]
    return Page(rows, bad, max((one for one in ids if one is not None), default=None))


def _lying(session: Session, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column without its type, where the database does not see to it."""
    typed = session.get_bind().dialect.name != "sqlite"
    return column if typed else as_it_lies(column, String)


def _shown(column: ColumnElement[Any], value: object) -> object:
    """A part of a key as far as it is one; what somebody wrote in the place of an id is not repeated."""
    return (_id(value) or "?") if column.type.python_type is UUID else value


def _id(value: object) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
