"""
The one definition of due (到期): what an obligation is on a day, a pure function of its dates.

The same on server, phone and report: `docs/vectors/due.json` tests each of them.
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
    """
    What an obligation is on a day (domain.md section 8).

    Ended before its due day passed it is `withdrawn`, after it `lapsed`.
    What was done stays done, whatever ended later.
    """
    if owed.closed_by is not None:
        return "done" if owed.closed_by.on <= owed.due_on else "done_late"
    if owed.missed_by is not None:
        return "missed"
    if owed.excused_by is not None or owed.withdrawn:
        return "withdrawn"
    if owed.ended_on is not None:
        return "withdrawn" if owed.due_on >= owed.ended_on else "lapsed"
    if owed.held_since is not None and owed.held_since <= on:
        return "held"
    return _standing(owed, on)


def _standing(owed: Obligation, on: date) -> State:
    if on < owed.opens_on:
        return "upcoming"
    if on < owed.due_on:
        return "open"
    return "due_today" if on == owed.due_on else "overdue"
