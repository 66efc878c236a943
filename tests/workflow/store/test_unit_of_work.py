"""One transaction at the edge: all of it is kept, or nothing."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from tests.builders import new_database
from workflow.store import stamps
from workflow.store.unit_of_work import UnitOfWork


class KilledError(Exception):
    """Stands for whatever ends a request half-way."""


@pytest.fixture
def engine() -> Engine:
    return new_database()


def stamp(engine: Engine, key: str) -> str | None:
    with UnitOfWork(engine, reading=True) as uow:
        return stamps.read(uow.session, key)


def put(engine: Engine, value: str, *, reading: bool = False) -> None:
    with UnitOfWork(engine, reading=reading) as uow:
        stamps.put(uow.session, "mode", value)


def test_what_leaves_without_an_error_is_kept(engine: Engine) -> None:
    put(engine, "demo")
    assert stamp(engine, "mode") == "demo"


def begin_and_be_killed(engine: Engine) -> None:
    with UnitOfWork(engine) as uow:
        stamps.put(uow.session, "mode", "demo")
        raise KilledError


def test_what_leaves_with_an_error_was_never_there(engine: Engine) -> None:
    with pytest.raises(KilledError):
        begin_and_be_killed(engine)
    assert stamp(engine, "mode") is None


def test_who_reads_can_write_nothing(engine: Engine) -> None:
    """Rolled back without a word, what a reader wrote by mistake was missed by nobody until it mattered."""
    put(engine, "demo")
    with pytest.raises(DBAPIError):
        put(engine, "production", reading=True)
    assert stamp(engine, "mode") == "demo"


def test_after_reading_the_next_may_write(engine: Engine) -> None:
    """The connection is the same, and was told to refuse."""
    for value in ("demo", "production"):
        assert stamp(engine, "mode") != value
        put(engine, value)
        assert stamp(engine, "mode") == value


def test_there_is_no_session_outside(engine: Engine) -> None:
    uow = UnitOfWork(engine)
    with pytest.raises(RuntimeError, match="within its `with` statement"):
        _ = uow.session
    with uow:
        pass
    with pytest.raises(RuntimeError):
        _ = uow.session


def test_a_stamp_can_be_set_anew(engine: Engine) -> None:
    with UnitOfWork(engine) as uow:
        stamps.put(uow.session, "demo_today", "2024-01-01")
        stamps.put(uow.session, "demo_today", "2024-01-02")
    assert stamp(engine, "demo_today") == "2024-01-02"


@pytest.mark.databases("postgres", why="SQLite's driver forgets nothing at a rollback")
def test_what_is_read_often_stays_prepared(engine: Engine) -> None:
    """Every reader made the server word and plan all statements anew, the writers' too."""
    for _ in range(10):
        stamp(engine, "mode")
    with engine.connect() as connection:
        prepared = connection.exec_driver_sql("SELECT statement FROM pg_prepared_statements")
        assert any("stamps" in words for words in prepared.scalars())
