"""
The one definition of due in SQL: what a row of `obligations` is on a day.

Says the same as `workflow.rules.due.state_of`, as far as questions ask it; `docs/vectors/due.json` tests both.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Boolean, ColumnElement, UnaryExpression, and_, or_
from sqlalchemy.sql.operators import custom_op

from workflow.store.tables import ObligationRow, table_of

OWED = table_of(ObligationRow).c


Day = date | ColumnElement[date]


def owed_on(day: Day, opened_by: Day | None = None) -> ColumnElement[bool]:
    """
    That it is owed on a day: open, due on it, or overdue (`workflow.rules.due.OWED`).

    Args:
        opened_by: a later day, for what is owed or will be by then unless something happens meanwhile.
    """
    return and_(stands(), not_held(day), OWED.opens_on <= (day if opened_by is None else opened_by))


def overdue_on(day: Day) -> ColumnElement[bool]:
    """That it is owed on a day and was due before it."""
    return and_(owed_on(day), OWED.due_on < day)


def not_held(day: Day) -> ColumnElement[bool]:
    """That it is not held on a day."""
    return or_(OWED.held_since.is_(None), OWED.held_since > day)


_NOT_WITHDRAWN: ColumnElement[bool] = UnaryExpression(
    OWED.withdrawn, operator=custom_op("NOT"), type_=Boolean()
)
"""As the indexes say it: SQLite uses one of what stands only where the words are the same, and `= 0` is another."""


def stands() -> ColumnElement[bool]:
    """That it is still owed or will be: neither settled nor ended."""
    return and_(
        OWED.closed_on.is_(None),
        OWED.missed_on.is_(None),
        OWED.excused_on.is_(None),
        OWED.ended_on.is_(None),
        _NOT_WITHDRAWN,
    )
