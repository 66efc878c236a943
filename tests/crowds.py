"""
Crowds: eight who work on one database at once, as threads on SQLite and as processes on PostgreSQL.

A process has an engine, packs and a ring of its own, as a server has; threads share them. Those who
are let go together wait for each other first. What each did comes back as plain words: "done", or the
code of a refusal. Whatever else goes wrong is an error of the test.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from multiprocessing import get_context
from threading import Barrier
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import URL, Engine

from tests.databases import Kind
from workflow.rules.errors import GuituError
from workflow.services.clock import Instant
from workflow.services.pinning import stored_packs
from workflow.services.projecting import Packs
from workflow.services.recording import NewEvent, RecordedResult, record
from workflow.services.sweeping import RunReport, sweep
from workflow.store.engine import make_engine
from workflow.store.keyring import KeyRing
from workflow.store.unit_of_work import UnitOfWork, in_one_go

CROWD = 8
PATIENCE_S = 60.0
DONE = "done"


@dataclass
class Desk:
    """One of the crowd, with the services as a server calls them: the calendar is that of the database."""

    engine: Engine
    ring: KeyRing
    number: int = 0
    packs: Packs = field(init=False)

    def __post_init__(self) -> None:
        self.packs = stored_packs(lambda: UnitOfWork(self.engine, self.ring, reading=True))

    def uow(self) -> UnitOfWork:
        return UnitOfWork(self.engine, self.ring)

    def outcome(self, work: Callable[[UnitOfWork], object]) -> str:
        """What became of one request, begun anew where it met another one."""
        try:
            in_one_go(self.uow, work)
        except GuituError as error:
            return error.code
        return DONE

    def recorded(
        self, case_id: UUID, on: date, request: Sequence[NewEvent], uow: UnitOfWork, **more: Any
    ) -> RecordedResult:
        """One request on a case; the unit of work comes last, so that the rest can be filled in before."""
        clock, by = Instant.on(on), f"w{self.number}"
        return record(
            uow, case_id, request, packs=self.packs, calendar=None, clock=clock, by=by, **more
        )

    def swept(self, on: date) -> RunReport:
        return sweep(self.uow, packs=self.packs, calendar=None, clock=Instant.on(on))


class Job(Protocol):
    """What each of a crowd does; a function of a module, so that another process finds it."""

    def __call__(self, desk: Desk, *args: Any) -> Any: ...


class Crowd:
    """Eight who are let go together, again and again."""

    def __init__(self, executor: Executor, barrier: Barrier | None) -> None:
        self._executor, self._barrier = executor, barrier

    def at_once(self, engine: Engine, ring: KeyRing, job: Job, *args: Any) -> list[Any]:
        """What each of them gave back, in the order of their numbers."""
        if self._barrier is not None:
            each = [
                self._executor.submit(_in_a_thread, self._barrier, engine, ring, job, number, args)
                for number in range(CROWD)
            ]
        else:
            each = [
                self._executor.submit(_in_a_process, engine.url, ring.text, job, number, args)
                for number in range(CROWD)
            ]
        found = [one.result(PATIENCE_S) for one in each]
        failed = [error for error, _ in found if error]
        assert not failed, failed[0]
        return [done for _, done in found]


@contextmanager
def a_crowd(kind: Kind, jobs: str) -> Iterator[Crowd]:
    """
    A crowd for one kind of database; processes are begun once for all that it does.

    Args:
        jobs: the module of what they do, read once for all of them.
    """
    if kind == "sqlite":
        with ThreadPoolExecutor(CROWD) as threads:
            yield Crowd(threads, Barrier(CROWD))
        return
    context = get_context("forkserver")
    context.set_forkserver_preload([jobs])
    barrier: Any = context.Barrier(CROWD)
    with ProcessPoolExecutor(CROWD, context, _begin, (barrier,)) as processes:
        yield Crowd(processes, None)


# ------------------------------------------------------------------ one of them

_barrier: Any = None
Answer = tuple[str, Any]


def _begin(barrier: Any) -> None:
    global _barrier
    _barrier = barrier


def _in_a_process(url: URL, ring: str, job: Job, number: int, args: tuple[Any, ...]) -> Answer:
    engine = make_engine(url)
    try:
        return _in_a_thread(_barrier, engine, KeyRing.parse(ring), job, number, args)
    finally:
        engine.dispose()


def _in_a_thread(
    barrier: Any, engine: Engine, ring: KeyRing, job: Job, number: int, args: tuple[Any, ...]
) -> Answer:
    desk = Desk(engine, ring, number)
    with engine.connect():
        barrier.wait(PATIENCE_S)
    try:
        return "", job(desk, *args)
    except Exception:  # noqa: BLE001 (what went wrong in another process is told in this one)
        return traceback.format_exc(), None
