"""Where the persons are read and written."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from workflow.store.tables import PersonRow, table_of

PEOPLE = table_of(PersonRow)


def is_known(session: Session, person_id: UUID) -> bool:
    """Whether there is a person with this id."""
    return session.execute(select(PEOPLE.c.id).where(PEOPLE.c.id == person_id)).first() is not None


def add(session: Session, person_id: UUID, *, born: date | None, name: str | None) -> None:
    """Write a new person down."""
    session.execute(insert(PEOPLE), [{"id": person_id, "born": born, "name": name}])


def name_of(session: Session, person_id: UUID) -> str | None:
    """What the person is called, where the office knows it."""
    found = session.execute(select(PEOPLE.c.name).where(PEOPLE.c.id == person_id)).scalar()
    return None if found is None else str(found)
