"""
A line that fails in every way that a line can: before the request, in mid-body, after it, in mid-answer, or twice.

It stands between a phone and a server and speaks HTTP. What happens to a request for sync is drawn by chance from a
seed; all else passes. `happened` says what was done to how many.
"""

from __future__ import annotations

import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

Fate = Literal["fair", "deaf", "cut_up", "lost_answer", "cut_down", "twice", "late_again"]
FATES: tuple[Fate, ...] = (
    "fair",
    "deaf",
    "cut_up",
    "lost_answer",
    "cut_down",
    "twice",
    "late_again",
)
LATE_S = 0.4


class BadLine:
    """The line: a fair one until `begin`, and again from `mend`."""

    def __init__(self, server: int, seed: int) -> None:
        self.server, self.happened = server, Counter[Fate]()
        self._chance, self._is_bad, self._lock = random.Random(seed), False, threading.Lock()
        self.late: list[threading.Thread] = []
        self.port = 0

    @property
    def address(self) -> str:
        """Where the phone finds it."""
        return f"http://127.0.0.1:{self.port}"

    def begin(self) -> None:
        """Fail from now on."""
        self._is_bad = True

    def mend(self) -> None:
        """Let everything through from now on, and wait for what is still on its way."""
        self._is_bad = False
        for each in self.late:
            each.join()

    def fate(self, path: str) -> Fate:
        """What becomes of a request."""
        with self._lock:
            bad = path.startswith("/api/v1/sync") and self._is_bad
            drawn = self._chance.choice(FATES) if bad else "fair"
            self.happened[drawn] += bad
            return drawn

    def share(self, size: int) -> int:
        """Up to where something of that size gets."""
        with self._lock:
            return self._chance.randrange(max(size, 1))


@contextmanager
def bad_line(server: int, seed: int) -> Iterator[BadLine]:
    """A line on a port of its own in front of a server's port here."""
    line = BadLine(server, seed)

    class Handler(_Handler):
        at = line

    proxy = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    proxy.daemon_threads = True
    line.port = proxy.server_address[1]
    thread = threading.Thread(target=proxy.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield line
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()


class _Handler(BaseHTTPRequestHandler):
    at: BadLine

    def do_GET(self) -> None:
        self._pass_on()

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the names that http.server calls

    def log_message(self, *_: object) -> None:
        """Nothing: the test counts what happened."""

    def _pass_on(self) -> None:
        self.close_connection = True
        request = self._request()
        fate = self.at.fate(self.path)
        with suppress(OSError):
            getattr(self, f"_{fate}")(request)

    def _request(self) -> bytes:
        kept = [
            (name, value) for name, value in self.headers.items() if name.lower() != "connection"
        ]
        head = "".join(f"{name}: {value}\r\n" for name, value in [*kept, ("Connection", "close")])
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        return f"{self.command} {self.path} HTTP/1.1\r\n{head}\r\n".encode() + body

    def _fair(self, request: bytes) -> None:
        self.wfile.write(self._answer(request))

    def _deaf(self, request: bytes) -> None:
        """Nothing arrives."""

    def _cut_up(self, request: bytes) -> None:
        with socket.create_connection(("127.0.0.1", self.at.server)) as far:
            far.sendall(request[: self.at.share(len(request))])

    def _lost_answer(self, request: bytes) -> None:
        self._answer(request)

    def _cut_down(self, request: bytes) -> None:
        answer = self._answer(request)
        self.wfile.write(answer[: self.at.share(len(answer))])

    def _twice(self, request: bytes) -> None:
        self._answer(request)
        self._fair(request)

    def _late_again(self, request: bytes) -> None:
        """The answer comes; and the request once more, after those that were sent behind it."""
        self._fair(request)

        def again() -> None:
            time.sleep(LATE_S)
            with suppress(OSError):
                self._answer(request)

        late = threading.Thread(target=again)
        self.at.late.append(late)
        late.start()

    def _answer(self, request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.at.server), timeout=30) as far:
            far.sendall(request)
            parts = []
            with suppress(OSError):
                while part := far.recv(65536):
                    parts.append(part)
        return b"".join(parts)
