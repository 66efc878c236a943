"""What forbids acts of daily care: absences, breaches and contact (CD-09 to CD-11)."""

from __future__ import annotations

from collections.abc import Callable

from workflow.rules.breaches import open_grounds, unanswered
from workflow.rules.case import Case
from workflow.rules.errors import Refused
from workflow.rules.events import (
    BreachDismissed,
    BreachReported,
    ContactLost,
    ContactRestored,
    Left,
    Returned,
)
from workflow.rules.guards.approval import need_approval
from workflow.rules.history import Recorded


def left(case: Case, rec: Recorded, event: Left) -> None:
    """Nobody leaves twice; a stated return lies on or after the day of leaving."""
    if case.away():
        raise Refused("already_away")
    if event.return_on is not None and event.return_on < rec.on:
        raise Refused("return_before_leaving", return_on=event.return_on, on=rec.on)


def returned(case: Case, rec: Recorded, event: Returned) -> None:
    """Somebody is away."""
    if not case.away():
        raise Refused("not_away")


def breach_reported(case: Case, rec: Recorded, event: BreachReported) -> None:
    """The counter has reached its threshold, the person was heard or invited, and a supervisor approves (CD-11)."""
    measure = case.running()
    if measure is None:
        raise Refused("not_from_here", event="breach_reported", stage=case.stage, allowed=())
    found = unanswered(measure, event.ground, rec.on, case.pack.thresholds)
    if not found.reached:
        raise Refused(
            "threshold_not_reached", ground=event.ground, count=found.count, needed=found.needed
        )
    if not event.explanation:
        raise Refused("explanation_missing", event="breach_reported")
    need_approval(rec)


def breach_dismissed(case: Case, rec: Recorded, event: BreachDismissed) -> None:
    """There is an open review to answer, and a supervisor approves."""
    measure = case.running()
    grounds = open_grounds(measure, rec.on, case.pack.thresholds) if measure else []
    wanted = event.ground
    if not grounds or (wanted is not None and wanted not in grounds):
        raise Refused("no_open_review", ground=wanted or "any")
    need_approval(rec)


def contact_lost(case: Case, rec: Recorded, event: ContactLost) -> None:
    """Contact is not lost already."""
    if case.lost and case.lost[-1].restored is None:
        raise Refused("contact_already_lost", on=case.lost[-1].fact.on)


def contact_restored(case: Case, rec: Recorded, event: ContactRestored) -> None:
    """Contact was lost."""
    if not case.lost or case.lost[-1].restored is not None:
        raise Refused("contact_not_lost")


GUARDS: dict[str, Callable[..., None]] = {
    "left": left,
    "returned": returned,
    "breach_reported": breach_reported,
    "breach_dismissed": breach_dismissed,
    "contact_lost": contact_lost,
    "contact_restored": contact_restored,
}
