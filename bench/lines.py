"""
A poor line: a proxy in front of a server that lets through what a phone in a valley gets.

Each way has its own rate, delay and loss, and TCP on it: a window of segments that begins with ten, doubles
until the first loss, is halved by each and grows by one a round trip. A lost segment holds up all behind it
for a round trip, until it was sent again. So the line is slower than its rate, as a real one is.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

SEGMENT, FIRST_WINDOW = 1_460, 10


@dataclass(frozen=True, slots=True)
class Line:
    """
    A line.

    Args:
        rate: bits a second, each way.
        round_trip: seconds there and back.
        loss: the share of segments that are lost.
    """

    rate: float = 1_000_000
    round_trip: float = 0.150
    loss: float = 0.02


@dataclass
class Proxy:
    """A proxy that listens; `down` and `up` are the bytes that it let through."""

    port: int
    down: int = 0
    up: int = 0


@contextmanager
def behind(line: Line, server: int, seed: int = 1) -> Iterator[Proxy]:
    """A proxy on a port of its own in front of a server's port here, for the length of a measurement."""
    loop, proxy = asyncio.new_event_loop(), Proxy(0)
    chance = random.Random(seed)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = [writer]
        try:
            await asyncio.sleep(line.round_trip)  # to connect
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", server)
            ends.append(far_writer)
            up = _Way(line, chance, proxy, "up")
            down = _Way(line, chance, proxy, "down")
            await asyncio.gather(up.carry(reader, far_writer), down.carry(far_reader, writer))
        except asyncio.CancelledError:
            pass  # the measurement is over
        finally:
            for end in ends:
                end.close()
            await asyncio.gather(*(end.wait_closed() for end in ends), return_exceptions=True)

    listening = loop.run_until_complete(asyncio.start_server(serve, "127.0.0.1", 0))
    proxy.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(_closed(listening))
        loop.close()


async def _closed(listening: asyncio.Server) -> None:
    listening.close()
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class _Way:
    """One direction of one connection."""

    def __init__(self, line: Line, chance: random.Random, proxy: Proxy, count: str) -> None:
        self._line, self._chance, self._proxy, self._count = line, chance, proxy, count
        self._window, self._starting = FIRST_WINDOW, True

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Let through what comes, window by window, until it ends."""
        is_first = True
        while data := await reader.read(self._window * SEGMENT):
            await asyncio.sleep(self._takes(len(data), is_first))
            setattr(self._proxy, self._count, getattr(self._proxy, self._count) + len(data))
            writer.write(data)
            await writer.drain()
            is_first = len(data) < self._window * SEGMENT
            self._grow(is_first)
        writer.close()

    def _takes(self, size: int, is_first: bool) -> float:
        """Seconds until a window has arrived: half a round trip for the first, then one a window, or its length."""
        line = self._line
        waits = line.round_trip / 2 if is_first else line.round_trip
        if any(self._chance.random() < line.loss for _ in range(-(-size // SEGMENT))):
            waits += line.round_trip
            self._window, self._starting = max(2, self._window // 2), False
        return max(waits, size * 8 / line.rate)

    def _grow(self, is_idle: bool) -> None:
        if not is_idle:
            self._window += self._window if self._starting else 1
