"""
The readers: so many connections that are kept, each asking again as soon as it was answered.

A program of its own beside the server, and as little of one as can be: it shares the machine with what is
measured. Each connection counts the bytes of its answer by `Content-Length` and takes the time.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection

HEAD_END, LENGTH = b"\r\n\r\n", b"content-length: "


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: by how many, for how long."""

    port: int
    path: str
    token: str
    connections: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Read:
    """What came of it: answers a second, and what each took, in milliseconds."""

    rate: float
    took: tuple[float, ...]

    def within(self, share: float) -> float:
        """What this share of the answers stayed within."""
        ordered = sorted(self.took)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class _Reader(asyncio.Protocol):
    """One connection."""

    def __init__(self, request: bytes, until: float, took: list[float]) -> None:
        self._request, self._until, self._took = request, until, took
        self._missing, self._head, self._sent = 0, b"", 0.0
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        self._sent = time.perf_counter()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        if self._missing:
            self._missing -= len(data)
        else:
            self._head += data
            end = self._head.find(HEAD_END)
            if end < 0:
                return
            head, whole = self._head[:end].lower(), len(self._head)
            if not head.startswith(b"http/1.1 200"):
                self.over.set_exception(RuntimeError(self._head.decode(errors="replace")))
                return
            start = head.index(LENGTH) + len(LENGTH)
            length = int(head[start:].split(b"\r\n", 1)[0])
            self._missing, self._head = length - (whole - end - len(HEAD_END)), b""
        if self._missing == 0:
            self._answered()

    def _answered(self) -> None:
        now = time.perf_counter()
        self._took.append(1000 * (now - self._sent))
        if now < self._until:
            self._ask()
        elif not self.over.done():
            self._transport.close()
            self.over.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.over.done():
            self.over.set_exception(error or RuntimeError("the server hung up"))


async def _read(wanted: Wanted) -> Read:
    loop, took = asyncio.get_running_loop(), list[float]()
    request = (
        f"GET {wanted.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {wanted.token}\r\n\r\n"
    ).encode()
    begun = time.perf_counter()
    readers = []
    for _ in range(wanted.connections):
        _, reader = await loop.create_connection(
            lambda: _Reader(request, begun + wanted.seconds, took), "127.0.0.1", wanted.port
        )
        readers.append(reader)
    await asyncio.gather(*(reader.over for reader in readers))
    return Read(len(took) / (time.perf_counter() - begun), tuple(took))


def _work(told: Connection) -> None:
    while (wanted := told.recv()) is not None:
        try:
            told.send(asyncio.run(_read(wanted)))
        except Exception as error:  # noqa: BLE001 (who asked is told)
            told.send(error)


class Readers:
    """The program, from here."""

    def __init__(self, told: Connection) -> None:
        self._told = told

    def read(self, wanted: Wanted) -> Read:
        """Ask, and wait for it."""
        self._told.send(wanted)
        found = self._told.recv()
        if isinstance(found, Exception):
            raise found
        assert isinstance(found, Read)
        return found


@contextmanager
def readers() -> Iterator[Readers]:
    """The program, for the length of a row."""
    begin = multiprocessing.get_context("spawn")
    here, there = begin.Pipe()
    program = begin.Process(target=_work, args=(there,), daemon=True)
    program.start()
    try:
        yield Readers(here)
    finally:
        here.send(None)
        program.join()
