"""
Debian's Chromium, and an app served to it in this process.

Where Chromium is not installed the tests that ask for it are skipped, and fail under CI.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socket import create_server

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, sync_playwright

QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync")


@contextmanager
def started() -> Iterator[Browser]:
    """The browser; a process can have one Playwright only, so all shelves have theirs from `chromium` of tests/conftest.py."""
    found = shutil.which("chromium")
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("Chromium is not installed")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=found, args=[*QUIET])


@contextmanager
def served(app: FastAPI, port: int = 0) -> Iterator[str]:
    """The address of a server of this app, on a free port or on one that another had before."""
    with create_server(("127.0.0.1", port)) as listening:
        taken = listening.getsockname()[1]
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        running = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        running.start()
        try:
            yield f"http://127.0.0.1:{taken}"
        finally:
            server.should_exit = True
            running.join(20)
