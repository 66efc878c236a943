"""
Several statements on their way to PostgreSQL as one message, and one answer that is waited for.

The driver's own pipeline sends each statement by itself and looks each time whether something has come back:
a dozen calls of the system for a recording, and as many turns of the server. It also waits for its BEGIN before
it sends the first statement. Here the driver hands each to libpq, which keeps them until the last is there.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import cache
from typing import Any


def sent_together(driver: Any) -> AbstractContextManager[Any]:
    """
    What is executed on a connection of the driver within leaves at the end, together; results are there after it.

    An error shows at the end too, whichever statement it is of.
    """
    driver._pipeline = _kind()(driver)
    pipeline: AbstractContextManager[Any] = driver.pipeline()
    return pipeline


@cache
def _kind() -> Any:
    """The pipeline of the driver, which only a PostgreSQL office has."""
    base: Any = importlib.import_module("psycopg").Pipeline
    send: Any = importlib.import_module("psycopg.generators").send

    class Together(base):  # type: ignore[misc]  # it is imported where it is needed
        """
        Sends nothing before its end. These three are the driver's own: its version is pinned.

        libpq keeps what it is handed in a pipeline, until there are 64 KiB of it.
        """

        def _communicate_gen(self) -> Iterator[Any]:
            while self.command_queue:
                self.command_queue.popleft()()
            yield from ()

        def _sync_gen(self) -> Iterator[Any]:
            """The driver asks for this behind its BEGIN; what follows it may go with it."""
            yield from self._communicate_gen()

        def _exit_gen(self) -> Iterator[Any]:
            """One message, and the wait for all that comes back."""
            try:
                yield from self._communicate_gen()
                self.pgconn.pipeline_sync()
                self.result_queue.append(None)
                yield from send(self.pgconn)
            finally:
                yield from self._fetch_gen(flush=False)

    return Together
