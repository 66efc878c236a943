"""
The one scheduler: a thread of this process that runs the tick every so often, and nothing else.

It keeps no jobs of its own: due days are rows, and the tick asks them. What it
runs is safe to run twice, late, or on two machines; so a run that was missed is
made up once, and a slow one is never run beside itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

ZONE = ZoneInfo("Asia/Shanghai")
JOB = "tick"

log = structlog.get_logger(__name__)


class Schedule:
    """
    A running scheduler.

    Args:
        failures: runs that raised an error; each is in the log, and its run has no end in the record.
        skipped: runs that were due while the one before still ran, or that came too late.
    """

    def __init__(self, scheduler: BackgroundScheduler) -> None:
        self._scheduler = scheduler
        self.failures = 0
        self.skipped = 0
        scheduler.add_listener(self._note_failure, EVENT_JOB_ERROR)
        scheduler.add_listener(self._note_skipped, EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)

    @property
    def running(self) -> bool:
        """Whether it still runs."""
        return bool(self._scheduler.running)

    def shutdown(self, wait: bool = True) -> None:
        """Stop; with `wait`, a tick that is under way comes to its end first."""
        if self.running:
            self._scheduler.shutdown(wait=wait)

    def _note_failure(self, event: Any) -> None:
        self.failures += 1
        log.error("job_failed", job=event.job_id, error=type(event.exception).__name__)

    def _note_skipped(self, event: Any) -> None:
        self.skipped += 1
        log.warning("job_skipped", job=event.job_id)


def start(tick: Callable[[], object], every_seconds: float) -> Schedule:
    """
    Run the tick now and then every so many seconds, until `shutdown`.

    Args:
        tick: takes nothing and opens its own units of work; its answer is not looked at.
    """
    scheduler = BackgroundScheduler(timezone=ZONE)
    schedule = Schedule(scheduler)
    at_once = DateTrigger(timezone=ZONE)
    again = IntervalTrigger(seconds=every_seconds, timezone=ZONE)
    scheduler.add_job(
        tick,
        OrTrigger([at_once, again]),
        id=JOB,
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    scheduler.start()
    return schedule
