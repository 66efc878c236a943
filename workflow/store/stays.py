"""Where the way of a case is read and written: its stretches in the stages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from workflow.store.tables import Found, StayRow, table_of

STAYS = table_of(StayRow)


def of_case(session: Session, case_id: UUID) -> Sequence[Found]:
    """The stretches of a case, in order."""
    query = select(STAYS).where(STAYS.c.case_id == case_id).order_by(STAYS.c.position)
    return session.execute(query).all()


def put_from(
    session: Session, case_id: UUID, position: int, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Let the way go on like this from the nth stretch."""
    beyond = (STAYS.c.case_id == case_id) & (STAYS.c.position >= position)
    session.execute(delete(STAYS).where(beyond))
    if rows:
        session.execute(insert(STAYS), [{"case_id": case_id, **row} for row in rows])
