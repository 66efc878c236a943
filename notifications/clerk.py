"""Who writes down what came back, while more is taken: one thread beside, where the database has many writers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from notifications.outcomes import Step, Written

Note = tuple[Sequence[Step], Written]


class Clerk:
    """
    Writes one batch at a time, in the order in which they come.

    Args:
        beside: in a thread of its own; else whoever hands a batch over waits for it.
    """

    def __init__(self, *, beside: bool) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="clerk") if beside else None
        self._notes: list[Future[Note]] = []

    @property
    def is_busy(self) -> bool:
        """Whether anything was handed over that nobody has asked for yet."""
        return bool(self._notes)

    def write(self, work: Callable[[], Note]) -> None:
        """Let this be written down."""
        if self._pool is not None:
            self._notes.append(self._pool.submit(work))
        else:
            done: Future[Note] = Future()
            done.set_result(work())
            self._notes.append(done)

    def written(self) -> list[Note]:
        """
        What was written down since this was asked last; waits for what is being written.

        Raises:
            Unavailable: it could not be.
        """
        notes, self._notes = self._notes, []
        return [one.result() for one in notes]

    def close(self) -> None:
        """Wait for what is being written."""
        if self._pool is not None:
            self._pool.shutdown(wait=True)
