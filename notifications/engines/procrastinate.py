"""
The engine of many machines: workers on Procrastinate, over the office's own PostgreSQL.

Its queue holds no more than triggers: look at the calendar, deliver, look whether all is accounted for.
Each comes in its turn from whichever worker is first, waits there once, and can be taken for any other of
its name. What a worker leaves behind that was killed is handed to another one (`reap`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any, Protocol

import structlog
from asgiref.sync import async_to_sync
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.worker import Worker
from psycopg_pool import PoolTimeout
from sqlalchemy import URL

from notifications.engines import Work
from notifications.engines.procrastinate_schema import SCHEMA, enter
from workflow.rules.errors import Unavailable
from workflow.store.unit_of_work import UnitOfWork, UnitsOfWork

TICK, DELIVER, LOOK, REAP, COUNTY = "tick", "deliver", "look", "reap", "county"
QUEUE = "guitu"

log = structlog.get_logger(__name__)


class CrewWork(Work, Protocol):
    """What workers run: a morning's sweep is shared among them, county by county."""

    def counties(self) -> Sequence[str]:
        """The counties that are to be swept before the next tick."""

    def sweep_county(self, division: str) -> object:
        """Sweep one of them."""


class JobFailed(Exception):
    """A job raised an error; by its type only, since its text might hold what somebody wrote."""


@dataclass(frozen=True, slots=True)
class Pace:
    """
    In seconds.

    Args:
        tick, deliver, look, reap: between two turns of each job; in whole minutes or hours where it is longer.
        heartbeat: how often a worker shows that it lives.
        stalled: after so much silence it is taken for dead, and its jobs for anybody's.
        poll: how often the queue is asked, though nobody called.
    """

    tick: float = 60
    deliver: float = 15
    look: float = 60
    reap: float = 15
    heartbeat: float = 10
    stalled: float = 30
    poll: float = 5


class Kicks:
    """Puts triggers into the queue, within the transaction of whoever has them put there."""

    def __init__(self) -> None:
        self._app = App(connector=SyncPsycopgConnector())

    def deliver(self, uow: UnitOfWork) -> None:
        """Have some worker deliver what this unit of work plans."""
        self.put(uow, DELIVER)

    def put(self, uow: UnitOfWork, job: str, *, once: str | None = None, **about: str) -> None:
        """
        One trigger; kept or forgotten with the unit of work. A queue that is out of order stops nobody.

        Args:
            once: two of this name never wait at once. Whoever puts a second one waits for the first one's
                transaction; without it a surplus one is put, and finds nothing to do.
            about: what the job is told.
        """
        try:
            with uow.session.begin_nested():
                connection = uow.session.connection()
                enter(connection)
                driver = connection.connection.driver_connection
                how: Any = {"queueing_lock": once, "connection": driver}
                self._app.configure_task(job, queue=QUEUE, **how).defer(**about)
        except AlreadyEnqueued:
            return
        except ConnectorException as error:
            log.warning("kick_failed", job=job, error=type(error.__cause__ or error).__name__)


class Distant:
    """
    What a server is whose jobs are done by workers elsewhere: it has them begin, and runs none itself.

    Args:
        make_uow: for the trigger of the first tick.
    """

    def __init__(self, make_uow: UnitsOfWork) -> None:
        self._make_uow = make_uow
        self._kicks = Kicks()

    def start(self) -> None:
        """The calendar is looked at now, and not only when a worker's turn comes; a database that is away stops nobody."""
        try:
            with self._make_uow() as uow:
                self._kicks.put(uow, TICK, once=TICK)
        except Unavailable as error:
            log.warning("kick_failed", job=TICK, error=error.code)

    def stop(self) -> None:
        """Nothing runs here."""


class Crew(Distant):
    """
    A worker: a thread that takes triggers from the queue and runs the jobs, some at once.

    While the database is away it waits and asks again.

    Args:
        work: the jobs.
        url: of the database, whose queue is installed.
        at_once: how many jobs are run side by side.
    """

    def __init__(
        self,
        work: CrewWork,
        make_uow: UnitsOfWork,
        url: URL,
        *,
        at_once: int = 4,
        pace: Pace | None = None,
    ) -> None:
        super().__init__(make_uow)
        self._work, self._url, self._at_once, self._pace = work, url, at_once, pace or Pace()
        self._asked_to_stop = Event()
        self._looks_from = 0.0
        self._worker: Any = None  # the library's, whose methods bear no types
        self._thread = Thread(target=self._live, name="worker")

    @property
    def running(self) -> bool:
        """Whether it still runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin to take triggers; the first look at the calendar is at once, the first at whether all is well a turn later."""
        super().start()
        self._looks_from = monotonic() + self._pace.look
        self._thread.start()

    def stop(self) -> None:
        """Take no more; what is under way comes to its end first."""
        self._asked_to_stop.set()
        while self.running:
            worker = self._worker  # once: its life may end meanwhile
            if worker is not None:
                worker.stop()
            self._thread.join(0.1)

    def _live(self) -> None:
        """One life after another, until somebody asks to stop; each ends where the database goes away, or something is wrong."""
        pause = 0.0
        while not self._asked_to_stop.wait(pause):
            try:
                self._one_life()
            except (ConnectorException, PoolTimeout, OSError) as error:
                log.warning("worker_without_database", error=type(error).__name__)
            except Exception as error:  # noqa: BLE001 (the worker's edge: it must not live on and do nothing)
                log.error("worker_failed", error=type(error).__name__)
            pause = min(2 * pause + 0.5, 10.0)

    def _one_life(self) -> None:
        app = self._app()
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(app.connector.open_async())
            try:
                self._worker = Worker(
                    app,
                    queues=[QUEUE],
                    concurrency=self._at_once,
                    fetch_job_polling_interval=self._pace.poll,
                    delete_jobs="always",
                    install_signal_handlers=False,
                    update_heartbeat_interval=self._pace.heartbeat,
                    stalled_worker_timeout=self._pace.stalled,
                )
                runner.run(self._worker.run())
            finally:
                self._worker = None
                with suppress(ConnectorException):
                    runner.run(app.connector.close_async())

    def _app(self) -> App:
        """
        The jobs by name, each with its turn; two of a name never wait, nor does this process run two at once.

        Two processes may: no job is locked in the queue, since the lock of one whose end could not be written
        down would last as long as its worker lives.
        """
        app, work, pace = _connected(self._url), self._work, self._pace
        _add(app, TICK, self._tick, pace.tick)
        _add(app, DELIVER, work.deliver, pace.deliver)
        _add(app, LOOK, self._look, pace.look)
        _add(app, REAP, lambda: _reap(app, pace.stalled), pace.reap)
        app.task(name=COUNTY, queue=QUEUE)(_told_by_type(COUNTY, work.sweep_county))
        return app

    def _tick(self) -> None:
        """Where several counties wait in the morning, each is left to whoever is free; the next tick does the rest."""
        counties = self._work.counties()
        if not counties:
            self._work.tick(self._kicks.deliver)
            return
        with self._make_uow() as uow:
            for each in counties:
                self._kicks.put(uow, COUNTY, once=f"{COUNTY} {each}", division=each)

    def _look(self) -> None:
        """Not at the start, where the library makes up for a turn that was missed: what the first tick does would be an alarm."""
        if monotonic() >= self._looks_from:
            self._work.look()


# ------------------------------------------------------------------ as the library knows them


def _connected(url: URL) -> App:
    logging.getLogger("procrastinate").setLevel(
        logging.CRITICAL
    )  # it would show what an error says
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    options = {"options": f"-c search_path={SCHEMA}"}
    return App(connector=PsycopgConnector(conninfo=address, kwargs=options, min_size=1, max_size=4))


def _add(app: App, name: str, job: Callable[[], object], every: float) -> None:
    """A job that has its turn every so many seconds; whoever puts it in its turn says when that was."""
    run = _told_by_type(name, _one_at_a_time(job))
    task: Any = app.task(name=name, queue=QUEUE, queueing_lock=name)(run)
    app.periodic(cron=cron(every), periodic_id=name)(task)


def _one_at_a_time(job: Callable[[], object]) -> Callable[..., None]:
    """The same job, left out while this process is at it: so that a long one leaves room for the others."""
    at_it = Lock()

    def run(timestamp: int = 0) -> None:
        if at_it.acquire(blocking=False):
            try:
                job()
            finally:
                at_it.release()

    return run


def _told_by_type(name: str, job: Callable[..., object]) -> Callable[..., None]:
    """The same job; what it fails with is told without what it says."""

    def run(**about: Any) -> None:
        try:
            job(**about)
        except Exception as error:  # noqa: BLE001 (the job's edge: it is in the log, and the next turn comes)
            log.error("job_failed", job=name, error=type(error).__name__)
            raise JobFailed(type(error).__name__) from None

    return run


def _reap(app: App, after: float) -> None:
    """Give the jobs of the dead to the living; where one of its name waits already, the dead one's is not missed."""
    manager = app.job_manager
    left: list[Job] = [*async_to_sync(manager.get_stalled_jobs)(seconds_since_heartbeat=after)]
    for job in left:
        log.warning("job_taken_over", job=job.task_name)
        try:
            async_to_sync(manager.retry_job)(job)
        except UniqueViolation:
            async_to_sync(manager.finish_job)(job, Status.FAILED, delete_job=True)


def cron(seconds: float) -> str:
    """
    Every so many seconds as a line of cron, whose sixth field the library reads as seconds.

    A line knows no "every 90 seconds": what is longer than a minute is rounded down to whole minutes or hours.
    """
    if seconds < 60:
        return f"* * * * * */{max(1, int(seconds))}"
    if seconds < 3600:
        return f"*/{int(seconds // 60)} * * * *"
    return f"0 */{min(23, int(seconds // 3600))} * * *"
