"""
When SQLite fails: each fault is a real one, on a real file, and afterwards nothing is half-written.

Full and read-only disks are small ones mounted for the test, which only root may do. What a server
does is in test_failures_of_a_server.py.
"""

from __future__ import annotations

import logging
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError

from api.errors import status_of
from tests import databases
from tests.builders import Office, detected, positive
from tests.workflow.store.faults import (
    MARK,
    everything,
    fill,
    opened,
    register,
    remount,
    request,
    small_disk,
    tells,
)
from workflow.rules.errors import Unavailable
from workflow.store.failures import told, unavailable
from workflow.store.migrating import migrate
from workflow.store.unit_of_work import UnitOfWork, in_one_go

pytestmark = pytest.mark.databases("sqlite", why="its faults are those of a file")

FIRST = date(2024, 1, 8)


@pytest.fixture(autouse=True)
def nothing_about_people_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.INFO)
    yield
    assert MARK not in caplog.text


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """A database with one person in it; a file, where it is SQLite."""
    (tmp_path / "folder").mkdir()
    found = databases.new_database(shared_in=tmp_path / "folder")
    request(found, 1)
    return found


@pytest.fixture
def file(engine: Engine) -> Path:
    return Path(str(engine.url.database))


# ------------------------------------------------------------------ a full disk


def allow_pages(engine: Engine, more: int) -> dict[str, int]:
    """No connection may make the file larger than this, until the number is raised."""
    with engine.connect() as connection:
        allowed = {
            "pages": int(connection.exec_driver_sql("PRAGMA page_count").scalar_one()) + more
        }

    @event.listens_for(engine, "checkout")
    def limit(connection: sqlite3.Connection, *_: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {allowed['pages']}").close()

    return allowed


def test_a_request_that_fills_the_database_leaves_nothing_and_succeeds_when_there_is_room(
    engine: Engine,
) -> None:
    before = everything(engine)
    allowed = allow_pages(engine, 2)
    with pytest.raises(Unavailable) as failed:
        request(engine, 2, stamps=200)
    tells(failed.value, "disk_full")
    assert everything(engine) == before
    allowed["pages"] += 1000
    request(engine, 2, stamps=200)
    assert len(everything(engine)["stamps"]) == 201


def test_who_passes_over_a_full_disk_keeps_no_half(engine: Engine) -> None:
    """SQLite has rolled back by then, and would take each further statement for a whole transaction."""
    before = everything(engine)
    allow_pages(engine, 2)
    refused = []

    def go_on(uow: UnitOfWork) -> None:
        for number in range(1000):
            try:
                register(uow, 100 + number)
            except SQLAlchemyError as error:
                refused.append(error)

    with pytest.raises(RuntimeError, match="went on"):
        in_one_go(lambda: UnitOfWork(engine), go_on)
    assert len(refused) > 900
    assert everything(engine) == before


def test_a_full_disk_is_told_and_read_from_and_forgotten_when_there_is_room(
    tmp_path: Path,
) -> None:
    with small_disk(tmp_path / "disk", 2) as disk, opened(f"sqlite:///{disk / 'a.db'}") as engine:
        migrate(engine)
        request(engine, 1)
        before = everything(engine)
        filler = fill(disk)
        for _ in range(2):  # with the connection that it had, and with a new one
            with pytest.raises(Unavailable) as failed:
                request(engine, 2, stamps=200)
            tells(failed.value, "disk_full")
            assert everything(engine) == before
            engine.dispose()
        filler.unlink()
        request(engine, 2, stamps=200)
        assert len(everything(engine)["stamps"]) == 201


def test_a_disk_too_full_to_open_the_database_is_no_damage(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 2) as disk, opened(f"sqlite:///{disk / 'a.db'}") as engine:
        migrate(engine)
        request(engine, 1)
        before = everything(engine)
        engine.dispose()
        filler = fill(disk)
        for attempt in (lambda: request(engine, 2), lambda: everything(engine)):
            with pytest.raises(Unavailable) as failed:
                attempt()
            tells(failed.value, "disk_full")
        filler.unlink()
        assert everything(engine) == before


def test_a_database_in_memory_that_is_full_is_not_lost() -> None:
    engine = databases.new_database()
    request(engine, 1)
    before = everything(engine)
    allowed = allow_pages(engine, 2)
    with pytest.raises(Unavailable) as failed:
        request(engine, 2, stamps=200)
    tells(failed.value, "disk_full")
    allowed["pages"] += 1000
    assert everything(engine) == before
    request(engine, 2, stamps=200)


def test_a_recording_keeps_nothing_wherever_the_room_ends_and_all_of_it_when_there_is_enough(
    engine: Engine,
) -> None:
    office = Office(engine)
    office.open(FIRST, name=MARK)
    sent = [detected(FIRST, note=MARK * 400), positive(FIRST, note=MARK * 400)]
    before = everything(engine)
    allowed = allow_pages(engine, 0)
    refused, recorded = 0, False
    while not recorded:
        try:
            office.record(FIRST, *sent)
            recorded = True
        except Unavailable as error:
            tells(error, "disk_full")
            assert everything(engine) == before
            refused += 1
            allowed["pages"] += 1
    assert refused > 3
    assert len(everything(engine)["events"]) == len(before["events"]) + 2


# ------------------------------------------------------------------ a disk that cannot be written


def test_a_read_only_file_can_be_read(engine: Engine, file: Path) -> None:
    before = everything(engine)
    engine.dispose()
    for how in ("mode=ro", "mode=ro&immutable=1"):
        with opened(f"sqlite:///file:{file}?{how}&uri=true") as read_only:
            with pytest.raises(Unavailable) as failed:
                request(read_only, 2)
            tells(failed.value, "read_only")
            assert everything(read_only) == before


def test_a_read_only_disk_is_told_and_the_request_succeeds_when_it_can_be_written_again(
    tmp_path: Path,
) -> None:
    with small_disk(tmp_path / "disk", 2) as disk, opened(f"sqlite:///{disk / 'a.db'}") as engine:
        migrate(engine)
        request(engine, 1)
        before = everything(engine)
        engine.dispose()
        remount(disk, "ro")
        for attempt in (lambda: request(engine, 2), lambda: everything(engine)):
            with pytest.raises(Unavailable) as failed:
                attempt()
            tells(failed.value, "connection_lost")  # SQLite cannot lay its journal beside the file
        remount(disk, "rw")
        assert everything(engine) == before
        request(engine, 2)


def test_a_write_in_a_unit_of_work_that_reads_is_no_failure_of_the_disk(engine: Engine) -> None:
    """Whoever is told that the disk is read-only looks for the mistake in the wrong place."""
    with pytest.raises(DBAPIError), UnitOfWork(engine, reading=True) as uow:
        register(uow, 2)


def test_a_write_that_the_disk_refuses_is_undone(engine: Engine, file: Path) -> None:
    before = everything(engine)
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    journal = file.with_name(file.name + "-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (journal, usual[1]))
    try:
        with pytest.raises(Unavailable) as failed:
            request(engine, 2, stamps=500)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    tells(failed.value, "disk_error")
    assert everything(engine) == before
    request(engine, 2, stamps=500)


# ------------------------------------------------------------------ a database that is not to be had


def wait_briefly(engine: Engine) -> list[sqlite3.Connection]:
    """Each connection from now on waits 20 ms for a lock; gives back those that were opened."""
    opened_since: list[sqlite3.Connection] = []

    @event.listens_for(engine, "connect")
    def shorten(connection: sqlite3.Connection, _: Any) -> None:
        connection.execute("PRAGMA busy_timeout = 20").close()
        opened_since.append(connection)

    engine.dispose()
    return opened_since


@contextmanager
def locked(file: Path) -> Iterator[sqlite3.Connection]:
    """Another program is in the middle of writing."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


def test_a_database_that_another_program_holds_is_busy_and_can_be_read(
    engine: Engine, file: Path
) -> None:
    before = everything(engine)
    connections = wait_briefly(engine)
    with locked(file):
        with pytest.raises(Unavailable) as failed:
            request(engine, 2)
        tells(failed.value, "database_busy")
        assert everything(engine) == before
    request(engine, 2)
    assert len(connections) == 1, "a busy database is no reason to open it anew"


def test_a_busy_database_is_asked_again_and_no_more_often_than_said(
    engine: Engine, file: Path
) -> None:
    wait_briefly(engine)
    pauses: list[int] = []
    with locked(file) as other:
        with pytest.raises(Unavailable):
            in_one_go(lambda: UnitOfWork(engine), lambda uow: register(uow, 2), pause=pauses.append)
        assert pauses == [1, 2]
        in_one_go(
            lambda: UnitOfWork(engine),
            lambda uow: register(uow, 2),
            pause=lambda _: other.rollback(),
        )
    assert len(everything(engine)["people"]) == 2


def test_what_no_new_try_would_help_is_tried_once(engine: Engine) -> None:
    allow_pages(engine, 2)
    tries = count()

    def work(uow: UnitOfWork) -> None:
        next(tries)
        register(uow, 2, stamps=200)

    with pytest.raises(Unavailable):
        in_one_go(lambda: UnitOfWork(engine), work)
    assert next(tries) == 1


def test_a_pool_with_no_connection_left_is_busy(engine: Engine) -> None:
    pool: Any = engine.pool
    pool._timeout = 0.01
    taken = [engine.connect() for _ in range(pool.size() + pool._max_overflow)]
    try:
        with pytest.raises(Unavailable) as failed:
            request(engine, 2)
        tells(failed.value, "database_busy")
    finally:
        for each in taken:
            each.close()
    request(engine, 2)


def test_a_database_whose_folder_is_gone_is_found_again(engine: Engine, file: Path) -> None:
    before = everything(engine)
    engine.dispose()
    away = file.parent.rename(file.parent.with_name("away"))
    for attempt in (lambda: request(engine, 2), lambda: everything(engine)):
        with pytest.raises(Unavailable) as failed:
            attempt()
        tells(failed.value, "connection_lost")
    away.rename(file.parent)
    assert everything(engine) == before


@pytest.mark.parametrize(
    ("first", "last"), [(0, 100), (100, 1 / 2), (8192, 1)], ids=["header", "first half", "pages"]
)
def test_a_damaged_file_is_told_and_one_put_back_is_used(
    engine: Engine, file: Path, first: int, last: float
) -> None:
    before = everything(engine)
    engine.dispose()
    whole = file.read_bytes()
    end = int(last) if last > 1 else int(last * len(whole))
    damaged = whole[:first] + b"\xa5" * (end - first) + whole[end:]
    file.write_bytes(damaged)
    for attempt in (lambda: request(engine, 2), lambda: everything(engine)):
        with pytest.raises(Unavailable) as failed:
            attempt()
        tells(failed.value, "database_damaged")
    engine.dispose()
    assert file.read_bytes() == damaged, "what is left may be all that there is"
    file.write_bytes(whole)
    assert everything(engine) == before
    request(engine, 2)


# ------------------------------------------------------------------ what stays as it is


def test_a_race_and_a_mistake_are_not_translated(engine: Engine) -> None:
    with pytest.raises(IntegrityError), UnitOfWork(engine) as uow:
        register(uow, 1)
    with pytest.raises(DBAPIError), told(), engine.connect() as connection:
        connection.execute(text("SELECT * FROM nothing"))


def numbered(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError()
    error.sqlite_errorcode = code
    return error


@pytest.mark.databases
@pytest.mark.parametrize(
    ("driver", "code"),
    [
        (numbered(sqlite3.SQLITE_PROTOCOL), "database_busy"),
        (numbered(sqlite3.SQLITE_IOERR_FSYNC), "disk_error"),
        (numbered(sqlite3.SQLITE_CORRUPT_INDEX), "database_damaged"),
        (numbered(sqlite3.SQLITE_ERROR), None),
        (sqlite3.OperationalError(), None),
        (psycopg.errors.lookup("08006")(), "connection_lost"),
        (psycopg.errors.lookup("25P03")(), "connection_lost"),
        (psycopg.errors.lookup("53300")(), "database_busy"),
        (psycopg.errors.lookup("57P03")(), "connection_lost"),
        (psycopg.errors.lookup("58030")(), "disk_error"),
        (psycopg.errors.lookup("XX002")(), "database_damaged"),
        (psycopg.errors.lookup("XX000")(), None),
        (psycopg.OperationalError(), "connection_lost"),
    ],
    ids=lambda each: str(
        getattr(each, "sqlstate", None) or getattr(each, "sqlite_errorcode", each)
    ),
)
def test_what_no_test_can_bring_about_is_told_by_its_number(
    driver: Exception, code: str | None
) -> None:
    error = unavailable(OperationalError("SELECT 1", {"name": MARK}, driver))
    assert (error and error.code) == code


@pytest.mark.databases
def test_whatever_it_says_on_the_way_a_connection_that_is_gone_is_gone() -> None:
    unknown = psycopg.errors.lookup("XX000")()
    error = unavailable(DBAPIError("SELECT 1", {}, unknown, connection_invalidated=True))
    assert error is not None
    assert error.code == "connection_lost"


@pytest.mark.databases
@pytest.mark.parametrize(("code", "status"), [("disk_full", 507), ("database_busy", 503)])
def test_the_edge_tells_that_it_is_not_the_callers_fault(code: str, status: int) -> None:
    assert status_of(Unavailable(code)) == status
