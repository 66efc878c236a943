"""
What forbids an event that its stage would allow, one file a noun (domain.md section 5).

A guard raises `Refused` or returns. It sees the case as it stood just before
the event. `moves` asks the same guards, so what the phone greys out and what
the server refuses is one thing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from workflow.rules import stages
from workflow.rules.case import Case
from workflow.rules.errors import Refused
from workflow.rules.events import ENGINE
from workflow.rules.guards import care, custody, intake, orders, papers, team, terms, testing
from workflow.rules.history import Recorded

Guard = Callable[[Case, Recorded, Any], None]

GUARDS: dict[str, Guard] = {
    **intake.GUARDS,
    **testing.GUARDS,
    **orders.GUARDS,
    **custody.GUARDS,
    **terms.GUARDS,
    **team.GUARDS,
    **care.GUARDS,
    **papers.GUARDS,
}


def check_stage(case: Case, event: str) -> None:
    """
    Whether the stage allows this type of event at all.

    Raises:
        Refused: `not_from_here`, with the stages that would allow it.
    """
    if event in ENGINE or event not in stages.SOURCES:
        raise Refused("derived_by_engine", event=event)
    if not stages.may(event, case.stage):
        raise Refused("not_from_here", event=event, stage=case.stage, allowed=stages.SOURCES[event])


def check(case: Case, rec: Recorded) -> None:
    """
    Whether this event is possible on its day, in its place.

    Raises:
        Refused: with a stable code and what would allow it.
    """
    name = rec.event.name
    check_stage(case, name)
    guard = GUARDS.get(name)
    if guard is not None:
        guard(case, rec, rec.event)
