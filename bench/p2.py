"""
P2: recording one event, durably, beside the bare driver that writes the same rows.

Ours: `record`, one request with one event in a transaction of its own, on a case of twenty-odd
events, as the API calls it: reach, the case opened with the person's key, judged, sealed, chained,
projected, committed to the disk. Theirs: the statements that ours sent, less what it read, with the
same bytes, by `sqlite3` and `psycopg`, prepared, in one transaction. Each side has a copy of the same
database; both are timed by the clock on the wall, because they wait for the disk.

Then eight write at once, each on cases of its own, as fast as they can and without a pause, to one server:
it has its memory set apart, and as many of them are at work as it has threads, in the order in which they
came; the waiting counts. By then every core is busy, so that a record takes what all eight take, shared among
the cores. A round has two hundred records: of sixty, one in a hundred is none, and the slowest of all was
taken for it. What the bare driver takes in the same crowd is a remark, and so is what eight programs take that
share a PostgreSQL and two cores: there the system, and nobody's order, says whose turn it is.
"""

from __future__ import annotations

import multiprocessing
import statistics
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Engine, event

from api import memory
from api.settings import Settings
from bench.admission import Admission
from bench.counties import YOUNG, County, Course, Request, request_of, settle, young_courses
from bench.measuring import (
    ROUNDS,
    Figure,
    Measured,
    additions_a_second,
    interleaved,
    ratios,
    shown,
)
from bench.stores import Store, stores
from workflow.store.engine import make_engine
from workflow.store.keyring import KeyRing

GOALS = {"sqlite": 1 / 8, "postgres": 1 / 4}
LIMIT_MS = 20
WRITES = ("INSERT", "UPDATE", "DELETE")

Statement = tuple[str, Any, bool]
"""What a driver is handed: the words, the values, and whether these are for many runs."""
Done = TypeVar("Done", Request, "list[Statement]")


@dataclass(frozen=True, slots=True)
class Size:
    """How many courses (and cases a round), rounds, writers, cases that each writer has, threads of a server."""

    courses: int = 32
    rounds: int = ROUNDS
    writers: int = 8
    each: int = 25
    threads: int = Settings.model_fields["threads"].default


def measure() -> Measured:
    """Two figures a database."""
    with stores() as found:
        return measured(found, Size())


def measured(found: Sequence[Store], size: Size) -> Measured:
    """The same on these databases, at this size."""
    courses = young_courses(size.courses, size.rounds + 1)
    figures: list[Figure] = []
    remarks = [f"cases of {YOUNG} to {YOUNG + size.rounds} events, one event a request"]
    for store in found:
        here = _Here.made(store, courses, size)
        for part in (here.alone(), here.crowded()):
            figures.append(part[0])
            remarks.append(part[1])
        if store.name != "sqlite":
            remarks.append(here.in_programs())
        here.leave()
    speed = shown(additions_a_second() / 1e6)
    return Measured(tuple(figures), (*remarks, f"the machine: {speed} million additions a second"))


@dataclass(slots=True)
class _Here:
    """
    One kind of database, and what is to be recorded there.

    Args:
        requests: by round, one a case; the first cases are for one writer alone.
        statements: what recording each of them writes.
    """

    store: Store
    size: Size
    base: Engine
    ring: KeyRing
    requests: list[list[Request]]
    statements: list[list[list[Statement]]]

    @classmethod
    def made(cls, store: Store, courses: Sequence[Course], size: Size) -> _Here:
        """Lay the cases in, and see once what recording on them writes."""
        base, ring = store.new(), KeyRing.generate()
        copies = 1 + -(-size.writers * size.each // size.courses)
        ids = settle(County.at(base, ring), [course[:YOUNG] for course in courses], copies)
        requests = [_round(ids, courses, number) for number in range(size.rounds + 1)]
        copy = store.copy(base)
        statements = _written(County.at(copy, ring), requests)
        store.drop(copy)
        return cls(store, size, base, ring, requests, statements)

    def leave(self) -> None:
        self.store.drop(self.base)

    # -------------------------------------------------------------- alone

    def alone(self) -> tuple[Figure, str]:
        """One writer: how many a second, beside the bare driver."""
        mine, other = self.store.copy(self.base), self.store.copy(self.base)
        county, bare = County.at(mine, self.ring), self.store.bare(other)
        own = slice(0, self.size.courses)

        def ours(number: int) -> float:
            return _rate(county.record, self.requests[number + 1][own])

        def theirs(number: int) -> float:
            return _rate(_replay(self.store, bare), self.statements[number + 1][own])

        ours(-1), theirs(-1)  # statements compiled and prepared
        found, peer = interleaved(ours, theirs, rounds=self.size.rounds)
        bare.close()
        for engine in (mine, other):
            self.store.drop(engine)
        name = self.store.name
        remark = f"{name}: {_middle(found)} recorded; bare driver: {_middle(peer)}"
        return Figure(f"{name}_rate", ratios(found, peer), GOALS[name]), remark

    # -------------------------------------------------------------- in a crowd

    def crowded(self) -> tuple[Figure, str]:
        """Eight writers: the slowest of a hundred, a round."""
        mine, other = self.store.copy(self.base), self.store.copy(self.base)
        ours = _in_threads(mine, self.ring, self._each(self.requests), self.size.threads)
        theirs = _bare_threads(self.store, other, self._each(self.statements))
        for engine in (mine, other):
            self.store.drop(engine)
        name = self.store.name
        own = tuple(1000 * _late(round_) for round_ in ours[1:])
        peer = 1000 * statistics.median(_late(round_) for round_ in theirs[1:])
        remark = (
            f"{name}: {self.size.writers} writers at once: half within {_half(ours)} ms;"
            f" bare driver in threads: 99 in 100 within {shown(peer)} ms"
        )
        return Figure(f"{name}_p99", own, LIMIT_MS, "ms", at_most=True), remark

    def in_programs(self) -> str:
        """The same by as many programs."""
        mine = self.store.copy(self.base)
        found = _in_processes(mine, self.ring, self._each(self.requests))
        self.store.drop(mine)
        late = 1000 * statistics.median(_late(round_) for round_ in found[1:])
        return (
            f"{self.store.name}: {self.size.writers} programs at once: half within {_half(found)} ms,"
            f" 99 in 100 within {shown(late)} ms"
        )

    def _each(self, rounds: Sequence[Sequence[Done]]) -> list[list[list[Done]]]:
        """What each writer has to do, by round."""
        return [self._of(rounds, writer) for writer in range(self.size.writers)]

    def _of(self, rounds: Sequence[Sequence[Done]], writer: int) -> list[list[Done]]:
        """What one writer has to do, by round."""
        first = self.size.courses + writer * self.size.each
        return [list(round_[first : first + self.size.each]) for round_ in rounds]


def _round(ids: Sequence[UUID], courses: Sequence[Course], number: int) -> list[Request]:
    pairs = zip(ids, cycle(courses), strict=False)
    return [request_of(case_id, course[YOUNG + number]) for case_id, course in pairs]


def _written(county: County, rounds: Sequence[Sequence[Request]]) -> list[list[list[Statement]]]:
    """What the driver is handed to write each request down."""
    current: list[Statement] = []

    def note(
        connection: Any, cursor: Any, words: str, values: Any, context: Any, many: bool
    ) -> None:
        if words.lstrip().startswith(WRITES):
            current.append((words, values, many))

    event.listen(county.engine, "before_cursor_execute", note)
    found: list[list[list[Statement]]] = []
    for requests in rounds:
        found.append([])
        for request in requests:
            county.record(request)
            found[-1].append([*current])
            current.clear()
    return found


def _replay(store: Store, bare: Any) -> Callable[[list[Statement]], None]:
    """Writes the same with the driver alone."""
    cursor = bare.cursor()
    begin = "BEGIN IMMEDIATE" if store.name == "sqlite" else "BEGIN"

    def write(statements: list[Statement]) -> None:
        cursor.execute(begin)
        for words, values, many in statements:
            (cursor.executemany if many else cursor.execute)(words, values)
        cursor.execute("COMMIT")

    return write


def _timed(write: Callable[[Done], None], todo: Iterable[Done]) -> list[float]:
    """Seconds that each took."""
    found = []
    for one in todo:
        begun = time.perf_counter()
        write(one)
        found.append(time.perf_counter() - begun)
    return found


def _rate(write: Callable[[Done], None], todo: Sequence[Done]) -> float:
    return len(todo) / sum(_timed(write, todo))


def _late(latencies: Sequence[float]) -> float:
    """What ninety-nine in a hundred stay within."""
    ordered = sorted(latencies)
    return ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]


def _half(rounds: Sequence[Sequence[float]]) -> str:
    """What half of them stay within, in milliseconds."""
    return shown(1000 * statistics.median(each for round_ in rounds[1:] for each in round_))


def _middle(rates: Sequence[float]) -> str:
    rate = statistics.median(rates)
    return f"{shown(1000 / rate)} ms ({shown(rate)} a second)"


# ------------------------------------------------------------------ several at once


def _in_threads(
    engine: Engine, ring: KeyRing, writers: Sequence[list[list[Request]]], at_work: int
) -> list[list[float]]:
    """By round, what each record took, written in this program, by so many at a time."""
    county, admission = County.at(engine, ring), Admission(at_work)

    def record(request: Request) -> None:
        with admission.let_in():
            county.record(request)

    with memory.settled():
        return _threads([(record, rounds) for rounds in writers])


def _bare_threads(
    store: Store, engine: Engine, writers: Sequence[list[list[list[Statement]]]]
) -> list[list[float]]:
    """The same by the bare driver, a connection each."""
    each = [store.bare(engine) for _ in writers]
    try:
        return _threads(
            [(_replay(store, one), todo) for one, todo in zip(each, writers, strict=True)]
        )
    finally:
        for one in each:
            one.close()


def _threads(writers: Sequence[tuple[Callable[[Any], None], list[list[Any]]]]) -> list[list[float]]:
    rounds = len(writers[0][1])
    found: list[list[float]] = [[] for _ in range(rounds)]
    together = threading.Barrier(len(writers))

    def work(write: Callable[[Any], None], todo: list[list[Any]]) -> None:
        for number, requests in enumerate(todo):
            together.wait()
            found[number] += _timed(write, requests)

    threads = [threading.Thread(target=work, args=each) for each in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _in_processes(
    engine: Engine, ring: KeyRing, writers: Sequence[list[list[Request]]]
) -> list[list[float]]:
    """By round, what each record took, written by as many programs."""
    url = engine.url.render_as_string(hide_password=False)
    begin = multiprocessing.get_context("spawn")
    together, told = begin.Barrier(len(writers)), begin.SimpleQueue()
    found: list[list[float]] = [[] for _ in writers[0]]
    programs = [
        begin.Process(target=_program, args=(url, ring.text, rounds, together, told))
        for rounds in writers
    ]
    for program in programs:
        program.start()
    for _ in range(len(writers) * len(found)):
        number, latencies = told.get()
        found[number] += latencies
    for program in programs:
        program.join()
    return found


def _program(url: str, key: str, rounds: list[list[Request]], together: Any, told: Any) -> None:
    county = County.at(make_engine(url), KeyRing.parse(key))
    memory.settle()
    for number, requests in enumerate(rounds):
        together.wait()
        told.put((number, _timed(county.record, requests)))
    county.engine.dispose()
