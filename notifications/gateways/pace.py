"""
How fast a channel is fed: so many a second, and a few at once after a pause (a token bucket, kept as one instant).

Whoever comes too early waits here, in the order of coming, rather than being told to come again: a digest
morning then takes as long as the channel allows, and uses up nobody's attempts.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic, sleep


class Pace:
    """
    One channel's.

    Args:
        a_second: how many on the average.
        burst: how many at once after a pause.
        clock, wait: seconds that only grow, and how to let some pass.
    """

    def __init__(
        self,
        a_second: float,
        burst: int,
        *,
        clock: Callable[[], float] = monotonic,
        wait: Callable[[float], object] = sleep,
    ) -> None:
        self._apart = 1 / a_second
        self._ahead = (burst - 1) * self._apart
        self._clock, self._wait = clock, wait
        self._next = clock() - self._ahead
        self._lock = Lock()

    def turn(self, patience: float) -> float:
        """
        Wait for one's turn.

        Returns:
            0.0 when it has come; else the seconds after which to ask again, because more than `patience` of
            them would have passed, and no turn is taken.
        """
        with self._lock:
            now = self._clock()
            due = max(self._next, now - self._ahead)
            wait = due - now
            if wait > patience:
                return wait
            self._next = due + self._apart
        if wait > 0:
            self._wait(wait)
        return 0.0
