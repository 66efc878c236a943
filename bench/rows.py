"""The rows of the measurements, by id: a later issue adds its line here and a module `bench/pN.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench import p1, p2, p3, p4, p5, p6, p9
from bench.measuring import Measured


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what is measured, against whom, and how. A peer is imported only when its row runs."""

    work: str
    peer: str
    measure: Callable[[], Measured]


ROWS: dict[str, Row] = {
    "P1": Row("fold and plan of a case with 60 events", "SpiffWorkflow, 60 steps", p1.measure),
    "P2": Row("one event recorded, durable", "the same rows by the bare driver", p2.measure),
    "P3": Row("the daily sweep", "set-based SQL by the bare driver, and P1", p3.measure),
    "P4": Row("a reminder planned, sent, recorded", "queues with one job a reminder", p4.measure),
    "P5": Row("a worklist over HTTP", "a bare FastAPI route, and a SQLModel session", p5.measure),
    "P6": Row("sync of a phone over a poor line", "the same as compact JSON, gzip", p6.measure),
    "P9": Row("a phone's list, four times slowed down", "what one waits at a door", p9.measure),
}
