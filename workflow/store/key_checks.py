"""
What a database knows of its key ring: for each root key a check value, and since when everything is under it.

The check value is a blind mark that only that root key makes. It lies among the
database's stamps; with it a ring can be told from another office's even before
there is a single person. A key without a day is one to which a rotation is still
moving, or which was only prepared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from workflow.store import stamps, turns
from workflow.store.keyring import RootKey
from workflow.store.stamps import STAMPS

PREFIX = "key_check:"


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """A root key's check value, and the day since which all that was written before is under it."""

    value: str
    since: date | None


def value_of(root: RootKey) -> str:
    """The check value that this root key makes."""
    return root.mark("key_check", root.id).hex()


def by_root(session: Session) -> dict[str, KeyCheck]:
    """The check of each root key that the database knows."""
    query = select(STAMPS.c.key, STAMPS.c.value).where(
        STAMPS.c.key.startswith(PREFIX, autoescape=True)
    )
    return {row.key.removeprefix(PREFIX): _read(row.value) for row in session.execute(query)}


def put(session: Session, root: RootKey, since: date | None = None) -> None:
    """Write down what is known of a root key, whatever it was."""
    value = f"{value_of(root)} {since.isoformat() if since else ''}"
    stamps.put(session, PREFIX + root.id, value)


def drop(session: Session, key_id: str) -> None:
    """Forget a root key."""
    session.execute(delete(STAMPS).where(STAMPS.c.key == PREFIX + key_id))


def hold(session: Session) -> None:
    """Let no other transaction decide about the ring before this one ends; SQLite has one writer anyway."""
    turns.take(session, "the key ring")


def _read(value: str) -> KeyCheck:
    check, _, since = value.partition(" ")
    return KeyCheck(check, date.fromisoformat(since) if since else None)
