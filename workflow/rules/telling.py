"""
What is told on a day (domain.md section 9): rungs due, the newest of overdue windows, late entries in one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from workflow.rules.case import Case
from workflow.rules.due import OWED, state
from workflow.rules.ladder import Step, ladder
from workflow.rules.obligations.owed import Obligation
from workflow.rules.team import told

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


def notices(
    case: Case, owed: Iterable[Obligation], day: date, known_on: Mapping[Key, date]
) -> list[Notice]:
    """
    What is told on a day, after the day's records were folded.

    Args:
        case: folded on that day.
        owed: its obligations.
        known_on: the day on which each obligation was first known; rungs before it collapse into one,
            told on that day.
    """
    found: list[Notice] = []
    open_ones = [o for o in owed if not o.paused and state(o, day) in OWED]
    silent = _older_overdue_windows(open_ones, day)
    for one in open_ones:
        if id(one) in silent:
            continue
        step = _step_on(one, case, day, known_on.get(one.key, one.opens_on))
        if step is not None:
            found += _told(case, one, step, day)
    return found


def _step_on(one: Obligation, case: Case, day: date, known: date) -> Step | None:
    steps = ladder(one, case.pack, case.days, day, since=day)
    if not steps:
        return None
    last = steps[-1]
    return last if last.on == day or known == day else None


def _told(case: Case, one: Obligation, step: Step, day: date) -> list[Notice]:
    recipients: dict[str, str] = {}
    for role in step.to:
        recipients.setdefault(told(case, role, day)[0], role)
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
