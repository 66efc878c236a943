"""Statements on their way to PostgreSQL together: nothing leaves before the last, and nobody waits for ever."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from tests import databases
from tests.databases import new_database
from workflow.store.pipelines import sent_together

pytestmark = pytest.mark.databases("postgres", why="SQLite is no server")
MIB = 1 << 20


@pytest.fixture
def engine() -> Iterator[Engine]:
    found = new_database()
    yield found
    databases.drop(found)


def test_the_server_hears_of_none_before_the_last_is_there(engine: Engine) -> None:
    with engine.connect() as connection, engine.connect() as other:
        driver: Any = connection.connection.driver_connection
        pid = driver.info.backend_pid
        asked = "SELECT query FROM pg_stat_activity WHERE pid = %s"

        def last() -> Any:
            other.rollback()  # within a transaction it would be told the same again
            return other.exec_driver_sql(asked, (pid,)).scalar_one()

        before = last()
        with sent_together(driver):
            cursors = [driver.execute("SELECT %s::int", (n,)) for n in range(3)]
            assert last() == before
        assert [cursor.fetchone() for cursor in cursors] == [(0,), (1,), (2,)]
        assert last() != before
        driver.rollback()


def test_what_they_ask_and_are_told_may_be_more_than_fits_on_the_way(engine: Engine) -> None:
    """Who only sends while the other side only answers waits for ever."""
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        with sent_together(driver):
            cursors = [driver.execute("SELECT %s::text", (str(n) * MIB,)) for n in range(8)]
        assert [cursor.fetchone()[0][0] for cursor in cursors] == list("01234567")
        driver.rollback()


def test_one_that_fails_ends_them_all_and_the_connection_lives_on(engine: Engine) -> None:
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        with pytest.raises(connection.dialect.loaded_dbapi.DataError):
            _divide(driver)
        assert driver.info.transaction_status.name == "INERROR"
        driver.rollback()
        assert driver.execute("SELECT 1").fetchone() == (1,)


def test_who_gives_up_in_between_leaves_a_connection_that_answers(engine: Engine) -> None:
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        with pytest.raises(LookupError):
            _give_up(driver)
        driver.rollback()
        assert driver.execute("SELECT 2").fetchone() == (2,)


def _divide(driver: Any) -> None:
    with sent_together(driver):
        for divisor in (1, 0, 1):
            driver.execute("SELECT 1 / %s::int", (divisor,))


def _give_up(driver: Any) -> None:
    with sent_together(driver):
        driver.execute("SELECT 1")
        raise LookupError
