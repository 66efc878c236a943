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
from workflow.rules.ladder import steps_between
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
    standing = [one for one in owed if one.stands()]
    horizon = after + timedelta(days=case.pack.settings.horizon_days // 2)
    days = [*turns(case, standing, after), *window_days(standing)]
    first = first_within(days, after, horizon)
    return _first_rung(case, standing, after, first) if rungs else first


def first_within(days: Iterable[date], after: date, horizon: date) -> date:
    """The first of these days after one, or the horizon where it comes before all of them."""
    return min((day for day in days if after < day < horizon), default=horizon)


def turns(case: Case, standing: Iterable[Obligation], after: date) -> Iterator[date]:
    """
    The days on which the case itself may become another one, or something appear that is not owed yet.

    On a day that is none of these a window opens or passes its due day at the most (`window_days`), and
    all that there is to know about it is known before.
    """
    if case.stage in IN_TERM and case.expires_on is not None:
        yield max(case.expires_on, after + DAY)
    ends = control_ends_on(case)
    if ends is not None:
        yield max(ends, after + DAY)
    yield from (c.until for c in case.circumstances if c.until is not None)
    yield from (c.first for c in case.circumstances if c.first is not None)
    for chair in case.chairs.values():
        last = acknowledge_by(case, chair) if chair.acknowledged is None else None
        if last is not None:
            yield last + DAY
    if case.away():
        yield after + DAY
    for one in standing:
        if one.paused:
            yield after + DAY
        if not one.window:
            yield from _days_of(case, one)


def window_days(standing: Iterable[Obligation]) -> Iterator[date]:
    """The days on which windows open, and those after their due days."""
    for one in standing:
        if one.window:
            yield one.opens_on
            yield one.due_on + DAY


def _days_of(case: Case, one: Obligation) -> Iterator[date]:
    yield one.opens_on
    yield one.due_on + DAY
    wait = case.pack.obligations["stage_review"].opens
    if one.kind == "report_in" and wait is not None:
        yield span_from(one.due_on, wait, case.days)


def _first_rung(case: Case, standing: Iterable[Obligation], after: date, before: date) -> date:
    """The first day after one on which a rung falls, or the later one where none falls before it."""
    for one in standing:
        if state(one, after) in OWED:
            steps = steps_between(one, case.pack, case.days, after, before)
            before = min((step.on for step in steps), default=before)
    return before
