"""Where it is written which office has a case, from when on, and that the new one said "received"."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CursorResult, and_, insert, literal, or_, select, tuple_, update
from sqlalchemy.orm import Session

from workflow.store.tables import CaseRow, Found, PlacementRow, table_of

CASES, PLACEMENTS = table_of(CaseRow), table_of(PlacementRow)
Place = tuple[datetime, UUID]
"""When it was recorded, and its id: where a page of hand-overs ends."""


def begin(
    session: Session,
    case_id: UUID,
    office_id: UUID | None,
    from_on: date,
    *,
    at: datetime,
    by: str,
    from_office_id: UUID | None = None,
    event_id: str | None = None,
    placement_id: UUID | None = None,
) -> UUID | None:
    """
    Write down that an office has a case from a day on; nothing in a database without offices.

    The office that opens a case has received it by that; another one has yet to say so.
    """
    if office_id is None:
        return None
    placement_id = placement_id or uuid4()
    row = {
        "id": placement_id,
        "case_id": case_id,
        "office_id": office_id,
        "from_office_id": from_office_id,
        "from_on": from_on,
        "event_id": event_id,
        "recorded_at": at,
        "recorded_by": by,
        "received_at": at if from_office_id is None else None,
        "received_by": by if from_office_id is None else None,
    }
    session.execute(insert(PLACEMENTS), [row])
    return placement_id


def of_case(session: Session, case_id: UUID, known_at: datetime | None = None) -> Sequence[Found]:
    """Where a case was, in order; as known at an instant."""
    query = select(PLACEMENTS).where(PLACEMENTS.c.case_id == case_id)
    if known_at is None:
        query = query.where(PLACEMENTS.c.withdrawn_at.is_(None))
    else:
        stood = or_(PLACEMENTS.c.withdrawn_at.is_(None), PLACEMENTS.c.withdrawn_at > known_at)
        query = query.where(and_(PLACEMENTS.c.recorded_at <= known_at, stood))
    return session.execute(query.order_by(PLACEMENTS.c.from_on, PLACEMENTS.c.recorded_at)).all()


def withdraw(session: Session, case_id: UUID, event_ids: Collection[str], at: datetime) -> int:
    """Take back the hand-overs that these events brought about; what was known before stays known as such."""
    mine = and_(
        PLACEMENTS.c.case_id == case_id,
        PLACEMENTS.c.event_id.in_(event_ids),
        PLACEMENTS.c.withdrawn_at.is_(None),
    )
    done = session.execute(update(PLACEMENTS).where(mine).values(withdrawn_at=at))
    assert isinstance(done, CursorResult)
    return done.rowcount


def left_by_event(
    session: Session, case_ids: Collection[UUID]
) -> dict[tuple[UUID, str], UUID | None]:
    """For each `moved` of these cases, the office that the person left by it."""
    query = select(PLACEMENTS).where(
        PLACEMENTS.c.case_id.in_(case_ids),
        PLACEMENTS.c.event_id.is_not(None),
        PLACEMENTS.c.withdrawn_at.is_(None),
    )
    rows = session.execute(query)
    return {(row.case_id, row.event_id): row.from_office_id for row in rows}


def receive(session: Session, case_id: UUID, *, at: datetime, by: str) -> int:
    """The receipt of the office that has the case now; gives back how many hand-overs it was for."""
    waiting = and_(
        PLACEMENTS.c.case_id == case_id,
        PLACEMENTS.c.received_at.is_(None),
        PLACEMENTS.c.withdrawn_at.is_(None),
    )
    done = session.execute(update(PLACEMENTS).where(waiting).values(received_at=at, received_by=by))
    assert isinstance(done, CursorResult)
    return done.rowcount


def find(session: Session, placement_id: UUID) -> Found | None:
    """The row of this id, withdrawn or not."""
    return session.execute(select(PLACEMENTS).where(PLACEMENTS.c.id == placement_id)).first()


def not_received(
    session: Session,
    office_ids: Sequence[UUID],
    *,
    limit: int | None = None,
    after: Place | None = None,
) -> Sequence[Found]:
    """
    The hand-overs to these offices that nobody has said "received" to, the longest waiting first.

    Each with whom the case is about (`subject_id`).
    """
    place = (PLACEMENTS.c.recorded_at, PLACEMENTS.c.id)
    query = (
        select(PLACEMENTS, CASES.c.subject_id)
        .join(CASES, CASES.c.id == PLACEMENTS.c.case_id)
        .where(
            PLACEMENTS.c.office_id.in_(office_ids),
            CASES.c.office_id.in_(office_ids),  # it has not been passed on since
            PLACEMENTS.c.received_at.is_(None),
            PLACEMENTS.c.withdrawn_at.is_(None),
        )
        .order_by(*place)
        .limit(limit)
    )
    if after is not None:
        last = zip(after, place, strict=True)
        query = query.where(tuple_(*place) > tuple_(*(literal(v, c.type) for v, c in last)))
    return session.execute(query).all()
