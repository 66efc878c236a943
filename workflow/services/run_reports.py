"""
The runs of jobs (定时运行记录): what a sweep did on a day, as known at an instant. One without an end is the alarm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from workflow.store import runs
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class RunView:
    """
    One run.

    Args:
        for_day: the civil day that it was for.
        ended_at: None while it runs, and where it died.
        counts: what it did; empty until its end.
        failures: the cases that it could not do, each with the code of its error.
    """

    id: UUID
    kind: str
    for_day: date
    started_at: datetime
    ended_at: datetime | None
    counts: Mapping[str, int]
    failures: tuple[tuple[UUID, str], ...]


def runs_of(
    uow: UnitOfWork,
    *,
    on: date | None = None,
    known_at: datetime | None = None,
    limit: int = 50,
) -> list[RunView]:
    """
    The last runs, the latest first.

    Args:
        on: only those for this day.
        known_at: as it was at an instant: what had not ended by then had no end yet.
    """
    rows = runs.listed(uow.session, on=on, known_at=known_at, limit=limit)
    failed = runs.failures_of_many(uow.session, [row.id for row in rows], known_at)
    return [_view(row, failed.get(row.id, ()), known_at) for row in rows]


def _view(row: Found, failed: tuple[tuple[UUID, str], ...], known_at: datetime | None) -> RunView:
    ended = row.ended_at
    if ended is not None and known_at is not None and ended > known_at:
        ended = None
    counts = dict(row.counts) if ended is not None else {}
    return RunView(row.id, row.kind, row.for_day, row.started_at, ended, counts, failed)
