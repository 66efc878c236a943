"""
P5: a worklist of thirty rows over HTTP, beside a bare FastAPI route and a SQLModel session.

Ours: `GET /api/v1/me/worklist?limit=30` by a worker's token, whole: who asks, what they reach, what is owed,
names opened, fields as their role may read them. Bare: the same statements with the same values by the bare
driver, in a `def` route of a plain FastAPI application that returns the rows. ORM: a SQLModel session with
`response_model`, in a `def` route. Uvicorn, real sockets, 32 connections that ask again as soon as they are
answered, from a program of their own. Ours and the bare one take turns in one server that is started as
`guitu serve` is; the ORM's is another one, as its manual starts it, with as many threads: what `api.memory`
does for a server is ours, and makes that one twice as fast (said in decision 0030).

Then the same list in a county of a thousand cases and in one of a hundred thousand, by two servers in turn.
With GUITU_BENCH_FULL=1 the hundred thousand are a million.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from api.settings import Settings
from bench.desks import Reader, fill
from bench.measuring import (
    Figure,
    Measured,
    additions_a_second,
    interleaved,
    ratios,
    shown,
)
from bench.reading import Read, Readers, Wanted, readers
from bench.served import BARE, ORM, OURS, Place, Server, served
from bench.stores import Store, stores
from workflow.store.keyring import KeyRing

OF_BARE, OF_ORM, P99_MS, GROWTH = 0.6, 4, 50, 1.3


@dataclass(frozen=True, slots=True)
class Size:
    """How many cases in a small county and a large one, connections, threads, seconds a turn, and rounds."""

    few: int = 1_000
    many: int = 100_000
    connections: int = 32
    threads: int = Settings.model_fields["threads"].default
    seconds: float = 2.0
    rounds: int = 5


def measure() -> Measured:
    """Four figures a database."""
    full = os.environ.get("GUITU_BENCH_FULL") == "1"
    with stores() as found:
        return measured(found, replace(Size(), many=1_000_000) if full else Size())


def measured(found: Sequence[Store], size: Size) -> Measured:
    """The same on these databases, at this size."""
    figures: list[Figure] = []
    remarks: list[str] = []
    with readers() as program:
        for store in found:
            part = _measured(store, program, size)
            figures += part.figures
            remarks += part.remarks
    speed = shown(additions_a_second() / 1e6)
    return Measured(tuple(figures), (*remarks, f"the machine: {speed} million additions a second"))


def _measured(store: Store, program: Readers, size: Size) -> Measured:
    with _county(store, program, size, size.few) as few:
        each = [_Side(few, path) for path in (OURS, BARE, ORM)]
        for one in each:
            one.warm()
        ours, bare, orm = interleaved(*each, rounds=size.rounds)
        with _county(store, program, size, size.many) as many:
            large = _Side(many, OURS)
            large.warm()
            small = _Side(few, OURS)
            grown = interleaved(large, small, rounds=size.rounds)
    name = store.name
    figures = (
        Figure(f"{name}_of_bare", ratios(ours, bare), OF_BARE),
        Figure(f"{name}_of_orm", ratios(ours, orm), OF_ORM),
        Figure(f"{name}_p99", each[0].p99, P99_MS, "ms", at_most=True),
        Figure(f"{name}_growth", ratios(grown[1], grown[0]), GROWTH, at_most=True),
    )
    remarks = (
        *(f"{name}: {one.name} {one.line}" for one in each),
        f"{name}: at {size.many:,} cases {large.line}, at {size.few:,} {small.line}",
    )
    return Measured(figures, remarks)


@dataclass
class _County:
    """A county that is served."""

    server: Server
    plain: Server
    reader: Reader
    program: Readers
    size: Size

    def behind(self, path: str) -> Server:
        """The server that answers it."""
        return self.plain if path == ORM else self.server

    def read(self, path: str, seconds: float) -> Read:
        """The list, by all connections at once."""
        asked = Wanted(
            self.behind(path).port, path, self.reader.token, self.size.connections, seconds
        )
        return self.program.read(asked)


class _Side:
    """One of the three, in one county; remembers what it gave."""

    def __init__(self, county: _County, path: str) -> None:
        self._county, self._path = county, path
        self.name = {OURS: "ours", BARE: "bare", ORM: "orm"}[path]
        self.p99: tuple[float, ...] = ()
        self._reads: list[Read] = []
        self._spent: list[float] = []

    def warm(self) -> None:
        """Statements worded and prepared, connections made, names opened."""
        self._county.read(self._path, self._county.size.seconds / 2)

    def __call__(self, number: int) -> float:
        """Answers a second."""
        server = self._county.behind(self._path)
        before = server.spent()
        found = self._county.read(self._path, self._county.size.seconds)
        self._spent.append(1000 * (server.spent() - before) / len(found.took))
        self._reads.append(found)
        self.p99 += (found.within(0.99),)
        return found.rate

    @property
    def line(self) -> str:
        """Answers a second, what half and what ninety-nine in a hundred stay within, and the server's CPU."""
        rate = statistics.median(read.rate for read in self._reads)
        half = statistics.median(read.within(0.5) for read in self._reads)
        late, spent = statistics.median(self.p99), statistics.median(self._spent)
        return (
            f"{shown(rate)} a second (half within {shown(half)} ms, 99 in 100 within {shown(late)} ms,"
            f" {shown(spent)} ms of CPU each)"
        )


@contextmanager
def _county(store: Store, program: Readers, size: Size, cases: int) -> Iterator[_County]:
    engine, ring = store.new(), KeyRing.generate()
    reader = fill(engine, ring, cases)
    url = engine.url.render_as_string(hide_password=False)
    engine.dispose()
    place = Place(url, ring.text, size.threads)
    with served(place) as server, served(replace(place, settled=False)) as plain:
        yield _County(server, plain, reader, program, size)
    store.drop(engine)
