"""Where the way of a case is read and written: its stretches in the stages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, insert, select
from sqlalchemy.orm import Session

from workflow.store.of_cases import OfCases
from workflow.store.statements import Order, Question, Statement
from workflow.store.tables import Found, StayRow, table_of

STAYS = table_of(StayRow)
_ADD = Statement(insert(STAYS))
_OF_CASES = OfCases(select(STAYS).order_by(STAYS.c.case_id, STAYS.c.position), STAYS.c.case_id)
_BEYOND = and_(
    STAYS.c.case_id == bindparam("old_case_id"), STAYS.c.position >= bindparam("old_position")
)
_DROP = Statement(delete(STAYS).where(_BEYOND))


def of_cases(session: Session, case_ids: Collection[UUID]) -> Iterator[Found]:
    """The stretches of several cases, each case's in order."""
    yield from _OF_CASES.all(session, case_ids)


def of(case_id: UUID) -> Question:
    """The question about the stretches of one case, to be asked together with others."""
    return _OF_CASES.of(case_id)


def to_put_from(
    places: Sequence[tuple[UUID, int]], rows: Sequence[dict[str, Any]]
) -> tuple[Order, Order]:
    """The way of each of these cases is to go on otherwise from the nth stretch."""
    named = [{"old_case_id": case_id, "old_position": n} for case_id, n in places]
    return (_DROP, named), (_ADD, rows)
