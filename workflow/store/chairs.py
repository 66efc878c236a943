"""Where the chairs of the teams are read and written, as last projected."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.store.many import Deleting, Inserting, Values
from workflow.store.of_cases import OfCases
from workflow.store.reach import Reach, within
from workflow.store.statements import Order, Question
from workflow.store.tables import CaseRow, ChairRow, Found, table_of

CHAIRS, CASES = table_of(ChairRow), table_of(CaseRow)
DATA = tuple(c.name for c in CHAIRS.c if c.name != "case_id")
_OF_CASES = OfCases(select(CHAIRS), CHAIRS.c.case_id)
COLUMNS = ("case_id", *DATA)
"""A row of `chairs`, in this order."""
_ADD, _DROP = Inserting(CHAIRS, COLUMNS), Deleting(CHAIRS, ("case_id",))


def of_cases(session: Session, case_ids: Collection[UUID]) -> Iterator[Found]:
    """The chairs of several cases."""
    yield from _OF_CASES.all(session, case_ids)


def of(case_id: UUID) -> Question:
    """The question about the chairs of one case, to be asked together with others."""
    return _OF_CASES.of(case_id)


def to_put(case_ids: Collection[UUID], rows: Sequence[Values]) -> tuple[Order, Order]:
    """These are to be all the chairs of these cases, each its `COLUMNS` in their order."""
    return (_DROP, [(case_id,) for case_id in case_ids]), (_ADD, rows)


def held_by(session: Session, helper: str, reach: Reach | None = None) -> Sequence[Found]:
    """The chairs in open cases within reach in which this helper sits."""
    query = select(CHAIRS).join(CASES, CASES.c.id == CHAIRS.c.case_id)
    found = query.where(CHAIRS.c.helper == helper, CASES.c.ended_on.is_(None))
    if reach is not None:
        found = found.where(within(reach))
    return session.execute(found.order_by(CHAIRS.c.case_id, CHAIRS.c.role)).all()
