"""What registering, voluntary treatment and the ends of a case change."""

from __future__ import annotations

from collections.abc import Callable

from workflow.rules.case import Case, Circumstance, Fact
from workflow.rules.events import (
    CircumstanceRecorded,
    Detected,
    Died,
    EntryVoided,
    PersonRegistered,
    PolicyPinned,
    TransferredOut,
    VoluntaryTreatmentEnded,
    VoluntaryTreatmentStarted,
)
from workflow.rules.moving import anchor, close, enter
from workflow.rules.terms import add_months


def person_registered(case: Case, fact: Fact, event: PersonRegistered) -> None:
    """The birth date is known."""
    case.born = event.born


def policy_pinned(case: Case, fact: Fact, event: PolicyPinned) -> None:
    """The pack that this case is judged by; handed to the fold as an argument."""
    case.pinned = event.pack


def circumstance_recorded(case: Case, fact: Fact, event: CircumstanceRecorded) -> None:
    """A circumstance holds from its day until it ends; nursing protects for a year at the most (CI-02)."""
    first, until = event.from_on or fact.on, event.until
    if event.kind == "nursing":
        limit = add_months(first, case.pack.custody.nursing.amount)
        until = min(until, limit) if until else limit
    same = next((c for c in case.circumstances if c.kind == event.kind and c.first == first), None)
    if same is not None:
        same.until = until
    else:
        case.circumstances.append(Circumstance(event.kind, first, until))


def detected(case: Case, fact: Fact, event: Detected) -> None:
    """Use is suspected; the case begins."""
    enter(case, fact, "detected")


def voluntary_treatment_started(case: Case, fact: Fact, event: VoluntaryTreatmentStarted) -> None:
    """Treatment by agreement; where the person came from decides whether its end moves the three years."""
    case.sought_help_from = case.stage
    enter(case, fact, "voluntary_treatment")


def voluntary_treatment_ended(case: Case, fact: Fact, event: VoluntaryTreatmentEnded) -> None:
    """Closed where no use was ever confirmed; who sought help from follow-up is not set back (VOL-02)."""
    if not case.uses:
        close(case, fact, "treatment_ended")
        return
    if case.sought_help_from != "follow_up":
        anchor(case, "voluntary_treatment_ended", fact.on)
    enter(case, fact, "follow_up")


def transferred_out(case: Case, fact: Fact, event: TransferredOut) -> None:
    """An agency outside this system took over."""
    close(case, fact, "transferred_out")


def died(case: Case, fact: Fact, event: Died) -> None:
    """The person died."""
    close(case, fact, "deceased")


def entry_voided(case: Case, fact: Fact, event: EntryVoided) -> None:
    """The case was entered by mistake."""
    close(case, fact, "entry_error")


EFFECTS: dict[str, Callable[..., None]] = {
    "person_registered": person_registered,
    "policy_pinned": policy_pinned,
    "circumstance_recorded": circumstance_recorded,
    "detected": detected,
    "voluntary_treatment_started": voluntary_treatment_started,
    "voluntary_treatment_ended": voluntary_treatment_ended,
    "transferred_out": transferred_out,
    "died": died,
    "entry_voided": entry_voided,
}
