"""
The blind marks by the root key that made them: what a rotation of the keys has left to do.

How a person's marks are made and searched stands in `store.people`.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflow.store.data_keys import DATA_KEYS
from workflow.store.tables import PersonMarkRow, PersonRow, table_of

MARKS, PEOPLE = table_of(PersonMarkRow), table_of(PersonRow)


def marked_otherwise(
    session: Session, root_key: str, limit: int, after: UUID | None = None
) -> list[UUID]:
    """Persons with a mark that another root key made: the next ones by id."""
    query = select(MARKS.c.person_id).where(MARKS.c.root_key != root_key)
    if after is not None:
        query = query.where(MARKS.c.person_id > after)
    query = query.distinct().order_by(MARKS.c.person_id).limit(limit)
    return list(session.execute(query).scalars())


def count_otherwise(session: Session, root_key: str) -> int:
    """How many persons have a mark that another root key made."""
    query = select(func.count(MARKS.c.person_id.distinct())).where(MARKS.c.root_key != root_key)
    return session.execute(query).scalar_one()


def count_by_root(session: Session) -> dict[str, int]:
    """How many marks each root key made."""
    query = select(MARKS.c.root_key, func.count()).group_by(MARKS.c.root_key)
    return {row[0]: row[1] for row in session.execute(query)}


def hold(session: Session, person_id: UUID) -> None:
    """
    Let nobody change or shred a person before this transaction ends.

    Their key's row first and then their own, the order in which shredding takes
    them: two that wait for each other would both fail. SQLite has one writer
    anyway.
    """
    for query in (
        select(DATA_KEYS.c.owner_id).where(DATA_KEYS.c.owner_id == person_id),
        select(PEOPLE.c.id).where(PEOPLE.c.id == person_id),
    ):
        session.execute(query.with_for_update()).all()
