"""
Logging in (登录): a password in, a session out whose secret is new and shown once.

In three transactions, because a password takes 0.15 s of a core to look at, and no
transaction waits for it: the attempt is counted, the password is compared, and the
session is written where the account is still what it was.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from workflow.rules.errors import Conflict, Unauthenticated
from workflow.services.accounts import is_handle
from workflow.services.passwords import Passwords, digest_of, new_secret
from workflow.services.throttling import (
    Place,
    Units,
    known_device,
    new_device,
    places_of_login,
    refuse_blocked,
    settle,
    slowed,
)
from workflow.store import accounts, turns
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork, in_one_go

KEPT_AFTER = timedelta(days=30)
"""How long it stays known that a session was, once it is over."""


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a browser's session lasts: unused, and at the longest."""

    idle_minutes: int = 30
    hours: int = 12


@dataclass(frozen=True, slots=True)
class Attempt:
    """
    Somebody who wants to log in.

    Args:
        session_id: the session's id, made by the client.
        address: where they are, as the server knows it.
        device: what their browser kept from a login before; empty where it has nothing.
    """

    session_id: UUID
    handle: str
    password: str
    address: str
    device: str = ""

    def __repr__(self) -> str:
        return f"Attempt({self.session_id})"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """
    A new session; its secret is shown once, and kept nowhere.

    Args:
        device: what the browser is to keep, so that it is known again.
    """

    session_id: UUID
    account_id: UUID
    secret: str
    must_change: bool
    device: str = ""

    def __repr__(self) -> str:
        return f"SignedIn({self.session_id})"


def log_in(
    units: Units,
    attempt: Attempt,
    *,
    passwords: Passwords,
    lasting: Lasting,
    now: datetime,
    pause: Callable[[int], None] | None = None,
) -> SignedIn:
    """
    A session for whoever knows the password.

    Raises:
        Unauthenticated: `login_failed`: no such account, a wrong password, or disabled; which, is not said.
        Refused: `too_many_attempts`.
        Conflict: `session_known`: there is a session of that id.
        Unavailable: `logins_busy`.
    """
    with units(reading=True) as uow:
        device = known_device(uow.ring, attempt.handle, attempt.device)
        places = places_of_login(attempt.handle, attempt.address, device)
        refuse_blocked(uow, places, now)
        row = _account(uow, attempt.handle)
    secret = None if row is None else row.password_hash
    kept = slowed(units, places, now, lambda: passwords.verified(attempt.password, secret), pause)
    if row is None or kept is None:
        raise Unauthenticated("login_failed")
    return in_one_go(
        units, lambda uow: _let_in(uow, attempt, row, kept, places, (lasting, now)), pause=pause
    )


def _account(uow: UnitOfWork, handle: str) -> Found | None:
    """The account that may log in under this handle with a password."""
    row = accounts.by_handle(uow.session, handle) if is_handle(handle) else None
    return row if row is not None and row.disabled_at is None else None


def _let_in(
    uow: UnitOfWork,
    attempt: Attempt,
    seen: Found,
    kept: str,
    places: tuple[Place, ...],
    when: tuple[Lasting, datetime],
) -> SignedIn:
    """The session, unless the account was disabled or got another password while this one was compared."""
    lasting, now = when
    turns.take(uow.session, f"session {attempt.session_id}", *(place.turn for place in places))
    row = accounts.find(uow.session, seen.id, to_write=True)
    if row is None or row.disabled_at is not None or row.password_hash != seen.password_hash:
        raise Unauthenticated("login_failed")
    if accounts.find_session(uow.session, attempt.session_id) is not None:
        raise Conflict("session_known", id=str(attempt.session_id))
    if kept != row.password_hash:
        accounts.set_values(uow.session, row.id, password_hash=kept)
    settle(uow, places, now)
    accounts.forget_sessions(uow.session, now - KEPT_AFTER)
    secret = new_secret("gts")
    session = {
        "id": attempt.session_id,
        "account_id": row.id,
        "kind": "browser",
        "digest": digest_of(secret),
        "idle_minutes": lasting.idle_minutes,
        "created_at": now,
        "used_at": now,
        "expires_at": now + timedelta(hours=lasting.hours),
    }
    accounts.add_session(uow.session, session)
    known = known_device(uow.ring, row.handle, attempt.device) is not None
    device = attempt.device if known else new_device(uow.ring, row.handle)
    return SignedIn(attempt.session_id, row.id, secret, row.must_change, device)
