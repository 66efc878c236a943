"""
Bringing a database to the schema of this release, from wherever the program is installed.

The revisions travel inside the package; no file of the operator's is needed.
All of it is one transaction: a failing revision leaves nothing half done, and
of two programs that start at once the second waits and then finds it done.
"""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from workflow.rules.errors import Refused
from workflow.store.engine import LOCK_MS, READING
from workflow.store.failures import told

TURN_MS = 600_000
"""PostgreSQL: how long one program waits for another to finish its migration."""

_TURN = 0x67_75_69_74_75
"""The number of the lock that a migration holds on PostgreSQL: "guitu"."""


def migrate(engine: Engine) -> str:
    """
    Apply every revision that this database lacks; gives back the revision that it has now.

    Raises:
        Refused: `unknown_schema`: the database was made by another version, and is left alone.
        Unavailable: the codes of `store.failures`; `database_busy` where another program's
            migration takes too long.
    """
    with told(), engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            _wait_for_turn(connection)
        config = _config(connection)
        _revision(connection, config)
        command.upgrade(config, "head")
        return MigrationContext.configure(connection).get_current_revision() or ""


def is_current(engine: Engine) -> bool:
    """
    Whether the database has the schema of this release.

    Raises:
        Refused: `unknown_schema`: it has one of another version; a migration would not help.
        Unavailable: the codes of `store.failures`.
    """
    with told(), engine.execution_options(**{READING: True}).connect() as connection:
        config = _config(connection)
        return _revision(connection, config) == _script(config).get_current_head()


def _wait_for_turn(connection: Connection) -> None:
    """
    Hold the one lock of a migration until the transaction ends.

    Only the wait for it is long. A change to a table waits no longer than anybody
    else, because whoever comes after it waits behind it; once begun it may take its time.
    """
    for statement in (
        f"SET LOCAL lock_timeout = {TURN_MS}",
        "SET LOCAL statement_timeout = 0",
        f"SELECT pg_advisory_xact_lock({_TURN})",
        f"SET LOCAL lock_timeout = {LOCK_MS}",
    ):
        connection.exec_driver_sql(statement)


def _revision(connection: Connection, config: Config) -> str | None:
    """The revision of the database, or None where it is empty; refuses one that this release lacks."""
    here = MigrationContext.configure(connection).get_current_revision()
    known = {each.revision for each in _script(config).walk_revisions()}
    if here is not None and here not in known:
        raise Refused("unknown_schema", revision=here)
    return here


def _script(config: Config) -> ScriptDirectory:
    return ScriptDirectory.from_config(config)


def _config(connection: Connection) -> Config:
    config = Config()
    folder = str(files("workflow.store") / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
