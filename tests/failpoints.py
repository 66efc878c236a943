"""
Failpoints: an operation is killed before each of its statements, before and after each commit, as by SIGKILL.

After a statement is before the next one or before the commit: nothing of ours is written in between
that would not be a place of its own (`passing`).

Whoever runs it gets no chance to clean up: the connection is gone before anything of ours hears of it,
as the kernel leaves one whose process it has ended. Every place at which an operation can be killed is
enumerated; what is left there is a picture that a test compares.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, make_url

from tests import databases
from tests.pictures import Picture, fingerprint
from workflow.store.engine import make_engine

_copies = count(1)


class Killed(BaseException):
    """Stands for SIGKILL: nothing of ours catches it."""


# ------------------------------------------------------------------ being killed


@dataclass
class Way:
    """The places that an operation passed, in order; at the last one it may have been killed."""

    die_at: int | None = None
    places: list[str] = field(default_factory=list)

    def passes(self, place: str, connection: Connection | None) -> None:
        """One place more; at the one where it is to die, it dies."""
        self.places.append(place)
        if len(self.places) == self.die_at:
            if connection is not None:
                _cut(connection)
            raise Killed


_watched: list[Way] = []


def passing(place: str) -> None:
    """A place that is no statement, such as a write to the disk; for whoever can be told of it."""
    for way in _watched:
        way.passes(place, None)


@contextmanager
def watched(engine: Engine, die_at: int | None = None) -> Iterator[Way]:
    """
    Within it the places are counted that statements and commits on a database make.

    Args:
        die_at: the number of the place at which it ends with `Killed`, counted from one.
    """
    way = Way(die_at)

    def before(connection: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        way.passes(f"before {_named(statement)}", connection)

    def committing(connection: Connection) -> None:
        way.passes("before COMMIT", connection)

    def commit(driver: Any) -> None:
        done(driver)
        way.passes("after COMMIT", None)

    dialect: Any = engine.dialect
    done, dialect.do_commit = dialect.do_commit, commit  # with a session or without one
    listeners: list[tuple[str, Callable[..., None]]] = [
        ("before_cursor_execute", before),
        ("commit", committing),
    ]
    for name, listener in listeners:
        event.listen(engine, name, listener)
    _watched.append(way)
    try:
        yield way
    finally:
        _watched.remove(way)
        dialect.do_commit = done
        for name, listener in listeners:
            event.remove(engine, name, listener)


def killed(engine: Engine, act: Callable[[], object], die_at: int) -> Way | None:
    """Let an operation die at its nth place and give back its way; None where it has fewer places and ended."""
    with watched(engine, die_at) as way, suppress(Killed):
        act()
        return None
    engine.dispose()  # a process takes its other connections along
    return way


def _named(statement: str) -> str:
    """The first words of a statement, and the table that it is about."""
    words = statement.split()
    after = next((n for n, word in enumerate(words) if word in ("FROM", "INTO", "UPDATE")), None)
    return " ".join([words[0], *words[after + 1 : after + 2]] if after is not None else words[:2])


def _cut(connection: Connection) -> None:
    """Leave the connection as the kernel leaves that of a dead process: gone, with nothing said."""
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        driver.rollback()  # closed with a statement under way, it would hold its lock until the last cursor is gone
    else:
        pgconn = getattr(driver, "pgconn")  # noqa: B009 (psycopg is not always installed)
        with socket.socket(fileno=os.dup(pgconn.socket)) as line:
            line.shutdown(socket.SHUT_RDWR)
    connection.invalidate()


# ------------------------------------------------------------------ copies of a database


class Original:
    """
    A database that is left as it is, and from which copies are made: a file, or a template.

    Made from a database of a test, which it does not need any more afterwards.
    """

    def __init__(self, engine: Engine) -> None:
        self._folder = Path(tempfile.mkdtemp(dir=os.environ[databases.RUN]))
        self._url = engine.url
        if engine.dialect.name == "sqlite":
            self._file = self._folder / "original.db"
            _backed_up(engine, self._file)
        else:
            self._template = f"{engine.url.database}_original"
            engine.dispose()  # who makes a template of it must be alone there
            self._create(self._template, str(engine.url.database))

    @contextmanager
    def copy(self) -> Iterator[Engine]:
        """A copy of it; gone afterwards."""
        if self._url.get_backend_name() == "sqlite":
            made = databases.engine_of(f"sqlite:///{self._folder / f'copy-{next(_copies)}.db'}")
        else:
            made = databases.engine_of(self._url.set(database=f"{self._template}_{next(_copies)}"))
        try:
            self.restore(made)
            yield made
        finally:
            databases.drop(made)
            if _server.cache_info().currsize:
                _server().dispose()

    def restore(self, copy: Engine) -> None:
        """Let a copy be again as it was made; its engine stays, for what it has compiled already."""
        copy.dispose()
        name = str(copy.url.database)
        if copy.dialect.name == "sqlite":
            for ending in (
                "",
                "-wal",
                "-shm",
            ):  # a new file: an old connection may be left, until its cursors are gone
                Path(f"{name}{ending}").unlink(missing_ok=True)
            shutil.copyfile(self._file, name)
        else:
            self._admin(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            self._create(name, self._template)

    def _create(self, name: str, source: str) -> None:
        self._admin(f'CREATE DATABASE "{name}" TEMPLATE "{source}"{databases.server()["copy"]}')

    def _admin(self, statement: str) -> None:
        with _server().connect() as connection:
            connection.exec_driver_sql(statement)


@cache
def _server() -> Engine:
    made = make_engine(make_url(databases.server()["url"]))
    return made.execution_options(isolation_level="AUTOCOMMIT")


def _backed_up(engine: Engine, file: Path) -> None:
    with engine.connect() as connection, closing(sqlite3.connect(file)) as copy:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        connection.rollback()  # a backup needs it at rest
        driver.backup(copy)


# ------------------------------------------------------------------ every place


@dataclass(frozen=True)
class Left:
    """What a kill at a place left."""

    number: int
    place: str
    picture: Picture


@dataclass
class Enumerated:
    """
    An operation killed at each of its places.

    Args:
        before, after: the pictures without it, and when nobody disturbs it.
        left: what each kill left, in the order of the places.
        again: the pictures after it was run once more, from each different picture that a kill had left;
            the last one from where all the kills had left nothing, in the process that they had hit.
    """

    before: Picture
    after: Picture
    left: list[Left] = field(default_factory=list)
    again: list[Picture] = field(default_factory=list)


def each_boundary(
    original: Original, act: Callable[[Engine], object], look: Callable[[Engine], Picture]
) -> Enumerated:
    """
    Run an operation once undisturbed, then kill it at each of its places.

    A kill that left nothing needs no new copy for the next one. What a second run makes of two equal
    pictures is the same, so it is asked once for each.
    """
    with original.copy() as engine:
        untouched, before = fingerprint(engine), look(engine)
        act(engine)
        found = Enumerated(before, look(engine))
        original.restore(engine)
        while (way := killed(engine, lambda: act(engine), len(found.left) + 1)) is not None:
            seen = before if fingerprint(engine) == untouched else look(engine)
            is_new = all(seen != one.picture for one in found.left)
            found.left.append(Left(len(found.left) + 1, way.places[-1], seen))
            if seen is not before:
                if is_new:
                    act(engine)
                    found.again.append(look(engine))
                original.restore(engine)
        found.again.append(look(engine))
    return found
