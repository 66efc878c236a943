"""
Turns: whoever asks whether something is there, and writes it where it is not, lets nobody else do so meanwhile.

A row that is not there yet cannot be held. On PostgreSQL its name is: two who ask at
once would else both find nothing, and one of them would be told of a key that is
taken, or worse, of nothing. SQLite has one writer anyway.
"""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def take(session: Session, *names: str) -> None:
    """
    Let nobody else who names one of the same go on until this transaction ends.

    To be asked before anything is read that the turn is about. All names of a request belong into one
    call: they are taken in one order, so that two never wait for each other.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    for number in sorted(map(_number, names)):
        session.execute(select(func.pg_advisory_xact_lock(number)))


def _number(name: str) -> int:
    """What stands for a name among the locks of a server; it tells nothing of it."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True)
