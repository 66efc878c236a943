"""A server of ours in a process of its own, as an operator starts one: it answers before a test goes on, and it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self
from uuid import uuid4

import httpx

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 150.0
"""Seconds; a demo loads its cases before it answers, and the machine may be busy."""


@contextmanager
def serving(*arguments: str, log: Path, env: Mapping[str, str] | None = None) -> Iterator[int]:
    """
    `guitu serve` or `guitu demo` with some arguments; gives its port.

    It is ended by SIGTERM: who is started from a shell's background ignores SIGINT until its server
    has taken the signals over, so that one that came too early was lost.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "api.cli", *arguments, "--port", str(port)]
    own = {**os.environ, **(env or {})}
    with (
        log.open("w") as out,
        subprocess.Popen(command, cwd=ROOT, env=own, stdout=out, stderr=out) as server,
    ):
        try:
            _wait_for(port, server)
            yield port
            server.send_signal(signal.SIGTERM)
            server.wait(20)
        finally:
            server.kill()


class Caller:
    """Somebody who is logged in to a server; `tests.api.clients` makes the account."""

    def __init__(self, port: int, handle: str, password: str) -> None:
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE)
        sent = {"id": str(uuid4()), "handle": handle, "password": password}
        mark = json.loads(self.ask("POST", "/api/v1/sessions", sent))["csrf_token"]
        self.http.headers["X-CSRF-Token"] = mark

    def ask(self, method: str, path: str, sent: object = None) -> str:
        """What the server answers to a request that it takes."""
        found = self.http.request(method, path, json=sent)
        assert found.status_code in (200, 201), found.text
        return found.text

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """The port is taken at once; it answers when all is loaded."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert server.poll() is None, "the server did not start"
        try:
            found = httpx.get(f"http://127.0.0.1:{port}/health/live", timeout=PATIENCE)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            assert found.status_code == 200, found.text
            return
    raise AssertionError("the server did not answer")
