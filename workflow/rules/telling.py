"""
What is told on a day (domain.md section 9): rungs due, the newest of overdue windows, late entries in one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from workflow.rules.case import Case
from workflow.rules.due import is_owed
from workflow.rules.ladder import Step, ladder, steps_between
from workflow.rules.obligations.owed import Obligation
from workflow.rules.pack import Pack
from workflow.rules.team import Team, team_of
from workflow.rules.terms import DAY
from workflow.rules.workdays import WorkDays

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing told to one role on a day. `to` is who stands behind the role; `role` the rung's own."""

    on: date
    kind: str
    occurrence: str
    rung: str
    role: str
    to: str


def exit_undone(day: date) -> Notice:
    """What the person is told at once when a late entry undoes an end of control that they knew of (section 2)."""
    return Notice(day, "exit_undone", "", "at_once", "person", "person")


@dataclass(frozen=True, slots=True)
class Teller:
    """What telling goes by, beside what is owed."""

    pack: Pack
    days: WorkDays
    team: Team


def teller_of(case: Case) -> Teller:
    """The one of a case."""
    return Teller(case.pack, case.days, team_of(case))


def notices(
    teller: Teller, owed: Iterable[Obligation], day: date, known_on: Mapping[Key, date]
) -> list[Notice]:
    """
    What is told on a day, after the day's records were folded.

    Args:
        owed: the obligations as they are on that day.
        known_on: the day on which each obligation was first known; rungs before it collapse into one,
            told on that day.
    """
    found: list[Notice] = []
    open_ones = [one for one in owed if is_owed(one, day) and not one.paused]
    silent = _older_overdue_windows(open_ones, day)
    for one in open_ones:
        if id(one) in silent:
            continue
        step = _step_on(one, teller, day, known_on.get(one.key, one.opens_on))
        if step is not None:
            found += _told(teller, one, step, day)
    return found


def coming(teller: Teller, owed: Iterable[Obligation], after: date, before: date) -> list[Notice]:
    """
    What will be told after one day and before another one, if nothing changes in between.

    The same as `notices` on each of these days. Nothing opens in between and no chair changes hands: the
    other day is at the latest the next one on which the calendar changes the case (`changes.next_change`).

    Args:
        owed: the obligations as they are on the first of the two days.
    """
    standing = [o for o in owed if o.opens_on < before and not o.paused and o.stands()]
    windows = [one for one in standing if one.window]
    silent = _older_overdue_windows([one for one in windows if is_owed(one, after)], after)
    found: list[Notice] = []
    for one in standing:
        if id(one) in silent:
            continue  # a newer one is overdue already, and stays newer
        for step in steps_between(one, teller.pack, teller.days, after, before):
            told_then = is_owed(one, step.on)
            if told_then and not _newer_window_overdue(one, windows, step.on):
                found += _told(teller, one, step, step.on)
    return found


def _newer_window_overdue(one: Obligation, windows: list[Obligation], day: date) -> bool:
    """Whether a newer window of its kind is overdue on a day too, so that this one no longer climbs."""
    if not one.window or one.due_on >= day:
        return False
    return any(
        other.kind == one.kind and one.due_on < other.due_on < day and is_owed(other, day)
        for other in windows
    )


def _step_on(one: Obligation, teller: Teller, day: date, known: date) -> Step | None:
    if known == day:
        steps = ladder(one, teller.pack, teller.days, day, since=day)
    else:
        steps = steps_between(one, teller.pack, teller.days, day - DAY, day + DAY)
    return steps[-1] if steps else None


def _told(teller: Teller, one: Obligation, step: Step, day: date) -> list[Notice]:
    recipients: dict[str, str] = {}
    for role in step.to:
        recipients.setdefault(teller.team.told(role, day)[0], role)
    return [
        Notice(day, one.kind, one.occurrence, step.label, role, to)
        for to, role in recipients.items()
    ]


def _older_overdue_windows(open_ones: list[Obligation], day: date) -> set[int]:
    """Of several overdue windows of one kind only the newest climbs; the older stay listed."""
    newest: dict[str, Obligation] = {}
    overdue = [o for o in open_ones if o.window and o.due_on < day]
    for one in overdue:
        if one.kind not in newest or one.due_on > newest[one.kind].due_on:
            newest[one.kind] = one
    return {id(one) for one in overdue if newest[one.kind] is not one}
