"""
Where is read who is missing, today and in the days to come: of the cases within reach, and with what falls due meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, distinct, exists, func, select
from sqlalchemy.orm import Session

from workflow.store.contacts import NO_PERSON
from workflow.store.due_sql import stands
from workflow.store.offices import as_known, covers
from workflow.store.reach import Reach, within
from workflow.store.tables import (
    AccountRow,
    CaseRow,
    ChairRow,
    ContactRow,
    Found,
    LeaveRow,
    MessageItemRow,
    MessageRow,
    ObligationRow,
    PostingRow,
    StaffRow,
    table_of,
)

CASES, CHAIRS, OWED = table_of(CaseRow), table_of(ChairRow), table_of(ObligationRow)
STAFF, POSTINGS, LEAVES = table_of(StaffRow), table_of(PostingRow), table_of(LeaveRow)
ACCOUNTS, CONTACTS = table_of(AccountRow), table_of(ContactRow)
MESSAGES, ITEMS = table_of(MessageRow), table_of(MessageItemRow)
NEXT = POSTINGS.alias("following")
STANDING = "standing"
"""Sits in the chairs of worked cases, which name nobody."""


def away(session: Session, reach: Reach, today: date) -> Sequence[Found]:
    """
    Who is on leave today and sits in chairs: `handle`, `first_on`, `last_on`, `cases`, and how much is `due` by its end.
    """
    return session.execute(_leaves(reach).where(covers(LEAVES, today))).all()


def going_away(session: Session, reach: Reach, after: date, through: date) -> Sequence[Found]:
    """The same of leaves that begin after a day and up to another, with what falls due while they last."""
    begins = and_(LEAVES.c.first_on > after, LEAVES.c.first_on <= through)
    while_away = OWED.c.due_on >= LEAVES.c.first_on
    query = _leaves(reach, while_away).where(begins)
    return session.execute(query.having(_due() > 0)).all()


def leaving(session: Session, reach: Reach, after: date, through: date) -> Sequence[Found]:
    """
    Whose posting ends in these days with none after it there, though in their chairs something falls due by the last one.

    Columns: `handle`, `office_id`, `role`, `last_on`, `cases`, `due`.
    """
    same = (NEXT.c.staff_id, NEXT.c.office_id, NEXT.c.role)
    mine = (POSTINGS.c.staff_id, POSTINGS.c.office_id, POSTINGS.c.role)
    follows = exists().where(
        *(other == own for other, own in zip(same, mine, strict=True)),
        as_known(NEXT, None),
        NEXT.c.first_on > POSTINGS.c.first_on,
    )
    ends = and_(POSTINGS.c.last_on >= after, POSTINGS.c.last_on < through)
    falls_due = and_(OWED.c.due_on > POSTINGS.c.last_on, OWED.c.due_on <= through)
    columns = (STAFF.c.handle, POSTINGS.c.office_id, POSTINGS.c.role, POSTINGS.c.last_on)
    query = select(*columns, _cases(), _due().label("due"))
    query = _of_chairs(query, POSTINGS, reach, falls_due)
    query = query.where(as_known(POSTINGS, None), ends, ~follows.correlate(POSTINGS))
    query = query.group_by(*columns).having(_due() > 0)
    return session.execute(query.order_by(POSTINGS.c.last_on, STAFF.c.handle)).all()


def unreachable(session: Session, reach: Reach) -> Sequence[Found]:
    """Who sits in chairs and has neither an account nor an address: `handle` and `cases`."""
    account = exists().where(
        ACCOUNTS.c.handle == CHAIRS.c.helper,
        ACCOUNTS.c.disabled_at.is_(None),
        ACCOUNTS.c.role.not_in(NO_PERSON),
    )
    address = exists().where(
        STAFF.c.handle == CHAIRS.c.helper,
        CONTACTS.c.staff_id == STAFF.c.id,
        CONTACTS.c.addresses.is_not(None),
    )
    query = (
        select(CHAIRS.c.helper.label("handle"), _cases())
        .join(CASES, CASES.c.id == CHAIRS.c.case_id)
        .where(CHAIRS.c.helper.is_not(None), CHAIRS.c.helper != STANDING)
        .where(CASES.c.ended_on.is_(None), within(reach))
        .where(~account.correlate(CHAIRS), ~address.correlate(CHAIRS))
        .group_by(CHAIRS.c.helper)
    )
    return session.execute(query.order_by(CHAIRS.c.helper)).all()


def open_cases_of(session: Session, office_ids: Collection[UUID]) -> Sequence[Found]:
    """How many open cases these offices have, those without any left out: `office_id` and `cases`."""
    count = func.count().label("cases")
    query = select(CASES.c.office_id, count).where(CASES.c.office_id.in_(sorted(office_ids)))
    query = query.where(CASES.c.ended_on.is_(None)).group_by(CASES.c.office_id)
    return session.execute(query.order_by(CASES.c.office_id)).all()


def told_nobody(
    session: Session, reach: Reach, since: date, limit: int
) -> tuple[int, Sequence[Found]]:
    """What of the days since one reached nobody, and the first of it: `case_id`, `kind`, `told_on`, `role`."""
    failed = and_(MESSAGES.c.failed_at.is_not(None), MESSAGES.c.for_day >= since)
    query = (
        select(ITEMS.c.case_id, ITEMS.c.kind, ITEMS.c.told_on, ITEMS.c.told_to.label("role"))
        .select_from(MESSAGES)
        .join(ITEMS, ITEMS.c.message_id == MESSAGES.c.id)
        .join(CASES, CASES.c.id == ITEMS.c.case_id)
        .where(failed, ITEMS.c.withdrawn_at.is_(None), within(reach))
    )
    total = session.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    order = (ITEMS.c.told_on.desc(), ITEMS.c.case_id, ITEMS.c.kind, ITEMS.c.told_to)
    return total, session.execute(query.order_by(*order).limit(limit)).all() if total else ()


# ------------------------------------------------------------------ how it is asked


def _cases() -> ColumnElement[int]:
    return func.count(distinct(CASES.c.id)).label("cases")


def _due() -> ColumnElement[int]:
    return func.count(OWED.c.kind)


def _leaves(reach: Reach, falls_due: ColumnElement[bool] | None = None) -> Select[Any]:
    columns = (STAFF.c.handle, LEAVES.c.first_on, LEAVES.c.last_on)
    until = OWED.c.due_on <= LEAVES.c.last_on
    due = until if falls_due is None else and_(until, falls_due)
    query = _of_chairs(select(*columns, _cases(), _due().label("due")), LEAVES, reach, due)
    query = query.where(as_known(LEAVES, None)).group_by(*columns)
    return query.order_by(LEAVES.c.first_on, STAFF.c.handle)


def _of_chairs(
    query: Select[Any], what: Any, reach: Reach, falls_due: ColumnElement[bool]
) -> Select[Any]:
    """With the chairs of open cases in which the staff of these rows sit, and what these chairs owe of what falls due."""
    owed = and_(OWED.c.case_id == CASES.c.id, OWED.c.owner == CHAIRS.c.role, stands(), falls_due)
    found = (
        what.join(STAFF, STAFF.c.id == what.c.staff_id)
        .join(CHAIRS, CHAIRS.c.helper == STAFF.c.handle)
        .join(CASES, CASES.c.id == CHAIRS.c.case_id)
        .outerjoin(OWED, owed)
    )
    return query.select_from(found).where(CASES.c.ended_on.is_(None), within(reach))
