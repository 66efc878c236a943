"""What forbids seating, acknowledging and releasing helpers of the 4+X team (section 6)."""

from __future__ import annotations

from collections.abc import Callable

from workflow.rules.case import Case, Chair
from workflow.rules.errors import Refused
from workflow.rules.events import (
    AssignmentAcknowledged,
    ChairWaived,
    ConsentEnded,
    HelperAssigned,
    HelperReleased,
)
from workflow.rules.history import Recorded

ADULT = 18


def _seated(case: Case, role: str) -> Chair:
    chair = case.chairs.get(role)
    if chair is None:
        raise Refused("chair_empty", role=role)
    return chair


def helper_assigned(case: Case, rec: Recorded, event: HelperAssigned) -> None:
    """Family sits in its chair only with the person's recorded consent or on a legal ground: a minor's guardian."""
    chair = case.chairs.get(event.role)
    if chair is not None and chair.helper == event.helper:
        raise Refused("already_assigned", role=event.role)
    if event.role != "family" or "family" in case.consents or event.legal_ground:
        return
    age = case.age_on(rec.on)
    if age is None or age >= ADULT:
        raise Refused("consent_missing", role="family")


def assignment_acknowledged(case: Case, rec: Recorded, event: AssignmentAcknowledged) -> None:
    """Somebody sits in the chair and has not said "I know" yet."""
    chair = _seated(case, event.role)
    if chair.acknowledged is not None:
        raise Refused("already_acknowledged", role=event.role, on=chair.acknowledged.on)


def helper_released(case: Case, rec: Recorded, event: HelperReleased) -> None:
    """Somebody sits in the chair."""
    _seated(case, event.role)


def chair_waived(case: Case, rec: Recorded, event: ChairWaived) -> None:
    """A chair is waived while nobody sits in it."""
    if event.role in case.chairs:
        raise Refused("chair_taken", role=event.role)


def consent_ended(case: Case, rec: Recorded, event: ConsentEnded) -> None:
    """There is a consent, or a helper who sits there by one."""
    if event.role not in case.consents and event.role not in case.chairs:
        raise Refused("no_consent", role=event.role)


GUARDS: dict[str, Callable[..., None]] = {
    "helper_assigned": helper_assigned,
    "assignment_acknowledged": assignment_acknowledged,
    "helper_released": helper_released,
    "chair_waived": chair_waived,
    "consent_ended": consent_ended,
}
