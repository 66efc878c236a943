"""Where the cases are read and written. The scope of a caller will lie here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import CursorResult, and_, func, insert, select, update
from sqlalchemy.orm import Session

from workflow.store.tables import CaseRow, Found, PersonRow, StayRow, table_of

CASES, PEOPLE, STAYS = table_of(CaseRow), table_of(PersonRow), table_of(StayRow)


def find(session: Session, case_id: UUID) -> Found | None:
    """The case's row, or None where there is none of that id."""
    return session.execute(select(CASES).where(CASES.c.id == case_id)).first()


def add(
    session: Session, case_id: UUID, *, person_id: UUID, policy: str, team: str, opened_on: date
) -> None:
    """Write a new case down, to be looked at on the day it was opened."""
    values = {"id": case_id, "person_id": person_id, "policy": policy, "team": team}
    dates = {"opened_on": opened_on, "next_change_on": opened_on, "ended_on": None}
    session.execute(insert(CASES), [{**values, **dates, "version": 0}])


def raise_version(session: Session, case_id: UUID, seen: int) -> bool:
    """Count one recording; False where somebody else recorded since this version was seen."""
    mine = and_(CASES.c.id == case_id, CASES.c.version == seen)
    done = session.execute(update(CASES).where(mine).values(version=seen + 1))
    assert isinstance(done, CursorResult)
    return done.rowcount == 1


def set_dates(session: Session, case_id: UUID, **dates: date | None) -> None:
    """Write `next_change_on` or `ended_on`."""
    session.execute(update(CASES).where(CASES.c.id == case_id).values(**dates))


def due_on(session: Session, day: date) -> Sequence[UUID]:
    """The cases in which the calendar may have changed something by this day, those that wait longest first."""
    due = select(CASES.c.id).where(CASES.c.next_change_on <= day)
    return session.execute(due.order_by(CASES.c.next_change_on, CASES.c.id)).scalars().all()


def next_due(session: Session) -> date | None:
    """The first day on which the calendar can change something in any case."""
    return session.execute(select(func.min(CASES.c.next_change_on))).scalar()


def listed(session: Session, on: date) -> Sequence[Found]:
    """Every case with its person's name and the stage that it was in on a day, as last projected."""
    latest = (
        select(STAYS.c.case_id, func.max(STAYS.c.position).label("position"))
        .where(STAYS.c.first_on <= on)
        .group_by(STAYS.c.case_id)
        .subquery()
    )
    stay = and_(STAYS.c.case_id == latest.c.case_id, STAYS.c.position == latest.c.position)
    columns = (CASES.c.id, CASES.c.opened_on, CASES.c.ended_on, CASES.c.policy)
    query = (
        select(*columns, PEOPLE.c.name, STAYS.c.stage, STAYS.c.first_on)
        .join(PEOPLE, PEOPLE.c.id == CASES.c.person_id)
        .outerjoin(latest, latest.c.case_id == CASES.c.id)
        .outerjoin(STAYS, stay)
        .order_by(CASES.c.opened_on, CASES.c.id)
    )
    return session.execute(query).all()
