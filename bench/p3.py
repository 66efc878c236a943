"""
P3: the daily sweep, on SQLite and PostgreSQL: telling, re-projecting, and a day with nothing due.

Telling: `rungs.tell_due` and its commit, beside the bare driver that moves the same number of rows
into the same table by one `INSERT ... SELECT` of what is due, which asks nothing else. 100,000 open
cases, each with three rungs, of which one case in a hundred has one that day; the sides take days in turn.

Re-projecting: a whole `sweep` of a day that has come for 384 cases of sixty events, in each of which a
window opens or has passed: held, moved on by what the last sweep knew ahead (decision 0023), what differs
written, told, committed. Beside it `fold` and `plan` of the same cases for the same day, which is what P1
measures. CPU seconds, of this process and of the server's too, so that both are what one core does. What it
costs where nothing is known ahead, as after a recording, is printed as a remark: then each case is read,
opened with the person's key, folded, planned, compared with its rows, written, told, committed.

Nothing due: a whole `sweep` by the clock on the wall, at 1,000 cases and at 100,000, where no case's day
has come and no rung falls on it. With GUITU_BENCH_FULL=1 the hundred thousand are a million.
"""

from __future__ import annotations

import os
import pickle
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from bench.counties import DUE, County, Course, due_courses, settle
from bench.measuring import (
    ROUNDS,
    Figure,
    Measured,
    additions_a_second,
    cpu_seconds,
    interleaved,
    ratios,
    shown,
)
from bench.multitudes import EMPTY, TOLD, fill
from bench.stores import Store, stores
from workflow.rules.fold import fold
from workflow.rules.history import History, history_of
from workflow.rules.plan import plan
from workflow.rules.terms import DAY
from workflow.services.calendars import work_days
from workflow.services.clock import Instant
from workflow.services.packs import load_pack
from workflow.services.sweeping import RunReport, sweep
from workflow.store import outlooks, rungs
from workflow.store.keyring import KeyRing
from workflow.store.statements import carry_out

TELL, PROJECT, IDLE_MS, GROWTH = 1 / 3, 0.6, 50, 2


@dataclass(frozen=True, slots=True)
class Size:
    """How many courses, copies of each, rounds, days a round, and cases in a small county and a large one."""

    courses: int = 24
    copies: int = 16
    rounds: int = ROUNDS
    days: int = 4
    few: int = 1_000
    many: int = 100_000


def measure() -> Measured:
    """Four figures a database."""
    full = os.environ.get("GUITU_BENCH_FULL") == "1"
    with stores() as found:
        return measured(found, replace(Size(), many=1_000_000) if full else Size())


def measured(found: Sequence[Store], size: Size) -> Measured:
    """The same on these databases, at this size."""
    courses = due_courses(size.courses)
    figures: list[Figure] = []
    remarks: list[str] = []
    for store in found:
        for part in (_project(store, courses, size), _tell_and_wait(store, size)):
            figures += part.figures
            remarks += part.remarks
    speed = shown(additions_a_second() / 1e6)
    return Measured(tuple(figures), (*remarks, f"the machine: {speed} million additions a second"))


# ------------------------------------------------------------------ re-projecting


@dataclass
class _Projecting:
    """Cases whose day has come, in a database that each round copies, and their histories alone."""

    store: Store
    base: Engine
    ring: KeyRing
    histories: bytes
    ids: list[UUID]

    def folded(self, number: int) -> float:
        """Cases a second: a whole sweep where nothing is known ahead of any of them."""
        return self.swept(number, known_ahead=False)

    def swept(self, number: int, *, known_ahead: bool = True) -> float:
        """Cases a second: a whole sweep."""
        engine = self.store.copy(self.base)
        county = County.at(engine, self.ring)
        with county.uow() as uow:  # connected, its tables known to the driver
            assert county.packs.find(uow, _policy(uow)) is not None
            if not known_ahead:
                carry_out(uow.session, [outlooks.to_drop(self.ids)])
        reports: list[RunReport] = []
        before = self.store.served(engine)
        spent = cpu_seconds(lambda: reports.append(_sweep(county, DUE)))
        spent += self.store.served(engine) - before
        self.store.drop(engine)
        (report,) = reports
        assert (report.cases, report.failures) == (len(self.ids), ())
        assert report.rows >= len(self.ids)
        return len(self.ids) / spent

    def reckoned(self, number: int) -> float:
        """Cases a second: fold and plan alone, of histories as if just read."""
        histories: list[History] = pickle.loads(self.histories)  # noqa: S301 - written below
        pack, calendar = load_pack("cn-national"), work_days()

        def reckon() -> None:
            for one in histories:
                plan(fold(one, pack, calendar, DUE), whole=False)

        return len(histories) / cpu_seconds(reckon)


def _policy(uow: Any) -> str:
    return str(uow.session.connection().exec_driver_sql("SELECT policy FROM cases").scalar())


def _project(store: Store, courses: Sequence[Course], size: Size) -> Measured:
    base, ring = store.new(), KeyRing.generate()
    county = County.at(base, ring)
    ids = settle(county, courses, size.copies)
    county.swept_before(DUE)
    histories = pickle.dumps([history_of(course) for course in courses] * size.copies)
    work = _Projecting(store, base, ring, histories, ids)
    sides = (work.swept, work.reckoned, work.folded)
    for side in sides:
        side(-1)  # statements compiled, grids of windows kept
    found, reckoned, folded = interleaved(*sides, rounds=size.rounds)
    store.drop(base)
    remark = (
        f"{store.name}: a case re-projected {_ms(found)}, folded and planned alone {_ms(reckoned)},"
        f" CPU of one core; with nothing known ahead {_ms(folded)},"
        f" which is {shown(statistics.median(ratios(folded, reckoned)))} of that rate"
    )
    figure = Figure(f"{store.name}_project", ratios(found, reckoned), PROJECT)
    return Measured((figure,), (remark,))


# ------------------------------------------------------------------ telling, and nothing to tell


def _tell_and_wait(store: Store, size: Size) -> Measured:
    with _filled(store, size.few) as few, _filled(store, size.many) as many:
        idle_few, idle_many = interleaved(
            _idle(few, size.days), _idle(many, size.days), rounds=size.rounds
        )
        days = (TOLD + timedelta(days=number) for number in count())
        bare = store.bare(many.engine)
        ours, peer = interleaved(
            lambda _: _told(size, days, lambda day: _tell(many, day)),
            lambda _: _told(size, days, lambda day: _move(store, bare, day)),
            rounds=size.rounds,
        )
        bare.close()
    name = store.name
    figures = (
        Figure(f"{name}_tell", ratios(ours, peer), TELL),
        Figure(f"{name}_idle", idle_many, IDLE_MS, "ms", at_most=True),
        Figure(f"{name}_idle_growth", ratios(idle_many, idle_few), GROWTH, at_most=True),
    )
    remarks = (
        f"{name}: {_a_second(ours)} rungs told a second, {_a_second(peer)} by bare SQL,"
        f" at {size.many:,} cases",
        f"{name}: a day with nothing due takes {shown(statistics.median(idle_few))} ms at"
        f" {size.few:,} cases, {shown(statistics.median(idle_many))} ms at {size.many:,}",
    )
    return Measured(figures, remarks)


@contextmanager
def _filled(store: Store, cases: int) -> Iterator[County]:
    county = County.at(store.new(), KeyRing.generate())
    fill(county.engine, cases)
    try:
        yield county
    finally:
        store.drop(county.engine)


def _idle(county: County, days: int) -> Callable[[int], float]:
    """Milliseconds that the sweep of a day takes on which nothing is due."""
    ahead = (EMPTY + timedelta(days=number) for number in count())
    county.swept_before(EMPTY)

    def idle(_: int) -> float:
        begun = time.perf_counter()
        for _ in range(days):
            report = _sweep(county, next(ahead))
            assert (report.cases, report.notices) == (0, 0)
        return 1000 * (time.perf_counter() - begun) / days

    idle(-1)
    return idle


def _told(size: Size, days: Iterator[date], tell: Callable[[date], int]) -> float:
    """Rungs told a second, on the next few days."""
    begun, told = time.perf_counter(), 0
    for _ in range(size.days):
        found = tell(next(days))
        assert found == size.many // 100
        told += found
    return told / (time.perf_counter() - begun)


def _tell(county: County, day: date) -> int:
    with county.uow() as uow:
        return rungs.tell_due(uow.session, day, day - DAY, Instant.on(day).now)


def _move(store: Store, bare: Any, day: date) -> int:
    """The same rows by the bare driver, in a transaction of its own."""
    at, mark = Instant.on(day).now, "?" if store.name == "sqlite" else "%s"
    told_at = at.strftime("%Y-%m-%d %H:%M:%S.%f") if store.name == "sqlite" else at
    on = day.isoformat() if store.name == "sqlite" else day
    found = bare.execute(
        "INSERT INTO notices (case_id, kind, occurrence, told_on, told_to, role, rung, told_at)"
        f" SELECT case_id, kind, occurrence, told_on, told_to, role, rung, {mark} FROM rungs"
        f" WHERE told_on = {mark}",
        (told_at, on),
    )
    return int(found.rowcount)


def _sweep(county: County, day: date) -> RunReport:
    return sweep(county.uow, packs=county.packs, calendar=None, clock=Instant.on(day))


def _ms(rates: Sequence[float]) -> str:
    return f"{shown(1000 / statistics.median(rates))} ms"


def _a_second(rates: Sequence[float]) -> str:
    return f"{statistics.median(rates):,.0f}"
