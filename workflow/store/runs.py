"""Where the runs of jobs are read and written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, func, insert, or_, select, update
from sqlalchemy.orm import Session

from workflow.store.tables import Found, RunFailureRow, RunRow, table_of

SWEEP, COUNTY_SWEEP = "sweep", "county_sweep"
PLANNING, DELIVERY = "planning", "delivery"
"""What a run is called that planned messages apart from a sweep, and one that sent them."""
KINDS = (SWEEP, COUNTY_SWEEP, PLANNING, DELIVERY)

RUNS, FAILURES = table_of(RunRow), table_of(RunFailureRow)


def begin(
    session: Session, run_id: UUID, *, kind: str, for_day: date, started_at: datetime
) -> None:
    """Write down that a run has begun."""
    values = {"id": run_id, "kind": kind, "for_day": for_day, "started_at": started_at}
    session.execute(insert(RUNS), [{**values, "ended_at": None, "counts": {}}])


def end(session: Session, run_id: UUID, *, ended_at: datetime, counts: Mapping[str, int]) -> None:
    """Write down that a run came to its end, and what it did."""
    values = {"ended_at": ended_at, "counts": dict(counts)}
    session.execute(update(RUNS).where(RUNS.c.id == run_id).values(values))


def ended_on(session: Session, day: date, kind: str) -> UUID | None:
    """The last run for a day that came to its end."""
    query = select(RUNS.c.id).where(RUNS.c.kind == kind, RUNS.c.for_day == day)
    query = query.where(RUNS.c.ended_at.is_not(None)).order_by(RUNS.c.started_at.desc())
    return session.execute(query.limit(1)).scalar()


def add_counts(session: Session, run_id: UUID, counts: Mapping[str, int]) -> None:
    """Write down what a run did beside what stands there."""
    there = session.execute(select(RUNS.c.counts).where(RUNS.c.id == run_id)).scalar_one()
    values = {"counts": {**there, **counts}}
    session.execute(update(RUNS).where(RUNS.c.id == run_id).values(values))


def note_failure(
    session: Session, run_id: UUID, case_id: UUID, *, error: str, at: datetime
) -> None:
    """Write down a case that the run could not do."""
    values = {"run_id": run_id, "case_id": case_id, "error": error, "at": at}
    session.execute(insert(FAILURES), [values])


def latest(session: Session, kind: str, count: int = 1) -> Sequence[Found]:
    """The last runs of a kind, the latest first."""
    query = select(RUNS).where(RUNS.c.kind == kind).order_by(RUNS.c.started_at.desc())
    return session.execute(query.limit(count)).all()


def failures_of(session: Session, run_id: UUID) -> Sequence[Found]:
    """The cases that a run could not do."""
    query = select(FAILURES).where(FAILURES.c.run_id == run_id).order_by(FAILURES.c.case_id)
    return session.execute(query).all()


def listed(
    session: Session,
    *,
    on: date | None,
    known_at: datetime | None,
    after: tuple[datetime, UUID] | None = None,
    limit: int,
) -> Sequence[Found]:
    """The last runs that had begun by an instant, for one day or for any; the latest first, from after one of them on."""
    query = select(RUNS)
    if on is not None:
        query = query.where(RUNS.c.for_day == on)
    if known_at is not None:
        query = query.where(RUNS.c.started_at <= known_at)
    if after is not None:
        begun, run_id = after
        same = and_(RUNS.c.started_at == begun, RUNS.c.id < run_id)
        query = query.where(or_(RUNS.c.started_at < begun, same))
    ordered = query.order_by(RUNS.c.started_at.desc(), RUNS.c.id.desc())
    return session.execute(ordered.limit(limit)).all()


def failures_of_many(
    session: Session, run_ids: Collection[UUID], known_at: datetime | None
) -> dict[UUID, tuple[tuple[UUID, str], ...]]:
    """The cases that each of these runs could not do, noted by an instant, with the code of each error."""
    query = select(FAILURES).where(FAILURES.c.run_id.in_(run_ids))
    if known_at is not None:
        query = query.where(FAILURES.c.at <= known_at)
    found: dict[UUID, tuple[tuple[UUID, str], ...]] = {}
    for row in session.execute(query.order_by(FAILURES.c.case_id)):
        found[row.run_id] = (*found.get(row.run_id, ()), (row.case_id, row.error))
    return found


def without_end(session: Session, since: datetime, before: datetime) -> Sequence[Found]:
    """The runs of any kind that began between two instants and have no end, the latest first."""
    query = select(RUNS).where(RUNS.c.ended_at.is_(None))
    query = query.where(RUNS.c.started_at >= since, RUNS.c.started_at < before)
    return session.execute(query.order_by(RUNS.c.started_at.desc())).all()


def days_run(session: Session, kind: str, since: date) -> Sequence[date]:
    """The days from one on for which a run came to its end, in their order."""
    query = select(RUNS.c.for_day).where(RUNS.c.kind == kind, RUNS.c.ended_at.is_not(None))
    query = query.where(RUNS.c.for_day >= since).distinct().order_by(RUNS.c.for_day)
    return session.execute(query).scalars().all()


def days_begun(session: Session, kind: str, since: date) -> Sequence[date]:
    """The days from one on for which a run was begun, whatever became of it."""
    query = select(RUNS.c.for_day).where(RUNS.c.kind == kind, RUNS.c.for_day >= since)
    return session.execute(query.distinct().order_by(RUNS.c.for_day)).scalars().all()


def first_begun(session: Session, day: date, kinds: Collection[str]) -> datetime | None:
    """When the first run of these kinds was begun for a day, whatever became of it."""
    query = select(func.min(RUNS.c.started_at)).where(RUNS.c.for_day == day)
    return session.execute(query.where(RUNS.c.kind.in_(kinds))).scalar()


def first_since(session: Session, since: datetime) -> datetime | None:
    """When the first run of any kind was begun since an instant, whatever became of it."""
    query = select(func.min(RUNS.c.started_at)).where(RUNS.c.started_at >= since)
    return session.execute(query).scalar()


def first_day(session: Session, kind: str) -> date | None:
    """The first day for which there was a run."""
    return session.execute(select(func.min(RUNS.c.for_day)).where(RUNS.c.kind == kind)).scalar()
