"""
Where items are taken out of messages because what they are about no longer stands, and messages left empty with them.

Only of messages whose content is not fixed: what somebody may have seen stays as it was told.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    Date,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    cast,
    exists,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

from workflow.store import obligations
from workflow.store.many import Updating
from workflow.store.message_items import PERSON, REASSIGNED
from workflow.store.notices import OF
from workflow.store.of_many import OfMany
from workflow.store.offices import as_known, covers
from workflow.store.statements import Row
from workflow.store.tables import (
    CaseRow,
    ChairRow,
    LeaveRow,
    MessageItemRow,
    MessageRow,
    NoticeRow,
    ObligationRow,
    StaffRow,
    table_of,
)

ITEMS, MESSAGES, NOTICES = table_of(MessageItemRow), table_of(MessageRow), table_of(NoticeRow)
OWED, CHAIRS, CASES = table_of(ObligationRow), table_of(ChairRow), table_of(CaseRow)
LEAVES, STAFF = table_of(LeaveRow), table_of(StaffRow)
HOLDERS, DEPUTIES = STAFF.alias("holders"), STAFF.alias("deputies")
KEY = (*OF, "message_id")
TO_KNOW = "acknowledge_assignment"
AT_ONCE = 5000


class days_after(FunctionElement[date]):  # noqa: N801 (it reads as the function of SQL that it is)
    """The day so many days after another one."""

    type = Date()
    inherit_cache = True


@compiles(days_after, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    day, days = (compiler.process(one, **more) for one in element.clauses)
    return f"date({day}, ({days}) || ' days')"


@compiles(days_after, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **more: Any) -> str:
    day, days = (compiler.process(one, **more) for one in element.clauses)
    return f"({day} + {days})"


@dataclass(frozen=True, slots=True)
class Until:
    """
    Up to which day a rung's own day may lie that is told today.

    Args:
        today: the day.
        before: of a rung up to the due day, which moves back over days off: the eve of the next working day.
        after: of a rung after it, which moves on: the last working day.
    """

    today: date
    before: date
    after: date


def messages_with(session: Session, until: Until) -> list[UUID]:
    """
    The messages in which something no longer stands; nobody fixes their content until this transaction ends.

    Those that somebody else holds are left out: whoever fixes what a message says looks for itself.
    """
    query = select(MESSAGES.c.id).where(MESSAGES.c.id.in_(select(_STALE.subquery().c.message_id)))
    held = query.where(_is_open()).order_by(MESSAGES.c.id).with_for_update(skip_locked=True)
    return list(session.execute(held, _values(until)).scalars())


def take_out(session: Session, message_ids: Collection[UUID], until: Until, at: datetime) -> int:
    """Take out of these messages, which are held, what no longer stands; gives back how many items were."""
    stale = _OF_THESE.all(session, message_ids, **_values(until))
    return _TAKE_OUT.run(session, [(*row[: len(KEY)], at, row.why) for row in stale])


def left_standing(
    session: Session, message_ids: Collection[UUID], until: Until, at: datetime
) -> list[Row]:
    """
    What is left in these messages, which are held, when what no longer stands was taken out.

    Columns: those of an item, `policy`, and of what is owed `owner` and `due_on`, both None where nothing is.
    """
    rows = _IN_THESE.all(session, message_ids, **_values(until))
    stale = [(*row[: len(KEY)], at, row.why) for row in rows if row.why is not None]
    _TAKE_OUT.run(session, stale)
    return [row for row in rows if row.why is None]


def withdraw_empty(session: Session, message_ids: Collection[UUID], at: datetime) -> int:
    """Withdraw those of these messages in which nothing is left; gives back how many were."""
    left = exists().where(ITEMS.c.message_id == MESSAGES.c.id, ITEMS.c.withdrawn_at.is_(None))
    empty = update(MESSAGES).where(_is_open(), ~left.correlate(MESSAGES))
    withdrawn = 0
    for some in _portions(message_ids):
        done = session.execute(
            empty.where(MESSAGES.c.id.in_(some)).values(withdrawn_at=at, next_at=None)
        )
        assert isinstance(done, CursorResult)
        withdrawn += done.rowcount
    return withdrawn


# ------------------------------------------------------------------ what no longer stands


def _is_open() -> ColumnElement[bool]:
    """That nobody has seen it yet."""
    return and_(MESSAGES.c.next_at.is_not(None), MESSAGES.c.content.is_(None))


def _why() -> ColumnElement[Any]:
    """Why an item no longer stands; null where it does."""
    today = bindparam("today", type_=Date())
    done = case((ITEMS.c.kind == TO_KNOW, "acknowledged"), else_="closed")
    held = or_(OWED.c.paused, and_(OWED.c.held_since.is_not(None), OWED.c.held_since <= today))
    return case(
        (ITEMS.c.told_to == PERSON, None),
        (OWED.c.case_id.is_(None), "withdrawn"),
        (OWED.c.closed_on.is_not(None), done),
        (or_(OWED.c.excused_on.is_not(None), OWED.c.withdrawn), "withdrawn"),
        (or_(OWED.c.ended_on.is_not(None), OWED.c.missed_on.is_not(None)), "ended"),
        (held, "held"),
        (or_(OWED.c.opens_on > today, _lies_ahead()), "dated_anew"),
        else_=_moved_to_another(),
    )


def _lies_ahead() -> ColumnElement[bool]:
    """That the day of its rung is still to come, since what is owed is due later now."""
    counted = or_(NOTICES.c.rung == "0", NOTICES.c.rung.like("+%"), NOTICES.c.rung.like("-%"))
    days = case((counted, cast(NOTICES.c.rung, Integer)), else_=None)
    own: ColumnElement[date] = days_after(OWED.c.due_on, days)
    before, after = bindparam("before", type_=Date()), bindparam("after", type_=Date())
    return or_(and_(days <= 0, own > before), and_(days > 0, own > after))


def _moved_to_another() -> ColumnElement[Any]:
    """That who hears for the chair is somebody else today: its helper, or while that one is away their deputy."""
    chair = (CHAIRS.c.case_id == ITEMS.c.case_id, CHAIRS.c.role == ITEMS.c.told_to)
    sits = exists().where(*chair, CHAIRS.c.helper == MESSAGES.c.recipient)
    deputed = (
        exists()
        .select_from(
            CHAIRS.join(HOLDERS, HOLDERS.c.handle == CHAIRS.c.helper)
            .join(LEAVES, LEAVES.c.staff_id == HOLDERS.c.id)
            .join(DEPUTIES, DEPUTIES.c.id == LEAVES.c.deputy_id)
        )
        .where(*chair, *_today(LEAVES))
        .where(or_(DEPUTIES.c.handle == MESSAGES.c.recipient, _is_away(DEPUTIES.c.handle)))
    )
    stays = case(
        (ITEMS.c.because == "chair", sits.correlate(ITEMS, MESSAGES)),
        (ITEMS.c.because == "deputy", deputed.correlate(ITEMS, MESSAGES)),
        else_=None,
    )
    of_chair = ITEMS.c.because.in_(("chair", "deputy"))
    moved = or_(~stays, _is_away(MESSAGES.c.recipient))
    return case((and_(of_chair, moved), literal(REASSIGNED)), else_=None)


def _is_away(handle: ColumnElement[str]) -> ColumnElement[bool]:
    """That somebody is on leave today."""
    leaves = LEAVES.alias("theirs")
    away = exists().where(STAFF.c.handle == handle, leaves.c.staff_id == STAFF.c.id)
    return away.where(*_today(leaves)).correlate(MESSAGES, DEPUTIES)


def _today(leaves: FromClause) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    today: Any = bindparam("today", type_=Date())
    return as_known(leaves, None), covers(leaves, today)


def _stale() -> Select[Any]:
    """The items of messages that nobody has seen yet which no longer stand, and why."""
    owed = and_(*(OWED.c[name] == ITEMS.c[name] for name in obligations.KEY))
    notice = and_(*(NOTICES.c[name] == ITEMS.c[name] for name in OF))
    found = MESSAGES.join(ITEMS, ITEMS.c.message_id == MESSAGES.c.id).join(NOTICES, notice)
    why = _why()
    query = select(*(ITEMS.c[name] for name in KEY), why.label("why"))
    query = query.select_from(found.outerjoin(OWED, owed))
    return query.where(_is_open(), ITEMS.c.withdrawn_at.is_(None), why.is_not(None))


def _in_messages() -> Select[Any]:
    """The items of messages that nobody has seen yet, with what is owed behind each, and why it no longer stands."""
    owed = and_(*(OWED.c[name] == ITEMS.c[name] for name in obligations.KEY))
    notice = and_(*(NOTICES.c[name] == ITEMS.c[name] for name in OF))
    found = MESSAGES.join(ITEMS, ITEMS.c.message_id == MESSAGES.c.id)
    found = found.join(CASES, CASES.c.id == ITEMS.c.case_id).outerjoin(NOTICES, notice)
    query = select(
        *(ITEMS.c[name] for name in KEY),
        ITEMS.c.because,
        CASES.c.policy,
        OWED.c.owner,
        OWED.c.due_on,
        case((NOTICES.c.case_id.is_(None), None), else_=_why()).label("why"),
    )
    query = query.select_from(found.outerjoin(OWED, owed))
    return query.where(_is_open(), ITEMS.c.withdrawn_at.is_(None))


_STALE = _stale()
_OF_THESE = OfMany(_STALE, ITEMS.c.message_id)
_IN_THESE = OfMany(_in_messages(), ITEMS.c.message_id)
_TAKE_OUT = Updating(ITEMS, (*KEY, "withdrawn_at", "withdrawn_because"), keys=len(KEY))


def _values(until: Until) -> dict[str, Any]:
    return {"today": until.today, "before": until.before, "after": until.after}


def _portions(message_ids: Collection[UUID]) -> Sequence[list[UUID]]:
    known = sorted(set(message_ids))
    return [known[start : start + AT_ONCE] for start in range(0, len(known), AT_ONCE)]
