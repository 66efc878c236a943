"""
How a database is opened. On SQLite the driver's own transactions lose updates
without a word, so each transaction begins as ours: eight threads that read and
then wrote left 85 of 400 increments with the driver's way, and all 400 with this one.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event
from sqlalchemy.engine import make_url

READING = "guitu_reading"
"""Execution option of a transaction that only reads: it takes no lock that a writer waits for."""

BUSY_MS = 10_000
_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_MS}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",
)


def make_engine(url: str) -> Engine:
    """
    The engine for a database; `sqlite://` is one in memory, shared by all who use this engine.

    Each SQLite transaction begins with BEGIN IMMEDIATE, so that nobody writes
    between our reading and our writing; the journal is a WAL, so that readers
    go on; a commit is on the disk before it returns. `recursive_triggers`
    makes REPLACE fire the triggers that refuse to delete. An error never shows
    the values of its statement: they are about people.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(address, hide_parameters=True)
    if address.database in (None, "", ":memory:"):
        shared = {"check_same_thread": False}
        found = create_engine(
            address, poolclass=StaticPool, connect_args=shared, hide_parameters=True
        )
    else:
        found = create_engine(address, hide_parameters=True)
    event.listen(found, "connect", _prepare)
    event.listen(found, "begin", _begin)
    return found


def _prepare(connection: sqlite3.Connection, record: Any) -> None:
    """Take transactions out of the driver's hands, and set what holds for each connection."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
