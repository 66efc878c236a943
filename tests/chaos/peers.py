"""A peer beyond the program, in a process that nobody kills: it writes down what arrives before it answers."""

from __future__ import annotations

import os
import signal
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from time import sleep

REFUSED, SLOW_S = 0.1, 0.2
"""The share of requests that are answered by 500 though they arrived, and how long an answer may take."""


@contextmanager
def a_peer(log: Path, seed: int) -> Iterator[str]:
    """Its address; what arrived lies in the log."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(log, seed))
    pid = os.fork()
    if not pid:
        try:
            server.serve_forever()
        finally:
            os._exit(0)
    server.server_close()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook"
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def arrived(log: Path) -> Mapping[str, list[str]]:
    """By the id of a message: what it said, each time that it arrived."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in log.read_text().splitlines() if log.exists() else ():
        message_id, said = line.split()
        found[message_id].append(said)
    return found


def _handler(log: Path, seed: int) -> type[BaseHTTPRequestHandler]:
    chance = Random(seed)
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            line = f"{self.headers['webhook-id']} {sha256(body).hexdigest()}\n"
            os.write(file, line.encode())  # one call: it is there whole or not at all
            sleep(chance.uniform(0, SLOW_S))
            self.send_response(500 if chance.random() < REFUSED else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """The log holds what arrived and nothing else."""

    return Handler
