"""
P4: one reminder planned, claimed, sent to a channel that leads nowhere and recorded, on PostgreSQL.

Ours: `plan` and `drain` of a morning in one process, from the notices to the ledger: who is told, by which of
their channels at which sealed address, what still stands, the words, the attempt before the wire and its outcome.
`ratio` is a morning as it is, with eight notices in the digest of each person; one on which each notice is a
message of its own, which only statutory duties of a day are, is a remark. Theirs: Procrastinate, DBOS and APScheduler, one job a reminder, handed over and run, in one process each and on the same server; the job does
nothing. By the clock on the wall, since both sides wait for the server; the best of the three counts.

Then two and four workers, processes of their own, send what was planned before, each a message of its own: how
many times the rate of one. And the memory that a hundred thousand notices take from planning to the last record,
each a message of its own.
"""

from __future__ import annotations

import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from api import memory
from bench.measuring import (
    ROUNDS,
    Figure,
    Measured,
    Side,
    additions_a_second,
    interleaved,
    ratios,
    shown,
)
from bench.queues import Apscheduler, Dbos, Procrastinate, Queue, quiet
from bench.reminders import ALONE, DAILY, Morning, fill
from bench.stores import Store, stores
from workflow.store.engine import make_engine
from workflow.store.keyring import KeyRing

RATIO, GROWTH, MEMORY_MB = 20, 1.1, 300
QUEUES: Sequence[Callable[[Any], Queue]] = (Procrastinate, Dbos, Apscheduler)


@dataclass(frozen=True, slots=True)
class Size:
    """
    How many reminders.

    Args:
        ours, theirs: a round of either side; a rate counts, and they are much slower.
        shared: among several `workers`.
        many: whose memory is measured.
    """

    ours: int = 5_000
    theirs: int = 500
    rounds: int = ROUNDS
    shared: int = 20_000
    many: int = 100_000
    workers: tuple[int, ...] = (2, 4)


def measure() -> Measured:
    """Four figures."""
    with stores() as found:
        return measured(found[-1], Size())


def measured(
    store: Store, size: Size, peers: Sequence[Callable[[Any], Queue]] = QUEUES
) -> Measured:
    """The same on this server, at this size, beside these."""
    with quiet():
        beside, remarks = _beside_queues(store, size, peers)
        growth = _with_several(store, size)
        grown = _in_a_process(store, size)
    figures = (
        Figure("ratio", beside, RATIO),
        *(Figure(f"growth_{n}", growth[n], GROWTH) for n in size.workers),
        Figure("memory", (grown,), MEMORY_MB, "MB", at_most=True),
    )
    speed = shown(additions_a_second() / 1e6)
    return Measured(figures, (*remarks, f"the machine: {speed} million additions a second"))


# ------------------------------------------------------------------ beside the peers


def _beside_queues(
    store: Store, size: Size, peers: Sequence[Callable[[Any], Queue]]
) -> tuple[tuple[float, ...], list[str]]:
    ring = KeyRing.generate()
    mornings = [_filled(store, ring, size.ours, kind) for kind in (DAILY, ALONE)]
    homes = [store.new() for _ in peers]
    queues = [make(home) for make, home in zip(peers, homes, strict=True)]
    sides: list[Side] = [
        *(partial(_rate, Morning.at(each, ring), size.ours) for each in mornings),
        *(partial(_rate_of, queue, size.theirs) for queue in queues),
    ]
    for side in sides:
        side(-1)  # statements compiled and prepared
    digests, alone, *theirs = interleaved(*sides, rounds=size.rounds)
    for queue in queues:
        queue.close()
    for engine in (*mornings, *homes):
        store.drop(engine)
    best = tuple(max(each) for each in zip(*theirs, strict=True))
    remarks = [
        f"{shown(statistics.median(digests))} a second in digests",
        f"{shown(statistics.median(alone))} a second, each its own message:"
        f" {shown(statistics.median(ratios(alone, best)))} times the best queue",
    ]
    remarks += [
        f"{queue.name}: {shown(statistics.median(each))} a second"
        for queue, each in zip(queues, theirs, strict=True)
    ]
    return ratios(digests, best), remarks


def _rate_of(queue: Queue, count: int, _: int) -> float:
    return count / queue.run(count)


def _filled(store: Store, ring: KeyRing, notices: int, kind: str) -> Any:
    engine = store.new()
    fill(engine, ring, notices, kind)
    return engine


def _rate(morning: Morning, count: int, _: int) -> float:
    """Reminders a second, from the notices to the ledger."""
    morning.forget()
    begun = time.perf_counter()
    planned, drained = morning.plan(), morning.send()
    took = time.perf_counter() - begun
    assert planned.items == count
    assert drained.sent == planned.messages
    return count / took


# ------------------------------------------------------------------ several workers


def _with_several(store: Store, size: Size) -> dict[int, tuple[float, ...]]:
    """By number of workers, how many times the rate of one."""
    ring = KeyRing.generate()
    base = _filled(store, ring, size.shared, ALONE)
    Morning.at(base, ring).plan()
    rates: dict[int, list[float]] = {workers: [] for workers in (1, *size.workers)}
    for _ in range(max(1, size.rounds // 2)):
        for workers in rates:
            copy = store.copy(base)
            rates[workers].append(_shared(copy.url, ring, workers, size.shared))
            store.drop(copy)
    store.drop(base)
    return {workers: ratios(rate, rates[1]) for workers, rate in rates.items()}


def _shared(url: Any, ring: KeyRing, workers: int, count: int) -> float:
    """Messages a second that so many processes send together, each from its first to its last."""
    begin = multiprocessing.get_context("spawn")
    together, told = begin.Barrier(workers), begin.SimpleQueue()
    address = url.render_as_string(hide_password=False)
    programs = [
        begin.Process(target=_send, args=(address, ring.text, f"w{number}", together, told))
        for number in range(workers)
    ]
    for program in programs:
        program.start()
    found = [told.get() for _ in programs]
    for program in programs:
        program.join()
    assert sum(sent for _, _, sent in found) == count
    took = max(end for _, end, _ in found) - min(start for start, _, _ in found)
    return float(count / took)


def _send(url: str, key: str, worker: str, together: Any, told: Any) -> None:
    morning = Morning.at(make_engine(url), KeyRing.parse(key))
    memory.settle()
    with quiet():
        few = morning.send(worker, batch=1, limit=1).sent  # statements compiled
    together.wait()
    begun = time.time()
    with quiet():
        sent = few + morning.send(worker).sent
    told.put((begun, time.time(), sent))
    morning.county.engine.dispose()


# ------------------------------------------------------------------ memory


def _in_a_process(store: Store, size: Size) -> float:
    """Megabytes by which a process grows that plans and sends very many."""
    ring = KeyRing.generate()
    engine = _filled(store, ring, size.many, ALONE)
    engine.dispose()
    begin = multiprocessing.get_context("spawn")
    told = begin.SimpleQueue()
    address = engine.url.render_as_string(hide_password=False)
    program = begin.Process(target=_grow, args=(address, ring.text, told))
    program.start()
    grown, sent = told.get()
    program.join()
    assert sent == size.many
    store.drop(engine)
    return float(grown)


def _grow(url: str, key: str, told: Any) -> None:
    morning = Morning.at(make_engine(url), KeyRing.parse(key))
    memory.settle()
    morning.connect()
    before = _peak_mb()
    with quiet():
        morning.plan()
        sent = morning.send().sent
    told.put((_peak_mb() - before, sent))
    morning.county.engine.dispose()


def _peak_mb() -> float:
    """
    The most memory that this program ever had.

    Linux says it in /proc: what `getrusage` says there counts the program that started this one too.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(each for each in status.read_text().splitlines() if each.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
