"""
Statements of which every recording needs a dozen: worded once, and handed to the driver together.

Wording a statement and making its rows anew takes several times what the database takes to answer, and on
PostgreSQL each answer that is waited for is another turn among those who want the processor. So the words
are made once, PostgreSQL is sent all that is asked at once before it answers, and a row is a plain tuple
with names. Errors, and whoever listens to statements, are served as by SQLAlchemy itself.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update, Uuid
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from workflow.store.pipelines import sent_together

Values = Mapping[str, Any]
Row = Any
"""What a question gives back: a named tuple of its columns."""
Question = tuple["Statement", Values]
Made = Callable[[Any], Any] | None


class Call(NamedTuple):
    """What is handed to the driver: the words, and the values of one run or of `many`."""

    text: str
    values: Any
    many: bool


class Writes(Protocol):
    """A statement that writes."""

    def call(self, dialect: Dialect, runs: Sequence[Any]) -> Call:
        """What is handed to the driver so that it is run with each of these values."""


Order = tuple[Writes, Sequence[Any]]
"""A statement that writes, and the values of each of its runs; without any it is not run at all."""


class Statement:
    """A statement whose words stay the same; its values are named as its `bindparam`s or columns are."""

    def __init__(self, core: Select[Any] | Insert | Update | Delete) -> None:
        self._core = core
        self._worded: dict[str, _Worded] = {}

    def on(self, dialect: Dialect) -> _Worded:
        """Its words on a kind of database."""
        found = self._worded.get(dialect.name)
        if found is None:
            found = self._worded[dialect.name] = _worded(self._core, dialect)
        return found

    def call(self, dialect: Dialect, runs: Sequence[Values]) -> Call:
        """What is handed to the driver so that it is run with each of these values."""
        worded = self.on(dialect)
        if len(runs) == 1:
            return Call(worded.text, worded.bound(runs[0]), many=False)
        return Call(worded.text, [worded.bound(values) for values in runs], many=True)


Asker = Session | Connection
"""Who asks: a session, or a transaction without one."""


def connection_of(asker: Asker) -> Connection:
    """The connection of whoever asks, its transaction begun."""
    return asker if isinstance(asker, Connection) else asker.connection()


PLANNED_ONCE = Call("SELECT set_config('plan_cache_mode', 'force_generic_plan', true)", (), False)
"""
For the rest of the transaction, PostgreSQL plans a prepared statement once and not anew for each set of values.

It takes its own guess for too dear (it reckons with a tenth of all rows where it does not know how many are
wanted) and plans a question each time, which takes up to three times as long as the answer. What it plans once
is the way by the keys and indexes, which is right for a thousand cases and for a million.
"""


def ask(
    session: Asker, questions: Sequence[Question], *, planned_once: bool = False
) -> list[list[Row]]:
    """
    The rows that answer each of several questions, which are put in this order and within this transaction.

    Each sees what the ones before it held or waited for.

    Args:
        planned_once: for this transaction, PostgreSQL keeps its plans (`PLANNED_ONCE`): for what is read and
            written by keys, and asked all day.
    """
    connection = connection_of(session)
    worded = [(one.on(connection.dialect), values) for one, values in questions]
    calls = [Call(one.text, one.bound(values), many=False) for one, values in worded]
    first = [PLANNED_ONCE] if planned_once and connection.dialect.name == "postgresql" else []
    answers = _handed_over(connection, [*first, *calls], lambda cursor: cursor.fetchall())
    return [one.rows(found) for (one, _), found in zip(worded, answers[len(first) :], strict=True)]


def carry_out(session: Asker, orders: Sequence[Order]) -> list[int]:
    """Write, in this order; gives back for each how many rows it touched."""
    connection = connection_of(session)
    calls = [one.call(connection.dialect, runs) for one, runs in orders if runs]
    touched = iter(_handed_over(connection, calls, lambda cursor: int(cursor.rowcount)))
    return [next(touched) if runs else 0 for _, runs in orders]


# ------------------------------------------------------------------ words and values


class _Worded(NamedTuple):
    """
    Args:
        names: of the values in the order of their places; None where the driver takes them by name.
        fixed: the values that never change.
        makers: what a value must be made into for the driver.
        row: the type of a row; `readers` make its values out of what the driver gives, by place.
    """

    text: str
    names: tuple[str, ...] | None
    fixed: dict[str, Any]
    makers: tuple[tuple[str, Callable[[Any], Any]], ...]
    row: Callable[[Sequence[Any]], Row]
    readers: tuple[tuple[int, Callable[[Any], Any]], ...]

    def bound(self, values: Values) -> Any:
        """The values as the driver takes them."""
        found = {**self.fixed, **values}
        for name, make in self.makers:
            found[name] = make(found[name])
        return found if self.names is None else [found[name] for name in self.names]

    def rows(self, driven: Sequence[Sequence[Any]]) -> list[Row]:
        """What the driver gave, as rows."""
        if not self.readers or not driven:
            return list(map(self.row, driven))
        columns: list[Iterable[Any]] = list(zip(*driven, strict=True))
        for place, read in self.readers:
            columns[place] = map(read, columns[place])
        return list(map(self.row, zip(*columns, strict=True)))


def _worded(core: Select[Any] | Insert | Update | Delete, dialect: Dialect) -> _Worded:
    compiled = core.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)
    asked = {name for name, bind in compiled.binds.items() if bind.required}
    state = compiled.construct_expanded_state(dict.fromkeys(asked))
    makers = {name: _maker(compiled, name, dialect) for name in state.parameters}
    makers.update(state.processors)
    fixed = {
        name: make(value) if (make := makers[name]) else value
        for name, value in state.parameters.items()
        if name not in asked
    }
    columns = list(core.selected_columns) if isinstance(core, Select) else []
    names = [str(column.key) for column in columns]
    row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]  # they are the query's
    readers = [(n, _reader(column.type, dialect)) for n, column in enumerate(columns)]
    return _Worded(
        state.statement,
        tuple(state.positiontup) if state.positiontup is not None else None,
        fixed,
        tuple((name, make) for name in sorted(asked) if (make := makers[name])),
        row._make,
        tuple((n, read) for n, read in readers if read),
    )


def _maker(compiled: SQLCompiler, name: str, dialect: Dialect) -> Made:
    bind = compiled.binds.get(name)
    return bind.type.dialect_impl(dialect).bind_processor(dialect) if bind is not None else None


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> Made:
    made = kind.dialect_impl(dialect).result_processor(dialect, None)
    return _known_id if made is not None and isinstance(kind, Uuid) else made


@lru_cache(maxsize=1 << 13)
def _known_id(text: str | None) -> UUID | None:
    """An id out of SQLite's text: the same ones are read again and again, and making one costs more than reading a row."""
    return None if text is None else UUID(text)


# ------------------------------------------------------------------ the driver


def _handed_over(
    connection: Connection, calls: Sequence[Call], take: Callable[[Any], Any]
) -> list[Any]:
    """What is taken from the cursor of each call; an error leaves as SQLAlchemy's, its listeners told."""
    driver: Any = connection.connection.driver_connection
    begun: list[Call] = []
    try:
        if connection.dialect.name == "postgresql" and len(calls) > 1:
            with sent_together(driver):
                cursors = list(_put(connection, driver, calls, begun))
            return [take(cursor) for cursor in cursors]
        return [take(cursor) for cursor in _put(connection, driver, calls, begun)]
    except connection.dialect.loaded_dbapi.Error as error:
        text = begun[-1].text if begun else None
        connection._handle_dbapi_exception(error, text, None, None, None)


def _put(
    connection: Connection, driver: Any, calls: Sequence[Call], begun: list[Call]
) -> Iterator[Any]:
    for call in calls:
        begun.append(call)
        cursor = driver.cursor()
        for hear in connection.dispatch.before_cursor_execute:
            hear(connection, cursor, call.text, call.values, None, call.many)
        (cursor.executemany if call.many else cursor.execute)(call.text, call.values)
        for hear in connection.dispatch.after_cursor_execute:
            hear(connection, cursor, call.text, call.values, None, call.many)
        yield cursor
