"""
What each event changes in the case, one file a noun: the fold applies these in order.

An effect trusts its event: guards have judged it when it was recorded. Events
without an entry here change nothing but what they close.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workflow.rules.case import Case, Fact
from workflow.rules.effects import care, custody, intake, orders, team, terms, testing

Effect = Callable[[Case, Fact, Any], None]

EFFECTS: dict[str, Effect] = {
    **intake.EFFECTS,
    **testing.EFFECTS,
    **orders.EFFECTS,
    **custody.EFFECTS,
    **terms.EFFECTS,
    **team.EFFECTS,
    **care.EFFECTS,
}
