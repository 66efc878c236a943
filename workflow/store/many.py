"""
Statements about many rows at once, in the driver's own words: a sweep writes some ten rows a case.

SQLite prepares such a statement once and runs it once a row. PostgreSQL is sent the
columns as arrays, so that it runs once for all of them: a statement a row costs it
several times the row. A recording writes one row or two: to make arrays of those costs
our side more than the database spends on them, so that a few go there a row at a time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Dialect, Integer, String, Table, Uuid
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from workflow.store.statements import Call, carry_out

Values = tuple[Any, ...]
_Turn = Callable[[Any], Any]

FEW = 3
"""Up to so many rows go to PostgreSQL a row at a time."""


class ManyRows:
    """
    One statement, written once for each of the two databases.

    Args:
        table: the table that it is about.
        names: the columns whose values it is handed, in this order.
    """

    def __init__(self, table: Table, names: Sequence[str]) -> None:
        self.table, self.names = table.name, tuple(names)
        self._columns: list[Column[Any]] = [table.c[name] for name in self.names]

    def run(self, session: Session, rows: Sequence[Values]) -> int:
        """Hand it these rows; gives back how many it wrote."""
        return carry_out(session, [(self, rows)])[0]

    def run_one(self, session: Session, row: Mapping[str, Any]) -> bool:
        """Hand it one row by its names; gives back whether it wrote it."""
        return self.run(session, [tuple(row[name] for name in self.names)]) == 1

    def call(self, dialect: Dialect, runs: Sequence[Values]) -> Call:
        """What is handed to the driver."""
        if dialect.name != "postgresql":
            return Call(self.on_sqlite, _turned(runs, self._turns), many=True)
        if len(runs) > FEW:
            return Call(self.on_postgresql, self._columnwise(runs), many=False)
        rows = _turned(runs, self._texts)
        many = len(rows) > 1
        return Call(self.row_on_postgresql, rows if many else rows[0], many)

    @property
    def on_sqlite(self) -> str:
        """The statement about one row."""
        raise NotImplementedError

    @cached_property
    def on_postgresql(self) -> str:
        """The statement about all of them."""
        return self._from(f"unnest({self._arrays})")

    @cached_property
    def row_on_postgresql(self) -> str:
        """The statement about one row on PostgreSQL."""
        return self._from(
            f"(VALUES ({', '.join(f'%s::{_type_of(one)}' for one in self._columns)}))"
        )

    def _from(self, rows: str) -> str:
        """The statement about rows as PostgreSQL reads them."""
        raise NotImplementedError

    @cached_property
    def _turns(self) -> list[tuple[int, _Turn]]:
        return _turns(self._columns, _turn)

    @cached_property
    def _texts(self) -> list[tuple[int, _Turn]]:
        return _turns(self._columns, _text)

    def _under(self, name: str, rows: str) -> str:
        """Rows under a name, their columns named."""
        return f"{rows} AS {name}({', '.join(self.names)})"

    def _same(self, name: str, columns: Sequence[str]) -> str:
        """That a row of the table is one of those under a name, by these columns."""
        return " AND ".join(f"{self.table}.{column} = {name}.{column}" for column in columns)

    @cached_property
    def _arrays(self) -> str:
        return ", ".join(f"%b::{_type_of(column)}[]" for column in self._columns)

    def _columnwise(self, rows: Sequence[Values]) -> list[list[Any]]:
        """The rows as PostgreSQL is sent them: an array a column."""
        found = list(map(list, zip(*rows, strict=True)))
        for place in self._documents:
            found[place] = [None if one is None else json.dumps(one) for one in found[place]]
        return found

    @cached_property
    def _documents(self) -> list[int]:
        """Where it is handed JSON, which PostgreSQL reads out of a text."""
        return [n for n, column in enumerate(self._columns) if isinstance(column.type, JSON)]


class Inserting(ManyRows):
    """
    New rows.

    Args:
        known_stay: a row whose key is there already is left as it is.
        over: the key of the rows; one that is there already gets the other values.
    """

    def __init__(
        self,
        table: Table,
        names: Sequence[str],
        *,
        known_stay: bool = False,
        over: Sequence[str] = (),
    ) -> None:
        super().__init__(table, names)
        self._end = "ON CONFLICT DO NOTHING" if known_stay else ""
        if over:
            taken = ", ".join(f"{n} = excluded.{n}" for n in self.names if n not in over)
            self._end = f"ON CONFLICT ({', '.join(over)}) DO UPDATE SET {taken}"

    @cached_property
    def on_sqlite(self) -> str:
        marks = ", ".join("?" for _ in self.names)
        return " ".join((self._into, f"VALUES ({marks})", self._end))

    def _from(self, rows: str) -> str:
        return " ".join((self._into, "SELECT * FROM", self._under("new", rows), self._end))

    @property
    def _into(self) -> str:
        return f"INSERT INTO {self.table} ({', '.join(self.names)})"


class Updating(ManyRows):
    """
    Other values for rows that are found by the first columns.

    Args:
        keys: how many columns find a row.
        emptied: columns that are null afterwards.
        only_without: a column that must be null, or the row is left as it is.
    """

    def __init__(
        self,
        table: Table,
        names: Sequence[str],
        *,
        keys: int,
        emptied: Sequence[str] = (),
        only_without: str = "",
    ) -> None:
        super().__init__(table, names)
        self._keys = keys
        self._emptied = [f"{name} = NULL" for name in emptied]
        self._only = [f"{table.name}.{only_without} IS NULL"] if only_without else []

    @cached_property
    def on_sqlite(self) -> str:
        marked = [f"{name} = ?{place}" for place, name in enumerate(self.names, 1)]
        values = ", ".join((*marked[self._keys :], *self._emptied))
        found = " AND ".join((*marked[: self._keys], *self._only))
        return " ".join(("UPDATE", self.table, "SET", values, "WHERE", found))

    def _from(self, rows: str) -> str:
        given = (f"{name} = other.{name}" for name in self.names[self._keys :])
        values = ", ".join((*given, *self._emptied))
        found = " AND ".join((self._same("other", self.names[: self._keys]), *self._only))
        source = self._under("other", rows)
        return " ".join(("UPDATE", self.table, "SET", values, "FROM", source, "WHERE", found))


class Deleting(ManyRows):
    """Rows taken away that these columns find."""

    @cached_property
    def on_sqlite(self) -> str:
        found = " AND ".join(f"{name} = ?" for name in self.names)
        return " ".join(("DELETE FROM", self.table, "WHERE", found))

    def _from(self, rows: str) -> str:
        source, found = self._under("other", rows), self._same("other", self.names)
        return " ".join(("DELETE FROM", self.table, "USING", source, "WHERE", found))


_SQLITE: Dialect = sqlite.dialect()
_POSTGRESQL: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]


def _turns(
    columns: Sequence[Column[Any]], turn_of: Callable[[Column[Any]], _Turn | None]
) -> list[tuple[int, _Turn]]:
    """By the places of their columns, what makes of values what a database is handed."""
    turns = [(place, turn_of(column)) for place, column in enumerate(columns)]
    return [(place, turn) for place, turn in turns if turn is not None]


def _turned(rows: Sequence[Values], turns: Sequence[tuple[int, _Turn]]) -> list[Values]:
    """The rows with their values so made."""
    found = []
    for row in rows:
        made = list(row)
        for place, turn in turns:
            if made[place] is not None:
                made[place] = turn(made[place])
        found.append(tuple(made))
    return found


def _turn(column: Column[Any]) -> _Turn | None:
    """What makes of a value the one that SQLite keeps, as the column's type does it: it has no days and no ids."""
    if isinstance(column.type, Uuid):
        return attrgetter("hex")
    if isinstance(column.type, Date):
        return date.isoformat
    return column.type.dialect_impl(_SQLITE).bind_processor(_SQLITE)


def _text(column: Column[Any]) -> _Turn | None:
    """
    What makes of a value the text that PostgreSQL reads as the column's type.

    A text is prepared as one statement with the nothing that may stand in its place; a day, an id or a number
    is of another type than nothing, and each mixture of them a statement of its own.
    """
    if isinstance(column.type, Uuid):
        return attrgetter("hex")
    if isinstance(column.type, Date):
        return date.isoformat
    if isinstance(column.type, Boolean):
        return {True: "t", False: "f"}.get
    if isinstance(column.type, JSON):
        return json.dumps
    return str if isinstance(column.type, Integer) else None


def _type_of(column: Column[Any]) -> str:
    """Its type on PostgreSQL; a text without its length, since a cast would cut it off without a word."""
    if isinstance(column.type, String):
        return "VARCHAR"
    return str(column.type.compile(_POSTGRESQL))
