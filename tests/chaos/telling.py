"""
A run of telling people: servers, workers and the database under them are killed while they sweep, plan and deliver.

What is there afterwards is compared with an office in which nobody disturbs it.
"""

from __future__ import annotations

import os
import signal
import time
from datetime import date, timedelta
from datetime import time as hour_of_day
from pathlib import Path
from random import Random

from notifications.engines.procrastinate_schema import install
from tests import databases
from tests.chaos.crews import SERVER, WORKER, Clock, begun, jobs_at
from tests.chaos.driving import raise_failure, verified
from tests.chaos.heard import Heard
from tests.chaos.offices import TOLD, furnish, rests
from tests.chaos.outcomes import compared, count_deliveries, count_on_the_wire
from tests.chaos.peers import a_peer
from tests.chaos.servers import Server, a_server
from tests.chaos.workplaces import Place, Site
from tests.chaos.writer import lines
from workflow.rules.errors import Unavailable
from workflow.services.clock import Instant
from workflow.store.engine import make_engine
from workflow.store.migrating import migrate

MORNING, LATER, EVENING = hour_of_day(8, 30), hour_of_day(17, 5), hour_of_day(19, 30)
OF_DATABASE = 0.12
"""The share of kills that hit the database's server, where it is our own."""
AIMED, SHORT_S, LONGEST_S, AIM_S = 0.6, 0.15, 0.6, 1.0
"""The share of kills that wait for a tick or a sending, how soon after it they come, the others, and how long they wait."""
KILLS: dict[hour_of_day, tuple[int, int]] = {MORNING: (1, 4), LATER: (0, 1), EVENING: (0, 0)}
"""How many come after each of a day's hours, at the least and at the most."""
PATIENCE_S = 90.0


def run(kind: databases.Kind, kills: int, seed: int, folder: Path) -> Heard:
    """Kill what tells people over one kind of database so often, and say what became of it."""
    since, told = time.monotonic(), Heard(kind)
    wire = folder / "wire.log"
    with a_server(kind, folder) as server, a_peer(wire, seed) as address:
        place, calm = (_a_place(server, folder / name, address) for name in ("killed", "calm"))
        _disturb(place, server, kills, seed, told)
        _live_calmly(calm, told.days)
        _look(place, calm, wire, told)
    told.seconds = time.monotonic() - since
    return told


def _a_place(server: Server, folder: Path, address: str) -> Place:
    folder.mkdir()
    place = Place(server.new_url(folder), folder)
    engine = make_engine(place.url)
    migrate(engine)
    if engine.dialect.name == "postgresql":
        install(engine)
    engine.dispose()
    furnish(place, address)
    return place


def _live_calmly(place: Place, days: int) -> None:
    """The same days, by one process that is left alone."""
    site = Site(place)
    for number in range(days):
        for hour in (MORNING, LATER, EVENING):
            clock = Instant.on(TOLD + number * timedelta(days=1), hour)
            jobs = jobs_at(site, lambda now=clock: now, "calm")  # type: ignore[misc]
            jobs.tick()
            jobs.deliver()
            jobs.close()
    site.engine.dispose()


# ------------------------------------------------------------------ killing


class _Staff:
    """The processes of an office, by name; whoever is killed is begun again at once."""

    def __init__(self, place: Place, clock: Clock, names: list[str]) -> None:
        self.place, self.clock = place, clock
        self.alive = {name: begun(place, clock, name) for name in names}

    def kill(self, name: str) -> list[str]:
        """Gives back what it was at."""
        self._end(name)
        found = self.under_way(name)
        self.alive[name] = begun(self.place, self.clock, name)
        return found

    def stop(self) -> None:
        for name in self.alive:
            self._end(name)

    def _end(self, name: str) -> None:
        os.kill(self.alive[name], signal.SIGKILL)
        _, status = os.waitpid(self.alive[name], 0)
        if not os.WIFSIGNALED(status):
            raise_failure(self.place)

    def under_way(self, name: str) -> list[str]:
        """The jobs that a process has begun and not ended; which of its two engines it is stands before."""
        open_jobs: list[str] = []
        for word, job in lines(self.place.log(name)):
            if word == "begin":
                open_jobs.append(job)
            elif word == "end":
                open_jobs.remove(job)
            else:
                open_jobs.clear()
        return [f"{name.rstrip('0123456789')} {job}" for job in open_jobs]


def _disturb(place: Place, server: Server, kills: int, seed: int, told: Heard) -> None:
    """Day after day until there were enough kills; each day is then brought to its end in peace."""
    chance = Random(f"telling {seed} {told.kind}")
    clock = Clock(place.folder / "clock")
    clock.set(TOLD, MORNING)
    names = [f"{SERVER}1"] + ([f"{WORKER}1", f"{WORKER}2"] if told.kind == "postgres" else [])
    staff = _Staff(place, clock, names)
    try:
        while told.kills < kills:
            day = TOLD + told.days * timedelta(days=1)
            for hour, (least, most) in KILLS.items():
                clock.set(day, hour)
                for _ in range(min(chance.randint(least, most), kills - told.kills)):
                    _strike(staff, server, chance, told)
                _until_all_is_told(place, clock, day)
            told.days += 1
    finally:
        staff.stop()


def _strike(staff: _Staff, server: Server, chance: Random, told: Heard) -> None:
    name = chance.choice([*staff.alive])
    if chance.random() < AIMED:
        _until_begun(staff.place.log(name), chance.choice(["tick", "send"]))
        time.sleep(chance.uniform(0.0, SHORT_S))
    else:
        time.sleep(chance.uniform(0.0, LONGEST_S))
    told.kills += 1
    if server.mortal and chance.random() < OF_DATABASE:
        told.of_server += 1
        told.midst.update(each for one in staff.alive for each in staff.under_way(one))
        server.crash(chance.choice([signal.SIGKILL, signal.SIGQUIT]))
    else:
        told.midst.update(staff.kill(name))


def _until_begun(log: Path, job: str) -> None:
    """Until a process begins a job; not for long, since it may have nothing to do."""
    since, before = time.monotonic(), _count(log, job)
    while _count(log, job) == before and time.monotonic() < since + AIM_S:
        time.sleep(0.005)


def _count(log: Path, job: str) -> int:
    return log.read_text().count(f"begin {job}") if log.exists() else 0


def _until_all_is_told(place: Place, clock: Clock, day: date) -> None:
    """Until nothing of this hour waits any more."""
    since = time.monotonic()
    while True:
        engine = make_engine(place.url)
        try:
            if rests(engine, day, clock.now()):
                return
        except Unavailable:
            pass  # it is being begun again
        finally:
            engine.dispose()
        if time.monotonic() > since + PATIENCE_S:
            raise TimeoutError(f"not everything was told on {day}")
        time.sleep(0.05)


# ------------------------------------------------------------------ looking


def _look(place: Place, calm: Place, wire: Path, told: Heard) -> None:
    killed, undisturbed = Site(place), Site(calm)
    last = TOLD + (told.days - 1) * timedelta(days=1)
    try:
        count_deliveries(killed, told, last)
        count_on_the_wire(killed, undisturbed, wire, told)
        told.faults += compared(killed, undisturbed)
        told.faults += verified(killed)
    finally:
        killed.engine.dispose()
        undisturbed.engine.dispose()
