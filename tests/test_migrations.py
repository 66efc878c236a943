"""The revisions: they make what the models say, from wherever the program is installed, whole or not at all."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError

from tests import databases
from tests.builders import DAY
from workflow.rules.errors import Refused, Unavailable
from workflow.store import migrating
from workflow.store.engine import make_engine
from workflow.store.message_items import PLANNED_THROUGH
from workflow.store.migrating import is_current, migrate
from workflow.store.tables import CaseRow, NoticeRow, PersonRow, Row, StampRow, table_of

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ROOT / "workflow" / "store" / "migrations" / "versions"
REVISIONS = sorted(VERSIONS.glob("*.py"))
BEFORE_MESSAGES = "3b9f6c2d8e41"
STAMPS = table_of(StampRow)


POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)


@pytest.fixture(params=["sqlite", POSTGRES])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database before its first migration, on each of the two."""
    with databases.on(request.param):
        yield databases.empty_database(shared_in=tmp_path)


def tables(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return sorted(inspect(connection).get_table_names())


def test_the_revisions_make_what_the_models_say(empty: Engine) -> None:
    migrate(empty)
    with empty.begin() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, Row.metadata) == []


def test_migrating_twice_changes_nothing(empty: Engine) -> None:
    assert not is_current(empty)
    first = migrate(empty)
    assert is_current(empty)
    before = tables(empty)
    assert migrate(empty) == first
    assert tables(empty) == before


def test_of_programs_that_start_at_once_one_migrates(empty: Engine) -> None:
    """Two at once both found no table, and the second died of the first one's."""
    together = Barrier(4)

    def start() -> str:
        engine = make_engine(empty.url)
        try:
            together.wait()
            return migrate(engine)
        finally:
            engine.dispose()

    with ThreadPoolExecutor(4) as pool:
        started = [pool.submit(start) for _ in range(4)]
        revisions = {each.result() for each in started}
    assert len(revisions) == 1
    assert is_current(empty)


def pretend_another_version(engine: Engine) -> None:
    migrate(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'f00000000000'"))


def test_a_database_of_another_version_is_left_alone(empty: Engine) -> None:
    """Alembic said that it could not locate a revision, and the operator looked for a file."""
    pretend_another_version(empty)
    before = tables(empty)
    for attempt in (migrate, is_current):
        with pytest.raises(Refused) as refused:
            attempt(empty)
        assert refused.value.code == "unknown_schema"
        assert refused.value.facts == {"revision": "f00000000000"}
    assert tables(empty) == before


@pytest.mark.parametrize("empty", [POSTGRES], indirect=True)
def test_nobody_waits_for_ever_for_another_program_s_migration(
    empty: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "TURN_MS", 50)
    with empty.connect() as other:
        migrating._wait_for_turn(other)
        with pytest.raises(Unavailable) as failed:
            migrate(empty)
        assert failed.value.code == "database_busy"
    assert tables(empty) == []
    migrate(empty)


def test_a_failing_revision_leaves_nothing_half_done(
    empty: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the driver's own transactions a failed one left half its tables, and could never run again."""
    folder = tmp_path / "store"
    shutil.copytree(VERSIONS.parent, folder / "migrations")
    revision = folder / "migrations" / "versions" / REVISIONS[0].name
    whole = revision.read_text("utf-8")
    end = "\n\ndef refuse_on_sqlite"
    revision.write_text(
        whole.replace(end, f'\n    op.execute("SELECT no_such()")\n{end}', 1), "utf-8"
    )
    monkeypatch.setattr(migrating, "files", lambda package: folder)
    with pytest.raises(DBAPIError, match="no_such"):
        migrate(empty)
    assert tables(empty) == []
    revision.write_text(whole, "utf-8")
    assert migrate(empty)


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


def test_what_was_told_before_there_were_messages_gets_none(empty: Engine) -> None:
    """An office that upgrades must not find three years of reminders in one morning's digest."""
    case_id, day = UUID(int=1), date(2026, 3, 2)
    told = {"kind": "visit", "occurrence": "m1/w01", "told_to": "w", "role": "w", "rung": "0"}
    with empty.begin() as connection:
        command.upgrade(migrating._config(connection), BEFORE_MESSAGES)
        at = datetime(2026, 3, 2, tzinfo=UTC)
        connection.execute(insert(table_of(PersonRow)), [{"id": case_id, "registered_at": at}])
        case = {"id": case_id, "person_id": case_id, "subject_id": case_id, "opened_on": day}
        case |= {"policy": "p", "team": "recorded", "version": 1, "chain": b""}
        connection.execute(insert(table_of(CaseRow)), [case])
        rows = [
            {**told, "case_id": case_id, "told_on": day - n * DAY, "told_at": at} for n in (0, 1)
        ]
        connection.execute(insert(table_of(NoticeRow)), rows)
    migrate(empty)
    with empty.connect() as connection:
        found = connection.execute(select(STAMPS.c.value).where(STAMPS.c.key == PLANNED_THROUGH))
        assert found.scalar() == "2026-03-02"


def test_going_back_below_what_people_entered_is_refused(empty: Engine) -> None:
    migrate(empty)
    with (
        pytest.raises(NotImplementedError, match="would delete every"),
        empty.begin() as connection,
    ):
        command.downgrade(migrating._config(connection), "base")
    assert is_current(empty)


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
