"""
Statements about many rows at once, in the driver's own words: a sweep writes some ten rows a case.

SQLite prepares such a statement once and runs it once a row. PostgreSQL is sent the
columns as arrays, so that it runs once for all of them: a statement a row costs it
several times the row.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import Any

from sqlalchemy import JSON, Column, Date, Dialect, String, Table, Uuid
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from workflow.store.statements import Call, carry_out

Values = tuple[Any, ...]
_Turn = Callable[[Any], Any]


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
        if dialect.name == "postgresql":
            return Call(self.on_postgresql, self._columnwise(runs), many=False)
        return Call(self.on_sqlite, self._plain(runs), many=True)

    @property
    def on_sqlite(self) -> str:
        """The statement about one row."""
        raise NotImplementedError

    @property
    def on_postgresql(self) -> str:
        """The statement about all of them."""
        raise NotImplementedError

    @cached_property
    def _turns(self) -> list[tuple[int, _Turn]]:
        turns = [(place, _turn(column)) for place, column in enumerate(self._columns)]
        return [(place, turn) for place, turn in turns if turn is not None]

    def _rows(self, name: str) -> str:
        """The rows that it is handed, as PostgreSQL reads them, under a name."""
        return f"unnest({self._arrays}) AS {name}({', '.join(self.names)})"

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

    def _plain(self, rows: Sequence[Values]) -> list[Values]:
        """The rows as SQLite keeps them: it has no days and no ids."""
        found = []
        for row in rows:
            plain = list(row)
            for place, turn in self._turns:
                if plain[place] is not None:
                    plain[place] = turn(plain[place])
            found.append(tuple(plain))
        return found


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

    @cached_property
    def on_postgresql(self) -> str:
        return " ".join((self._into, "SELECT * FROM", f"unnest({self._arrays})", self._end))

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

    @cached_property
    def on_postgresql(self) -> str:
        given = (f"{name} = other.{name}" for name in self.names[self._keys :])
        values = ", ".join((*given, *self._emptied))
        found = " AND ".join((self._same("other", self.names[: self._keys]), *self._only))
        source = self._rows("other")
        return " ".join(("UPDATE", self.table, "SET", values, "FROM", source, "WHERE", found))


class Deleting(ManyRows):
    """Rows taken away that these columns find."""

    @cached_property
    def on_sqlite(self) -> str:
        found = " AND ".join(f"{name} = ?" for name in self.names)
        return " ".join(("DELETE FROM", self.table, "WHERE", found))

    @cached_property
    def on_postgresql(self) -> str:
        source, found = self._rows("other"), self._same("other", self.names)
        return " ".join(("DELETE FROM", self.table, "USING", source, "WHERE", found))


_SQLITE: Dialect = sqlite.dialect()
_POSTGRESQL: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]


def _turn(column: Column[Any]) -> _Turn | None:
    """What makes of a value the one that SQLite keeps, as the column's type does it."""
    if isinstance(column.type, Uuid):
        return attrgetter("hex")
    if isinstance(column.type, Date):
        return date.isoformat
    return column.type.dialect_impl(_SQLITE).bind_processor(_SQLITE)


def _type_of(column: Column[Any]) -> str:
    """Its type on PostgreSQL; a text without its length, since a cast would cut it off without a word."""
    if isinstance(column.type, String):
        return "VARCHAR"
    return str(column.type.compile(_POSTGRESQL))
