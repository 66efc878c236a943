"""Where is kept what each phone holds and whose people an account carried; and which cases a phone is to hold."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, delete, exists, insert, or_, select
from sqlalchemy.orm import Session

from workflow.store.due_sql import stands
from workflow.store.events import EVENTS
from workflow.store.many import Inserting
from workflow.store.reach import CASES, OWED, Reach, within
from workflow.store.tables import (
    CarriedRow,
    DataKeyRow,
    Found,
    PersonRow,
    PhoneRow,
    table_of,
)

PHONES, CARRIED = table_of(PhoneRow), table_of(CarriedRow)
_CARRY = Inserting(CARRIED, ("account_id", "case_id", "first_at"), known_stay=True)
PEOPLE, KEYS = table_of(PersonRow), table_of(DataKeyRow)
NAMES = KEYS.alias("names")
FILE = ("id", "person_id", "subject_id", "office_id", "policy", "team", "opened_on", "ended_on")
"""What a phone is shown of a case's row, or what it is computed by; its events are in `chain`."""


def to_hold(session: Session, reach: Reach, limit: int) -> Sequence[Found]:
    """
    The cases that a phone of somebody with this reach is to hold, each with all that its content hangs on.

    A case that ended is among them while something that outlives it stands; one about somebody whose key was
    shredded never is.
    """
    columns = (*(CASES.c[name] for name in FILE), CASES.c.version, CASES.c.chain)
    query = (
        select(*columns, PEOPLE.c.profile, NAMES.c.owner_id)
        .join(KEYS, KEYS.c.owner_id == CASES.c.person_id)
        .join(PEOPLE, PEOPLE.c.id == CASES.c.subject_id)
        .outerjoin(NAMES, NAMES.c.owner_id == CASES.c.subject_id)
        .where(within(reach), or_(CASES.c.ended_on.is_(None), _outlived()))
        .order_by(CASES.c.id)
        .limit(limit)
    )
    return session.execute(query).all()


def _outlived() -> ColumnElement[bool]:
    return exists().where(and_(OWED.c.case_id == CASES.c.id, stands())).correlate(CASES)


def held(session: Session, cursor: UUID, account_id: UUID) -> Found | None:
    """What the phone with this cursor holds; None where the cursor is not one of this account's."""
    mine = and_(PHONES.c.id == cursor, PHONES.c.account_id == account_id)
    return session.execute(select(PHONES).where(mine)).first()


def give(session: Session, row: dict[str, Any], taken: UUID | None, gone_since: datetime) -> None:
    """
    Write down what a phone holds once it takes the next page.

    Args:
        taken: the cursor with which it came; of its other pages nothing is kept.
        gone_since: phones not heard of since are forgotten: they begin anew.
    """
    others = and_(PHONES.c.line == row["line"], PHONES.c.id != taken)
    lost = and_(PHONES.c.account_id == row["account_id"], PHONES.c.made_at < gone_since)
    session.execute(delete(PHONES).where(or_(others, lost)))
    session.execute(insert(PHONES), [row])


def note_carried(
    session: Session, account_id: UUID, case_ids: Collection[UUID], at: datetime
) -> None:
    """Write down that these cases were given to a phone of this account."""
    _CARRY.run(session, [(account_id, each, at) for each in case_ids])


def of_someone_who_had_it(session: Session, case_id: UUID, account_id: UUID, handle: str) -> bool:
    """Whether a case was ever given to a phone of this account, or they recorded on it."""
    carried: Select[Any] = select(CARRIED.c.case_id).where(
        CARRIED.c.case_id == case_id, CARRIED.c.account_id == account_id
    )
    recorded: Select[Any] = select(EVENTS.c.case_id).where(
        EVENTS.c.case_id == case_id, EVENTS.c.recorded_by == handle
    )
    return any(session.execute(query.limit(1)).first() for query in (carried, recorded))
