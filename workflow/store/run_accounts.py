"""Where the completeness account of a run is kept and read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.store.many import Inserting
from workflow.store.tables import Found, RunAccountRow, RunRow, table_of

ACCOUNTS, RUNS = table_of(RunAccountRow), table_of(RunRow)
_PUT = Inserting(ACCOUNTS, ("run_id", "made_at", "gap", "counts", "unnamed"), over=("run_id",))


def put(
    session: Session,
    run_id: UUID,
    *,
    made_at: datetime,
    gap: int,
    counts: Mapping[str, Any],
    unnamed: Sequence[UUID],
) -> None:
    """Keep the account of a run, in the place of one that was made of it before."""
    cases = [str(case_id) for case_id in unnamed]
    _PUT.run(session, [(run_id, made_at, gap, dict(counts), cases)])


def of_runs(session: Session, run_ids: Collection[UUID]) -> dict[UUID, Found]:
    """The accounts of several runs; those that have none are left out."""
    query = select(ACCOUNTS, RUNS.c.for_day).join(RUNS, RUNS.c.id == ACCOUNTS.c.run_id)
    return {row.run_id: row for row in session.execute(query.where(ACCOUNTS.c.run_id.in_(run_ids)))}


def latest(session: Session, day: date | None = None) -> Found | None:
    """The account that was made last, of any day or of one."""
    query = select(ACCOUNTS, RUNS.c.for_day).join(RUNS, RUNS.c.id == ACCOUNTS.c.run_id)
    if day is not None:
        query = query.where(RUNS.c.for_day == day)
    ordered = query.order_by(RUNS.c.started_at.desc(), ACCOUNTS.c.made_at.desc())
    return session.execute(ordered.limit(1)).first()
