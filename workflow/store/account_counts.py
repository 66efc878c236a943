"""
What the completeness account (不漏一人账) counts: open cases by their next step, and what became of the day's notices.

Each is one statement over all rows, so that an office of 100,000 cases can be counted after every run.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, select
from sqlalchemy.orm import Session

from workflow.store import runs
from workflow.store.due_sql import not_held, stands
from workflow.store.notices import OF
from workflow.store.tables import (
    CaseRow,
    MessageItemRow,
    MessageRow,
    NoticeRow,
    ObligationRow,
    RunFailureRow,
    RunRow,
    StayRow,
    table_of,
)

CASES, OWED, STAYS = table_of(CaseRow), table_of(ObligationRow), table_of(StayRow)
RUNS, FAILURES = table_of(RunRow), table_of(RunFailureRow)
NOTICES, ITEMS, MESSAGES = table_of(NoticeRow), table_of(MessageItemRow), table_of(MessageRow)

NOT_PLANNING = (runs.DELIVERY,)
"""The kinds of runs that tell nothing and plan nothing."""

UNNAMED = "unnamed"
ADRIFT = "adrift"


# ------------------------------------------------------------------ cases


def open_cases(session: Session) -> int:
    """How many cases are open."""
    query = select(func.count()).select_from(CASES).where(CASES.c.ended_on.is_(None))
    return session.execute(query).scalar_one()


def without_step(
    session: Session, run_id: UUID, today: date, *, opened_since: date, stopped: Sequence[str]
) -> dict[str, int]:
    """
    The open cases in which nothing stands that is not held, counted by why; `unnamed` where no rule says why.

    Args:
        run_id: the run whose failures count.
        opened_since: a case opened on this day or later may wait for its first event.
        stopped: the stages in which the clock of a measure stands still.
    """
    found = _stepless(run_id, today, opened_since, stopped).subquery()
    query = select(found.c.why, func.count()).group_by(found.c.why)
    return {row[0]: row[1] for row in session.execute(query)}


def unnamed(
    session: Session,
    run_id: UUID,
    today: date,
    *,
    opened_since: date,
    stopped: Sequence[str],
    limit: int,
) -> list[UUID]:
    """The first of those that nothing explains, by id."""
    found = _stepless(run_id, today, opened_since, stopped).subquery()
    query = select(found.c.id).where(found.c.why == UNNAMED).order_by(found.c.id)
    return list(session.execute(query.limit(limit)).scalars())


def _stepless(
    run_id: UUID, today: date, opened_since: date, stopped: Sequence[str]
) -> Select[tuple[UUID, str]]:
    mine = and_(OWED.c.case_id == CASES.c.id, stands())
    failed = exists().where(FAILURES.c.case_id == CASES.c.id, FAILURES.c.run_id == run_id)
    held = exists().where(mine).correlate(CASES)
    why = case(
        (failed.correlate(CASES), "failed"),
        (CASES.c.next_change_on <= today, "to_be_looked_at"),
        (and_(CASES.c.version == 0, CASES.c.opened_on >= opened_since), "just_opened"),
        (and_(held, _stage().in_(stopped)), "suspended"),
        (held, "in_custody"),
        else_=UNNAMED,
    )
    step = exists().where(mine, not_held(today)).correlate(CASES)
    query = select(CASES.c.id, why.label("why"))
    return query.where(CASES.c.ended_on.is_(None), ~step)


def _stage() -> ColumnElement[Any]:
    """The stage that a case is in."""
    of_case = select(STAYS.c.stage).where(STAYS.c.case_id == CASES.c.id).correlate(CASES)
    return of_case.order_by(STAYS.c.position.desc()).limit(1).scalar_subquery()


# ------------------------------------------------------------------ notices and what became of them


def notices_on(session: Session, day: date) -> int:
    """How many notices were told on a day."""
    query = select(func.count()).select_from(NOTICES).where(NOTICES.c.told_on == day)
    return session.execute(query).scalar_one()


def without_item(
    session: Session, since: date, through: date, told_by: datetime
) -> tuple[int, int]:
    """How many of the notices of these days are in no message: those told by an instant, and those told after it."""
    early = func.count().filter(NOTICES.c.told_at <= told_by)
    query = select(early, func.count()).select_from(NOTICES)
    query = query.where(NOTICES.c.told_on.between(since, through))
    query = query.where(~exists().where(_same()).correlate(NOTICES))
    found, total = session.execute(query).one()
    return found, total - found


def items_on(session: Session, day: date, now: datetime) -> dict[str, int]:
    """
    The items of a day's notices, counted by what became of each.

    `sent`, `queued` (its time has come), `held` (it goes out later), `withdrawn`, `passed` (on to somebody
    higher), `failed` (reached nobody, and has an owner); `adrift` is what is none of these.
    """
    became = _became(now).label("became")
    found = select(became, func.count()).select_from(NOTICES).join(ITEMS, _same())
    found = found.join(MESSAGES, MESSAGES.c.id == ITEMS.c.message_id)
    query = found.where(NOTICES.c.told_on == day).group_by(became)
    return {row[0]: row[1] for row in session.execute(query)}


def is_being_planned(
    session: Session, run_id: UUID | None, begun: datetime, ended: datetime
) -> bool:
    """
    Whether another run may still be putting its notices into messages.

    Args:
        run_id: the run that was planned; None where nobody knows of one.
        begun: a run that began before this instant is dead, and not under way.
        ended: one that ended after this instant may have some left.
    """
    others = select(RUNS.c.id).where(RUNS.c.kind.not_in(NOT_PLANNING))
    if run_id is not None:
        others = others.where(RUNS.c.id != run_id)
    under_way = and_(RUNS.c.ended_at.is_(None), RUNS.c.started_at >= begun)
    just_over = and_(RUNS.c.ended_at >= ended, RUNS.c.started_at >= begun)
    return session.execute(others.where(under_way | just_over).limit(1)).first() is not None


def _same() -> ColumnElement[bool]:
    """That an item carries a notice."""
    return and_(*(ITEMS.c[name] == NOTICES.c[name] for name in OF))


def _became(now: datetime) -> ColumnElement[str]:
    """What became of an item; the dates of its message exclude each other."""
    on = literal(now, MESSAGES.c.send_from.type)
    waits = MESSAGES.c.next_at.is_not(None)
    return case(
        (ITEMS.c.withdrawn_at.is_not(None), "withdrawn"),
        (MESSAGES.c.sent_at.is_not(None), "sent"),
        (and_(MESSAGES.c.passed_at.is_not(None), MESSAGES.c.passed_to.is_not(None)), "passed"),
        (and_(MESSAGES.c.failed_at.is_not(None), MESSAGES.c.owner.is_not(None)), "failed"),
        (and_(waits, MESSAGES.c.send_from > on), "held"),
        (waits, "queued"),
        else_=ADRIFT,
    )
