"""
Whether the server can do its work now (就绪): what stands between it and the next request, without a word about anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from sqlalchemy import Engine

from workflow.rules.errors import Invalid, Refused, Unavailable
from workflow.rules.terms import DAY
from workflow.services.clock import Instant
from workflow.services.rotating import confirm_keys
from workflow.services.sweeping import swept_through
from workflow.store.migrating import is_current
from workflow.store.unit_of_work import UnitsOfWork

Check = Literal["database", "schema", "key_ring", "sweep"]
CHECKS: tuple[Check, ...] = ("database", "schema", "key_ring", "sweep")


def failing(engine: Engine, uow_factory: UnitsOfWork, clock: Callable[[], Instant]) -> list[Check]:
    """
    The checks that fail, in their order; none where all is well. What cannot be asked any more fails too.

    `database`: it can be reached and read; `schema`: it is that of this release; `key_ring`: the ring
    opens what lies there; `sweep`: the calendar was looked at for yesterday or since. A demo counts by its own day.

    Args:
        uow_factory: gives units of work that only read.
    """
    try:
        if is_current(engine):
            return [*_ring(uow_factory), *_sweep(uow_factory, clock)]
    except Unavailable:
        return list(CHECKS)
    except Refused:
        pass  # it has the schema of another release, which this one does not know
    return list(CHECKS[1:])


def _ring(uow_factory: UnitsOfWork) -> Iterator[Check]:
    try:
        with uow_factory() as uow:
            confirm_keys(uow)
    except (Refused, Invalid):
        yield "key_ring"


def _sweep(uow_factory: UnitsOfWork, clock: Callable[[], Instant]) -> Iterator[Check]:
    yesterday = clock().today - DAY
    with uow_factory() as uow:
        last = swept_through(uow)
    if last is None or last < yesterday:
        yield "sweep"
