"""Where raised alarms are kept: each once, and whether the operators' webhook took it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from workflow.store.tables import AlarmRow, Found, table_of

ALARMS = table_of(AlarmRow)


def add_new(session: Session, rows: Sequence[Mapping[str, Any]]) -> set[tuple[date, str]]:
    """Write down alarms that are not there yet; gives back the day and sort of those that were not."""
    if not rows:
        return set()
    kind = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    new = kind.insert(ALARMS).values([*rows]).on_conflict_do_nothing()
    found = session.execute(new.returning(ALARMS.c.for_day, ALARMS.c.what))
    return {(row.for_day, row.what) for row in found}


def not_posted(session: Session, since: datetime) -> Sequence[Found]:
    """Those raised since an instant that the operators' webhook has not taken, those of the earliest day first."""
    query = select(ALARMS).where(ALARMS.c.posted_at.is_(None), ALARMS.c.raised_at >= since)
    return session.execute(query.order_by(ALARMS.c.for_day, ALARMS.c.what)).all()


def note_posted(session: Session, what: str, *, through: date, at: datetime) -> None:
    """The operators' webhook took those of a sort, up to a day."""
    mine = update(ALARMS).where(ALARMS.c.what == what, ALARMS.c.for_day <= through)
    session.execute(mine.where(ALARMS.c.posted_at.is_(None)).values(posted_at=at))
