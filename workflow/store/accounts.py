"""Where accounts, their sessions and their tokens are read and written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from workflow.rules.access import LEADING
from workflow.store.offices import as_known, covers
from workflow.store.tables import AccountRow, Found, PostingRow, SessionRow, table_of

ACCOUNTS, SESSIONS = table_of(AccountRow), table_of(SessionRow)
POSTINGS = table_of(PostingRow)
AT_ONCE = 1000
SessionPlace = tuple[datetime, UUID]
"""Where a page of sessions ended: when the last one was made, and its id."""


# ------------------------------------------------------------------ accounts


def find(session: Session, account_id: UUID, *, to_write: bool = False) -> Found | None:
    """The account of this id; nobody else changes it until this transaction ends, where it is to be written."""
    query = select(ACCOUNTS).where(ACCOUNTS.c.id == account_id)
    return session.execute(query.with_for_update() if to_write else query).first()


def by_handle(session: Session, handle: str) -> Found | None:
    """The account that logs in under this handle."""
    return session.execute(select(ACCOUNTS).where(ACCOUNTS.c.handle == handle)).first()


def taken(session: Session, handle: str) -> bool:
    """Whether an account has this handle, or one that differs in nothing but capitals."""
    query = select(ACCOUNTS.c.id).where(func.lower(ACCOUNTS.c.handle) == handle.lower())
    return session.execute(query.limit(1)).first() is not None


def any_of_role(session: Session, role: str) -> bool:
    """Whether somebody of this role may log in."""
    query = select(ACCOUNTS.c.id).where(ACCOUNTS.c.role == role, ACCOUNTS.c.disabled_at.is_(None))
    return session.execute(query.limit(1)).first() is not None


def leading(session: Session, office_ids: Collection[UUID], day: date) -> Sequence[Found]:
    """Who leads at these offices on a day and may log in: `handle` and `office_id`."""
    query = (
        select(ACCOUNTS.c.handle, POSTINGS.c.office_id)
        .join(POSTINGS, POSTINGS.c.staff_id == ACCOUNTS.c.staff_id)
        .where(
            POSTINGS.c.office_id.in_(office_ids),
            as_known(POSTINGS, None),
            covers(POSTINGS, day),
            ACCOUNTS.c.role.in_(LEADING),
            ACCOUNTS.c.disabled_at.is_(None),
        )
    )
    return session.execute(query.order_by(ACCOUNTS.c.handle)).all()


def listed(session: Session, *, after: str | None, limit: int) -> Sequence[Found]:
    """Accounts by handle, a page at a time."""
    query = select(ACCOUNTS).order_by(ACCOUNTS.c.handle).limit(limit)
    if after is not None:
        query = query.where(ACCOUNTS.c.handle > after)
    return session.execute(query).all()


def add(session: Session, row: Mapping[str, Any]) -> None:
    """Write a new account down."""
    session.execute(insert(ACCOUNTS), [dict(row)])


def set_values(session: Session, account_id: UUID, **values: Any) -> None:
    """Write some columns of one account."""
    session.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account_id).values(values))


# ------------------------------------------------------------------ sessions and tokens


def add_session(session: Session, row: Mapping[str, Any]) -> None:
    """Write a new session or token down."""
    session.execute(insert(SESSIONS), [dict(row)])


def find_session(session: Session, session_id: UUID) -> Found | None:
    """The session or token of this id."""
    return session.execute(select(SESSIONS).where(SESSIONS.c.id == session_id)).first()


def sessions_of(
    session: Session,
    account_id: UUID,
    now: datetime,
    *,
    limit: int = AT_ONCE,
    after: SessionPlace | None = None,
) -> Sequence[Found]:
    """The sessions and tokens of an account that are neither revoked nor expired, the latest first."""
    query = select(SESSIONS).where(
        SESSIONS.c.account_id == account_id,
        SESSIONS.c.revoked_at.is_(None),
        SESSIONS.c.expires_at > now,
    )
    if after is not None:
        made, last = SESSIONS.c.created_at, after[0]
        query = query.where(or_(made < last, and_(made == last, SESSIONS.c.id > after[1])))
    ordered = query.order_by(SESSIONS.c.created_at.desc(), SESSIONS.c.id)
    return session.execute(ordered.limit(limit)).all()


def used(session: Session, session_id: UUID, at: datetime) -> None:
    """Note that a session was used."""
    session.execute(update(SESSIONS).where(SESSIONS.c.id == session_id).values(used_at=at))


def revoke(session: Session, session_id: UUID, *, at: datetime, by: str) -> None:
    """From now on this session opens nothing; one that was revoked stays as it was."""
    _revoke(session, SESSIONS.c.id == session_id, at, by)


def revoke_all(
    session: Session, account_id: UUID, *, at: datetime, by: str, but: UUID | None = None
) -> None:
    """From now on no session of an account opens anything, but for one."""
    which = SESSIONS.c.account_id == account_id
    _revoke(session, which if but is None else and_(which, SESSIONS.c.id != but), at, by)


def _revoke(session: Session, which: Any, at: datetime, by: str) -> None:
    standing = update(SESSIONS).where(which, SESSIONS.c.revoked_at.is_(None))
    session.execute(standing.values(revoked_at=at, revoked_by=by))


def forget_sessions(session: Session, before: datetime) -> None:
    """Forget sessions that expired or were revoked before an instant; what somebody holds just now is left for later."""
    over = or_(SESSIONS.c.expires_at < before, SESSIONS.c.revoked_at < before)
    held = select(SESSIONS.c.id).where(over).limit(AT_ONCE).with_for_update(skip_locked=True)
    session.execute(delete(SESSIONS).where(SESSIONS.c.id.in_(held)))
