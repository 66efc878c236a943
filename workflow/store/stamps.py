"""Where a database's own words are read and written: its mode, the day of a demo."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from workflow.store.tables import StampRow, table_of

STAMPS = table_of(StampRow)


def read(session: Session, key: str) -> str | None:
    """The value of a stamp, or None where there is none."""
    found = session.execute(select(STAMPS.c.value).where(STAMPS.c.key == key)).scalar()
    return None if found is None else str(found)


def put(session: Session, key: str, value: str) -> None:
    """Set a stamp, whatever it was and whoever sets it at the same moment."""
    _put(session, key, value)


def raise_to(session: Session, key: str, day: date) -> None:
    """Set a stamp that holds a day, unless it holds a later one."""
    _put(session, key, day.isoformat(), only_later=True)


def _put(session: Session, key: str, value: str, *, only_later: bool = False) -> None:
    kind = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    new = kind.insert(STAMPS).values(key=key, value=value)
    later = STAMPS.c.value < value if only_later else None
    session.execute(
        new.on_conflict_do_update(index_elements=["key"], set_={"value": value}, where=later)
    )
