"""A few kills of the many that `make chaos` makes: nothing is lost, nothing is doubled."""

import re
import subprocess
import sys

import pytest

from tests import databases

KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_writer_that_is_killed_leaves_what_an_undisturbed_one_does(kind: str) -> None:
    told = chaos(kind, "recording", kills=6)
    assert "6 kills" in told
    assert "0 lost, 0 doubled" in told


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_servers_and_workers_that_are_killed_tell_everybody_once(kind: str) -> None:
    told = chaos(kind, "telling", kills=5)
    assert "5 kills" in told
    assert "0 lost, 0 doubled, 0 faults" in told
    ((notices, entries),) = re.findall(r"(\d+) notices told, (\d+) entries in inboxes", told)
    assert int(notices) > 0
    assert int(entries) > 0


def chaos(kind: str, part: str, *, kills: int) -> str:
    """What a run says that found nothing wrong."""
    if kind == "postgres":
        databases.server()  # skips where there is none to be had
    how = ["--kills", str(kills), "--seed", "11", "--on", kind, "--part", part]
    asked = [sys.executable, "-m", "tests.chaos", *how]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=150)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
