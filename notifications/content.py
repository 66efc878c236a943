"""
What a message says, before any words: which cases, how many, how pressing. Fixed at the first attempt.

Nothing here can name a person, a substance or a measure: an item is a case's id, what state it is in, and
the role that owes it. The words are made from it when it is sent (`notifications.words`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

Pressing = Literal["statutory", "overdue", "due", "coming"]
Sort = Literal["digest", "later", "at_once", "alarm"]


@dataclass(frozen=True, slots=True)
class Item:
    """
    One notice, as its recipient hears of it.

    Args:
        pressing: the group that it stands in; statutory first.
        owner: the role that owes it.
        days_late: days since the due day; 0 on it and before.
        because: why this person is told (`workflow.store.tables.MessageItemRow.because`).
    """

    case_id: UUID
    kind: str
    pressing: Pressing
    owner: str
    due_on: date
    days_late: int
    because: str
