"""Where the cases are read and written. The scope of a caller lies here and nowhere else."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from workflow.store.events import first_link
from workflow.store.many import Updating, Values
from workflow.store.reach import Reach, within
from workflow.store.statements import Order, Question, Statement, carry_out
from workflow.store.tables import (
    CaseRow,
    Found,
    OfficeRow,
    OutlookRow,
    PlacementRow,
    RunFailureRow,
    StampRow,
    StayRow,
    table_of,
)

CASES, STAYS, STAMPS = table_of(CaseRow), table_of(StayRow), table_of(StampRow)
PLACEMENTS, OUTLOOKS, OFFICES = (
    table_of(PlacementRow),
    table_of(OutlookRow),
    table_of(OfficeRow),
)
FAILURES = table_of(RunFailureRow)
SWEPT_THROUGH = "swept_through"
DATES = ("projected_on", "next_change_on", "ended_on", "team_since")
"""What projecting writes into the row of a case."""
_SWEPT = select(STAMPS.c.value).where(STAMPS.c.key == SWEPT_THROUGH).scalar_subquery()
_FILE = select(CASES, _SWEPT.label(SWEPT_THROUGH))
_TO_WRITE = CASES.c.id.in_(bindparam("ids", expanding=True))
_MANY_TO_WRITE = (
    _FILE.where(_TO_WRITE).order_by(CASES.c.id).with_for_update(of=CASES, key_share=True)
)
_WAITING = (
    select(CASES, _SWEPT.label(SWEPT_THROUGH), OUTLOOKS.c.basis, OUTLOOKS.c.content)
    .outerjoin(OUTLOOKS, OUTLOOKS.c.case_id == CASES.c.id)
    .where(_TO_WRITE, CASES.c.next_change_on <= bindparam("of_day"))
    .order_by(CASES.c.id)
    .with_for_update(of=CASES, key_share=True)
)
_RECORDED = Statement(
    update(CASES)
    .where(and_(CASES.c.id == bindparam("of_id"), CASES.c.version == bindparam("seen")))
    .values({name: bindparam(f"new_{name}") for name in ("version", "chain", *DATES)})
)
_SET_DATES = Updating(CASES, ("id", *DATES), keys=1)
Place = tuple[date, UUID]


def find(
    session: Session, case_id: UUID, reach: Reach | None = None, *, to_write: bool = False
) -> Found | None:
    """
    The case's row, or None where there is none of that id within reach.

    Args:
        to_write: nobody else records on it until this transaction ends.
    """
    return session.execute(_one(reach, to_write), {"of_id": case_id}).first()


@lru_cache(maxsize=1 << 10)
def _to_write(reach: Reach | None) -> Statement:
    return Statement(_one(reach, to_write=True))


def to_write(case_id: UUID, reach: Reach | None = None) -> Question:
    """The question that `find` puts to write on it, to be asked together with others, and first."""
    return _to_write(reach), {"of_id": case_id}


@lru_cache(maxsize=1 << 10)
def _one(reach: Reach | None, to_write: bool) -> Select[Any]:
    """The question after one case, made once for all who reach the same."""
    query = _FILE.where(CASES.c.id == bindparam("of_id"))
    if to_write:
        query = query.with_for_update(of=CASES, key_share=True)
    return query if reach is None else query.where(within(reach))


def find_many(session: Session, case_ids: Collection[UUID]) -> Sequence[Found]:
    """The rows of several cases; nobody else records on them until this transaction ends."""
    return session.execute(_MANY_TO_WRITE, {"ids": list(case_ids)}).all()


def look_at(session: Session, case_ids: Collection[UUID]) -> Sequence[Found]:
    """The rows of several cases, to be read only, in the order of their ids."""
    query = _FILE.where(_TO_WRITE).order_by(CASES.c.id)
    return session.execute(query, {"ids": list(case_ids)}).all()


def waiting(session: Session, case_ids: Collection[UUID], day: date) -> Sequence[Found]:
    """Of several cases those whose day has come, held as by `find_many`, with their outlook where there is one."""
    return session.execute(_WAITING, {"ids": list(case_ids), "of_day": day}).all()


def add(session: Session, case_id: UUID, **values: Any) -> None:
    """Write a new case down, to be looked at on the day it was opened."""
    row = {
        "id": case_id,
        "subject_id": values["person_id"],
        "follows_id": None,
        "office_id": None,
        "projected_on": None,
        "next_change_on": values["opened_on"],
        "ended_on": None,
        "team_since": None,
        "version": 0,
        "chain": first_link(case_id),
        **values,
    }
    session.execute(insert(CASES), [row])


def of_subject(session: Session, subject_id: UUID) -> Sequence[Found]:
    """Every case of a person, merges counted, the latest opened first."""
    query = select(CASES).where(CASES.c.subject_id == subject_id)
    return session.execute(query.order_by(CASES.c.opened_on.desc(), CASES.c.id.desc())).all()


def to_count(case_id: UUID, seen: int, *, chain: bytes, dates: Sequence[date | None]) -> Order:
    """
    One recording is to be counted; no row is touched where somebody else recorded since this version was seen.

    Args:
        dates: the `DATES` that the case has after it, in their order.
    """
    named = dict(zip((f"new_{name}" for name in DATES), dates, strict=True))
    counted = {"new_version": seen + 1, "new_chain": chain}
    return _RECORDED, [{"of_id": case_id, "seen": seen, **counted, **named}]


def set_values(session: Session, case_id: UUID, **values: Any) -> None:
    """Write some columns of one case."""
    session.execute(update(CASES).where(CASES.c.id == case_id).values(values))


def set_dates(session: Session, rows: Sequence[Values]) -> None:
    """Write the `DATES` of several cases, each behind its id."""
    carry_out(session, [to_set_dates(rows)])


def to_set_dates(rows: Sequence[Values]) -> Order:
    """The same, to be written together with others."""
    return _SET_DATES, rows


def due_on(
    session: Session,
    day: date,
    limit: int | None = None,
    *,
    after: Place | None = None,
    division: str | None = None,
) -> Sequence[Place]:
    """
    When and which: the cases whose rows the calendar may have changed by a day, those that wait longest first.

    Args:
        after: where an earlier question ended; what stands before it is not asked for again.
        division: only those of the offices of one county.
    """
    query = select(CASES.c.next_change_on, CASES.c.id).where(CASES.c.next_change_on <= day)
    if division is not None:
        of_county = select(OFFICES.c.id).where(OFFICES.c.division == division)
        query = query.where(CASES.c.office_id.in_(of_county))
    if after is not None:
        same = and_(CASES.c.next_change_on == after[0], CASES.c.id > after[1])
        query = query.where(or_(CASES.c.next_change_on > after[0], same))
    ordered = query.order_by(CASES.c.next_change_on, CASES.c.id).limit(limit)
    return [(row.next_change_on, row.id) for row in session.execute(ordered)]


def any_due_on(session: Session, day: date, *, but_failed_in: UUID | None = None) -> bool:
    """
    Whether there is such a case.

    Args:
        but_failed_in: those that this run could not do are left out, however many they are.
    """
    query = select(CASES.c.id).where(CASES.c.next_change_on <= day).limit(1)
    if but_failed_in is not None:
        tried = and_(FAILURES.c.run_id == but_failed_in, FAILURES.c.case_id == CASES.c.id)
        query = query.where(~exists().where(tried).correlate(CASES))
    return session.execute(query).first() is not None


def divisions_due_on(session: Session, day: date) -> Sequence[str]:
    """The counties whose offices have such cases."""
    query = select(OFFICES.c.division).join(CASES, CASES.c.office_id == OFFICES.c.id).distinct()
    query = query.where(CASES.c.next_change_on <= day).order_by(OFFICES.c.division)
    return session.execute(query).scalars().all()


def count_due_on(session: Session, day: date) -> int:
    """How many these are in all."""
    query = select(func.count()).where(CASES.c.next_change_on <= day)
    return int(session.execute(query).scalar() or 0)


def next_due(session: Session) -> date | None:
    """The first day on which the calendar can change rows of any case."""
    waiting = CASES.c.next_change_on.is_not(None)  # the index has no others
    return session.execute(select(func.min(CASES.c.next_change_on)).where(waiting)).scalar()


def any_known(session: Session) -> bool:
    """Whether there is any case at all."""
    return session.execute(select(CASES.c.id).limit(1)).first() is not None


def ever_within(
    session: Session,
    reach: Reach,
    known_at: datetime | None,
    *,
    now: Reach | None = None,
    limit: int | None = None,
) -> Sequence[UUID]:
    """
    Every case that was ever with one of these offices, or in reach of this helper; who asks about then sifts.

    Args:
        now: only those that are within this reach now.
    """
    placed = select(PLACEMENTS.c.case_id).where(PLACEMENTS.c.office_id.in_(reach.offices))
    if known_at is not None:
        placed = placed.where(PLACEMENTS.c.recorded_at <= known_at)
    found: ColumnElement[bool] = CASES.c.id.in_(placed)
    if reach.helper is not None:
        found = or_(found, CASES.c.office_id.is_not(None))
    if reach.unplaced:
        found = or_(found, CASES.c.office_id.is_(None))
    query = select(CASES.c.id).where(found).order_by(CASES.c.id).limit(limit)
    if now is not None:
        query = query.where(within(now))
    return session.execute(query).scalars().all()
