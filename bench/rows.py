"""The rows of the measurements, by id: a later issue adds its line here and a module `bench/pN.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench import p1
from bench.measuring import Measured


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what is measured, against whom, and how. A peer is imported only when its row runs."""

    work: str
    peer: str
    measure: Callable[[], Measured]


ROWS: dict[str, Row] = {
    "P1": Row("fold and plan of a case with 60 events", "SpiffWorkflow, 60 steps", p1.measure),
}
