"""
Who was found to be the same person (并档): a forest of links, each undone by itself.

A link leads from a row to the row kept. Following them from a row ends at the
person whom its cases are about now. A link is never redirected, so undoing one
gives back exactly what would be without it, in whatever order they are undone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, CursorResult, and_, insert, or_, select, update
from sqlalchemy.orm import Session

from workflow.store.tables import CaseRow, Found, PersonMergeRow, PersonRow, table_of

PEOPLE, MERGES, CASES = table_of(PersonRow), table_of(PersonMergeRow), table_of(CaseRow)
AT_ONCE = 1000
"""Ids a statement: every database takes so many."""


def root_of(session: Session, person_id: UUID) -> UUID:
    """Who a person is, after every merge that stands; themselves where there is none."""
    return roots_of(session, [person_id])[person_id]


def roots_of(session: Session, ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The same for several persons; one who is not known is themselves."""
    wanted = list(dict.fromkeys(ids))
    found = {person_id: person_id for person_id in wanted}
    for start in range(0, len(wanted), AT_ONCE):
        up = _upwards(wanted[start : start + AT_ONCE])
        query = select(up.c.row, up.c.id).where(up.c.merged_into.is_(None))
        found |= {row.row: row.id for row in session.execute(query)}
    return found


def held_roots(session: Session, ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """
    Who several persons are, and nobody merges or undoes above them until this transaction ends.

    Whoever moves a root in the forest holds it first, so holding the roots holds
    the answer. (On SQLite there is one writer anyhow.) All of them are held in one
    statement, in one order, and let go where the answer changed while it waited:
    so two who hold some never wait for each other.
    """
    wanted = list(ids)
    while True:
        roots = roots_of(session, wanted)
        with session.begin_nested() as held:
            rows = select(PEOPLE.c.id).where(PEOPLE.c.id.in_(set(roots.values())))
            session.execute(rows.order_by(PEOPLE.c.id).with_for_update()).all()
            if roots_of(session, wanted) == roots:
                return roots
            held.rollback()


def same_as(session: Session, person_id: UUID) -> list[UUID]:
    """Every row that is the same person as this one, the row itself included."""
    query = select(_downwards(root_of(session, person_id)).c.id)
    return sorted(session.execute(query).scalars())


def find(session: Session, merge_id: UUID) -> Found | None:
    """A merge, standing or undone."""
    return session.execute(select(MERGES).where(MERGES.c.id == merge_id)).first()


def of_people(session: Session, ids: Iterable[UUID]) -> Sequence[Found]:
    """The merges, standing or undone, in which any of these rows was kept or merged; the earliest first."""
    wanted = list(ids)
    touched = or_(MERGES.c.kept_id.in_(wanted), MERGES.c.merged_id.in_(wanted))
    return session.execute(
        select(MERGES).where(touched).order_by(MERGES.c.merged_at, MERGES.c.id)
    ).all()


def add(session: Session, merge_id: UUID, **values: Any) -> None:
    """Write a merge down, and give the cases of the merged row to whom they are about now."""
    session.execute(insert(MERGES), [{"id": merge_id, **values}])
    _link(session, values["merged_id"], values["kept_id"])


def undo(session: Session, merge_id: UUID, at: datetime, by: str) -> bool:
    """Take a merge back, and give the cases back; False where somebody did so before."""
    standing = and_(MERGES.c.id == merge_id, MERGES.c.undone_at.is_(None))
    done = session.execute(update(MERGES).where(standing).values(undone_at=at, undone_by=by))
    assert isinstance(done, CursorResult)
    if done.rowcount != 1:
        return False
    merged = select(MERGES.c.merged_id).where(MERGES.c.id == merge_id)
    _link(session, session.execute(merged).scalar_one(), None)
    return True


def open_case_of(session: Session, subject_id: UUID) -> UUID | None:
    """The open case that is about a person, merges counted."""
    query = select(CASES.c.id).where(CASES.c.subject_id == subject_id, CASES.c.ended_on.is_(None))
    return session.execute(query).scalar()


def _link(session: Session, merged_id: UUID, kept_id: UUID | None) -> None:
    row = PEOPLE.c.id == merged_id
    session.execute(update(PEOPLE).where(row).values(merged_into=kept_id))
    subject = root_of(session, merged_id)
    theirs = CASES.c.person_id.in_(select(_downwards(merged_id).c.id))
    session.execute(update(CASES).where(theirs).values(subject_id=subject))


def _upwards(ids: Sequence[UUID]) -> CTE:
    """Each row, and those above it, by the row asked for; `union` ends even on a damaged circle."""
    start = select(PEOPLE.c.id.label("row"), PEOPLE.c.id, PEOPLE.c.merged_into)
    up = start.where(PEOPLE.c.id.in_(ids)).cte("up", recursive=True)
    above = select(up.c.row, PEOPLE.c.id, PEOPLE.c.merged_into)
    return up.union(above.join(PEOPLE, PEOPLE.c.id == up.c.merged_into))


def _downwards(top: UUID) -> CTE:
    """A row and those merged into it."""
    down = select(PEOPLE.c.id).where(PEOPLE.c.id == top).cte("down", recursive=True)
    return down.union(select(PEOPLE.c.id).join(down, PEOPLE.c.merged_into == down.c.id))
