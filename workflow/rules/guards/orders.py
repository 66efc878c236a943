"""What forbids orders, reporting in, and revocations (CD-01 to CD-04, CI-01, CI-02, CR-01, REM-01)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from workflow.rules.case import Case, Use
from workflow.rules.errors import Refused
from workflow.rules.events import (
    CommunityDetoxOrdered,
    CommunityRecoveryOrdered,
    DecisionRevoked,
    IsolationOrdered,
    RefusalRecorded,
    ReportedIn,
)
from workflow.rules.guards.approval import need_approval
from workflow.rules.history import Recorded
from workflow.rules.measures import Measure
from workflow.rules.report_in import paused, report_in_due
from workflow.rules.stages import ORDERED, RECOVERY

ADDICTED = ("addicted", "seriously_addicted")
GROUND_STAGES = {
    "serious_addiction": ("assessing",),
    "refused_community_detox": ("community_ordered",),
    "used_during_community_detox": ("community_detox", "community_suspended"),
    "serious_breach": ("community_detox", "community_suspended"),
    "used_after_measure": ("assessing", *RECOVERY),
}


def community_detox_ordered(case: Case, rec: Recorded, event: CommunityDetoxOrdered) -> None:
    """The finding says addicted or seriously addicted (CD-01)."""
    if case.finding not in ADDICTED:
        raise Refused("finding_missing", needed=ADDICTED, finding=case.finding)


def isolation_ordered(case: Case, rec: Recorded, event: IsolationOrdered) -> None:
    """
    A ground that the facts bear out; nobody pregnant, nursing or too young (CI-01, CI-02).

    Reality comes first: with `contrary_to`, and a supervisor's approval, an
    order that the law forbids is recorded all the same; the grounds still hold.
    """
    check_ground(case, event.ground)
    if event.contrary_to:
        need_approval(rec)
        return
    for kind in ("pregnant", "nursing"):
        if case.holds(kind, rec.on) or case.holds(kind, event.decided_on):
            raise Refused("isolation_barred", circumstance=kind)
    age, limit = case.age_on(event.decided_on), case.pack.custody.min_age
    if age is not None and age < limit and not event.minor_review:
        raise Refused("minor_review_missing", age=age, limit=limit)


def check_ground(case: Case, ground: str) -> None:
    """
    Whether the record bears out this ground of isolation now.

    Raises:
        Refused: `ground_not_from_here` or `ground_not_met`.
    """
    allowed = GROUND_STAGES[ground]
    if case.stage not in allowed:
        raise Refused("ground_not_from_here", ground=ground, stage=case.stage, allowed=allowed)
    if not _ground_met(case, ground):
        raise Refused("ground_not_met", ground=ground)


def _ground_met(case: Case, ground: str) -> bool:
    measure = case.running()
    if ground == "serious_addiction":
        return case.finding == "seriously_addicted"
    if ground == "used_after_measure":
        return any(_after_a_measure(case, use) for use in case.uses if use.answered_by is None)
    if measure is None:
        return False
    if ground == "refused_community_detox":
        return bool(measure.refusals)
    if ground == "serious_breach":
        return bool(measure.breaches)
    return any(_during(use, measure.starts_on) for use in case.uses)


def _during(use: Use, starts_on: date | None) -> bool:
    """Use on or after the report-in; a hair sample proves that only with the day of use (TS-11)."""
    by_hair = use.test.fact.event.sample == "hair" and not use.dated
    return starts_on is not None and use.day >= starts_on and not by_hair


def _after_a_measure(case: Case, use: Use) -> bool:
    began = [m.starts_on for m in case.measures if m.starts_on is not None and not m.revoked]
    return any(use.fact.on >= day for day in began)


def reported_in(case: Case, rec: Recorded, event: ReportedIn) -> None:
    """Not before the order was served, not in custody; after a move only while a report-in is owed. Late is late."""
    measure = case.running()
    if measure is None:
        raise Refused("not_from_here", event="reported_in", stage=case.stage, allowed=ORDERED)
    if case.stage in ORDERED:
        if rec.on < measure.served_on:
            raise Refused("not_served_yet", served_on=measure.served_on)
        if measure.open_stop():
            raise Refused("in_custody")
    elif not unreported_move(case, measure):
        raise Refused("already_reported_in", on=measure.starts_on)


def unreported_move(case: Case, measure: Measure) -> bool:
    """Whether the last move within this measure's term waits for its report-in (CD-12)."""
    moves = [f for f in case.of("moved") if f.measure is measure and f.stage not in ORDERED]
    if not moves:
        return False
    return not any(
        f.pos > moves[-1].pos and f.measure is measure and not f.out for f in case.of("reported_in")
    )


def refusal_recorded(case: Case, rec: Recorded, event: RefusalRecorded) -> None:
    """
    Once report-in is overdue and the reason was asked, or on the person's own written declaration (CD-03).

    A supervisor approves.
    """
    measure = case.running()
    if measure is not None and not event.written_declaration:
        due = report_in_due(case, measure, rec.on)
        if rec.on <= due or measure.open_stop() or paused(case, rec.on):
            raise Refused("report_in_not_overdue", due_on=due)
        if not event.explanation:
            raise Refused("explanation_missing", event="refusal_recorded")
    need_approval(rec)


def community_recovery_ordered(case: Case, rec: Recorded, event: CommunityRecoveryOrdered) -> None:
    """After a release from isolation, for 1 to 36 months (CR-01)."""
    released = [m for m in case.measures if m.how == "released"]
    if not released:
        raise Refused("no_release_before", event="community_recovery_ordered")
    longest = case.pack.terms.recovery_longest.amount
    if not 1 <= event.months <= longest:
        raise Refused("months_out_of_range", months=event.months, longest=longest)


def decision_revoked(case: Case, rec: Recorded, event: DecisionRevoked) -> None:
    """The decision is one of this case and was not revoked before (REM-01, REM-02)."""
    known = {m.decision_no: m for m in case.measures}
    measure = known.get(event.decision_no)
    if measure is None:
        raise Refused("unknown_decision", decision_no=event.decision_no, known=sorted(known))
    if measure.revoked:
        raise Refused("already_revoked", decision_no=event.decision_no)


GUARDS: dict[str, Callable[..., None]] = {
    "community_detox_ordered": community_detox_ordered,
    "isolation_ordered": isolation_ordered,
    "reported_in": reported_in,
    "refusal_recorded": refusal_recorded,
    "community_recovery_ordered": community_recovery_ordered,
    "decision_revoked": decision_revoked,
}
