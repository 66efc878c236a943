"""
A real Chromium before a real server: what a test client cannot see (origins, cookies, policies, layout).

Chromium is Debian's. Where it is not installed these tests are skipped, and fail under CI.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from socket import create_server

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

from api.app import create_app
from tests.api.clients import Client, a_demo, add_account, event

QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, started once."""
    found = shutil.which("chromium")
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("Chromium is not installed")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=found, args=[*QUIET])


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A demo with one person overdue, served at this address; `county` and `root` may log in."""
    with a_demo(date(2024, 1, 8), shared_in=tmp_path) as client:
        _fill(client)
        with create_server(("127.0.0.1", 0)) as listening:
            port = listening.getsockname()[1]
            config = uvicorn.Config(create_app(client.parts), log_level="warning")
            server = uvicorn.Server(config)
            running = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
            running.start()
            try:
                yield f"http://127.0.0.1:{port}"
            finally:
                server.should_exit = True
                running.join(20)


def _fill(client: Client) -> None:
    add_account(client.parts, "root", "administrator")
    client.open(name="金虚构")
    client.post(event("detected", "2024-01-08", source="inspection"))
    client.move_clock("2024-01-20")
