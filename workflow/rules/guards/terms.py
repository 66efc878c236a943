"""What forbids proposing and deciding the end of an isolation term (CI-07, CI-08, CI-12)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from workflow.rules.case import Case
from workflow.rules.errors import Refused
from workflow.rules.events import EarlyReleaseProposed, ExtensionProposed, TermDecided
from workflow.rules.history import Recorded
from workflow.rules.measures import Measure
from workflow.rules.terms import add_months, last_day_of_term


def early_release_proposed(case: Case, rec: Recorded, event: EarlyReleaseProposed) -> None:
    """Only when 12 months have passed since the decision, and never after an escape (CI-07, CI-12)."""
    measure = _isolation(case)
    if measure.escapes:
        raise Refused("no_early_release_after_escape")
    possible_on = add_months(
        measure.order.event.decided_on, case.pack.custody.early_release_after.amount
    )
    if rec.on < possible_on:
        raise Refused("early_release_too_soon", from_on=possible_on)
    _check_no_proposal(measure, "early_release")


def extension_proposed(case: Case, rec: Recorded, event: ExtensionProposed) -> None:
    """One proposal of a kind at a time."""
    _check_no_proposal(_isolation(case), "extension")


def _check_no_proposal(measure: Measure, kind: str) -> None:
    for proposed, fact in measure.proposals:
        if proposed == kind:
            raise Refused("proposal_outstanding", kind=kind, on=fact.on)


def _isolation(case: Case) -> Measure:
    measure = case.running()
    if measure is None or measure.kind != "isolation":
        raise Refused("not_in_isolation")
    return measure


def term_decided(case: Case, rec: Recorded, event: TermDecided) -> None:
    """A proposal of that kind is outstanding, and an approved end lies where the law lets it (CI-07)."""
    measure = _isolation(case)
    if not any(kind == event.kind for kind, _ in measure.proposals):
        raise Refused("no_proposal", kind=event.kind)
    if event.outcome == "rejected":
        return
    if event.ends_on is None:
        raise Refused("end_missing", kind=event.kind)
    present = measure.ends_on(rec.on)
    assert present is not None
    if event.kind == "early_release":
        if event.served_on is not None and event.ends_on < event.served_on:
            raise Refused("end_before_service", ends_on=event.ends_on, served_on=event.served_on)
        if event.ends_on >= present:
            raise Refused("end_not_earlier", ends_on=event.ends_on, present=present)
        return
    if event.ends_on <= present:
        raise Refused("end_not_later", ends_on=event.ends_on, present=present)
    longest = longest_end(case, measure, rec)
    if event.ends_on > longest:
        raise Refused("extension_too_long", ends_on=event.ends_on, longest=longest)


def longest_end(case: Case, measure: Measure, rec: Recorded) -> date:
    """The last end that an extension may set: 12 months over the first term, days of escape apart (D2)."""
    terms = case.pack.terms
    months = terms.isolation.amount + terms.isolation_extension.amount
    stopped = sum(stop.length(rec.on) for stop in measure.stops)
    return last_day_of_term(measure.order.event.decided_on, months) + timedelta(days=stopped)


GUARDS: dict[str, Callable[..., None]] = {
    "early_release_proposed": early_release_proposed,
    "extension_proposed": extension_proposed,
    "term_decided": term_decided,
}
