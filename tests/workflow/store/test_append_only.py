"""What was recorded, told and seen can be neither changed nor deleted, by whatever program asks."""

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, Table

from tests.builders import Office, detected, new_database
from workflow.store.tables import EventRow, NoticeRow, SightingRow, table_of

FIRST = date(2024, 1, 8)
TABLES = [table_of(row) for row in (EventRow, NoticeRow, SightingRow)]
each_table = pytest.mark.parametrize("table", TABLES, ids=[table.name for table in TABLES])
on_sqlite = pytest.mark.databases("sqlite", why="only there does REPLACE pass by the triggers")
on_postgresql = pytest.mark.databases("postgres", why="SQLite has no TRUNCATE and no MERGE")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """A database with something in each of the tables."""
    office = Office(new_database(shared_in=tmp_path))
    office.open(FIRST)
    office.record(FIRST, detected(FIRST))
    office.tick(date(2024, 1, 12))
    return office.engine


@pytest.fixture
def stranger(engine: Engine) -> Iterator[Any]:
    """A script that opens the database with the bare driver and knows nothing of our settings."""
    engine.dispose()
    connection: Any
    if engine.dialect.name == "sqlite":
        connection = sqlite3.connect(str(engine.url.database), isolation_level=None)
    else:
        address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = psycopg.connect(address, autocommit=True)
    yield connection
    connection.close()


def refuses(connection: Any, statement: str) -> None:
    """The database refuses it, and what it holds stays as it was."""
    before = everything(connection)
    assert all(before.values())
    with pytest.raises(connection.Error, match="are append-only"):
        connection.execute(statement)
    assert everything(connection) == before


def everything(connection: Any) -> dict[str, set[str]]:
    return {
        table.name: set(map(str, connection.execute(f"SELECT * FROM {table.name}")))  # noqa: S608
        for table in TABLES
    }


@each_table
def test_nothing_is_deleted(stranger: Any, table: Table) -> None:
    refuses(stranger, f"DELETE FROM {table.name}")  # noqa: S608


@each_table
def test_nothing_is_changed(stranger: Any, table: Table) -> None:
    for column in table.columns:
        refuses(stranger, f"UPDATE {table.name} SET {column.name} = {column.name}")  # noqa: S608


@each_table
def test_nothing_is_changed_by_what_is_inserted(stranger: Any, table: Table) -> None:
    key = ", ".join(column.name for column in table.primary_key)
    again = f"INSERT INTO {table.name} SELECT * FROM {table.name} WHERE true"  # noqa: S608
    for column in table.columns:
        refuses(
            stranger,
            f"{again} ON CONFLICT ({key}) DO UPDATE SET {column.name} = excluded.{column.name}",
        )


@each_table
@on_postgresql
def test_nothing_is_emptied_or_merged_away(stranger: Any, table: Table) -> None:
    refuses(stranger, f"TRUNCATE {table.name}")
    refuses(stranger, "TRUNCATE people CASCADE")
    onto = f"MERGE INTO {table.name} t USING cases c ON t.case_id = c.id WHEN MATCHED THEN"
    refuses(stranger, f"{onto} DELETE")
    refuses(stranger, f"{onto} UPDATE SET case_id = c.id")


@on_sqlite
def test_no_event_is_written_over(stranger: Any) -> None:
    """A REPLACE deletes the old row without asking the trigger that refuses to delete."""
    refuses(stranger, "REPLACE INTO events SELECT * FROM events")


@on_sqlite
def test_no_event_takes_the_place_of_another(stranger: Any) -> None:
    columns = [column.name for column in TABLES[0].columns]
    others = ", ".join("'other'" if name == "id" else name for name in columns)
    refuses(stranger, f"REPLACE INTO events SELECT {others} FROM events")  # noqa: S608


@each_table
@on_sqlite
def test_our_own_connections_write_over_nothing(engine: Engine, table: Table) -> None:
    """Ours let a REPLACE fire the triggers that refuse to delete."""
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        refuses(driver, f"REPLACE INTO {table.name} SELECT * FROM {table.name}")  # noqa: S608
