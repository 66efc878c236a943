"""
The tables as lines of text, the same whatever the database: what a backup is made of, and how it is put back.

A line is a row as a JSON array, its values in words that depend on no driver.
Tables come in an order in which they can be put back. Within one the order is
the database's own, so what two of them hold is compared by a sum of hashes.
"""

from __future__ import annotations

import json
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    Date,
    Integer,
    LargeBinary,
    Result,
    String,
    Table,
    Uuid,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy import column as named_column
from sqlalchemy import table as named_table
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from workflow.rules.errors import Refused
from workflow.store.engine import READING
from workflow.store.tables import AttachmentBodyRow, AttachmentRow, Found, Row, StampRow, table_of
from workflow.store.tables.columns import UTCDateTime

STAMPS, ATTACHMENTS = table_of(StampRow), table_of(AttachmentRow)

TABLES: tuple[Table, ...] = tuple(Row.metadata.sorted_tables)
"""Every table, after those that its rows refer to."""

AT_ONCE = 1000
"""Rows that are in memory together."""

FEWER = MappingProxyType(
    {
        table_of(AttachmentBodyRow).name: 1,  # up to 20 MB a row
        ATTACHMENTS.name: 20,  # a file a row is read between two pages of them
    }
)

REVISION = named_table("alembic_version", named_column("version_num"))

Values = dict[str, Any]
Turn = Callable[[Any], Any]

_ILL_TYPED = (ValueError, TypeError, AttributeError, ArithmeticError)
"""What converters raise for a date that is none or a text for bytes: SQLite keeps whatever somebody wrote."""

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _base64(value: bytes) -> str:
    return b2a_base64(value, newline=False).decode("ascii")


def _hex(value: UUID) -> str:
    return value.hex


_WORDS: tuple[tuple[type, str, Turn | None, Turn | None], ...] = (
    (UTCDateTime, "instant", datetime.isoformat, datetime.fromisoformat),
    (Date, "date", date.isoformat, date.fromisoformat),
    (Uuid, "id", _hex, UUID),
    (LargeBinary, "bytes", _base64, a2b_base64),
    (JSON, "json", None, None),
    (Boolean, "boolean", None, None),
    (Integer, "integer", None, None),
    (String, "text", None, None),
)
"""How a column's type is called in a backup, and how its values are turned into text and back."""


def _word(kind: Any) -> tuple[type, str, Turn | None, Turn | None]:
    return next(word for word in _WORDS if isinstance(kind, word[0]))


class TableText:
    """How the rows of one table are written as lines, and read again."""

    def __init__(self, table: Table) -> None:
        self.names = [column.name for column in table.columns]
        words = [_word(column.type) for column in table.columns]
        self.columns = [[name, word[1]] for name, word in zip(self.names, words, strict=True)]
        self._out = [(at, word[2]) for at, word in enumerate(words) if word[2]]
        self._in = [(at, word[3]) for at, word in enumerate(words) if word[3]]

    def line(self, row: Sequence[Any]) -> bytes:
        """A row as a line, without its end."""
        return _encode(_turned(row, self._out)).encode()

    def line_of(self, values: Values) -> bytes:
        """The same of a row by the names of its columns."""
        return self.line([values[name] for name in self.names])

    def rows(self, lines: Sequence[bytes]) -> list[Values]:
        """The rows that some lines hold."""
        found = json.loads(b"[" + b",".join(lines) + b"]")
        return [dict(zip(self.names, _turned(row, self._in), strict=True)) for row in found]


TEXTS: Mapping[str, TableText] = MappingProxyType({each.name: TableText(each) for each in TABLES})


_SPACE = 2**256


@dataclass(slots=True)
class Tally:
    """How many lines there were, and the sum of their hashes: the same in whatever order they came."""

    rows: int = 0
    total: int = 0

    def add(self, line: bytes) -> None:
        """Count a line."""
        self.rows += 1
        self.total = (self.total + int.from_bytes(sha256(line).digest())) % _SPACE

    @property
    def digest(self) -> str:
        """The sum as 64 hexadecimal digits."""
        return f"{self.total:064x}"


def no_rows() -> dict[str, Tally]:
    """A tally of nothing for each table."""
    return {table.name: Tally() for table in TABLES}


# ------------------------------------------------------------------ reading


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a table, and the same as lines."""

    rows: Sequence[Found]
    lines: Sequence[bytes]


@contextmanager
def pages(session: Session, table: Table) -> Iterator[Iterator[Page]]:
    """
    All rows of a table, some at a time; wherever one stops, nothing of it stays open.

    Raises:
        Refused: `row_unreadable`: one of them is no row of ours.
    """
    at_once = FEWER.get(table.name, AT_ONCE)
    with session.execute(select(table), execution_options={"yield_per": at_once}) as found:
        yield _pages(found, table)


def _pages(found: Result[Any], table: Table) -> Iterator[Page]:
    text = TEXTS[table.name]
    try:
        for rows in found.partitions():
            yield Page(rows, [text.line(row) for row in rows])
    except _ILL_TYPED:
        raise Refused("row_unreadable", table=table.name) from None


def tallies(session: Session, passed: Callable[[int], None]) -> dict[str, Tally]:
    """
    The tally of each table as it lies there now.

    Args:
        passed: told after each page how many rows it had.

    Raises:
        Refused: `row_unreadable`.
    """
    found = no_rows()
    for table in TABLES:
        with pages(session, table) as found_pages:
            for page in found_pages:
                for line in page.lines:
                    found[table.name].add(line)
                passed(len(page.lines))
    return found


def sees_one_state(session: Session) -> bool:
    """Whether this transaction only reads, and so sees the database as of its first statement."""
    return bool(session.connection().get_execution_options().get(READING))


def count_on_disk(session: Session) -> int:
    """How many attachments lie on a disk."""
    kept = ATTACHMENTS.c.kept == "disk"
    return session.execute(select(func.count()).select_from(ATTACHMENTS).where(kept)).scalar_one()


def schema_of(session: Session) -> str:
    """The revision of the schema that this database has."""
    return str(session.execute(select(REVISION.c.version_num)).scalar_one())


def holding_rows(session: Session) -> str | None:
    """The name of some table that holds rows, stamps left aside: a migration makes those."""
    for table in TABLES:
        if table is not STAMPS and session.execute(select(literal(1)).select_from(table)).first():
            return table.name
    return None


# ------------------------------------------------------------------ putting back


class Filling:
    """
    Puts the rows of one table back.

    Where a row refers to another of its own table, that one may come later: such
    references are written when all rows are there.
    """

    def __init__(self, session: Session, table: Table) -> None:
        self._session, self.table = session, table
        own = [key.parent.name for key in table.foreign_keys if key.column.table is table]
        self._own: str | None = own[0] if own else None
        self._waiting = bytearray()
        assert len(own) <= 1
        assert not own or len(table.primary_key.columns) == 1

    def add(self, rows: Sequence[Values]) -> None:
        """
        Write some rows down.

        Raises:
            Refused: `rows_not_kept`: the database does not take them, though the other one did.
        """
        if not rows:
            return
        if self._own:
            for row in rows:
                if (other := row[self._own]) is not None:
                    self._waiting += row["id"].bytes + other.bytes
                    row[self._own] = None
        self._send(insert(self.table), rows)

    def close(self) -> None:
        """Write down what was left until all rows are there; refuses as `add` does."""
        if self._own is None:
            return
        table = self.table
        statement = update(table).where(table.c.id == bindparam("row_id"))
        statement = statement.values({self._own: bindparam("other_id")})
        for start in range(0, len(self._waiting), 32 * AT_ONCE):
            some = self._waiting[start : start + 32 * AT_ONCE]
            pairs = (some[at : at + 32] for at in range(0, len(some), 32))
            ids = [(UUID(bytes=bytes(two[:16])), UUID(bytes=bytes(two[16:]))) for two in pairs]
            self._send(statement, [{"row_id": one, "other_id": other} for one, other in ids])

    def _send(self, statement: Any, rows: Sequence[Values]) -> None:
        try:
            self._session.connection().execute(statement, rows)
        except (DataError, IntegrityError):
            raise Refused("rows_not_kept", table=self.table.name) from None


def drop_stamps(session: Session) -> None:
    """Make room for the stamps of the database that is put back."""
    session.execute(delete(STAMPS))


def _turned(row: Sequence[Any], turns: Sequence[tuple[int, Turn]]) -> list[Any]:
    found = list(row)
    for at, turn in turns:
        if (value := found[at]) is not None:
            found[at] = turn(value)
    return found
