"""The revisions: they make what the models say, from wherever the program is installed, whole or not at all."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from workflow.store import migrating
from workflow.store.engine import make_engine
from workflow.store.migrating import is_current, migrate
from workflow.store.tables import Row

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ROOT / "workflow" / "store" / "migrations" / "versions"
REVISIONS = sorted(VERSIONS.glob("*.py"))


def objects(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name FROM sqlite_master")
        return {row[0] for row in rows}


def test_the_revisions_make_what_the_models_say() -> None:
    engine = make_engine("sqlite://")
    migrate(engine)
    with engine.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Row.metadata) == []
    engine.dispose()


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'guitu.db'}")
    assert not is_current(engine)
    first = migrate(engine)
    assert is_current(engine)
    assert migrate(engine) == first
    engine.dispose()


def test_append_only_is_kept_by_the_database() -> None:
    engine = make_engine("sqlite://")
    migrate(engine)
    assert {
        "events_refuse_update",
        "events_refuse_delete",
        "events_refuse_replace",
        "notices_refuse_update",
        "notices_refuse_delete",
    } <= objects(engine)
    engine.dispose()


def test_a_failing_revision_leaves_nothing_half_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the driver's own transactions a failed one left half its tables, and could never run again."""
    folder = tmp_path / "store"
    shutil.copytree(VERSIONS.parent, folder / "migrations")
    (revision,) = REVISIONS
    broken = (folder / "migrations" / "versions" / revision.name).read_text("utf-8")
    broken = broken.replace(
        "\n\ndef refuse_on_sqlite",
        '\n    op.execute("SELECT no_such()")\n\n\ndef refuse_on_sqlite',
        1,
    )
    (folder / "migrations" / "versions" / revision.name).write_text(broken, "utf-8")
    monkeypatch.setattr(migrating, "files", lambda package: folder)
    engine = make_engine(f"sqlite:///{tmp_path / 'guitu.db'}")
    with pytest.raises(OperationalError, match="no_such"):
        migrate(engine)
    assert objects(engine) == set()
    engine.dispose()


def test_migrating_needs_no_file_of_the_operator(tmp_path: Path) -> None:
    """As from an installed package: another folder, no alembic.ini, no environment."""
    code = (
        "from workflow.store.engine import make_engine\n"
        "from workflow.store.migrating import migrate\n"
        "print(migrate(make_engine('sqlite:///made.db')))\n"
    )
    asked = [sys.executable, "-W", "error", "-c", code]
    told = subprocess.run(asked, cwd=tmp_path, env={}, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert (tmp_path / "made.db").exists()


def test_going_below_the_first_tables_is_refused() -> None:
    engine = make_engine("sqlite://")
    migrate(engine)
    with pytest.raises(NotImplementedError, match="every case"), engine.begin() as connection:
        command.downgrade(migrating._config(connection), "base")
    assert is_current(engine)
    engine.dispose()


@pytest.mark.parametrize("path", REVISIONS, ids=lambda path: path.name)
def test_revisions_are_dated_and_import_nothing_of_ours(path: Path) -> None:
    """A revision that imported a model changed its meaning when the model did."""
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-\d{4}_[a-z0-9_]+\.py", path.name)
    tree = ast.parse(path.read_text("utf-8"))
    named = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom | ast.Import)]
    modules = {
        getattr(node, "module", None) or alias.name for node in named for alias in node.names
    }
    assert not any(
        module.split(".")[0] in ("api", "notifications", "workflow") for module in modules
    )


def test_constraints_have_names() -> None:
    """SQLite changes a table by copying it, and can drop only what has a name."""
    found = [
        f"{table.name}: {constraint!r}"
        for table in Row.metadata.sorted_tables
        for constraint in table.constraints
        if not constraint.name
    ]
    assert not found
