"""
Closes the completeness account after a run: does every open case have a next step, did every notice go its way?

What it says, and what closes it, stands in `workflow.services.completeness`. It is counted by the
database in a handful of statements, and kept with the run.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from workflow.rules.stages import SUSPENDED
from workflow.rules.terms import DAY
from workflow.services.completeness import BECAME, Account, keep
from workflow.services.run_reports import LONGEST_RUN
from workflow.store import account_counts, runs, stamps
from workflow.store.unit_of_work import UnitOfWork

LISTED = 50
"""Cases that nothing explains are listed up to here; the number of all stands beside them."""

LOOKING_BACK = 7 * DAY
"""Notices of so many days before are asked for a message too, so that a planning that died shows."""

PLANNED_WITHIN = timedelta(minutes=2)
"""So soon after it was told a notice is in a message, and all that a run told so soon after its end."""

SINCE = "accounted_since"
NOBODY = UUID(int=0)
"""The run of an account of a day that has none."""


def close(uow: UnitOfWork, run_id: UUID | None, now: datetime, today: date) -> Account:
    """
    Make the account of a day, and keep it with the run in the place of any that was made before.

    Args:
        run_id: the run, once what it told was planned. None for the last one of the day that came to its end;
            what it told may still be about to be planned.
        now: the instant of the account; items that go out after it are `held`.
    """
    run = run_id or runs.ended_on(uow.session, today, runs.SWEEP)
    account = made(uow, run or NOBODY, now, today, planned=run_id)
    if run is not None:
        keep(uow, account)
        if stamps.read(uow.session, SINCE) is None:
            stamps.put(uow.session, SINCE, today.isoformat())
    return account


def made(
    uow: UnitOfWork, run_id: UUID, now: datetime, today: date, *, planned: UUID | None = None
) -> Account:
    """The account as it stands now; nothing is kept. `planned` is a run whose notices are in messages."""
    session = uow.session
    open_cases = account_counts.open_cases(session)
    stepless = account_counts.without_step(
        session, run_id, today, opened_since=today - DAY, stopped=SUSPENDED
    )
    unnamed = stepless.pop(account_counts.UNNAMED, 0)
    untold, waiting = _without_message(uow, planned, now, today)
    items = account_counts.items_on(session, today, now)
    return Account(
        run_id=run_id,
        for_day=today,
        made_at=now,
        open_cases=open_cases,
        with_step=open_cases - sum(stepless.values()) - unnamed,
        exceptions=stepless,
        unnamed=unnamed,
        unnamed_cases=_listed(uow, run_id, today) if unnamed else (),
        notices=account_counts.notices_on(session, today),
        untold=untold,
        waiting=waiting,
        items={name: items[name] for name in BECAME if name in items},
        adrift=items.get(account_counts.ADRIFT, 0),
    )


def _listed(uow: UnitOfWork, run_id: UUID, today: date) -> tuple[UUID, ...]:
    found = account_counts.unnamed(
        uow.session,
        run_id,
        today,
        opened_since=today - DAY,
        stopped=SUSPENDED,
        limit=LISTED,
    )
    return tuple(found)


def _without_message(
    uow: UnitOfWork, planned: UUID | None, now: datetime, today: date
) -> tuple[int, int]:
    """
    Notices that are in no message: those that nobody will put into one, and those that are too new, or a run is about to.

    Notices from before the first account of all were told by other means.
    """
    first = stamps.read(uow.session, SINCE)
    since = max(today - LOOKING_BACK, date.fromisoformat(first) if first else today)
    told_by = now - PLANNED_WITHIN
    found, fresh = account_counts.without_item(uow.session, min(since, today), today, told_by)
    if found and account_counts.is_being_planned(
        uow.session, planned, now - LONGEST_RUN, now - PLANNED_WITHIN
    ):
        return 0, found + fresh
    return found, fresh
