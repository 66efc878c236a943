"""The processes that tell people and are killed: a server with an engine of its own, workers on the queue."""

from __future__ import annotations

import json
import logging
import os
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour_of_day
from ipaddress import IPv4Network
from pathlib import Path
from typing import TypeVar

import structlog

from notifications.channels import Channels, Webhook
from notifications.engines import Engine
from notifications.engines.embedded import Embedded, Every
from notifications.engines.procrastinate import Crew, Pace
from notifications.gateway import Gateway, Outcome, Outgoing
from notifications.gateways import gateways_of
from notifications.jobs import Jobs, Ticked
from notifications.planning import Kick
from tests.chaos.workplaces import Place, Site
from workflow.services import sweeping
from workflow.services.clock import ZONE, Instant

SPEED = 200
"""How much faster the office's clock runs than the wall's: a lease of five minutes is over in a second and a half."""
SECRET = "whsec_bG9uZyBlbm91Z2ggZm9yIGEga2V5IG9mIHdlYmhvb2s="
Made = TypeVar("Made")
SERVER, WORKER = "server", "worker"


@dataclass(frozen=True)
class Clock:
    """What time it is for all of an office's processes: kept in a file, and running."""

    file: Path

    def set(self, day: date, at: hour_of_day) -> None:
        told = {"at": datetime.combine(day, at, ZONE).isoformat(), "since": time.time()}
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps(told))
        new.rename(self.file)

    def now(self) -> Instant:
        told = json.loads(self.file.read_text())
        passed = timedelta(seconds=(time.time() - told["since"]) * SPEED)
        return Instant.at(datetime.fromisoformat(told["at"]) + passed)


def jobs_at(site: Site, clock: Callable[[], Instant], worker: str, log: Log | None = None) -> Jobs:
    """The jobs over an office's database, with the one channel that leads out of it."""
    webhook = Webhook(SECRET, private=(IPv4Network("127.0.0.0/8"),))
    out = gateways_of(Channels(webhook=webhook, seconds=5), clock=lambda: datetime.now(UTC))
    if log is not None:
        out = {name: LoudGateway(each, log) for name, each in out.items()}
    return Jobs(site.uow, packs=site.packs, calendar=None, clock=clock, gateways=out, worker=worker)


class Log:
    """What a process begins and ends; both lines survive it."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(self._file, b"new process\n")

    def told(self, name: str, job: Callable[[], Made]) -> Made:
        os.write(self._file, f"begin {name}\n".encode())
        try:
            return job()
        finally:
            os.write(self._file, f"end {name}\n".encode())


@dataclass(frozen=True)
class LoudGateway:
    """A channel that says when it sends."""

    channel: Gateway
    log: Log
    name: str = "webhook"
    counts_only: bool = True

    def send(self, message: Outgoing) -> Outcome:
        return self.log.told("send", lambda: self.channel.send(message))

    def close(self) -> None:
        self.channel.close()


class Loud:
    """Jobs that say when they are under way."""

    def __init__(self, jobs: Jobs, log: Log) -> None:
        self._jobs, self._log = jobs, log

    def tick(self, kick: Kick | None = None) -> Ticked:
        return self._log.told("tick", lambda: self._jobs.tick(kick))

    def deliver(self) -> object:
        return self._jobs.deliver()

    def look(self) -> None:
        self._jobs.look()

    def counties(self) -> Sequence[str]:
        return self._jobs.counties()

    def sweep_county(self, division: str) -> object:
        return self._log.told("county", lambda: self._jobs.sweep_county(division))


def begun(place: Place, clock: Clock, name: str) -> int:
    """Begin a process of an office; gives back its number."""
    pid = os.fork()
    if pid:
        return pid
    try:
        _work(place, clock, name, os.getppid())
    except BaseException:  # noqa: BLE001 (it is told by whoever waits for it)
        place.failure.write_text(traceback.format_exc())
    finally:
        os._exit(1)


def _work(place: Place, clock: Clock, name: str, driver: int) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    for name_of in ("apscheduler", "asyncio", "psycopg", "psycopg.pool"):
        logging.getLogger(name_of).setLevel(logging.CRITICAL)
    sweeping.AT_ONCE = 4  # a sweep is to have several transactions
    site = Site(place)
    log = Log(place.log(name))
    jobs = jobs_at(site, clock.now, f"{name}-{os.getpid()}", log)
    engine = _engine(name, Loud(jobs, log), site)
    engine.start()
    while os.getppid() == driver:
        time.sleep(0.2)


def _engine(name: str, jobs: Loud, site: Site) -> Engine:
    if name.startswith(SERVER):
        return Embedded(jobs, Every(tick=0.3, deliver=0.2, look=3))
    pace = Pace(tick=1, deliver=1, look=3, reap=1, heartbeat=0.3, stalled=1.0, poll=0.2)
    return Crew(jobs, site.uow, site.engine.url, pace=pace)
