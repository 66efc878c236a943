"""
How a database is opened, so that SQLite and PostgreSQL behave alike.

On SQLite the driver's own transactions lose updates without a word, so each
transaction begins as ours: eight threads that read and then wrote left 85 of 400
increments with the driver's way, and all 400 with this one. On PostgreSQL nobody
waits for ever: not for a lock, not for a server that is gone, not for a program
that fell asleep in the middle of a transaction.
"""

from __future__ import annotations

import sqlite3
from select import POLLIN, poll
from time import monotonic
from typing import Any

from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import InvalidatePoolError

from workflow.store.writers import BEGIN, Queue, QueuedConnection

READING = "guitu_reading"
"""Execution option of a transaction that only reads: it takes no lock that a writer waits for."""

LOCK_MS = 10_000
"""How long anybody waits for what another transaction holds, before it is an error."""

STATEMENT_MS = 120_000
"""PostgreSQL: how long one statement may run; the largest of ours, on a million rows, took 20 seconds."""

IDLE_MS = 60_000
"""PostgreSQL: how long a transaction may do nothing; a program that hangs would hold its locks for ever."""

CONNECT_S = 10
"""PostgreSQL: how long to wait for a server that does not answer, or for a free connection to it."""

KEEPALIVE_S = 30
"""PostgreSQL: how long a connection may be silent before it is asked whether the server still is there."""

ASK_AFTER_S = 5
"""PostgreSQL: how long a connection may lie unused before it is asked whether it lives, though nobody hung up."""

POOL_SIZE, POOL_OVERFLOW = 12, 8
"""PostgreSQL: connections that one program keeps, and those that it opens beyond in a rush."""

SQLITE_POOL = 15
"""
SQLite: connections that one program opens at most, as it needs them, and keeps.

One that is opened beyond those kept is closed again at once. Where there are more threads than are kept, readers
spend a third of their time on that: a program keeps as many as it has threads (`GUITU_THREADS`).
"""

_PRAGMAS = (
    f"PRAGMA busy_timeout = {LOCK_MS}",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # a shredded key leaves no trace in the file
    "PRAGMA recursive_triggers = ON",
)
_TRIES = 20
_USED = "guitu_used"
# `default_transaction_isolation` is said, because an administrator may have set another for the server.
_SETTINGS = (
    f"-c lock_timeout={LOCK_MS}",
    f"-c statement_timeout={STATEMENT_MS}",
    f"-c idle_in_transaction_session_timeout={IDLE_MS}",
    r"-c default_transaction_isolation=read\ committed",
    "-c timezone=UTC",
    # A page anywhere costs no more than the next one, as on every disk without a moving head. The server's own
    # guess, made for such heads, reads all that a small county owes where forty of its rows are wanted.
    "-c random_page_cost=1.1",
)


def make_engine(url: str | URL) -> Engine:
    """
    The engine for a database; `sqlite://` is one in memory, shared by all who use this engine.

    A transaction with the execution option `READING` sees one state of the
    database from its first statement to its last, and can write nothing. An
    error never shows the values of its statement: they are about people.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address)
    if address.drivername in ("postgres", "postgresql"):
        address = address.set(drivername="postgresql+psycopg")
    if address.get_backend_name() == "postgresql":
        return _postgresql(address)
    return create_engine(address, hide_parameters=True)


def reading(engine: Engine) -> Engine:
    """The same engine for transactions that only read; made once and kept with it, since a request has little time."""
    found = vars(engine).get(READING)
    if found is None:
        found = vars(engine)[READING] = engine.execution_options(**{READING: True})
    assert isinstance(found, Engine)
    return found


# ------------------------------------------------------------------ SQLite


def _sqlite(address: URL) -> Engine:
    """
    SQLite: BEGIN IMMEDIATE, so that nobody writes between our reading and our writing.

    The journal is a WAL, so that readers go on; a commit is on the disk before
    it returns. `recursive_triggers` makes REPLACE fire the triggers that refuse
    to delete. Those who use this engine write in the order in which they came.
    """
    if address.database in (None, "", ":memory:"):
        shared = {"check_same_thread": False}
        found = create_engine(
            address, poolclass=StaticPool, connect_args=shared, hide_parameters=True
        )
    else:
        ours = {"factory": QueuedConnection}
        found = create_engine(
            address,
            connect_args=ours,
            hide_parameters=True,
            pool_size=SQLITE_POOL,
            max_overflow=0,
        )
        _queue(found, Queue())
    event.listen(found, "connect", _prepare_sqlite)
    event.listen(found, "begin", _begin_sqlite)
    return found


def _queue(engine: Engine, queue: Queue) -> None:
    def join(connection: QueuedConnection, _: Any) -> None:
        connection.queue = queue

    event.listen(engine, "connect", join)


def _prepare_sqlite(connection: sqlite3.Connection, record: Any) -> None:
    """Take transactions out of the driver's hands, and set what holds for each connection."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    _write_ahead(cursor)
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """
    Keep the journal as a WAL.

    Two who open a new file at once may meet in this one step, for which SQLite
    does not wait: the loser waits for a transaction, and tries again.
    """
    for _ in range(_TRIES):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")
        else:
            return
    cursor.execute("PRAGMA journal_mode = WAL")


def _begin_sqlite(connection: Connection) -> None:
    reading = _is_reading(connection)
    if connection.info.get(READING, False) != reading:
        connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reading else 'OFF'}")
        connection.info[READING] = reading
    if reading:
        connection.exec_driver_sql("BEGIN")
    else:
        _begin_writing(connection)


def _begin_writing(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    if not isinstance(driver, QueuedConnection):
        connection.exec_driver_sql(BEGIN)
        return
    driver.take_turn()
    try:
        connection.exec_driver_sql(BEGIN)
    finally:
        driver.pass_turn()


# ------------------------------------------------------------------ PostgreSQL


def _postgresql(address: URL) -> Engine:
    """
    PostgreSQL: a connection that was dropped is noticed before it is handed out.

    What the address says itself (`?application_name=...`, `?options=...`) comes before our own.
    """
    given = address.query
    ours = {
        "application_name": "guitu",
        "connect_timeout": CONNECT_S,
        "keepalives_idle": KEEPALIVE_S,
    }
    asked = {name: value for name, value in ours.items() if name not in given}
    options = " ".join([*_SETTINGS, *address.normalized_query.get("options", ())])
    found = create_engine(
        address,
        hide_parameters=True,
        # How many rows an INSERT wrote is else unknown here, and known on SQLite.
        execution_options={"preserve_rowcount": True},
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        pool_timeout=CONNECT_S,
        connect_args={**asked, "options": options},
    )
    _look_before_use(found)
    event.listen(found, "begin", _begin_postgresql)
    event.listen(found, "handle_error", _keep_first_line)
    return found


def _look_before_use(engine: Engine) -> None:
    """
    Hand out no connection that was dropped.

    A server that ends one hangs up, which is seen without asking; a question each time would be one
    more wait for every request. What lay unused for a while is asked all the same.
    """

    def look(driver: Any, record: Any, _: Any) -> None:
        unused = monotonic() - record.info.get(_USED, monotonic())
        try:
            if unused > ASK_AFTER_S or _has_news(driver):
                engine.dialect.do_ping(driver)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error  # what else lies unused is as old

    def note(_: Any, record: Any) -> None:
        record.info[_USED] = monotonic()

    event.listen(engine, "checkout", look)
    event.listen(engine, "checkin", note)


def _has_news(driver: Any) -> bool:
    """Whether the server has said anything of itself, or hung up."""
    line = poll()
    line.register(driver.fileno(), POLLIN)
    return bool(line.poll(0))


def _begin_postgresql(connection: Connection) -> None:
    """Nothing is sent here: what kind of transaction it is travels with its BEGIN."""
    reading = _is_reading(connection)
    if connection.info.get(READING, False) == reading:
        return
    dialect: Any = connection.dialect  # its methods carry no types
    driver = connection.connection.dbapi_connection
    dialect.set_isolation_level(driver, "REPEATABLE READ" if reading else "READ COMMITTED")
    dialect.set_readonly(driver, reading)
    connection.info[READING] = reading


def _keep_first_line(context: ExceptionContext) -> None:
    """The server's DETAIL shows the row that it refused, whatever is said of parameters here."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args and isinstance(error.args[0], str):
            error.args = (error.args[0].partition("\n")[0], *error.args[1:])


def _is_reading(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get(READING, False))
