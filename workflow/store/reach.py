"""
Who may know of which cases: the condition that every question about cases carries.

An office's people reach the cases of their office and of those below it, and those in
which it still owes something after the person moved away. A helper reaches the cases in
which they sit, while these are open, and of an ended one what their own chair owes
still. Nobody else reaches anything: what is out of reach answers like what does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_

from workflow.rules.obligations.owed import OF_OLD_OFFICE
from workflow.store.due_sql import stands
from workflow.store.tables import CaseRow, ChairRow, ObligationRow, table_of

CASES, CHAIRS, OWED = table_of(CaseRow), table_of(ChairRow), table_of(ObligationRow)


@dataclass(frozen=True, slots=True)
class Reach:
    """
    What a caller reaches; nothing unless said.

    Args:
        offices: the offices whose cases they reach, those below included by whoever made this.
        helper: the handle under which they sit in chairs.
        unplaced: that they reach the cases that are with no office: in a database without offices, all.
    """

    offices: frozenset[UUID] = frozenset()
    helper: str | None = None
    unplaced: bool = False


NOTHING = Reach()


def within(reach: Reach) -> ColumnElement[bool]:
    """The condition on `cases` that leaves what this caller may know of."""
    ways: list[ColumnElement[bool]] = []
    if reach.offices:
        offices = sorted(reach.offices)
        ways.append(CASES.c.office_id.in_(offices))
        left = and_(OWED.c.case_id == CASES.c.id, OWED.c.office_id.in_(offices), stands())
        of_old = OWED.c.kind.in_(sorted(OF_OLD_OFFICE))
        ways.append(exists().where(left, of_old).correlate(CASES))
    if reach.helper is not None:
        ways.append(sits(reach.helper))
    if reach.unplaced:
        ways.append(CASES.c.office_id.is_(None))
    return or_(*ways) if ways else false()


def sits(helper: str) -> ColumnElement[bool]:
    """
    That a helper sits in a chair of the case while it is open, or that this chair owes something which outlives it.

    Source: domain.md section 8, `survives_end`: owners keep access to just what they need until these are closed.
    """
    while_open = and_(CASES.c.ended_on.is_(None), exists().where(_seat(helper)).correlate(CASES))
    left = and_(_seat(helper), OWED.c.case_id == CASES.c.id, OWED.c.owner == CHAIRS.c.role)
    outlives = exists().where(left, stands()).correlate(CASES)
    return or_(while_open, and_(CASES.c.ended_on.is_not(None), outlives))


def _seat(helper: str) -> ColumnElement[bool]:
    return and_(CHAIRS.c.case_id == CASES.c.id, CHAIRS.c.helper == helper)
