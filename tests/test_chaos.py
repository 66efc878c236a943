"""A few kills of the many that `make chaos` makes: nothing is lost, nothing is doubled."""

import subprocess
import sys

import pytest

from tests import databases


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_writer_that_is_killed_leaves_what_an_undisturbed_one_does(kind: str) -> None:
    if kind == "postgres":
        databases.server()  # skips where there is none to be had
    asked = [sys.executable, "-m", "tests.chaos", "--kills", "6", "--seed", "11", "--on", kind]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=150)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 kills" in done.stdout
    assert "0 lost, 0 doubled" in done.stdout
