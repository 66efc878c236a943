"""
What slows guessing down (限速), and why it locks nobody out.

Guessing is counted against where it comes from: one handle from one address, and one
address in all. Never against the handle alone, or anybody could lock anybody out. But
whole offices share one address, so a browser in which somebody logged in before is a
place of its own for them: whatever goes wrong beside it does not touch it.

An attempt is counted before the password is looked at and forgotten where it was
right: a hundred guesses at once count as a hundred.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe
from typing import Protocol, TypeVar
from uuid import UUID

from workflow.rules.errors import Refused, Unavailable
from workflow.store import throttles, turns
from workflow.store.keyring import KeyRing
from workflow.store.unit_of_work import UnitOfWork, in_one_go

Made = TypeVar("Made")
FREE_OF_ONE, FREE_OF_ADDRESS = 5, 50
"""Failures that cost nothing: of one handle from one place, and of one address in all."""

LONGEST_BLOCK = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)
DEVICE = "login_device"
LONGEST_DEVICE = 200


class Units(Protocol):
    """Gives a new unit of work each time."""

    def __call__(self, *, reading: bool = False) -> UnitOfWork: ...


@dataclass(frozen=True, slots=True)
class Place:
    """
    What attempts are counted against.

    Args:
        digest: tells nothing of whom or where.
        free: the failures that cost nothing.
    """

    digest: bytes
    free: int

    @property
    def turn(self) -> str:
        """Who counts here waits for whoever else does."""
        return f"throttle {self.digest.hex()}"


def places_of_login(handle: str, address: str, device: str | None) -> tuple[Place, ...]:
    """
    What a login is counted against, its own place first.

    Args:
        device: what `known_device` found; None where nobody logged in there under this handle before.
    """
    if device is not None:
        return (_place("device", device, FREE_OF_ONE),)
    one = _place("one", f"{address}|{handle}", FREE_OF_ONE)
    return (one, _place("address", address, FREE_OF_ADDRESS))


def places_of_session(session_id: UUID) -> tuple[Place, ...]:
    """What guessing the old password is counted against, for whoever is logged in already."""
    return (_place("session", str(session_id), FREE_OF_ONE),)


def refuse_blocked(uow: UnitOfWork, places: Sequence[Place], now: datetime) -> None:
    """
    See that one may try here. Writes nothing.

    Raises:
        Refused: `too_many_attempts`, with the seconds to wait.
    """
    kept = throttles.of_buckets(uow.session, [place.digest for place in places])
    until = max((row.blocked_until for row in kept.values() if row.blocked_until), default=now)
    if until > now:
        raise Refused("too_many_attempts", seconds=int((until - now).total_seconds()) + 1)


def slowed(
    units: Units,
    places: Sequence[Place],
    now: datetime,
    compare: Callable[[], Made],
    pause: Callable[[int], None] | None = None,
) -> Made:
    """
    What comparing a password gives, counted before it is done; no transaction waits for it.

    Raises:
        Refused: `too_many_attempts`.
        Unavailable: the password was not looked at, and nothing is counted.
    """
    in_one_go(units, lambda uow: begin_attempt(uow, places, now), pause=pause)
    try:
        return compare()
    except Unavailable:
        in_one_go(units, lambda uow: take_back(uow, places), pause=pause)
        raise


def begin_attempt(uow: UnitOfWork, places: Sequence[Place], now: datetime) -> None:
    """
    Count an attempt; from the sixth failure on each makes this place wait twice as long, at most a quarter of an hour.

    Raises:
        Refused: `too_many_attempts`: it is not to be made at all.
    """
    turns.take(uow.session, *(place.turn for place in places))
    refuse_blocked(uow, places, now)
    kept = throttles.of_buckets(uow.session, [place.digest for place in places])
    for place in places:
        row = kept.get(place.digest)
        recent = row is not None and row.last_at > now - FORGOTTEN_AFTER
        failures = 1 + (row.failures if row is not None and recent else 0)
        until = now + _wait(failures - place.free) if failures > place.free else None
        throttles.put(
            uow.session,
            place.digest,
            failures=failures,
            at=now,
            blocked_until=until,
            known=row is not None,
        )


def settle(uow: UnitOfWork, places: Sequence[Place], now: datetime) -> None:
    """
    It was right: forget what was counted against its own place, and this one attempt against the others.

    Whoever calls has taken the turn of each. What others failed at from the same address stays counted, or
    whoever has one account could guess at all the rest for nothing.
    """
    throttles.forget(uow.session, places[0].digest)
    _take_back(uow, places[1:])
    throttles.forget_old(uow.session, now - FORGOTTEN_AFTER)


def take_back(uow: UnitOfWork, places: Sequence[Place]) -> None:
    """The attempt was not made after all: nobody looked at the password."""
    turns.take(uow.session, *(place.turn for place in places))
    _take_back(uow, places)


def _take_back(uow: UnitOfWork, places: Sequence[Place]) -> None:
    kept = throttles.of_buckets(uow.session, [place.digest for place in places])
    for place in places:
        row = kept.get(place.digest)
        if row is not None and row.failures > 0:
            left = row.failures - 1
            throttles.put(
                uow.session,
                place.digest,
                failures=left,
                at=row.last_at,
                blocked_until=row.blocked_until if left > place.free else None,
                known=True,
            )


# ------------------------------------------------------------------ browsers that are known


def new_device(ring: KeyRing, handle: str) -> str:
    """What a browser keeps, so that it is known again for this handle. It opens nothing."""
    name = token_urlsafe(16)
    return f"{name}.{ring.current.mark(DEVICE, f'{handle}|{name}').hex()}"


def known_device(ring: KeyRing, handle: str, shown: str) -> str | None:
    """The name of a browser in which somebody logged in under this handle before; None for any other."""
    name, _, mark = shown[:LONGEST_DEVICE].partition(".")
    given = mark.encode(errors="replace")
    ours = ring.marks(DEVICE, f"{handle}|{name}".encode(errors="replace").decode())
    found = [compare_digest(given, each.hex().encode()) for each in ours.values()]
    return name if name and any(found) else None


def _place(kind: str, place: str, free: int) -> Place:
    return Place(sha256(f"{kind}|{place}".encode(errors="replace")).digest(), free)


def _wait(over: int) -> timedelta:
    return min(timedelta(seconds=2 ** min(over, 20)), LONGEST_BLOCK)
