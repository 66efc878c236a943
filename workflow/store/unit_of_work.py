"""
One transaction, at the edge of a request or of one step of a job: the only place that commits.

Leave it without an error and all is kept; leave it with one, and nothing was.
What the database fails with leaves it as `Unavailable`, with a code that says why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from workflow.rules.errors import Unavailable
from workflow.store.engine import reading
from workflow.store.failures import is_spoilt, may_go_again, told, unavailable, watch
from workflow.store.keyring import KeyRing
from workflow.store.statements import Asker, connection_of

Made = TypeVar("Made")
JOINED: Any = {"join_transaction_mode": "rollback_only"}
"""A session that comes to a transaction which is there already, and leaves its end to whoever began it."""


class UnitOfWork:
    """
    A transaction on one session, to be used once in a `with` statement.

    The database is asked for nothing before the first statement; an error of it,
    there or later, is the driver's inside the `with` statement and translated on the
    way out.

    Args:
        ring: opens and seals what is about people; without it only the rest can be read.
        reading: it changes nothing, and holds no writer up.

    Raises:
        Unavailable: on leaving: `disk_full`, `read_only`, `database_busy`, `connection_lost`,
            `database_damaged`, `disk_error` or `transactions_collided`. Nothing was kept; only
            where the connection was lost during the commit may all of it have been.
    """

    def __init__(
        self, engine: Engine, ring: KeyRing | None = None, *, reading: bool = False
    ) -> None:
        self._engine = engine
        self._ring = ring
        self._reading = reading
        self._within = False
        self._session: Session | None = None
        self._bare: Connection | None = None
        watch(engine)

    @property
    def session(self) -> Session:
        """The session; there is none outside the `with` statement."""
        self._check()
        if self._session is None:
            bound = self._bare or (reading(self._engine) if self._reading else self._engine)
            joined = JOINED if self._bare is not None else {}
            self._session = Session(bound, expire_on_commit=False, **joined)
        return self._session

    @property
    def asker(self) -> Asker:
        """
        Who asks and writes what is worded once: the bare transaction, unless somebody wanted a session before.

        A session around it costs as much again as reading a list, and a tenth of a recording. Whoever wants one
        later has it within the same transaction.
        """
        self._check()
        if self._session is not None:
            return self._session
        if self._bare is None:
            bound = reading(self._engine) if self._reading else self._engine
            self._bare = bound.connect()
            self._bare.begin()
        return self._bare

    def _check(self) -> None:
        if not self._within:
            raise RuntimeError("a unit of work is used within its `with` statement")

    @property
    def ring(self) -> KeyRing:
        """The key ring; whoever made this unit of work without one touches no person's data."""
        if self._ring is None:
            raise RuntimeError("this unit of work was made without a key ring")
        return self._ring

    def __enter__(self) -> Self:
        self._within = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._check()
        held = [one for one in (self._session, self._bare) if one is not None]
        self._within, self._session, self._bare = False, None, None
        try:
            if error is None:
                self._end(held)
            elif (failed := unavailable(error, reading=self._reading)) is not None:
                raise failed from error
        finally:
            for one in held:
                _let_go(one)

    def _end(self, held: Sequence[Session | Connection]) -> None:
        for one in held:
            if self._reading:
                _end_reading(one)
            else:
                with told():
                    _commit(one)


UnitsOfWork = Callable[[], UnitOfWork]
"""Gives a new unit of work each time: what a job that needs several is handed."""


def in_one_go(
    make_uow: UnitsOfWork,
    work: Callable[[UnitOfWork], Made],
    times: int = 3,
    *,
    pause: Callable[[int], None] | None = None,
) -> Made:
    """
    What `work` gives back from a transaction of its own; begun anew when it met another one.

    Of two transactions that wait for each other the database ends one, though
    neither did anything wrong. The work is done again from its first line, so it
    must be repeatable: it reads all that it decides by within the unit of work that it
    is handed, changes nothing else, and the ids of what it writes are made before it
    (events are idempotent by id).

    Args:
        times: how often it is tried in all.
        pause: told, before each new try, how many there were. It should sleep for a moment that differs
            from one caller to the next: of two that met, the one begun anew at once takes its first
            row before the other has woken, and they meet again.

    Raises:
        Unavailable: what stopped the last try, or what no new try would help.
    """
    for tried in range(1, times):
        try:
            with make_uow() as uow:
                return work(uow)
        except Unavailable as error:
            if not may_go_again(error):
                raise
        if pause is not None:
            pause(tried)
    with make_uow() as uow:
        return work(uow)


def _commit(session: Session | Connection) -> None:
    """Commit, unless someone passed over an error after which there is nothing left to commit."""
    if session.in_transaction() and is_spoilt(connection_of(session)):
        raise RuntimeError("a statement of this unit of work failed, and it went on")
    session.commit()


def _end_reading(session: Session | Connection) -> None:
    """
    End with nothing to keep: by COMMIT, since at each ROLLBACK the driver of PostgreSQL forgets what it has prepared.

    What was read was read, whatever becomes of the connection.
    """
    with suppress(SQLAlchemyError):
        session.commit()


def _let_go(session: Session | Connection) -> None:
    """Roll back and close. What brought us here is told, not what went wrong on the way out."""
    with suppress(SQLAlchemyError):
        session.rollback()
    with suppress(SQLAlchemyError):
        session.close()
