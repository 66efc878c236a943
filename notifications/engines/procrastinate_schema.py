"""
The schema of the workers' queue: in the office's database, apart from the office's own tables.

It holds triggers and nothing that would be missed: what is due, planned and sent stands in our rows. So a
release of the library that needs other tables gets new ones, and the old ones go with what lay in them.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, Engine

from workflow.rules.errors import Refused
from workflow.store import turns
from workflow.store.unit_of_work import UnitOfWork

SCHEMA = "procrastinate"
OURS = "guitu "
"""How the comment on the schema begins that says by which release it was made."""
_MADE_BY = (
    "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'procrastinate'"
)


def install(engine: Engine) -> bool:
    """
    Make the schema unless the present release has made it; gives back whether it did. Safe to run at once with others.

    Raises:
        Refused: `queue_needs_postgresql`, or `queue_schema_taken`: somebody else's lies under its name.
    """
    if engine.dialect.name != "postgresql":
        raise Refused("queue_needs_postgresql")
    wanted = OURS + version("procrastinate")
    with UnitOfWork(engine) as uow:
        turns.take(uow.session, "the schema of the queue")
        connection = uow.session.connection()
        found = connection.exec_driver_sql(_MADE_BY).all()
        if found and not str(found[0][0] or "").startswith(OURS):
            raise Refused("queue_schema_taken")
        if found and found[0][0] == wanted:
            return False
        _make(connection, wanted)
    return True


def enter(connection: Connection) -> None:
    """Let the library's unqualified names be found in the rest of this transaction; ours still are."""
    connection.exec_driver_sql(
        "SELECT set_config('search_path', 'procrastinate, ' || current_setting('search_path'), true)"
    )


def _make(connection: Connection, made_by: str) -> None:
    connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
    connection.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")
    before = connection.exec_driver_sql("SHOW search_path").scalar()
    connection.exec_driver_sql(f"SET LOCAL search_path TO {SCHEMA}")
    driver: Any = connection.connection.driver_connection
    driver.execute(
        SchemaManager.get_schema()
    )  # many statements at once, which only the driver takes
    connection.exec_driver_sql(f"SET LOCAL search_path TO {before}")
    connection.exec_driver_sql(f"COMMENT ON SCHEMA {SCHEMA} IS '{made_by}'")
