"""What was recorded and what was told can be neither changed nor deleted, by whatever program asks."""

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.builders import Office, detected, new_database

FIRST = date(2024, 1, 8)


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A script that opens the file by itself and knows nothing of our settings."""
    file = tmp_path / "guitu.db"
    office = Office(new_database(file))
    office.open(FIRST)
    office.record(FIRST, detected(FIRST))
    office.tick(date(2024, 1, 12))
    office.engine.dispose()
    connection = sqlite3.connect(file)
    yield connection
    connection.close()


COUNTS = {"events": "SELECT count(*) FROM events", "notices": "SELECT count(*) FROM notices"}


def refuses(connection: sqlite3.Connection, statement: str) -> None:
    """The database refuses it, and what it holds stays as it was."""
    before = {table: connection.execute(count).fetchone() for table, count in COUNTS.items()}
    assert all(number > (0,) for number in before.values())
    with pytest.raises(sqlite3.IntegrityError, match="are append-only"):
        connection.execute(statement)
    after = {table: connection.execute(count).fetchone() for table, count in COUNTS.items()}
    assert after == before


@pytest.mark.parametrize("statement", ["DELETE FROM events", "DELETE FROM notices"])
def test_nothing_is_deleted(stranger: sqlite3.Connection, statement: str) -> None:
    refuses(stranger, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET happened_on = '2020-01-01'",
        "UPDATE events SET payload = '{}'",
        "UPDATE events SET closes = '[]'",
        "UPDATE notices SET told_to = 'nobody'",
    ],
)
def test_nothing_is_changed(stranger: sqlite3.Connection, statement: str) -> None:
    refuses(stranger, statement)


def test_nothing_is_written_over(stranger: sqlite3.Connection) -> None:
    """A REPLACE deletes the old row without asking the trigger that refuses to delete."""
    refuses(stranger, "REPLACE INTO events SELECT * FROM events")


def test_no_event_takes_the_place_of_another(stranger: sqlite3.Connection) -> None:
    columns = [row[1] for row in stranger.execute("PRAGMA table_info(events)")]
    others = ", ".join("'other'" if name == "id" else name for name in columns)
    refuses(stranger, f"REPLACE INTO events SELECT {others} FROM events")  # noqa: S608 (our columns)
