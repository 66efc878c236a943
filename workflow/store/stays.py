"""Where the way of a case is read and written: its stretches in the stages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.store.many import Deleting, Inserting, Values
from workflow.store.of_cases import OfCases
from workflow.store.statements import Order, Question
from workflow.store.tables import Found, StayRow, table_of

STAYS = table_of(StayRow)
COLUMNS = tuple(column.name for column in STAYS.c)
"""A row of `stays`, in this order."""
_OF_CASES = OfCases(select(STAYS).order_by(STAYS.c.case_id, STAYS.c.position), STAYS.c.case_id)
_ADD, _DROP = Inserting(STAYS, COLUMNS), Deleting(STAYS, ("case_id", "position"))


def of_cases(session: Session, case_ids: Collection[UUID]) -> Iterator[Found]:
    """The stretches of several cases, each case's in order."""
    yield from _OF_CASES.all(session, case_ids)


def of(case_id: UUID) -> Question:
    """The question about the stretches of one case, to be asked together with others."""
    return _OF_CASES.of(case_id)


def to_put(places: Sequence[tuple[UUID, int]], rows: Sequence[Values]) -> tuple[Order, Order]:
    """The stretches in these places are to go, and these to be there, each its `COLUMNS` in their order."""
    return (_DROP, places), (_ADD, rows)
