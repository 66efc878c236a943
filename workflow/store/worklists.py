"""Where what is owed is read for a worklist: within a caller's reach, a page at a time, the first due first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, select, tuple_
from sqlalchemy.orm import Session

from workflow.store.due_sql import not_held, stands, state_on
from workflow.store.reach import Reach, office_of, within
from workflow.store.tables import CaseRow, ChairRow, Found, ObligationRow, table_of

CASES, CHAIRS = table_of(CaseRow), table_of(ChairRow)
OWED = table_of(ObligationRow)
Place = tuple[date, UUID, str, str]


def owed(
    session: Session,
    reach: Reach,
    today: date,
    until: date,
    *,
    limit: int,
    after: Place | None = None,
    handles: Collection[str] | None = None,
    chair: str | None = None,
) -> Sequence[Found]:
    """
    What stands and opens by a day, with its state today and the chair of the role that owes it.

    Args:
        after: where the page before ended.
        handles: only what is owed by a role in whose chair one of these sits.
        chair: the same for the one who asks, in open cases.
    """
    seat = and_(CHAIRS.c.case_id == OWED.c.case_id, CHAIRS.c.role == OWED.c.owner)
    office = func.coalesce(OWED.c.office_id, CASES.c.office_id)
    place = (OWED.c.due_on, OWED.c.case_id, OWED.c.kind, OWED.c.occurrence)
    query = (
        select(
            *place,
            OWED.c.opens_on,
            OWED.c.owner,
            state_on(today).label("state"),
            office.label("office_id"),
            CASES.c.subject_id,
            CASES.c.team_since,
            CHAIRS.c.helper,
            CHAIRS.c.acknowledge_by,
            CHAIRS.c.acknowledged_on,
        )
        .join(CASES, CASES.c.id == OWED.c.case_id)
        .outerjoin(CHAIRS, seat)
        .where(stands(), not_held(today), OWED.c.opens_on <= until)
        .where(within(reach), office_of(reach, office))
        .order_by(*place)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(*place) > tuple_(*(literal(v) for v in after)))
    return session.execute(query.where(*_of_chairs(handles, chair))).all()


def _of_chairs(handles: Collection[str] | None, chair: str | None) -> Iterator[ColumnElement[bool]]:
    if handles is not None:
        yield CHAIRS.c.helper.in_(sorted(handles))
    if chair is not None:
        yield and_(CHAIRS.c.helper == chair, CASES.c.ended_on.is_(None))
