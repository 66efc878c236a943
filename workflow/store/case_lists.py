"""
Where lists of cases are read: within a caller's reach, a page at a time, in the order of opening.

What a list shows beside the row of a case is asked for the cases of the page and no others.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, literal, select, tuple_
from sqlalchemy.orm import Session

from workflow.rules.stages import NEW
from workflow.store.due_sql import not_held, overdue_on, stands
from workflow.store.reach import Reach, within
from workflow.store.tables import CaseRow, ChairRow, Found, ObligationRow, StayRow, table_of

CASES, CHAIRS = table_of(CaseRow), table_of(ChairRow)
OWED, STAYS = table_of(ObligationRow), table_of(StayRow)
Place = tuple[date, UUID]
"""The day of opening and the id of a case: where a page ends."""


@dataclass(frozen=True, slots=True)
class Only:
    """
    Which cases are asked for; all of them unless said.

    Args:
        open: those that have not ended, or those that have.
        overdue: those in which something is overdue.
        chair: only what the chairs of this helper owe counts as owed.
        subject: those about this person, merges counted.
    """

    stage: str | None = None
    open: bool | None = None
    overdue: bool = False
    chair: str | None = None
    subject: UUID | None = None


def page(
    session: Session, reach: Reach | None, on: date, *, limit: int, after: Place | None, only: Only
) -> Sequence[Found]:
    """
    Cases with the stage in which they are on a day and its first day.

    Args:
        reach: None for the engine itself.
    """
    stage = func.coalesce(_stay(on, STAYS.c.stage), NEW)
    columns = (CASES.c.id, CASES.c.subject_id, CASES.c.opened_on, CASES.c.ended_on, CASES.c.policy)
    query = select(*columns, stage.label("stage"), _stay(on, STAYS.c.first_on).label("first_on"))
    query = query.order_by(CASES.c.opened_on, CASES.c.id).limit(limit)
    if reach is not None:
        query = query.where(within(reach))
    if after is not None:
        place = tuple_(CASES.c.opened_on, CASES.c.id)
        query = query.where(place > tuple_(*(literal(value) for value in after)))
    if only.subject is not None:
        query = query.where(CASES.c.subject_id == only.subject)
    if only.stage is not None:
        query = query.where(stage == only.stage)
    if only.open is not None:
        ended = CASES.c.ended_on
        query = query.where(ended.is_(None) if only.open else ended.is_not(None))
    if only.overdue:
        query = query.where(_overdue(on, only.chair))
    return session.execute(query).all()


def standing_of(
    session: Session, case_ids: Collection[UUID], on: date, chair: str | None = None
) -> Sequence[Found]:
    """What is owed or will be on a day in these cases: neither settled nor ended nor held; the first due first."""
    columns = (OWED.c.case_id, OWED.c.kind, OWED.c.occurrence, OWED.c.opens_on, OWED.c.due_on)
    query = select(*columns, OWED.c.owner).where(
        OWED.c.case_id.in_(list(case_ids)), stands(), not_held(on)
    )
    if chair is not None:
        query = query.where(_of_chair(chair))
    return session.execute(query.order_by(OWED.c.case_id, OWED.c.due_on, OWED.c.opens_on)).all()


def _stay(on: date, column: ColumnElement[object]) -> ScalarSelect[object]:
    """Of the stretch in which a case is on a day."""
    mine = and_(STAYS.c.case_id == CASES.c.id, STAYS.c.first_on <= on)
    latest = select(column).where(mine).order_by(STAYS.c.position.desc()).limit(1)
    return latest.correlate(CASES).scalar_subquery()


def _overdue(on: date, chair: str | None) -> ColumnElement[bool]:
    late = and_(OWED.c.case_id == CASES.c.id, overdue_on(on))
    if chair is not None:
        late = and_(late, _of_chair(chair))
    return exists().where(late).correlate(CASES)


def _of_chair(helper: str) -> ColumnElement[bool]:
    """That the chair which owes it is one in which this helper sits."""
    seat = and_(
        CHAIRS.c.case_id == OWED.c.case_id,
        CHAIRS.c.role == OWED.c.owner,
        CHAIRS.c.helper == helper,
    )
    return exists().where(seat).correlate(OWED)
