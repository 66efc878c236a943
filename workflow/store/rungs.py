"""
Where the rungs to come are read and written, and told when their day has come.

Between two changes of a case's rows nothing about its rungs can change, so that
telling them is one set-based statement that folds no case.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    and_,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from workflow.store.many import Deleting, Inserting, Values
from workflow.store.obligations import KEY
from workflow.store.of_cases import OfCases
from workflow.store.statements import Order, Question
from workflow.store.tables import CaseRow, Found, NoticeRow, RungRow, table_of

RUNGS, NOTICES, CASES = table_of(RungRow), table_of(NoticeRow), table_of(CaseRow)
_OF_CASES = OfCases(select(RUNGS), RUNGS.c.case_id)
COLUMNS = tuple(column.name for column in RUNGS.c)
"""A row of `rungs`, in this order."""
_ADD, _DROP = Inserting(RUNGS, COLUMNS), Deleting(RUNGS, ("case_id",))


def of_cases(session: Session, case_ids: Collection[UUID]) -> Iterator[Found]:
    """The rungs to come of several cases."""
    yield from _OF_CASES.all(session, case_ids)


def of(case_id: UUID) -> Question:
    """The question about the rungs to come of one case, to be asked together with others."""
    return _OF_CASES.of(case_id)


def to_put(case_ids: Collection[UUID], rows: Sequence[Values]) -> tuple[Order, Order]:
    """These are to be all the rungs to come of these cases, each its `COLUMNS` in their order."""
    return (_DROP, [(case_id,) for case_id in case_ids]), (_ADD, rows)


def next_day(session: Session, after: date) -> date | None:
    """The first day after this one on which a rung falls due."""
    return session.execute(
        select(func.min(RUNGS.c.told_on)).where(RUNGS.c.told_on > after)
    ).scalar()


def tell_due(session: Session, day: date, told_through: date | None, told_at: datetime) -> int:
    """
    Tell what falls due on a day, and once what fell due on days that were missed; gives back how many.

    Of the rungs of one obligation only the last is told, and none of an obligation about which something
    was told since. A case whose rows may have changed is left out: it is told when it has been projected.
    Safe to run again.

    Args:
        told_through: the last day on which nothing was left untold; None if there was none yet.
    """
    columns: dict[str, ColumnElement[Any]] = {
        **{name: RUNGS.c[name] for name in KEY},
        "told_on": literal(day, NOTICES.c.told_on.type),
        **{name: RUNGS.c[name] for name in ("told_to", "role", "rung")},
        "told_at": literal(told_at, NOTICES.c.told_at.type),
    }
    source = select(*columns.values()).join(CASES, CASES.c.id == RUNGS.c.case_id)
    source = source.where(_due(day, told_through))
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = make(NOTICES).from_select(list(columns), source).on_conflict_do_nothing()
    done = session.execute(statement)
    assert isinstance(done, CursorResult)
    return done.rowcount


def _due(day: date, told_through: date | None) -> Any:
    """The last rungs up to a day, of cases whose rows stand as they are, about which nothing was told since."""
    told = NOTICES.alias("told")
    waits = and_(CASES.c.next_change_on.is_not(None), CASES.c.next_change_on <= day)
    told_since = exists().where(
        *(told.c[name] == RUNGS.c[name] for name in KEY), told.c.told_on >= RUNGS.c.told_on
    )
    return and_(*_within(day, told_through), ~waits, ~told_since)


def _within(day: date, told_through: date | None) -> list[ColumnElement[bool]]:
    """Those that fall on the days to be told; where these are several, only the last one of each obligation."""
    if told_through == day - timedelta(days=1):
        return [RUNGS.c.told_on == day]
    later = RUNGS.alias("later")
    a_later_one = exists().where(
        *(later.c[name] == RUNGS.c[name] for name in KEY),
        later.c.told_on > RUNGS.c.told_on,
        later.c.told_on <= day,
    )
    lower = [RUNGS.c.told_on > told_through] if told_through else []
    return [RUNGS.c.told_on <= day, *lower, ~a_later_one]
