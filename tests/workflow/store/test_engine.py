"""How a SQLite database is opened: nothing lost, nothing half durable, instants aware."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from threading import Barrier, Thread
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, StatementError

from tests.builders import new_database
from workflow.store import people, runs, stamps
from workflow.store.unit_of_work import UnitOfWork

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    found = new_database(tmp_path / "guitu.db")
    yield found
    found.dispose()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 10_000),
        ("recursive_triggers", 1),
    ],
)
def test_each_connection_is_prepared(engine: Engine, pragma: str, value: object) -> None:
    with engine.connect() as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_no_update_is_lost_between_threads(engine: Engine) -> None:
    """Eight threads that read and then wrote left 85 of 400 with the driver's own transactions, and no error."""
    with UnitOfWork(engine) as uow:
        stamps.put(uow.session, "n", "0")
    together = Barrier(4)

    def count() -> None:
        together.wait()
        for _ in range(10):
            with UnitOfWork(engine) as uow:
                stamps.put(uow.session, "n", str(int(stamps.read(uow.session, "n") or 0) + 1))

    threads = [Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with UnitOfWork(engine, reading=True) as uow:
        assert stamps.read(uow.session, "n") == "40"


def test_a_reader_waits_for_no_writer(engine: Engine) -> None:
    with UnitOfWork(engine) as writing:
        stamps.put(writing.session, "mode", "demo")
        with UnitOfWork(engine, reading=True) as uow:
            assert stamps.read(uow.session, "mode") is None


def begin_run(engine: Engine, started_at: datetime) -> None:
    with UnitOfWork(engine) as uow:
        runs.begin(
            uow.session,
            UUID(int=1),
            kind="tick",
            for_day=date(2026, 11, 22),
            started_at=started_at,
        )


def test_an_instant_comes_back_aware_and_in_utc(engine: Engine) -> None:
    begin_run(engine, NOON)
    with UnitOfWork(engine, reading=True) as uow:
        (run,) = runs.latest(uow.session, "tick")
    assert run.started_at == NOON
    assert run.started_at.tzinfo is UTC
    assert run.ended_at is None


def test_an_instant_without_its_offset_is_refused(engine: Engine) -> None:
    with pytest.raises(StatementError, match="needs its offset"):
        begin_run(engine, NOON.replace(tzinfo=None))


def write_twice(engine: Engine) -> None:
    with UnitOfWork(engine) as uow:
        for _ in range(2):
            people.add(uow.session, UUID(int=1), born=None, name="张三丰")


def test_an_error_never_shows_what_was_written(engine: Engine) -> None:
    """The values of a statement are about people, and an error ends in a log."""
    with pytest.raises(IntegrityError) as refused:
        write_twice(engine)
    assert "张三丰" not in str(refused.value)
