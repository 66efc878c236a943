"""
Logging in (登录) and what it leaves: a session of a browser, or a token of a device or an integration.

Both are secrets of which only a hash is kept, and end when they are revoked, when
they are too old, and a browser's also when it lies idle. Guessing is slowed down
by where it comes from: one address, or one handle from one address. Never by the
handle alone, so that nobody can lock somebody else out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from workflow.rules.errors import Conflict, Invalid, NotFound, Refused, Unauthenticated
from workflow.services.callers import Caller, caller_of
from workflow.services.passwords import Passwords, digest_of, new_secret
from workflow.store import accounts
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

FREE_OF_ONE, FREE_OF_ADDRESS = 5, 50
"""Failed logins that cost nothing: of one handle from one address, and of one address in all."""

LONGEST_BLOCK = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)
NOTED_EVERY = timedelta(minutes=1)
"""How exactly the last use of a session is known: reading writes no more often than that."""

LONGEST_LABEL = 100
LONGEST_TOKEN_DAYS = 400


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a browser's session lasts: unused, and at the longest."""

    idle_minutes: int = 30
    hours: int = 12


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session; its secret is shown once, and kept nowhere."""

    session_id: UUID
    account_id: UUID
    secret: str
    must_change: bool

    def __repr__(self) -> str:
        return f"SignedIn({self.session_id})"


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session or token, as its owner sees it."""

    id: UUID
    kind: str
    label: str | None
    created_at: datetime
    used_at: datetime
    expires_at: datetime


# ------------------------------------------------------------------ logging in


def check_throttle(uow: UnitOfWork, handle: str, address: str, now: datetime) -> None:
    """
    See that this place may try again.

    Raises:
        Refused: `too_many_attempts`, with the seconds to wait.
    """
    kept = accounts.throttles_of(uow.session, _buckets(handle, address))
    until = max((row.blocked_until for row in kept.values() if row.blocked_until), default=now)
    if until > now:
        raise Refused("too_many_attempts", seconds=int((until - now).total_seconds()) + 1)


def count_failure(uow: UnitOfWork, handle: str, address: str, now: datetime) -> None:
    """Count a failed login; from the sixth on each makes this place wait twice as long, at most a quarter of an hour."""
    buckets = _buckets(handle, address)
    kept = accounts.throttles_of(uow.session, buckets)
    for bucket, free in zip(buckets, (FREE_OF_ONE, FREE_OF_ADDRESS), strict=True):
        row = kept.get(bucket)
        recent = row is not None and row.last_at > now - FORGOTTEN_AFTER
        failures = 1 + (row.failures if row is not None and recent else 0)
        over = failures - free
        wait = min(timedelta(seconds=2 ** min(over, 20)), LONGEST_BLOCK)
        until = now + wait if over > 0 else None
        accounts.put_throttle(uow.session, bucket, failures=failures, at=now, blocked_until=until)


def sign_in(
    uow: UnitOfWork,
    handle: str,
    password: str,
    *,
    session_id: UUID,
    address: str,
    passwords: Passwords,
    lasting: Lasting,
    now: datetime,
) -> SignedIn:
    """
    A session for whoever knows the password.

    To be called after `check_throttle`; where it is refused the caller counts it by `count_failure`,
    in a transaction of its own.

    Raises:
        Unauthenticated: `login_failed`: no such account, a wrong password, or disabled; which, is not said.
    """
    row = accounts.by_handle(uow.session, handle)
    known = row is not None and row.disabled_at is None
    if not passwords.matches(password, row.password_hash if row is not None and known else None):
        raise Unauthenticated("login_failed")
    assert row is not None
    accounts.forget_throttles(
        uow.session, buckets=_buckets(handle, address)[:1], before=now - FORGOTTEN_AFTER
    )
    accounts.forget_sessions(uow.session, now - timedelta(days=30))
    secret = new_secret("gts")
    accounts.add_session(
        uow.session,
        {
            "id": session_id,
            "account_id": row.id,
            "kind": "browser",
            "digest": digest_of(secret),
            "idle_minutes": lasting.idle_minutes,
            "created_at": now,
            "used_at": now,
            "expires_at": now + timedelta(hours=lasting.hours),
        },
    )
    return SignedIn(session_id, row.id, secret, row.must_change)


def issue_token(
    uow: UnitOfWork,
    account_id: UUID,
    *,
    token_id: UUID,
    label: str,
    days: int,
    now: datetime,
) -> SignedIn:
    """
    A token for a device or an integration, under its account's role and reach.

    Raises:
        NotFound: there is no such account.
        Invalid: `token_field_unusable`: the label or the days.
        Refused: `account_disabled`.
        Conflict: `token_known`: sent before; its secret is shown once, so another one has to be made.
    """
    if not 0 < len(label.strip()) <= LONGEST_LABEL or not 0 < days <= LONGEST_TOKEN_DAYS:
        raise Invalid("token_field_unusable", longest=LONGEST_LABEL, most=LONGEST_TOKEN_DAYS)
    row = accounts.find(uow.session, account_id)
    if row is None:
        raise NotFound("not_found", what=str(account_id))
    if row.disabled_at is not None:
        raise Refused("account_disabled", handle=row.handle)
    if accounts.find_session(uow.session, token_id) is not None:
        raise Conflict("token_known", id=str(token_id))
    secret = new_secret("gtt")
    values = {
        "id": token_id,
        "account_id": account_id,
        "kind": "token",
        "digest": digest_of(secret),
        "label": label.strip(),
        "created_at": now,
        "used_at": now,
        "expires_at": now + timedelta(days=days),
    }
    accounts.add_session(uow.session, values)
    return SignedIn(token_id, account_id, secret, row.must_change)


# ------------------------------------------------------------------ who calls


def recognise(uow: UnitOfWork, secret: str, now: datetime, today: date) -> Caller:
    """
    The caller who holds this secret. Writes nothing.

    Raises:
        Unauthenticated: `session_over`: unknown, revoked, expired, idle too long, or its account disabled.
    """
    row = accounts.caller(uow.session, digest_of(secret))
    if row is None or not _stands(row, now):
        raise Unauthenticated("session_over")
    return caller_of(uow, row, today)


def is_noted(caller: Caller, now: datetime) -> bool:
    """Whether the last use of a session is known as exactly as it needs to be."""
    return caller.used_at > now - NOTED_EVERY


def note_use(uow: UnitOfWork, session_id: UUID, now: datetime) -> None:
    """Note that a session was used."""
    accounts.used(uow.session, session_id, now)


def _stands(row: Found, now: datetime) -> bool:
    if row.revoked_at is not None or row.disabled_at is not None or row.expires_at <= now:
        return False
    idle = row.idle_minutes
    return idle is None or row.used_at + timedelta(minutes=idle) > now


# ------------------------------------------------------------------ their sessions


def sessions_of(uow: UnitOfWork, account_id: UUID, now: datetime) -> Sequence[SessionView]:
    """The sessions and tokens of an account that stand, the latest first."""
    return [
        SessionView(row.id, row.kind, row.label, row.created_at, row.used_at, row.expires_at)
        for row in accounts.sessions_of(uow.session, account_id, now)
    ]


def end_session(
    uow: UnitOfWork, session_id: UUID, *, account_id: UUID | None, now: datetime, by: str
) -> None:
    """
    Revoke a session or token. Sending it twice is harmless.

    Args:
        account_id: whose it has to be; None for an administrator, who may end any.

    Raises:
        NotFound: there is none of that id, or it is not theirs.
    """
    row = accounts.find_session(uow.session, session_id)
    if row is None or account_id not in (None, row.account_id):
        raise NotFound("not_found", what=str(session_id))
    accounts.revoke(uow.session, session_id, at=now, by=by)


def _buckets(handle: str, address: str) -> list[bytes]:
    """What failures are counted against: this handle from this address, and this address."""
    return [
        sha256(f"{kind}|{place}".encode(errors="replace")).digest()
        for kind, place in (("one", f"{address}|{handle}"), ("address", address))
    ]
