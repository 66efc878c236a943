"""
Who writes next into a SQLite file: the writers of one program, in the order in which they came.

SQLite itself lets whoever waits sleep and look again, ever longer, up to a tenth of a second: of eight
threads that write without a pause, one in a hundred then waits for a third of a second, while the others
pass it by. Writers of other programs are still waited for in SQLite's own way.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from threading import Lock

from sqlalchemy.exc import OperationalError

BEGIN = "BEGIN IMMEDIATE"


class Queue:
    """Lets one go at a time, the one who has waited longest. Readers never ask."""

    def __init__(self) -> None:
        self._look = Lock()
        self._busy = False
        self._waiting: deque[Lock] = deque()

    def enter(self, seconds: float) -> bool:
        """Wait for one's turn, so long at most; False where it did not come."""
        with self._look:
            if not self._busy:
                self._busy = True
                return True
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        try:
            return mine.acquire(timeout=seconds) or not self._given_up(mine)
        except BaseException:  # interrupted: whoever is next must not wait for us
            if not self._given_up(mine):
                self.leave()
            raise

    def leave(self) -> None:
        """Let the next one go."""
        with self._look:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._busy = False

    def _given_up(self, mine: Lock) -> bool:
        """Wait no longer; False where the turn came in this very moment."""
        with self._look:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return True
            return False


class QueuedConnection(sqlite3.Connection):
    """
    A connection that waits for its turn before it writes, and lets the next one go when it has done.

    However a transaction ends: a commit or a rollback, a full disk for which SQLite itself rolled back and
    the connection is given up, or an end of the connection.
    """

    queue: Queue | None = None
    _is_at_it = False

    def take_turn(self) -> None:
        """
        Wait until nobody of this program writes, no longer than the connection waits for a lock.

        Raises:
            OperationalError: SQLITE_BUSY, as if the file itself had been held.
        """
        if self.queue is None or self._is_at_it:
            return
        if not self.queue.enter(0) and not self.queue.enter(self._patience()):
            raise _busy()
        self._is_at_it = True

    def pass_turn(self) -> None:
        """Let the next one go, unless this one is in the midst of its transaction."""
        if self._is_at_it and self.queue is not None and not self.in_transaction:
            self._is_at_it = False
            self.queue.leave()

    def commit(self) -> None:
        """As the driver's."""
        try:
            super().commit()
        finally:
            self.pass_turn()

    def rollback(self) -> None:
        """As the driver's."""
        try:
            super().rollback()
        finally:
            self.pass_turn()

    def close(self) -> None:
        """As the driver's; what it had not committed is gone."""
        try:
            super().close()
        finally:
            if self._is_at_it and self.queue is not None:
                self._is_at_it = False
                self.queue.leave()

    def _patience(self) -> float:
        """In seconds."""
        (milliseconds,) = self.execute("PRAGMA busy_timeout").fetchone()
        return float(milliseconds) / 1000


def _busy() -> OperationalError:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    error.sqlite_errorname = "SQLITE_BUSY"
    return OperationalError(BEGIN, None, error, hide_parameters=True)
