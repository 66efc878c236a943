"""
What it means when the database itself fails: one family of answers, whichever driver raised the error.

Told by the drivers' own numbers, never by their texts, which change with a
release and with a server's language. A mistake of ours (a statement that cannot
be read) and a race that a service settles (a constraint) are no failure of the
database and pass as they are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Literal

from sqlalchemy import Connection, Engine, StaticPool, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoneFree

from workflow.rules.errors import Unavailable

Code = Literal[
    "disk_full",
    "read_only",
    "database_busy",
    "connection_lost",
    "database_damaged",
    "disk_error",
    "transactions_collided",
]

_NAMED: Mapping[Code, Callable[[], Unavailable]] = MappingProxyType(
    {
        "disk_full": lambda: Unavailable("disk_full"),
        "read_only": lambda: Unavailable("read_only"),
        "database_busy": lambda: Unavailable("database_busy"),
        "connection_lost": lambda: Unavailable("connection_lost"),
        "database_damaged": lambda: Unavailable("database_damaged"),
        "disk_error": lambda: Unavailable("disk_error"),
        "transactions_collided": lambda: Unavailable("transactions_collided"),
    }
)

_SQLITE: Mapping[int, Code] = MappingProxyType(
    {
        sqlite3.SQLITE_FULL: "disk_full",
        sqlite3.SQLITE_READONLY: "read_only",
        sqlite3.SQLITE_BUSY: "database_busy",
        sqlite3.SQLITE_PROTOCOL: "database_busy",
        sqlite3.SQLITE_CANTOPEN: "connection_lost",
        sqlite3.SQLITE_CORRUPT: "database_damaged",
        sqlite3.SQLITE_NOTADB: "database_damaged",
        sqlite3.SQLITE_IOERR: "disk_error",
        # An extended code that means something else than its family does: there is no room for
        # the 32 KiB beside the database without which it cannot even be read.
        sqlite3.SQLITE_IOERR_SHMSIZE: "disk_full",
    }
)

_POSTGRESQL: Mapping[str, Code] = MappingProxyType(
    {
        "08": "connection_lost",
        "25006": "read_only",
        "25P03": "connection_lost",  # it was idle within a transaction for too long
        "25P04": "connection_lost",  # its transaction took too long
        "40001": "transactions_collided",
        "40P01": "transactions_collided",
        "53": "database_busy",  # no memory, no connection left
        "53100": "disk_full",
        "55P03": "database_busy",
        "57": "connection_lost",
        "57014": "database_busy",  # a statement took too long
        "58": "disk_error",
        "XX001": "database_damaged",
        "XX002": "database_damaged",
    }
)


def unavailable(error: BaseException | None, *, reading: bool = False) -> Unavailable | None:
    """
    What an error of the database means to whoever waits for an answer; None where it is none.

    The error itself loses the values of its statement, since it is chained to
    what is raised instead, and they are about people.

    Args:
        reading: it came out of a transaction that only reads: a statement that is refused there
            because it writes is a mistake of ours.
    """
    if isinstance(error, NoneFree):
        return _NAMED["database_busy"]()
    if not isinstance(error, DBAPIError):
        return None
    code = _code(error)
    if code is None or (reading and code == "read_only" and error.statement is not None):
        return None
    error.params = None
    return _NAMED[code]()


@contextmanager
def told() -> Iterator[None]:
    """
    What the database fails with inside leaves as one of the family, with its cause chained.

    Raises:
        Unavailable: with one of the codes above.
    """
    try:
        yield
    except SQLAlchemyError as error:
        failed = unavailable(error)
        if failed is None:
            raise
        raise failed from error


def may_go_again(error: Unavailable) -> bool:
    """
    Whether the same work may well succeed at once: it met another transaction and none of it was kept.

    A busy SQLite says so before the first statement, where the transaction asks for
    its lock; on PostgreSQL a lock or a statement that took too long did so in the
    midst of the work, and would again.
    """
    if error.code == "transactions_collided":
        return True
    driver = getattr(error.__cause__, "orig", None)
    return error.code == "database_busy" and isinstance(driver, sqlite3.Error)


def watch(engine: Engine) -> None:
    """
    Let nothing be written after a transaction that the database itself has ended.

    SQLite rolls all of it back when its disk is full, and takes the next statement
    for a transaction of its own: whoever caught the error and went on would keep a
    half. The connection is given up instead, so that each further statement and
    the commit are refused. PostgreSQL refuses them itself.
    """
    if not event.contains(engine, "handle_error", _give_up):
        event.listen(engine, "handle_error", _give_up)


def is_spoilt(connection: Connection) -> bool:
    """
    Whether an error was passed over that leaves nothing to commit.

    PostgreSQL answers the COMMIT of such a transaction with a ROLLBACK and no error.
    """
    if connection.invalidated:
        return True
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        return connection.in_transaction() and not driver.in_transaction
    status = getattr(getattr(driver, "info", None), "transaction_status", None)
    return getattr(status, "name", "") == "INERROR"


def _code(error: DBAPIError) -> Code | None:
    driver = error.orig
    if isinstance(driver, sqlite3.Error):
        number = getattr(driver, "sqlite_errorcode", None)
        return None if number is None else _SQLITE.get(number) or _SQLITE.get(number & 0xFF)
    state = getattr(driver, "sqlstate", None)
    known = _POSTGRESQL.get(state or "") or _POSTGRESQL.get((state or "")[:2])
    gone = error.connection_invalidated or (state is None and isinstance(error, OperationalError))
    return known or ("connection_lost" if gone else None)


def _give_up(context: ExceptionContext) -> None:
    connection = context.connection
    if connection is None or isinstance(connection.engine.pool, StaticPool):
        return  # a database in memory goes with its connection
    if connection.in_transaction() and not connection.invalidated:
        driver = connection.connection.driver_connection
        if isinstance(driver, sqlite3.Connection) and not driver.in_transaction:
            context.is_disconnect = True
            context.invalidate_pool_on_disconnect = False
