"""
Where a supervisor's exceptions are read: what is overdue by owner and age, empty chairs, who has not said "I know".

Counts are made by the database over all that is within reach; of each list only the
first so many rows are read, so that a county of a million cases has a first page too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from workflow.store.due_sql import owed_on, stands
from workflow.store.reach import Reach, within
from workflow.store.tables import (
    CaseRow,
    ChairRow,
    Found,
    NoticeRow,
    ObligationRow,
    PlacementRow,
    table_of,
)

CASES, CHAIRS, OWED = table_of(CaseRow), table_of(ChairRow), table_of(ObligationRow)
NOTICES, PLACEMENTS = table_of(NoticeRow), table_of(PlacementRow)
AGES = (3, 7, 30)
"""Days overdue at which the ladder has reached the owner, the supervisor, and the county for weeks."""


def by_owner(session: Session, reach: Reach, today: date) -> Sequence[Found]:
    """
    What is owed now, counted by office, owner and who sits in the owner's chair.

    Columns `late_0` to `late_3` count what is overdue by age (up to 3, 7, 30 days, longer), `today` what is
    due today, `coming` what is open and due later; `oldest` is the first due day.
    """
    seat = and_(CHAIRS.c.case_id == OWED.c.case_id, CHAIRS.c.role == OWED.c.owner)
    known = (CHAIRS.c.acknowledged_on.is_not(None)).label("acknowledged")
    late_ack = (CHAIRS.c.acknowledge_by < today).label("late_to_know")
    began = (CASES.c.team_since.is_not(None)).label("team_open")
    group: tuple[ColumnElement[Any], ...] = (
        OWED.c.office_id,
        OWED.c.owner,
        CHAIRS.c.helper,
        known,
        late_ack,
        began,
    )
    bounds = [today, *(today - timedelta(days=age) for age in AGES)]
    ages = [
        _count(OWED.c.due_on < upper, OWED.c.due_on >= lower).label(f"late_{n}")
        for n, (upper, lower) in enumerate(pairwise(bounds))
    ]
    ages.append(_count(OWED.c.due_on < bounds[-1]).label(f"late_{len(AGES)}"))
    query = (
        select(
            *group,
            *ages,
            _count(OWED.c.due_on == today).label("today"),
            _count(OWED.c.due_on > today).label("coming"),
            func.min(OWED.c.due_on).label("oldest"),
        )
        .select_from(OWED)
        .join(CASES, CASES.c.id == OWED.c.case_id)
        .outerjoin(CHAIRS, seat)
        .where(owed_on(today), _owing(reach))
        .group_by(*group)
    )
    return session.execute(query).all()


def last_told(session: Session, keys: Collection[tuple[UUID, str, str]]) -> Sequence[Found]:
    """The last notice about each of some obligations: case, kind, occurrence, day, rung, role told."""
    if not keys:
        return []
    of = (NOTICES.c.case_id, NOTICES.c.kind, NOTICES.c.occurrence)
    case_ids = sorted({case_id for case_id, _, _ in keys})
    latest = (
        select(*of, func.max(NOTICES.c.told_on).label("told_on"))
        .where(NOTICES.c.case_id.in_(case_ids))
        .group_by(*of)
        .subquery()
    )
    same = and_(
        *(latest.c[column.name] == column for column in of), latest.c.told_on == NOTICES.c.told_on
    )
    query = select(*of, NOTICES.c.told_on, NOTICES.c.rung, NOTICES.c.told_to).join(latest, same)
    return session.execute(query).all()


def empty_chairs(
    session: Session, reach: Reach, roles: Sequence[str], limit: int
) -> tuple[int, Sequence[Found]]:
    """How many fixed chairs of open teams nobody fills or waived, and the first of them by case: case, role."""
    wanted = union_all(*(select(literal(role, String).label("role")) for role in roles)).subquery()
    filled = and_(CHAIRS.c.case_id == CASES.c.id, CHAIRS.c.role == wanted.c.role)
    query = (
        select(CASES.c.id.label("case_id"), CASES.c.subject_id, CASES.c.office_id, wanted.c.role)
        .select_from(CASES)
        .join(wanted, literal(True))
        .where(CASES.c.ended_on.is_(None), CASES.c.team_since.is_not(None), within(reach))
        .where(~exists().where(filled).correlate(CASES, wanted))
    )
    return _counted(session, query, (CASES.c.id, wanted.c.role), limit)


def unaware(session: Session, reach: Reach, today: date, limit: int) -> tuple[int, Sequence[Found]]:
    """How many helpers have not said "I know" in time, and the first of them by day: case, role, helper, by when."""
    query = (
        select(
            CASES.c.id.label("case_id"),
            CASES.c.subject_id,
            CHAIRS.c.role,
            CHAIRS.c.helper,
            CHAIRS.c.acknowledge_by,
        )
        .join(CASES, CASES.c.id == CHAIRS.c.case_id)
        .where(CASES.c.ended_on.is_(None), CHAIRS.c.acknowledged_on.is_(None))
        .where(CHAIRS.c.acknowledge_by < today, within(reach))
    )
    order = (CHAIRS.c.acknowledge_by, CHAIRS.c.case_id, CHAIRS.c.role)
    return _counted(session, query, order, limit)


def unreceived(session: Session, reach: Reach, limit: int) -> tuple[int, Sequence[Found]]:
    """How many hand-overs the new office has not received, and the first of them: case, from, to, since when."""
    query = (
        select(
            CASES.c.id.label("case_id"),
            CASES.c.subject_id,
            PLACEMENTS.c.office_id,
            PLACEMENTS.c.from_office_id,
            PLACEMENTS.c.from_on,
        )
        .join(CASES, CASES.c.id == PLACEMENTS.c.case_id)
        .where(PLACEMENTS.c.received_at.is_(None), PLACEMENTS.c.withdrawn_at.is_(None))
        .where(CASES.c.ended_on.is_(None), within(reach))
    )
    return _counted(session, query, (PLACEMENTS.c.from_on, PLACEMENTS.c.case_id), limit)


def without_a_step(session: Session, reach: Reach, limit: int) -> tuple[int, Sequence[Found]]:
    """Open cases in which nothing is owed now or later: on nobody's list. There should be none."""
    owed = and_(OWED.c.case_id == CASES.c.id, stands())
    query = (
        select(CASES.c.id.label("case_id"), CASES.c.subject_id, CASES.c.opened_on)
        .where(CASES.c.ended_on.is_(None), within(reach))
        .where(~exists().where(owed).correlate(CASES))
    )
    return _counted(session, query, (CASES.c.opened_on, CASES.c.id), limit)


def open_cases(session: Session, reach: Reach) -> int:
    """How many cases within reach are open."""
    query = select(func.count()).select_from(CASES)
    return session.execute(query.where(CASES.c.ended_on.is_(None), within(reach))).scalar_one()


def _owing(reach: Reach) -> ColumnElement[bool]:
    """That the caller's offices owe it, or a chair in which they sit themselves; as the worklist has it."""
    ways: list[ColumnElement[bool]] = []
    if reach.offices:
        ways.append(OWED.c.office_id.in_(sorted(reach.offices)))
    if reach.unplaced:
        ways.append(OWED.c.office_id.is_(None))
    if reach.helper is not None:
        ways.append(CHAIRS.c.helper == reach.helper)
    return or_(*ways) if ways else false()


def _count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(case((and_(*conditions), 1), else_=0)), 0), Integer)


def _counted(
    session: Session, query: Select[Any], order: tuple[ColumnElement[Any], ...], limit: int
) -> tuple[int, Sequence[Found]]:
    """How many rows there are, and the first of them."""
    total = session.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    return total, session.execute(query.order_by(*order).limit(limit)).all() if total else ()
