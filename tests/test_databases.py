"""The databases of the tests themselves: each is new, and what a run began is gone when it ends, however it ends."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from tests import databases
from tests.databases import GIVEN, RUN, drop, new_database, on

ROOT = Path(__file__).resolve().parent.parent
A_RUN = """
import os, sys
from tests import databases
databases.begin_run()
with databases.on("postgres"):
    databases.new_database()
    print(os.environ[databases.RUN], flush=True)
    sys.stdin.read()
databases.end_run()
"""

both = pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)


@both
def test_each_is_new_and_of_the_present_schema(kind: databases.Kind) -> None:
    with on(kind):
        for _ in range(2):
            engine = new_database()
            with engine.begin() as connection:
                assert connection.execute(text("SELECT count(*) FROM stamps")).scalar() == 0
                connection.execute(text("INSERT INTO stamps VALUES ('mode', 'demo')"))
            drop(engine)


@both
def test_several_processes_may_share_one(kind: databases.Kind, tmp_path: Path) -> None:
    with on(kind):
        engine = new_database(shared_in=tmp_path)
        code = (
            "import sys\n"
            "from workflow.store.engine import make_engine\n"
            "with make_engine(sys.argv[1]).begin() as connection:\n"
            "    connection.exec_driver_sql(\"INSERT INTO stamps VALUES ('mode', 'demo')\")\n"
        )
        address = engine.url.render_as_string(hide_password=False)
        subprocess.run([sys.executable, "-c", code, address], cwd=ROOT, check=True)
        with engine.connect() as connection:
            assert connection.execute(text("SELECT key FROM stamps")).scalar() == "mode"


def test_a_test_that_did_not_say_where_it_runs_gets_none() -> None:
    """It ran on SQLite alone, and nobody noticed what PostgreSQL would have refused."""
    with on(None), pytest.raises(LookupError, match="which databases"):
        new_database()


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("killed", [False, True], ids=["ended", "killed"])
def test_a_run_leaves_no_server_behind(killed: bool) -> None:
    """Servers of interrupted runs filled a machine's memory, one by one."""
    databases.server()  # skips where there is none to be had
    own = {name: value for name, value in os.environ.items() if name not in (RUN, GIVEN)}
    with subprocess.Popen(
        [sys.executable, "-c", A_RUN],
        cwd=ROOT,
        env=own,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout is not None
        folder = Path(run.stdout.readline().strip())
        assert (folder / "data" / "postmaster.pid").exists()
        if killed:
            run.kill()
        run.communicate("")
    end = time.monotonic() + 60
    while folder.exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not folder.exists(), "the keeper removes it when the server has stopped"
