"""Where the proposals are read and written. Who may know of a case may know of what is proposed on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, exists, or_, select, update
from sqlalchemy.orm import Session

from workflow.store.many import Inserting
from workflow.store.reach import Reach, within
from workflow.store.tables import CaseRow, DataKeyRow, Found, ProposalRow, table_of

PROPOSALS, CASES = table_of(ProposalRow), table_of(CaseRow)
DATA_KEYS = table_of(DataKeyRow)
_FILE = select(PROPOSALS, CASES.c.person_id, CASES.c.subject_id).join(
    CASES, CASES.c.id == PROPOSALS.c.case_id
)
_ADD = Inserting(
    PROPOSALS, ("id", "case_id", "sealed", "proposed_at", "proposed_by"), known_stay=True
)
Place = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A page of a list: at most so many, behind the place where the one before it ended."""

    limit: int
    after: Place | None = None


def add(session: Session, row: Mapping[str, Any]) -> bool:
    """
    Write a new proposal down; False where its id is taken.

    Whoever sends the same id at the same time waits here until this transaction ends.
    """
    return _ADD.run_one(session, row)


def find(session: Session, proposal_id: UUID) -> Found | None:
    """The row of this id, of whatever case."""
    return session.execute(select(PROPOSALS).where(PROPOSALS.c.id == proposal_id)).first()


def find_within(
    session: Session, proposal_id: UUID, reach: Reach | None = None, *, to_write: bool = False
) -> Found | None:
    """
    The row of this id with whom its case is about, or None where there is none on a case within reach.

    Args:
        to_write: nobody else decides on it until this transaction ends.
    """
    query = _reached(_FILE.where(PROPOSALS.c.id == proposal_id), reach)
    if to_write:
        query = query.with_for_update(of=PROPOSALS)
    return session.execute(query).first()


def of_case(session: Session, case_id: UUID, stretch: Stretch) -> Sequence[Found]:
    """What was proposed on a case, decided or not, in the order in which it came."""
    return _page(session, _FILE.where(PROPOSALS.c.case_id == case_id), stretch)


def waiting(
    session: Session, handle: str, stretch: Stretch, *, own: bool, reach: Reach | None
) -> Sequence[Found]:
    """
    What waits within reach, what has waited longest first; nothing about a person whose key was shredded.

    Args:
        own: what this handle proposed; else what others did.
    """
    whose = PROPOSALS.c.proposed_by == handle if own else PROPOSALS.c.proposed_by != handle
    query = _FILE.where(PROPOSALS.c.outcome.is_(None), whose)
    readable = exists().where(DATA_KEYS.c.owner_id == CASES.c.person_id).correlate(CASES)
    return _page(session, _reached(query.where(readable), reach), stretch)


def decide(
    session: Session,
    proposal_id: UUID,
    outcome: str,
    *,
    at: datetime,
    by: str,
    reason: bytes | None,
) -> None:
    """Write down what became of one that waits."""
    values = {"outcome": outcome, "decided_at": at, "decided_by": by, "reason": reason}
    waiting = and_(PROPOSALS.c.id == proposal_id, PROPOSALS.c.outcome.is_(None))
    session.execute(update(PROPOSALS).where(waiting).values(values))


def _page(session: Session, query: Select[Any], stretch: Stretch) -> Sequence[Found]:
    if stretch.after is not None:
        at, last = stretch.after
        same = and_(PROPOSALS.c.proposed_at == at, PROPOSALS.c.id > last)
        query = query.where(or_(PROPOSALS.c.proposed_at > at, same))
    ordered = query.order_by(PROPOSALS.c.proposed_at, PROPOSALS.c.id).limit(stretch.limit)
    return session.execute(ordered).all()


def _reached(query: Select[Any], reach: Reach | None) -> Select[Any]:
    return query if reach is None else query.where(within(reach))
