"""What seating, acknowledging, releasing and consenting change."""

from __future__ import annotations

from collections.abc import Callable

from workflow.rules import team
from workflow.rules.case import Case, Fact
from workflow.rules.events import (
    AssignmentAcknowledged,
    ChairWaived,
    ConsentEnded,
    ConsentGiven,
    HelperAssigned,
    HelperReleased,
    NeedsReviewed,
)


def helper_assigned(case: Case, fact: Fact, event: HelperAssigned) -> None:
    """A helper takes a chair."""
    team.assign(case, fact, event.role, event.helper)


def helper_released(case: Case, fact: Fact, event: HelperReleased) -> None:
    """A chair empties."""
    team.release(case, fact, event.role)


def assignment_acknowledged(case: Case, fact: Fact, event: AssignmentAcknowledged) -> None:
    """The helper said "I know"."""
    chair = case.chairs.get(event.role)
    if chair is not None:
        chair.acknowledged = fact


def chair_waived(case: Case, fact: Fact, event: ChairWaived) -> None:
    """
    The chair stays empty with a reason: no family, no consent.

    A helper who by a late entry turns out to sit there already stays: a chair is filled or waived,
    never both, and one who helps is not forgotten.
    """
    if event.role in case.chairs:
        return
    case.waived[event.role] = fact
    team.note_gaps(case, fact)


def consent_given(case: Case, fact: Fact, event: ConsentGiven) -> None:
    """The person agrees that this role helps."""
    case.consents[event.role] = fact


def consent_ended(case: Case, fact: Fact, event: ConsentEnded) -> None:
    """The consent is gone, and whoever sat there by it is released."""
    case.consents.pop(event.role, None)
    if event.role == "family":
        team.release(case, fact, event.role)


def needs_reviewed(case: Case, fact: Fact, event: NeedsReviewed) -> None:
    """The needs that suggest the X roles."""
    case.needs = tuple(event.needs)


EFFECTS: dict[str, Callable[..., None]] = {
    "helper_assigned": helper_assigned,
    "helper_released": helper_released,
    "assignment_acknowledged": assignment_acknowledged,
    "chair_waived": chair_waived,
    "consent_given": consent_given,
    "consent_ended": consent_ended,
    "needs_reviewed": needs_reviewed,
}
