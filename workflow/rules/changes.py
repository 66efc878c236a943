"""
The next day on which something can change by the calendar alone: what a rehearsal jumps to, and a sweep asks for.

A rung that falls due changes nothing about the case, only who has been told: a
rehearsal stops for it, a sweep finds it among the rows (`telling.coming`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from workflow.rules.case import Case
from workflow.rules.due import OWED, state
from workflow.rules.exits import control_ends_on
from workflow.rules.ladder import ladder
from workflow.rules.obligations.owed import Obligation
from workflow.rules.stages import IN_TERM
from workflow.rules.team import acknowledge_by
from workflow.rules.terms import DAY, span_from


def next_change(case: Case, owed: Iterable[Obligation], after: date, *, rungs: bool = True) -> date:
    """
    The first day after `after` on which an engine event, an opening or a rung can fall if nothing is recorded.

    At the latest when half the horizon is over, so that what opens within the other half is always known.

    Args:
        rungs: False leaves out the days on which nothing but a rung falls.
    """
    horizon = after + timedelta(days=case.pack.settings.horizon_days // 2)
    days = _days(case, owed, after, horizon if rungs else None)
    return min((day for day in days if after < day < horizon), default=horizon)


def _days(
    case: Case, owed: Iterable[Obligation], after: date, rungs_through: date | None
) -> Iterator[date]:
    if case.stage in IN_TERM and case.expires_on is not None:
        yield max(case.expires_on, after + DAY)
    ends = control_ends_on(case)
    if ends is not None:
        yield max(ends, after + DAY)
    if case.away() or any(one.paused for one in owed):
        yield after + DAY
    yield from (c.until for c in case.circumstances if c.until is not None)
    yield from (c.first for c in case.circumstances if c.first is not None)
    for chair in case.chairs.values():
        last = acknowledge_by(case, chair) if chair.acknowledged is None else None
        if last is not None:
            yield last + DAY
    for one in owed:
        if one.stands():
            yield from _days_of(case, one, after, rungs_through)


def _days_of(
    case: Case, one: Obligation, after: date, rungs_through: date | None
) -> Iterator[date]:
    yield one.opens_on
    yield one.due_on + DAY
    wait = case.pack.obligations["stage_review"].opens
    if one.kind == "report_in" and wait is not None:
        yield span_from(one.due_on, wait, case.days)
    if rungs_through is not None and state(one, after) in OWED:
        yield from (s.on for s in ladder(one, case.pack, case.days, rungs_through, since=after))
