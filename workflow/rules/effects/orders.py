"""What orders, reporting in and revocations change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from workflow.rules.case import Case, Fact
from workflow.rules.events import (
    ChangedToCommunityDetox,
    CommunityDetoxOrdered,
    CommunityRecoveryOrdered,
    DecisionRevoked,
    IsolationOrdered,
    OrderLapsed,
    RefusalRecorded,
    ReportedIn,
)
from workflow.rules.measures import Measure, Stop, TermEnd
from workflow.rules.moving import anchor, end_measure, enter, order, start_term
from workflow.rules.stages import ORDERED, STAYS, SUSPENDED
from workflow.rules.terms import last_day_of_term


def community_detox_ordered(case: Case, fact: Fact, event: CommunityDetoxOrdered) -> None:
    """The person is to report in (CD-01)."""
    order(case, fact, "community_detox", months=case.pack.terms.community_detox.amount)
    enter(case, fact, "community_ordered")


def isolation_ordered(case: Case, fact: Fact, event: IsolationOrdered) -> None:
    """The term counts from the decision (CI-05); a measure in force is superseded."""
    previous = case.running()
    if previous is not None:
        end_measure(case, previous, fact, "superseded")
    measure = order(
        case, fact, "isolation", months=case.pack.terms.isolation.amount, previous=previous
    )
    measure.starts_on, measure.started_by = event.decided_on, fact
    measure.ends.append(TermEnd(last_day_of_term(event.decided_on, measure.months), fact, 0))
    if event.contrary_to:
        case.contrary.append(fact)
    enter(case, fact, "isolation")


def changed_to_community_detox(case: Case, fact: Fact, event: ChangedToCommunityDetox) -> None:
    """Too ill to return: the days served are taken off the community term (CI-11, D6)."""
    isolation = case.running()
    assert isolation is not None
    assert isolation.starts_on is not None
    served = (fact.on - isolation.starts_on).days - sum(
        stop.length(fact.on) for stop in isolation.stops
    )
    end_measure(case, isolation, fact, "changed")
    months = case.pack.terms.community_detox.amount
    measure = order(
        case, fact, "community_detox", months=months, previous=isolation, offset_days=max(0, served)
    )
    anchor(case, "changed_to_community_detox", measure.served_on, measure)
    left = last_day_of_term(measure.served_on, months) - timedelta(days=measure.offset_days)
    if left < measure.served_on:
        end_measure(case, measure, fact, "expired")
        enter(case, fact, "follow_up")
    else:
        enter(case, fact, "community_ordered")


def community_recovery_ordered(case: Case, fact: Fact, event: CommunityRecoveryOrdered) -> None:
    """The person is to report in; the order says for how long (CR-01)."""
    order(case, fact, "recovery", months=event.months)
    enter(case, fact, "recovery_ordered")


def reported_in(case: Case, fact: Fact, event: ReportedIn) -> None:
    """The first report-in starts the term; one after a move leaves the clock alone (CD-12)."""
    measure = case.running()
    if case.stage not in ORDERED or measure is None:
        enter(case, fact, STAYS)
        return
    start_term(case, measure, fact)
    if measure.kind == "community_detox" and not measure.changed_over:
        anchor(case, "reported_in", fact.on, measure)
    enter(case, fact, "recovery" if measure.kind == "recovery" else "community_detox")


def refusal_recorded(case: Case, fact: Fact, event: RefusalRecorded) -> None:
    """A ground for the police; nothing follows from it by itself."""
    measure = case.running()
    if measure is not None:
        measure.refusals.append(fact)


def order_lapsed(case: Case, fact: Fact, event: OrderLapsed) -> None:
    """The organ withdraws its order or lets it lapse."""
    measure = case.running()
    if measure is not None:
        end_measure(case, measure, fact, "lapsed")
    anchor(case, "order_lapsed", fact.on)
    enter(case, fact, "follow_up")


def decision_revoked(case: Case, fact: Fact, event: DecisionRevoked) -> None:
    """
    An order falls (REM-01, REM-02): back to the stage before it, an earlier measure taken up as if suspended.

    Later measures end as superseded; in a sentence the stage stays.
    """
    measure = next(m for m in case.measures if m.decision_no == event.decision_no and not m.revoked)
    index = case.measures.index(measure)
    for later in case.measures[index + 1 :]:
        if later.ended_on is None:
            end_measure(case, later, fact, "superseded")
    end_measure(case, measure, fact, "revoked")
    for use in case.uses:
        if use.answered_by is measure.order:
            use.answered_by = None
    if case.stage == "serving_sentence":
        enter(case, fact, STAYS)
        return
    base, previous = _standing_before(measure)
    if previous is not None:
        _take_up_again(previous, measure, base, fact)
    case.measure = previous
    enter(case, fact, base)


def _standing_before(measure: Measure) -> tuple[str, Measure | None]:
    """The stage and the measure in force before this order, passing over orders that were themselves revoked."""
    base, previous = measure.base, measure.previous
    while previous is not None and previous.revoked:
        base, previous = previous.base, previous.previous
    return base, previous


def _take_up_again(previous: Measure, measure: Measure, base: str, fact: Fact) -> None:
    """As if suspended meanwhile: the clock stood from the revoked order to its revocation."""
    stops = previous.waits if base in ORDERED else previous.stops
    if stops and stops[-1].until == measure.order.on and base in SUSPENDED:
        stops[-1].until = None
    else:
        stops.append(Stop(measure.order.on, fact.on))
    previous.ended_on, previous.how, previous.ended_by = None, None, None


EFFECTS: dict[str, Callable[..., None]] = {
    "community_detox_ordered": community_detox_ordered,
    "isolation_ordered": isolation_ordered,
    "changed_to_community_detox": changed_to_community_detox,
    "community_recovery_ordered": community_recovery_ordered,
    "reported_in": reported_in,
    "refusal_recorded": refusal_recorded,
    "order_lapsed": order_lapsed,
    "decision_revoked": decision_revoked,
}
