"""
Who is at work: as many at once as a server has threads, the others in the order in which they came.

This is how `guitu serve` lets requests in (`api/load.py`: the limiter of its threads), without HTTP.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class Admission:
    """Lets so many in at a time."""

    def __init__(self, most: int) -> None:
        self._free, self._look = most, Lock()
        self._waiting: deque[Lock] = deque()

    @contextmanager
    def let_in(self) -> Iterator[None]:
        """Wait for one's turn, and pass it on at the end."""
        if (mine := self._place()) is not None:
            mine.acquire()
        try:
            yield
        finally:
            self._pass_on()

    def _place(self) -> Lock | None:
        with self._look:
            if self._free:
                self._free -= 1
                return None
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
            return mine

    def _pass_on(self) -> None:
        with self._look:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1
