"""
What logging in leaves (会话与令牌): a session of a browser, or a token of a device or an integration.

Both are secrets of which only a hash is kept, and end when they are revoked, when
they are too old, and a browser's also when it lies idle. A browser shows its session
as a cookie and a program its token in a header; neither is taken for the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from workflow.rules.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Refused,
    Unauthenticated,
)
from workflow.services.callers import Caller, caller_of
from workflow.services.passwords import digest_of, new_secret
from workflow.services.signing_in import SignedIn
from workflow.store import accounts, callers, turns
from workflow.store.accounts import SessionPlace as Place
from workflow.store.statements import Row
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

SessionKind = Literal["browser", "token"]
NOTED_EVERY = timedelta(minutes=1)
"""How exactly the last use of a session is known: reading writes no more often than that."""

LONGEST_LABEL = 100
LONGEST_TOKEN_DAYS = 400


@dataclass(frozen=True, slots=True)
class SessionView:
    """
    A session or token, as its owner sees it.

    Args:
        is_idle: that it lay unused for too long, and opens nothing any more.
    """

    id: UUID
    kind: SessionKind
    label: str | None
    created_at: datetime
    used_at: datetime
    expires_at: datetime
    is_idle: bool = False


@dataclass(frozen=True, slots=True)
class NewToken:
    """
    A token to issue.

    Args:
        id: made by the client.
        label: what it is for, in its owner's words.
    """

    id: UUID
    label: str
    days: int


# ------------------------------------------------------------------ who calls


def recognise(
    uow: UnitOfWork, secret: str, kind: SessionKind, *, now: datetime, today: date
) -> Caller:
    """
    The caller who holds this secret. Writes nothing.

    Raises:
        Unauthenticated: `session_over`: unknown, or shown in the other's way; and what `_check_stands` raises,
            since whoever holds a secret that once opened something may know why it does so no more.
    """
    found = callers.behind(uow.asker, digest_of(secret), today)
    if found is None or found.row.kind != kind:
        raise Unauthenticated("session_over")
    _check_stands(found.row, now)
    return caller_of(found)


def is_noted(caller: Caller, now: datetime) -> bool:
    """Whether the last use of a session is known as exactly as it needs to be."""
    return caller.used_at > now - NOTED_EVERY


def note_use(uow: UnitOfWork, session_id: UUID, now: datetime) -> None:
    """Note that a session was used."""
    accounts.used(uow.session, session_id, now)


def _check_stands(row: Found | Row, now: datetime) -> None:
    """
    See that a session or token opens something still.

    Raises:
        Unauthenticated: `login_disabled`: nobody logs in to its account now; `session_ended`: it was revoked;
            `session_expired`: it is too old, or lay idle too long.
    """
    if row.disabled_at is not None:
        raise Unauthenticated("login_disabled")
    if row.revoked_at is not None:
        raise Unauthenticated("session_ended")
    if row.expires_at <= now or not _is_fresh(row, now):
        raise Unauthenticated("session_expired")


def _is_fresh(row: Found | Row, now: datetime) -> bool:
    """That it does not lie idle; a token never does."""
    idle = row.idle_minutes
    return idle is None or row.used_at + timedelta(minutes=idle) > now


# ------------------------------------------------------------------ tokens


def issue_own_token(uow: UnitOfWork, caller: Caller, new: NewToken, now: datetime) -> SignedIn:
    """
    A token for a device of one's own, under one's own role and reach.

    Raises:
        Forbidden: `browser_needed`: a token is no way to the next token, or a stolen one would never end.
        Invalid: `token_field_unusable`: the label or the days.
        Refused: `account_disabled`.
        Conflict: `token_known`: sent before; its secret is shown once, so another one has to be made.
    """
    if caller.kind != "browser":
        raise Forbidden("browser_needed")
    return _issue(uow, caller.account_id, new, now)


def issue_token(uow: UnitOfWork, account_id: UUID, new: NewToken, now: datetime) -> SignedIn:
    """
    A token for an integration, by an administrator; people issue theirs themselves.

    Raises:
        NotFound: there is no such account.
        Refused: `token_is_personal`: the account is a person's; and what `issue_own_token` raises.
    """
    row = accounts.find(uow.session, account_id)
    if row is not None and row.role != "integration":
        raise Refused("token_is_personal", handle=row.handle)
    return _issue(uow, account_id, new, now)


def _issue(uow: UnitOfWork, account_id: UUID, new: NewToken, now: datetime) -> SignedIn:
    label = new.label.strip()
    if not 0 < len(label) <= LONGEST_LABEL or not 0 < new.days <= LONGEST_TOKEN_DAYS:
        raise Invalid("token_field_unusable", longest=LONGEST_LABEL, most=LONGEST_TOKEN_DAYS)
    turns.take(uow.session, f"session {new.id}")
    row = accounts.find(uow.session, account_id, to_write=True)
    if row is None:
        raise NotFound("not_found", what=str(account_id))
    if row.disabled_at is not None:
        raise Refused("account_disabled", handle=row.handle)
    if accounts.find_session(uow.session, new.id) is not None:
        raise Conflict("token_known", id=str(new.id))
    secret = new_secret("gtt")
    values = {
        "id": new.id,
        "account_id": account_id,
        "kind": "token",
        "digest": digest_of(secret),
        "label": label,
        "created_at": now,
        "used_at": now,
        "expires_at": now + timedelta(days=new.days),
    }
    accounts.add_session(uow.session, values)
    return SignedIn(new.id, account_id, secret, row.must_change)


# ------------------------------------------------------------------ those that stand


def sessions_of(
    uow: UnitOfWork,
    account_id: UUID,
    now: datetime,
    *,
    limit: int = 50,
    after: Place | None = None,
) -> Sequence[SessionView]:
    """
    The sessions and tokens of an account that are neither revoked nor too old, the latest first.

    Args:
        after: when the last one of the page before was made, and its id.
    """
    rows = accounts.sessions_of(uow.session, account_id, now, limit=limit, after=after)
    return [
        SessionView(
            id=row.id,
            kind=row.kind,
            label=row.label,
            created_at=row.created_at,
            used_at=row.used_at,
            expires_at=row.expires_at,
            is_idle=not _is_fresh(row, now),
        )
        for row in rows
    ]


def end_session(
    uow: UnitOfWork, session_id: UUID, *, account_id: UUID, now: datetime, by: str
) -> None:
    """
    Revoke a session or token of an account. Sending it twice is harmless.

    Raises:
        NotFound: there is none of that id, or it is another account's.
    """
    row = accounts.find_session(uow.session, session_id)
    if row is None or row.account_id != account_id:
        raise NotFound("not_found", what=str(session_id))
    accounts.revoke(uow.session, session_id, at=now, by=by)


def end_all_sessions(uow: UnitOfWork, account_id: UUID, *, now: datetime, by: str) -> None:
    """
    Revoke every session and token of an account. Sending it twice is harmless.

    Raises:
        NotFound: there is no such account.
    """
    if accounts.find(uow.session, account_id, to_write=True) is None:
        raise NotFound("not_found", what=str(account_id))
    accounts.revoke_all(uow.session, account_id, at=now, by=by)
