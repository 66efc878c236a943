"""
Where cases are put down to be looked at again, because what they are counted by has changed.

Nothing of them is computed here: the next sweep asks for the cases whose day has come.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import CursorResult, and_, or_, update
from sqlalchemy.orm import Session

from workflow.store import stamps
from workflow.store.cases import SWEPT_THROUGH
from workflow.store.tables import CaseRow, table_of

CASES = table_of(CaseRow)


def from_day(session: Session, today: date) -> date:
    """
    The day from which on the next sweep is to look: today, or the first day that no sweep has told yet.

    The sweep leaves a waiting case out of its own telling, so a later day than that would lose
    what fell due on days that were missed.
    """
    swept = stamps.read(session, SWEPT_THROUGH)
    return min(today, date.fromisoformat(swept) + timedelta(days=1)) if swept else today


def look_at(session: Session, case_id: UUID, today: date) -> None:
    """Let one case be looked at again, whatever it waits for; an earlier day stays."""
    day = from_day(session, today)
    later = or_(CASES.c.next_change_on.is_(None), CASES.c.next_change_on > day)
    mine = and_(CASES.c.id == case_id, later)
    session.execute(update(CASES).where(mine).values(next_change_on=day))


def look_at_all(session: Session, today: date, *, ended_since: date) -> int:
    """
    Let every case be looked at again that has a next day; an earlier day stays. Gives back how many.

    A case that owes nothing any more has none. Of these, those that ended on or after `ended_since` are
    looked at too. One statement, whatever their number.
    """
    day = from_day(session, today)
    done_with = and_(CASES.c.next_change_on.is_(None), CASES.c.ended_on >= ended_since)
    touched = or_(CASES.c.next_change_on > day, done_with)
    done = session.execute(update(CASES).where(touched).values(next_change_on=day))
    assert isinstance(done, CursorResult)
    return done.rowcount
