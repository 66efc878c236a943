"""
Where notices are put into messages: those in no message yet, and what each of them is told by.

A notice is told to a role. Who is told depends on a few facts about its case (`Situation`), which thousands
of notices share: it is found out once for all of them, and one statement writes their items.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Select,
    Uuid,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from workflow.rules.team import OFFICE
from workflow.rules.terms import DAY
from workflow.store.many import Inserting, Values
from workflow.store.notices import OF
from workflow.store.obligations import KEY
from workflow.store.tables import (
    CaseRow,
    ChairRow,
    Found,
    MessageItemRow,
    NoticeRow,
    ObligationRow,
    table_of,
)

ITEMS, NOTICES = table_of(MessageItemRow), table_of(NoticeRow)
CASES, CHAIRS, OWED = table_of(CaseRow), table_of(ChairRow), table_of(ObligationRow)
SITUATION = slice(OF.index("told_to"), -1)
"""Where in a row that `find` found its situation stands."""
PLANNED_THROUGH = "planned_through"
"""The stamp of the last day on which everything that was told went into messages."""
PERSON, STANDS_FOR_PERSON = "person", "community_worker"
"""Who is told what the person has to hear: they bring it to them, and there is no other channel to a person."""
REASSIGNED = "reassigned"
"""Why an item was taken out whose notice goes to somebody else now."""
COLUMNS = (*OF, "message_id", "because")
"""An item that stands, in this order."""
_PUT = Inserting(ITEMS, COLUMNS, known_stay=True)
_PUT_AGAIN = Inserting(
    ITEMS, (*COLUMNS, "withdrawn_at", "withdrawn_because"), over=(*OF, "message_id")
)


class Situation(NamedTuple):
    """
    What decides who is told a notice.

    Args:
        told_to: the role that it was told to; `role` the rung's own.
        office_id: the office that owes it: the one that has the case, or the one that was left.
        helper: who sits in the chair that it is about.
        late, known: that they have not said "I know" in time, and that they have said so.
        team_open: that the team stands.
        no_names: that the case names no helpers, as a worked case does.
        elsewhere: that an office owes it which has the case no more.
    """

    told_to: str
    office_id: UUID | None
    role: str
    helper: str | None
    late: bool
    known: bool
    team_open: bool
    no_names: bool
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class Pending:
    """
    Which notices are asked for: those in no message yet.

    Args:
        since: told on this day or later; the day before only what was taken out for somebody else to hear.
        at_once: the kinds that wait for no digest, by the name of the pack under which they do.
        after, through: of the cases after one and up to another, in the order of ids.
    """

    since: date
    at_once: Mapping[str, frozenset[str]]
    after: UUID | None = None
    through: UUID | None = None


# ------------------------------------------------------------------ what is in no message yet


def part_end(session: Session, since: date, after: UUID | None, size: int) -> UUID | None:
    """The case with which so many of the notices since a day have been gone through; None where these are the last."""
    query = select(NOTICES.c.case_id).where(NOTICES.c.told_on >= since)
    if after is not None:
        query = query.where(NOTICES.c.case_id > after)
    return session.execute(query.order_by(NOTICES.c.case_id).offset(size).limit(1)).scalar()


def find(session: Session, pending: Pending) -> Sequence[Found]:
    """
    The notices that are in no message yet.

    Columns: what names the notice (`OF`), the rest of its `Situation`, and whether it is told `alone`, because
    it waits for no digest.
    """
    query = _asking(
        frozenset(pending.at_once.items()), pending.after is None, pending.through is None
    )
    values: dict[str, Any] = {"since": pending.since, "eve": pending.since - DAY}
    bounds = {"after": pending.after, "through": pending.through}
    values |= {name: case_id for name, case_id in bounds.items() if case_id is not None}
    return session.execute(query, values).all()


def put(session: Session, rows: Sequence[Values]) -> None:
    """Write items, each its `COLUMNS` in their order; one that was taken out for somebody else stands again."""
    if _PUT.run(session, rows) < len(rows):
        _PUT_AGAIN.run(session, [(*row, None, None) for row in rows])


# ------------------------------------------------------------------ how it is asked


def _facts() -> list[ColumnElement[Any]]:
    """The columns of a situation after the role told, in its order."""
    late = and_(CHAIRS.c.acknowledge_by.is_not(None), CHAIRS.c.acknowledge_by < NOTICES.c.told_on)
    left = and_(OWED.c.office_id.is_not(None), OWED.c.office_id != CASES.c.office_id)
    return [
        func.coalesce(OWED.c.office_id, CASES.c.office_id).label("office_id"),
        NOTICES.c.role,
        CHAIRS.c.helper,
        case((late, True), else_=False).label("late"),
        CHAIRS.c.acknowledged_on.is_not(None).label("known"),
        CASES.c.team_since.is_not(None).label("team_open"),
        (CASES.c.team == "standing").label("no_names"),
        case((left, True), else_=False).label("elsewhere"),
    ]


@lru_cache(maxsize=16)
def _asking(at_once: frozenset[tuple[str, frozenset[str]]], first: bool, last: bool) -> Select[Any]:
    """The question, worded once: each tick asks it. Of the first and last cases there is a bound on one side only."""
    columns = [NOTICES.c[name] for name in OF]
    query = select(*columns, *_facts(), _alone(at_once).label("alone"))
    chair = case(
        (NOTICES.c.told_to.in_(OFFICE), NOTICES.c.role),
        (NOTICES.c.told_to == PERSON, STANDS_FOR_PERSON),
        else_=NOTICES.c.told_to,
    )
    owed = and_(*(OWED.c[name] == NOTICES.c[name] for name in KEY))
    seat = and_(CHAIRS.c.case_id == NOTICES.c.case_id, CHAIRS.c.role == chair)
    found = NOTICES.join(CASES, CASES.c.id == NOTICES.c.case_id).outerjoin(OWED, owed)
    query = query.select_from(found.outerjoin(CHAIRS, seat)).where(*_pending())
    if not first:
        query = query.where(NOTICES.c.case_id > bindparam("after", type_=Uuid()))
    if not last:
        query = query.where(NOTICES.c.case_id <= bindparam("through", type_=Uuid()))
    return query


def _pending() -> list[ColumnElement[bool]]:
    """Told since a day, and in no message but one that it was taken out of for somebody else."""
    of = [ITEMS.c[name] == NOTICES.c[name] for name in OF]
    another = ITEMS.c.withdrawn_because == REASSIGNED
    stays = or_(ITEMS.c.withdrawn_because.is_(None), ~another)
    since, eve = bindparam("since", type_=Date()), bindparam("eve", type_=Date())
    return [
        NOTICES.c.told_on >= eve,
        or_(NOTICES.c.told_on >= since, exists().where(*of, another).correlate(NOTICES)),
        ~exists().where(*of, stays).correlate(NOTICES),
    ]


def _alone(at_once: Collection[tuple[str, frozenset[str]]]) -> ColumnElement[bool]:
    """That the pack of the case lets this kind wait for no digest; what the person has to hear never does."""
    packs = [
        and_(CASES.c.policy == name, NOTICES.c.kind.in_(sorted(kinds)))
        for name, kinds in sorted(at_once)
        if kinds
    ]
    return or_(false(), NOTICES.c.told_to == PERSON, *packs)
