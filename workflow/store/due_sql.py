"""
The one definition of due in SQL: what a row of `obligations` is on a day.

Says the same as `workflow.rules.due.state_of`; `docs/vectors/due.json` tests both.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import Boolean, Case, ColumnElement, UnaryExpression, and_, case, literal, or_
from sqlalchemy.sql.operators import custom_op

from workflow.store.tables import ObligationRow, table_of

OWED = table_of(ObligationRow).c


def state_on(day: date) -> Case[str]:
    """The state of an obligation on a day, as an expression over its row."""
    on = literal(day, OWED.due_on.type)
    taken_back = or_(OWED.excused_on.is_not(None), OWED.withdrawn)
    ended = OWED.ended_on.is_not(None)
    return case(
        (OWED.closed_on <= OWED.due_on, "done"),
        (OWED.closed_on.is_not(None), "done_late"),
        (OWED.missed_on.is_not(None), "missed"),
        (taken_back, "withdrawn"),
        (and_(ended, OWED.due_on >= OWED.ended_on), "withdrawn"),
        (ended, "lapsed"),
        (and_(OWED.held_since.is_not(None), OWED.held_since <= on), "held"),
        (on < OWED.opens_on, "upcoming"),
        (on < OWED.due_on, "open"),
        (on == OWED.due_on, "due_today"),
        else_="overdue",
    )


def not_held(day: date | ColumnElement[date]) -> ColumnElement[bool]:
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
