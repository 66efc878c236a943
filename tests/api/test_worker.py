"""`guitu worker` as an operator starts it: it runs the jobs, ends when it is asked to, and says why it cannot."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from api.cli import app
from tests import databases
from tests.servers import PATIENCE, ROOT, serving
from tests.waiting import until
from workflow.store.engine import make_engine


@pytest.fixture
def office(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings of an office on PostgreSQL, migrated."""
    with databases.on("postgres"):
        url = databases.new_database().url.render_as_string(hide_password=False)
        env = {"GUITU_DATABASE_URL": url, "GUITU_KEYS_FILE": str(tmp_path / "guitu.keys")}
        command = [sys.executable, "-m", "api.cli", "migrate"]
        subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, check=True)
        yield {**env, "GUITU_ENGINE": "worker"}


@contextmanager
def a_worker(env: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "api.cli", "worker"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def sweeps(engine: Engine) -> int:
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT count(*) FROM runs WHERE kind = 'sweep'")
        return int(found.scalar() or 0)


@pytest.mark.postgres
@pytest.mark.slow
def test_a_server_leaves_the_calendar_to_a_worker_that_ends_when_it_is_asked_to(
    office: dict[str, str], tmp_path: Path
) -> None:
    engine = make_engine(office["GUITU_DATABASE_URL"])
    with serving("serve", log=tmp_path / "log", env=office):
        assert sweeps(engine) == 0
        with a_worker(office) as worker:
            assert until(lambda: sweeps(engine) == 1, PATIENCE)
            worker.send_signal(signal.SIGTERM)
            told, _ = worker.communicate(timeout=30)
    assert worker.returncode == 0, told
    assert "The worker runs" in told
    engine.dispose()


def test_on_sqlite_it_says_why_it_cannot(tmp_path: Path) -> None:
    env = {"GUITU_DATABASE_URL": f"sqlite:///{tmp_path / 'guitu.db'}"}
    assert CliRunner().invoke(app, ["migrate"], env=env).exit_code == 0
    for command in ("worker", "serve"):
        done = CliRunner().invoke(app, [command], env={**env, "GUITU_ENGINE": "worker"})
        assert done.exit_code == 3
        assert re.search(r"\[queue_needs_postgresql\]", done.output)
