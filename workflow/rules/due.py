"""
The one definition of due (到期): what an obligation is on a day, a pure function of its dates.

The same on server, phone and report: `docs/vectors/due.json` tests each of them
(in SQL: `workflow.store.due_sql`).
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from workflow.rules.events.fields import Means
from workflow.rules.obligations.owed import Obligation

State = Literal[
    "upcoming",
    "open",
    "due_today",
    "overdue",
    "done",
    "done_late",
    "missed",
    "withdrawn",
    "lapsed",
    "held",
]

STATES: dict[str, Means] = {
    "upcoming": Means("未开始", "Upcoming"),
    "open": Means("待办", "Open"),
    "due_today": Means("今日到期", "Due today"),
    "overdue": Means("逾期", "Overdue"),
    "done": Means("已完成", "Done"),
    "done_late": Means("逾期完成", "Done late"),
    "missed": Means("未到检", "Missed"),
    "withdrawn": Means("已撤回", "Withdrawn"),
    "lapsed": Means("已失效", "Lapsed"),
    "held": Means("暂停", "Held"),
}
OWED = frozenset({"open", "due_today", "overdue"})


def state(owed: Obligation, on: date) -> State:
    """What an obligation is on a day (domain.md section 8)."""
    return state_of(
        on,
        opens_on=owed.opens_on,
        due_on=owed.due_on,
        closed_on=owed.closed_by.on if owed.closed_by else None,
        missed_on=owed.missed_by.on if owed.missed_by else None,
        excused_on=owed.excused_by.on if owed.excused_by else None,
        withdrawn=owed.withdrawn,
        ended_on=owed.ended_on,
        held_since=owed.held_since,
    )


def is_owed(owed: Obligation, on: date) -> bool:
    """Whether the state on a day is one of `OWED`; some ten times a case are asked each night."""
    held = owed.held_since is not None and owed.held_since <= on
    return owed.stands() and not owed.withdrawn and not held and owed.opens_on <= on


def state_of(
    on: date,
    *,
    opens_on: date,
    due_on: date,
    closed_on: date | None,
    missed_on: date | None,
    excused_on: date | None,
    withdrawn: bool,
    ended_on: date | None,
    held_since: date | None,
) -> State:
    """
    The same from its dates alone, as rows hold them: all that a phone or a report has.

    Ended before its due day passed it is `withdrawn`, after it `lapsed`.
    What was done stays done, whatever ended later.
    """
    if closed_on is not None:
        return "done" if closed_on <= due_on else "done_late"
    if missed_on is not None:
        return "missed"
    if excused_on is not None or withdrawn:
        return "withdrawn"
    if ended_on is not None:
        return "withdrawn" if due_on >= ended_on else "lapsed"
    if held_since is not None and held_since <= on:
        return "held"
    return standing_state(on, opens_on, due_on)


def standing_state(on: date, opens_on: date, due_on: date) -> State:
    """The same of what stands and is not held: the last part of it, for lists that hold nothing else."""
    if on < opens_on:
        return "upcoming"
    if on < due_on:
        return "open"
    return "due_today" if on == due_on else "overdue"
