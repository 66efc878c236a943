"""
The ladder (提醒阶梯): on which day which role is told about an obligation (domain.md section 9).

Rungs hold roles; the person behind a role is found when told. A rung is never
a state: it is a day, reckoned from the due day as it now stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from workflow.rules.obligations.owed import Obligation
from workflow.rules.pack import Ladder, Pack
from workflow.rules.workdays import WorkDays

FARTHEST_ROLL = 30
"""Days: farther than any run of days off moves a rung."""


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of one obligation on its day: its label (`-7`, `0`, `+14`, `opening`) and the roles told."""

    on: date
    label: str
    to: tuple[str, ...]


def ladder_of(owed: Obligation, pack: Pack) -> Ladder:
    """The short ladder for nominal periods up to the pack's limit, else the standard one."""
    short = owed.nominal_days <= pack.settings.short_ladder_up_to
    return pack.ladders["short" if short else "standard"]


def ladder(
    owed: Obligation, pack: Pack, calendar: WorkDays, through: date, *, since: date = date.min
) -> list[Step]:
    """
    The rungs of an obligation up to a day, in order; of rungs that fall on one day only the last is told.

    A rung on or before the due day moves back to a working day, never before
    the opening; one after it moves on. Rungs whose own day lies before the
    opening are left out. Statutory 24-hour duties are told on the day itself.

    Args:
        since: county repeats told long before this day need not be listed.
    """
    steps: dict[date, Step] = {}
    for label, offset, to in _rungs(ladder_of(owed, pack), owed, since):
        own = owed.due_on + timedelta(days=offset)
        if offset <= 0 and own < owed.opens_on:
            continue
        if offset > 0 and own > through:
            break
        day = _told_on(own, offset, owed, calendar)
        if day <= through:
            steps[day] = Step(day, label, roles(to, owed.owner))
    return sorted(steps.values(), key=lambda step: step.on)


def steps_between(
    owed: Obligation, pack: Pack, calendar: WorkDays, after: date, before: date
) -> list[Step]:
    """The same rungs, of those only that fall after one day and before another: what a sweep asks for each case."""
    chosen = ladder_of(owed, pack)
    due, opens = owed.due_on.toordinal(), owed.opens_on.toordinal()
    lower, upper = after.toordinal(), before.toordinal()
    early, late = lower - FARTHEST_ROLL, upper + FARTHEST_ROLL
    steps: dict[date, Step] = {}
    for rung in chosen.counted:
        offset = opens - due if rung.at_opening else rung.offset
        own = due + offset
        if offset > 0:
            if own >= upper:
                break
            if own <= early:
                continue
        elif own <= lower or own < opens or own >= late:
            continue
        _step(steps, owed, calendar, rung.label, offset, rung.to)
    else:
        for offset in _repeats(chosen, lower - due):
            if due + offset >= upper:
                break
            _step(steps, owed, calendar, f"+{offset}", offset, (chosen.repeat_to,))
    found = [step for day, step in steps.items() if after < day < before]
    return sorted(found, key=lambda step: step.on) if len(found) > 1 else found


def _step(
    steps: dict[date, Step],
    owed: Obligation,
    calendar: WorkDays,
    label: str,
    offset: int,
    to: tuple[str, ...],
) -> None:
    day = _told_on(owed.due_on + timedelta(days=offset), offset, owed, calendar)
    steps[day] = Step(day, label, roles(to, owed.owner))


def _told_on(own: date, offset: int, owed: Obligation, calendar: WorkDays) -> date:
    if not owed.rule.digest:
        return own
    if offset > 0:
        return calendar.on_or_after(own)
    return max(calendar.on_or_before(own), owed.opens_on)


def _rungs(
    chosen: Ladder, owed: Obligation, since: date
) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Label, days from due and recipients, first the pack's rungs and then the repeats, without end."""
    for rung in chosen.counted:
        offset = (owed.opens_on - owed.due_on).days if rung.at_opening else rung.offset
        yield rung.label, offset, rung.to
    for offset in _repeats(chosen, (since - owed.due_on).days):
        yield f"+{offset}", offset, (chosen.repeat_to,)


def _repeats(chosen: Ladder, since: int) -> Iterator[int]:
    """The repeats without end after those that are counted, in days from the due day; the first shortly before `since`."""
    last = max([0, *(rung.offset for rung in chosen.counted if not rung.at_opening)])
    passed = max(0, (since - last) // chosen.repeat_then - 1)
    while True:
        passed += 1
        yield last + chosen.repeat_then * passed


@cache
def roles(to: tuple[str, ...], owner: str) -> tuple[str, ...]:
    """The roles behind a rung's words, each once: `owner` is the obligation's own role."""
    return tuple(dict.fromkeys(owner if role == "owner" else role for role in to))
