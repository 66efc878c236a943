"""
One transaction, at the edge of a request or of one step of a job: the only place that commits.

Leave it without an error and all is kept; leave it with one, and nothing was.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from workflow.store.engine import READING


class UnitOfWork:
    """
    A transaction on one session, to be used once in a `with` statement.

    Args:
        reading: it changes nothing, holds no writer up, and is never committed.
    """

    def __init__(self, engine: Engine, *, reading: bool = False) -> None:
        self._engine = engine
        self._reading = reading
        self._session: Session | None = None

    @property
    def session(self) -> Session:
        """The session; there is none outside the `with` statement."""
        if self._session is None:
            raise RuntimeError("a unit of work is used within its `with` statement")
        return self._session

    def __enter__(self) -> Self:
        bound = self._engine.execution_options(**{READING: True}) if self._reading else self._engine
        self._session = Session(bound, expire_on_commit=False)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        session, self._session = self.session, None
        try:
            if kind is None and not self._reading:
                session.commit()
            else:
                session.rollback()
        finally:
            session.close()


UnitsOfWork = Callable[[], UnitOfWork]
"""Gives a new unit of work each time: what a job that needs several is handed."""
