"""Where the notices of somebody are read: those told to the roles in which they stand, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from workflow.rules.team import OFFICE
from workflow.store.reach import Reach, within
from workflow.store.tables import CaseRow, ChairRow, Found, NoticeRow, table_of

NOTICES, CASES, CHAIRS = table_of(NoticeRow), table_of(CaseRow), table_of(ChairRow)
Place = tuple[date, UUID, str, str, str]
"""Its day and the rest of its key: where a page ends."""


@dataclass(frozen=True, slots=True)
class Standing:
    """
    In which roles somebody stands.

    Args:
        handles: under which they sit in chairs: their own, and those for whom they deputise.
        offices: by role of the office, the offices for which they hear.
        unplaced: that they hear for the cases that are with no office.
    """

    handles: frozenset[str]
    offices: tuple[tuple[str, frozenset[UUID]], ...] = ()
    unplaced: bool = False


def told(
    session: Session,
    reach: Reach,
    standing: Standing,
    until: date,
    *,
    limit: int,
    after: Place | None = None,
) -> Sequence[Found]:
    """What was told to somebody in cases within their reach; of a chair, what was told since they took it."""
    rest = (NOTICES.c.case_id, NOTICES.c.kind, NOTICES.c.occurrence, NOTICES.c.told_to)
    query = (
        select(NOTICES, CASES.c.subject_id)
        .join(CASES, CASES.c.id == NOTICES.c.case_id)
        .where(NOTICES.c.told_on <= until, within(reach), _to(standing))
        .order_by(NOTICES.c.told_on.desc(), *rest)
        .limit(limit)
    )
    if not standing.offices and not standing.unplaced:
        query = query.where(NOTICES.c.case_id.in_(_sat_in(standing)))
    if after is not None:
        day, *key = after
        behind = tuple_(*rest) > tuple_(*(literal(value) for value in key))
        same = and_(NOTICES.c.told_on == day, behind)
        query = query.where(or_(NOTICES.c.told_on < day, same))
    return session.execute(query).all()


def _sat_in(standing: Standing) -> Select[tuple[UUID]]:
    """The few cases in whose chairs they sit: nothing else has to be looked through."""
    return select(CHAIRS.c.case_id).where(CHAIRS.c.helper.in_(sorted(standing.handles)))


def _to(standing: Standing) -> ColumnElement[bool]:
    seat = and_(
        CHAIRS.c.case_id == NOTICES.c.case_id,
        CHAIRS.c.role == NOTICES.c.told_to,
        CHAIRS.c.helper.in_(sorted(standing.handles)),
        CHAIRS.c.since <= NOTICES.c.told_on,
    )
    ways: list[ColumnElement[bool]] = [exists().where(seat).correlate(NOTICES)]
    for role, offices in standing.offices:
        ways.append(and_(NOTICES.c.told_to == role, CASES.c.office_id.in_(sorted(offices))))
    if standing.unplaced:
        ways.append(and_(NOTICES.c.told_to.in_(OFFICE), CASES.c.office_id.is_(None)))
    return or_(false(), *ways)
