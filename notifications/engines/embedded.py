"""
The engine within the server: a thread that runs each job every so often, and nothing else.

It keeps no jobs of its own: due days are rows, and the jobs ask them. What it
runs is safe to run twice, late, or on two machines; so a run that was missed is
made up once, and a slow one is never run beside itself.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from notifications.engines import Work
from workflow.services.clock import ZONE

TICK, DELIVER, LOOK = "tick", "deliver", "look"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Every:
    """Seconds between two runs of each job."""

    tick: float = 60.0
    deliver: float = 15.0
    look: float = 60.0


class Embedded:
    """
    The engine of one process.

    Args:
        failures: runs that raised an error; each is in the log.
        skipped: runs that were due while the one before still ran, or that came too late.
    """

    def __init__(self, work: Work, every: Every | None = None) -> None:
        self._work = work
        self._every = every or Every()
        self._scheduler = BackgroundScheduler(timezone=ZONE)
        self._ticked = False
        self._delivering = Lock()
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="deliver")
        self.failures = 0
        self.skipped = 0
        self._scheduler.add_listener(self._note_failure, EVENT_JOB_ERROR)
        self._scheduler.add_listener(self._note_skipped, EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)

    @property
    def running(self) -> bool:
        """Whether it still runs."""
        return bool(self._scheduler.running)

    def start(self) -> None:
        """Tick now and then every so many seconds, until it is stopped; deliver after the first tick, look when its turn comes."""
        self._add(TICK, self._tick, _now_and_every(self._every.tick))
        self._add(DELIVER, self._deliver, _every(self._every.deliver))
        self._add(LOOK, self._work.look, _every(self._every.look))
        self._scheduler.start()

    def stop(self) -> None:
        """Stop; a job that is under way comes to its end first."""
        if self.running:
            self._scheduler.shutdown(wait=True)
            self._beside.shutdown(wait=True)

    def _tick(self) -> None:
        """What waited since before the start goes out after the first one, with what that plans."""
        planned = self._work.tick().planned
        if planned or not self._ticked:
            self._beside.submit(self._deliver_now)
        self._ticked = True

    def _deliver_now(self) -> None:
        """Beside the next tick, since a peer may hang; not by the scheduler, which whoever stops it holds till the end."""
        try:
            self._deliver()
        except Exception as error:  # noqa: BLE001 (the job's edge: it is in the log, and the next turn comes)
            self._failed(DELIVER, error)

    def _deliver(self) -> None:
        """One at a time; where one is under way it takes along whatever is due by its end."""
        if self._delivering.acquire(blocking=False):
            try:
                self._work.deliver()
            finally:
                self._delivering.release()

    def _add(self, name: str, job: Callable[[], object], trigger: BaseTrigger) -> None:
        self._scheduler.add_job(
            job,
            trigger,
            id=name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def _note_failure(self, event: Any) -> None:
        self._failed(event.job_id, event.exception)

    def _failed(self, job: str, error: BaseException) -> None:
        self.failures += 1
        log.error("job_failed", job=job, error=type(error).__name__)

    def _note_skipped(self, event: Any) -> None:
        self.skipped += 1
        log.warning("job_skipped", job=event.job_id)


def _every(seconds: float) -> BaseTrigger:
    return IntervalTrigger(seconds=seconds, timezone=ZONE)


def _now_and_every(seconds: float) -> BaseTrigger:
    return OrTrigger([DateTrigger(timezone=ZONE), _every(seconds)])
