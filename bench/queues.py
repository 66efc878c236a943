"""
The peers of P4: queues and schedulers, each with one job a reminder, as its own documentation shows it.

Each is handed all reminders in the dearest way that it has for many, then runs them to the end on the same
server; each job does nothing. They are imported when their row runs.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event
from typing import Any, Protocol

import structlog
from sqlalchemy import Engine

from bench.peers import imported

AT_ONCE = 10
"""Jobs that each runs at once."""


class Queue(Protocol):
    """A peer on a database of its own."""

    name: str

    def run(self, count: int) -> float:
        """Hand over so many reminders and run them; gives back the seconds that it took."""

    def close(self) -> None:
        """Let go of the database."""


class Procrastinate:
    """Procrastinate: all jobs deferred by one call, one worker that ends when none is left."""

    name = "Procrastinate"

    def __init__(self, engine: Engine) -> None:
        procrastinate = imported("procrastinate")
        plain = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=plain))
        self._task = self._app.task(_reminded, name="remind")
        self.done = 0
        asyncio.run(self._prepare())

    def run(self, count: int) -> float:
        return asyncio.run(self._run(count))

    def close(self) -> None:
        """It is closed after each run."""

    async def _prepare(self) -> None:
        async with self._app.open_async():
            await self._app.schema_manager.apply_schema_async()

    async def _run(self, count: int) -> float:
        async with self._app.open_async():
            begun = time.perf_counter()
            await self._task.batch_defer_async(*({"number": number} for number in range(count)))
            await self._app.run_worker_async(
                wait=False,
                concurrency=AT_ONCE,
                install_signal_handlers=False,
                delete_jobs="never",
            )
            return time.perf_counter() - begun


async def _reminded(number: int) -> None:
    """A reminder that goes nowhere."""


class Dbos:
    """DBOS: a workflow a reminder, put into one of its queues, until each has ended."""

    name = "DBOS"

    def __init__(self, engine: Engine) -> None:
        self._dbos = imported("dbos")
        self._dbos.DBOS(
            config={
                "name": "bench",
                "system_database_url": engine.url.render_as_string(hide_password=False),
                "log_level": "ERROR",
                "console_log_level": "ERROR",
            }
        )
        self._workflow = self._dbos.DBOS.workflow()(_remind)
        self._dbos.DBOS.launch()
        self._queue = self._dbos.DBOS.register_queue("reminders", polling_interval_sec=0.05)

    def run(self, count: int) -> float:
        begun = time.perf_counter()
        handles = [self._queue.enqueue(self._workflow, number) for number in range(count)]
        for handle in handles:
            handle.get_result()
        return time.perf_counter() - begun

    def close(self) -> None:
        self._dbos.DBOS.destroy()


def _remind(number: int) -> None:
    """A reminder that goes nowhere."""


class Apscheduler:
    """APScheduler: a job a reminder in a store on the same server, added and fired."""

    name = "APScheduler"

    def __init__(self, engine: Engine) -> None:
        self._url = engine.url

    def run(self, count: int) -> float:
        background = imported("apscheduler.schedulers.background")
        store = imported("apscheduler.jobstores.sqlalchemy").SQLAlchemyJobStore(self._url)
        pool = imported("apscheduler.executors.pool").ThreadPoolExecutor(AT_ONCE)
        scheduler = background.BackgroundScheduler(
            jobstores={"default": store}, executors={"default": pool}, timezone=UTC
        )
        _fired.begin(count)
        scheduler.start(paused=True)
        begun = time.perf_counter()
        now = datetime.now(UTC)
        for number in range(count):
            scheduler.add_job(fire, "date", run_date=now, args=[number], misfire_grace_time=None)
        scheduler.resume()
        _fired.all.wait()
        took = time.perf_counter() - begun
        scheduler.shutdown()
        return took

    def close(self) -> None:
        """It is closed after each run."""


class _Fired:
    """How many of its jobs have run."""

    def __init__(self) -> None:
        self.left, self.all = 0, Event()

    def begin(self, count: int) -> None:
        self.left, self.all = count, Event()

    def fire(self, number: int) -> None:
        self.left -= 1
        if self.left == 0:
            self.all.set()


_fired = _Fired()


def fire(number: int) -> None:
    """A reminder that goes nowhere, by a name under which a store finds it again."""
    _fired.fire(number)


@contextmanager
def quiet() -> Iterator[None]:
    """Without the lines that they write for each job, and those of ours."""
    before, ours = logging.root.manager.disable, structlog.get_config()
    logging.disable(logging.ERROR)
    structlog.configure(processors=[_dropped])
    try:
        yield
    finally:
        logging.disable(before)
        structlog.configure(**ours)


def _dropped(*_: Any) -> Any:
    raise structlog.DropEvent
