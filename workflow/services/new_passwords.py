"""
New passwords (改密、重设): one's own with the old one, or one that somebody sets who may.

Whoever finds a screen unlocked has the session and not the password; what would give
them the password is counted as a failed login is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from workflow.rules.errors import Forbidden, Refused
from workflow.services.accounts import (
    account,
    kept_password,
    put_first_password,
    put_own_password,
)
from workflow.services.callers import Caller
from workflow.services.clock import Instant
from workflow.services.passwords import Passwords
from workflow.services.throttling import Units, places_of_session, refuse_blocked, settle, slowed
from workflow.store import turns
from workflow.store.unit_of_work import UnitOfWork, in_one_go


@dataclass(frozen=True, slots=True)
class OwnPassword:
    """The old one and the new one; its `repr` shows neither."""

    old: str
    new: str

    def __repr__(self) -> str:
        return "OwnPassword(…)"


def change_own_password(
    units: Units,
    caller: Caller,
    sent: OwnPassword,
    *,
    passwords: Passwords,
    clock: Instant,
    pause: Callable[[int], None] | None = None,
) -> None:
    """
    Put a password of one's own in the place of the old one; every other session and token ends.

    Raises:
        Forbidden: `browser_needed`: whoever holds a token only has not shown a password.
        Refused: `password_wrong`, `password_same`, `password_not_used`; `too_many_attempts`.
        Invalid: `password_unusable`, `password_guessable`.
        Unavailable: `logins_busy`.
    """
    if caller.kind != "browser":
        raise Forbidden("browser_needed")
    places = places_of_session(caller.session_id)
    with units(reading=True) as uow:
        refuse_blocked(uow, places, clock.now)
        seen = kept_password(uow, caller.account_id)
    if seen is None:
        raise Refused("password_not_used", handle=caller.handle)
    if slowed(units, places, clock.now, lambda: passwords.verified(sent.old, seen), pause) is None:
        raise Refused("password_wrong")
    if sent.new == sent.old:
        raise Refused("password_same")
    hashed = passwords.hashed(sent.new, caller.handle)

    def put(uow: UnitOfWork) -> None:
        turns.take(uow.session, *(place.turn for place in places))
        settle(uow, places, clock.now)
        put_own_password(
            uow, caller.account_id, seen=seen, hashed=hashed, clock=clock, but=caller.session_id
        )

    in_one_go(units, put, pause=pause)


def reset_password(
    units: Units,
    account_id: UUID,
    new: str,
    *,
    passwords: Passwords,
    clock: Instant,
    by: str,
    pause: Callable[[int], None] | None = None,
) -> None:
    """
    Set a password for somebody who forgot theirs; it opens nothing but its own change, and every session ends.

    Raises:
        NotFound: there is no such account.
        Invalid: `password_unusable`, `password_guessable`.
        Refused: `password_not_used`: the account is one of tokens only.
        Unavailable: `logins_busy`.
    """
    with units(reading=True) as uow:
        handle = account(uow, account_id).handle
    hashed = passwords.hashed(new, handle)
    in_one_go(
        units,
        lambda uow: put_first_password(uow, account_id, hashed=hashed, clock=clock, by=by),
        pause=pause,
    )
