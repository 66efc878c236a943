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


def migrate(engine: Engine) -> str:
    """Apply every revision that this database lacks; gives back the revision that it has now."""
    with engine.begin() as connection:
        command.upgrade(_config(connection), "head")
        return MigrationContext.configure(connection).get_current_revision() or ""


def is_current(engine: Engine) -> bool:
    """Whether the database has the schema of this release."""
    with engine.connect() as connection:
        here = MigrationContext.configure(connection).get_current_revision()
        return here == ScriptDirectory.from_config(_config(connection)).get_current_head()


def _config(connection: Connection) -> Config:
    config = Config()
    folder = str(files("workflow.store") / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
