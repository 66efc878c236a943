"""
Taking back what no longer stands (撤回): done, ended, held or moved to another day since it was planned, with a trace.

Only what nobody has seen yet: until the content of a message is fixed. A message with nothing left in it is
withdrawn as a whole. What is somebody else's to hear now is taken out too, and planned again for them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from workflow.rules.terms import DAY
from workflow.services.calendar_days import work_days_of
from workflow.services.clock import civil_day
from workflow.store import stale_items
from workflow.store.stale_items import Until
from workflow.store.statements import Row
from workflow.store.unit_of_work import UnitOfWork


def withdraw_stale(uow: UnitOfWork, now: datetime) -> int:
    """
    Take what no longer stands out of all that nobody has seen yet, and withdraw what is empty; gives back how many items were.

    Source: domain.md section 9.
    """
    until = _until(uow, civil_day(now))
    held = stale_items.messages_with(uow.session, until)
    taken = stale_items.take_out(uow.session, held, until, now)
    stale_items.withdraw_empty(uow.session, held, now)
    return taken


def left_standing(uow: UnitOfWork, now: datetime, message_ids: Collection[UUID]) -> list[Row]:
    """
    What is left in these messages when what no longer stands was taken out; read in one go.

    The caller holds them, and withdraws those in which nothing is left.
    """
    until = _until(uow, civil_day(now))
    return stale_items.left_standing(uow.session, message_ids, until, now)


def _until(uow: UnitOfWork, today: date) -> Until:
    """Up to which day the rungs lie that are told today (`workflow.rules.ladder`)."""
    days = work_days_of(uow)
    return Until(today, days.on_or_after(today + DAY) - DAY, days.on_or_before(today))
