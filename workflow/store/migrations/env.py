"""
What Alembic runs: revisions on the connection that `workflow.store.migrating` hands over.

A developer who writes a revision names a database instead:
`alembic -x url=sqlite:///try.db revision --autogenerate -m slug`.
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, String

from workflow.store.engine import make_engine
from workflow.store.tables import Row, UTCDateTime


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Types of our own are written in the words of SQLAlchemy: a revision imports no code of ours."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, String) and type(item).__name__ == "AutoString":
        return f"sa.String(length={item.length})"
    return False


def run(connection: Connection) -> None:
    """Run the revisions within the transaction that is already open."""
    context.configure(
        connection=connection,
        target_metadata=Row.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render_item,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_by_hand() -> None:
    """For a developer: open the database that `-x url=...` names."""
    url = context.get_x_argument(as_dictionary=True).get("url")
    if not url:
        raise SystemExit("name a database to compare with: alembic -x url=sqlite:///try.db ...")
    with make_engine(url).begin() as connection:
        run(connection)


handed_over: Connection | None = context.config.attributes.get("connection")
if handed_over is None:
    run_by_hand()
else:
    run(handed_over)
