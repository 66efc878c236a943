"""A real server over an empty demo in a file, for what a client in the same process cannot show."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import httpx
import uvicorn

from api.app import create_app
from api.bootstrap import Parts, demo_parts
from api.settings import Settings
from tests.api.clients import PASSWORD, QUICK, add_account

CLOCK = "/api/v1/demo/clock"


class Watched:
    """A lock that counts who has asked for it."""

    def __init__(self) -> None:
        self.asked = 0
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self.asked += 1
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


class Server:
    """A server over an empty demo; whoever holds `moving` keeps every move of its clock waiting in a thread."""

    def __init__(self, port: int, parts: Parts, crowd: ThreadPoolExecutor) -> None:
        self.port, self.moving, self._crowd = port, cast(Watched, parts.moving), crowd
        self.address = f"http://127.0.0.1:{port}"
        self._shown: dict[str, str] = {}

    def log_in(self) -> None:
        sent = {"id": str(uuid4()), "handle": "county", "password": PASSWORD}
        answer = self.ask("POST", "/api/v1/sessions", sent)
        cookies = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
        self._shown = {"Cookie": cookies, "X-CSRF-Token": answer.json()["csrf_token"]}

    def ask(self, method: str, path: str, sent: object = None) -> httpx.Response:
        return httpx.request(
            method, self.address + path, json=sent, headers=self._shown, timeout=30
        )

    def sends(self, method: str, path: str, sent: object = None) -> Future[httpx.Response]:
        return self._crowd.submit(self.ask, method, path, sent)

    def moves(self) -> Future[httpx.Response]:
        return self.sends("POST", CLOCK, {"to": "2024-01-09"})


@contextmanager
def a_server(folder: Path, **settings: Any) -> Iterator[Server]:
    address = f"sqlite:///{folder / 'demo.db'}"
    own = Settings(database_url=address, hosts=("*",), **settings)
    moving = cast(threading.Lock, Watched())
    parts = replace(demo_parts(own, date(2024, 1, 8)), passwords=QUICK, moving=moving)
    add_account(parts, "county", "county")
    with ThreadPoolExecutor(16) as crowd:
        config = uvicorn.Config(create_app(parts), log_level="critical")
        running, listening = uvicorn.Server(config), socket.create_server(("127.0.0.1", 0))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            server = Server(listening.getsockname()[1], parts, crowd)
            server.log_in()
            yield server
        finally:
            running.should_exit = True
            thread.join(20)
            listening.close()
            parts.engine.dispose()
