"""What the end of a term changes: expiry, decisions about it, release, the end of control."""

from __future__ import annotations

from collections.abc import Callable

from workflow.rules.case import Case, Fact
from workflow.rules.events import (
    ControlEnded,
    EarlyReleaseProposed,
    ExtensionProposed,
    Released,
    TermDecided,
    TermExpired,
)
from workflow.rules.measures import TermEnd
from workflow.rules.moving import anchor, end_measure, enter
from workflow.rules.team import open_team


def term_expired(case: Case, fact: Fact, event: TermExpired) -> None:
    """The engine's own: the measure ends by itself (CD-13, CR-06)."""
    measure = case.running()
    assert measure is not None
    end_measure(case, measure, fact, "expired")
    enter(case, fact, "follow_up")


def control_ended(case: Case, fact: Fact, event: ControlEnded) -> None:
    """The engine's own: three years without use (GEN-05)."""
    enter(case, fact, "exited")


def early_release_proposed(case: Case, fact: Fact, event: EarlyReleaseProposed) -> None:
    """A decision is due."""
    _propose(case, fact, "early_release")


def extension_proposed(case: Case, fact: Fact, event: ExtensionProposed) -> None:
    """A decision is due."""
    _propose(case, fact, "extension")


def _propose(case: Case, fact: Fact, kind: str) -> None:
    measure = case.running()
    if measure is not None:
        measure.proposals.append((kind, fact))


def term_decided(case: Case, fact: Fact, event: TermDecided) -> None:
    """The proposal is answered; an approved one sets a new last day, with the stops so far already in it."""
    measure = case.running()
    if measure is None:
        return
    measure.proposals = [(kind, by) for kind, by in measure.proposals if kind != event.kind]
    if event.outcome == "approved" and event.ends_on is not None:
        early = event.kind == "early_release"
        measure.ends.append(TermEnd(event.ends_on, fact, len(measure.stops), early=early))


def released(case: Case, fact: Fact, event: Released) -> None:
    """Out of the facility; earlier than decided is recorded as it is, and reviewed (CI-09)."""
    measure = case.running()
    assert measure is not None
    last = measure.ends_on(fact.on)
    if last is not None and fact.on < last:
        case.contrary.append(fact)
    end_measure(case, measure, fact, "released")
    anchor(case, "released", fact.on, measure)
    open_team(case, fact)
    enter(case, fact, "follow_up")


EFFECTS: dict[str, Callable[..., None]] = {
    "term_expired": term_expired,
    "control_ended": control_ended,
    "early_release_proposed": early_release_proposed,
    "extension_proposed": extension_proposed,
    "term_decided": term_decided,
    "released": released,
}
