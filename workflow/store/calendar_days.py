"""
Where the days are kept that an office set itself against the calendar of the program.

A row says what was known of a day from one instant to another. It is never
edited: a correction withdraws it and writes a new one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, Select, and_, insert, or_, select, text, update
from sqlalchemy.orm import Session

from workflow.store.statements import Question, Statement, ask
from workflow.store.tables import CalendarOverrideRow, Found, table_of

DAYS = table_of(CalendarOverrideRow)
_WHAT = select(DAYS.c.day, DAYS.c.is_working, DAYS.c.name)
_SAY = Statement(_WHAT.where(DAYS.c.withdrawn_at.is_(None)).order_by(DAYS.c.day))
Answer = tuple[date, bool, str]
"""A day, whether offices work on it, and what it is called."""

_ONE_WRITER = text("LOCK TABLE calendar_overrides IN SHARE ROW EXCLUSIVE MODE")

_NO_WRITER = text("LOCK TABLE calendar_overrides IN ROW EXCLUSIVE MODE")


def one_writer(session: Session) -> None:
    """Let nobody else set a day until this transaction ends; readers go on. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_ONE_WRITER)


def keep(session: Session) -> None:
    """
    Let nobody set a day until this transaction ends: it holds several cases, or lets some not be looked at again.

    To be asked before the first case is held: who sets a day holds the days first and the cases after them.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_NO_WRITER)


def standing(session: Session, known_at: datetime | None = None) -> Sequence[Found]:
    """Each day that stands, in order; as known at an instant."""
    return session.execute(_standing(select(DAYS), known_at)).all()


def answers(session: Session, known_at: datetime | None = None) -> tuple[Answer, ...]:
    """Of each day that stands, in order, only what it says; each request asks for it."""
    if known_at is None:
        return as_answers(ask(session, [say()])[0])
    return as_answers(session.execute(_standing(_WHAT, known_at)).all())


def as_answers(rows: Sequence[Found]) -> tuple[Answer, ...]:
    """Rows as what they answer."""
    return tuple((row[0], row[1], row[2]) for row in rows)


def say() -> Question:
    """The question after what each day says that stands now, to be asked together with others."""
    return _SAY, {}


def with_ids(session: Session, ids: Collection[UUID]) -> Sequence[Found]:
    """The rows of these ids, those withdrawn included."""
    return session.execute(select(DAYS).where(DAYS.c.id.in_(ids))).all()


def add(session: Session, rows: Sequence[Mapping[str, Any]], *, at: datetime, by: str) -> None:
    """Write days down as known from an instant on."""
    more = {"recorded_at": at, "recorded_by": by, "withdrawn_at": None, "withdrawn_by": None}
    session.execute(insert(DAYS), [{**row, **more} for row in rows])


def withdraw(session: Session, days: Collection[date], *, at: datetime, by: str) -> int:
    """Let nothing stand on these days any more; gives back on how many something did."""
    these = and_(DAYS.c.day.in_(days), DAYS.c.withdrawn_at.is_(None))
    done = session.execute(update(DAYS).where(these).values(withdrawn_at=at, withdrawn_by=by))
    assert isinstance(done, CursorResult)
    return done.rowcount


def _standing(query: Select[Any], known_at: datetime | None) -> Select[Any]:
    stood: Any = DAYS.c.withdrawn_at.is_(None)
    if known_at is not None:
        stood = or_(stood, DAYS.c.withdrawn_at > known_at)
        stood = and_(DAYS.c.recorded_at <= known_at, stood)
    return query.where(stood).order_by(DAYS.c.day)
