"""The writers of one program into a SQLite file: in the order in which they came, and nobody waits for ever."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Engine, event

from tests import databases
from tests.databases import new_database
from tests.waiting import PATIENCE_S, until
from workflow.rules.errors import Unavailable
from workflow.store import stamps
from workflow.store.unit_of_work import UnitOfWork
from workflow.store.writers import Queue, QueuedConnection

pytestmark = pytest.mark.databases(
    "sqlite", why="PostgreSQL has many writers, and queues of its own"
)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    found = new_database(shared_in=tmp_path)
    yield found
    databases.drop(found)


def put(engine: Engine, value: str) -> None:
    with UnitOfWork(engine) as uow:
        stamps.put(uow.session, "mode", value)


def waiting(queue: Queue) -> int:
    return len(queue._waiting)


def queue_of(engine: Engine) -> Queue:
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, QueuedConnection)
        assert driver.queue is not None
        return driver.queue


def test_who_came_first_writes_first(engine: Engine) -> None:
    queue, wrote = queue_of(engine), []

    def write(number: int) -> None:
        with UnitOfWork(engine) as uow:
            stamps.put(uow.session, "mode", str(number))
            wrote.append(number)

    with ThreadPoolExecutor(6) as pool:
        with UnitOfWork(engine) as uow:
            stamps.put(uow.session, "mode", "first")
            asked: list[Future[None]] = []
            for number in range(6):
                asked.append(pool.submit(write, number))
                assert until(lambda: waiting(queue) == number + 1)  # noqa: B023 (asked at once)
        for one in asked:
            one.result(PATIENCE_S)
    assert wrote == list(range(6))


def test_who_reads_waits_for_no_writer(engine: Engine) -> None:
    put(engine, "before")
    with UnitOfWork(engine) as uow, ThreadPoolExecutor(1) as pool:
        stamps.put(uow.session, "mode", "after")

        def look() -> str | None:
            with UnitOfWork(engine, reading=True) as other:
                return stamps.read(other.session, "mode")

        assert pool.submit(look).result(PATIENCE_S) == "before"


@pytest.fixture
def hurried(engine: Engine) -> Engine:
    """Each connection from now on waits for 50 ms."""

    @event.listens_for(engine, "connect")
    def shorten(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA busy_timeout = 50").close()

    engine.dispose()
    return engine


def test_who_waits_too_long_is_told_so_and_holds_nobody_up(hurried: Engine) -> None:
    queue = queue_of(hurried)
    with UnitOfWork(hurried) as uow, ThreadPoolExecutor(1) as pool:
        stamps.put(uow.session, "mode", "first")
        with pytest.raises(Unavailable) as failed:
            pool.submit(put, hurried, "second").result(PATIENCE_S)
    assert failed.value.code == "database_busy"
    assert waiting(queue) == 0
    put(hurried, "third")


def test_who_finds_the_file_held_by_another_program_lets_the_next_one_try(
    hurried: Engine,
) -> None:
    with closing(sqlite3.connect(str(hurried.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(2):
            with pytest.raises(Unavailable):
                put(hurried, "held")
    put(hurried, "free")


def test_however_a_transaction_ends_the_next_one_writes(engine: Engine) -> None:
    def go_on(uow: UnitOfWork) -> None:
        """Nothing goes wrong."""

    def fail(uow: UnitOfWork) -> None:
        raise ValueError

    def lose(uow: UnitOfWork) -> None:
        uow.session.connection().invalidate()
        raise ValueError

    for number, end in enumerate((go_on, fail, lose, fail)):
        try:
            with UnitOfWork(engine) as uow:
                stamps.put(uow.session, "mode", str(number))
                end(uow)
        except ValueError:
            pass
        with ThreadPoolExecutor(1) as pool:
            pool.submit(put, engine, "next").result(PATIENCE_S)


def test_a_turn_that_comes_as_patience_ends_is_not_lost() -> None:
    """Between the end of waiting and saying so, the one before may have let us go."""
    queue, left = Queue(), Event()
    for _ in range(200):
        assert queue.enter(0)
        with ThreadPoolExecutor(1) as pool:
            came = pool.submit(queue.enter, 0.0005)
            left.wait(0.0005)
            queue.leave()
            if came.result(PATIENCE_S):
                queue.leave()
        assert queue.enter(0), "a turn that nobody has is nobody's any more"
        queue.leave()
