"""
Entering and leaving stages and measures: the few hands by which effects move a case.

Every stage change goes through `stages.move`, the one table.
"""

from __future__ import annotations

from datetime import date, timedelta

from workflow.rules import stages
from workflow.rules.case import Anchor, Case, Fact, Stay
from workflow.rules.measures import Ending, Measure, MeasureKind, TermEnd
from workflow.rules.stages import IN_TERM, ORDERED
from workflow.rules.team import open_team
from workflow.rules.terms import DAY, last_day_of_term


def enter(case: Case, fact: Fact, target: str) -> None:
    """Move the case to a stage by the table (`=` stays) and keep the stay."""
    (stages.move if case.judged else stages.replay)(case, fact.name, target)
    if target == stages.STAYS:
        return
    if case.stays:
        case.stays[-1].until, case.stays[-1].left_by = fact.on, fact
    case.stays.append(Stay(target, fact.on, fact, case.measure))
    note_expiry(case)
    if target in stages.ENDED:
        case.ended_on, case.ended_by = fact.on, fact


def note_expiry(case: Case) -> None:
    """Keep the day on which the running term ends by itself: the day after its last day (D3)."""
    measure = case.running()
    if case.stage in IN_TERM and measure is not None:
        ends_on = measure.ends_on(case.day)
        case.expires_on = ends_on + DAY if ends_on else None
    else:
        case.expires_on = None


def order(
    case: Case,
    fact: Fact,
    kind: MeasureKind,
    *,
    months: int,
    previous: Measure | None = None,
    offset_days: int = 0,
) -> Measure:
    """Begin a measure with its order; the open uses are answered by it, and the team stands from now on."""
    measure = Measure(
        kind=kind,
        order=fact,
        served_on=fact.event.served_on,
        decision_no=fact.event.decision_no,
        base=fact.stage,
        previous=previous,
        months=months,
        offset_days=offset_days,
        changed_over=previous is not None and kind == "community_detox",
    )
    fact.ordered = measure
    case.measures.append(measure)
    case.measure = measure
    answer_uses(case, fact)
    if kind != "isolation":
        open_team(case, fact)
    return measure


def answer_uses(case: Case, fact: Fact) -> None:
    """A decision answers every confirmed use that stands unanswered."""
    for use in case.uses:
        if use.answered_by is None:
            use.answered_by = fact


def end_measure(case: Case, measure: Measure, fact: Fact, how: Ending) -> None:
    """End a measure; an absence from home ends the day before (D4)."""
    end_absence(measure, fact.on)
    for stops in (measure.stops, measure.waits):
        if stops and stops[-1].until is None:
            stops[-1].until = fact.on
    measure.ended_on, measure.how, measure.ended_by = fact.on, how, fact


def end_absence(measure: Measure, day: date) -> None:
    """An absence that lasts ends the day before a suspension or the end of its measure."""
    if measure.absences and measure.absences[-1].last is None:
        measure.absences[-1].last = day - DAY


def start_term(case: Case, measure: Measure, fact: Fact) -> None:
    """
    The first report-in starts the term (CD-04); days already served are taken off (D6).

    Whether a recovery counts from its report-in or from service is a setting (CR-07; open question 3);
    the windows count from the report-in all the same: nothing was owed before it.
    """
    at_service = measure.kind == "recovery" and case.pack.settings.recovery_starts_at_service
    measure.starts_on, measure.started_by = fact.on, fact
    first = measure.served_on if at_service else fact.on
    last = last_day_of_term(first, measure.months) - timedelta(days=measure.offset_days)
    measure.ends.append(TermEnd(last, fact, 0))


def close(case: Case, fact: Fact, reason: str) -> None:
    """End the case for a reason other than the three years."""
    measure = case.running()
    if measure is not None:
        end_measure(case, measure, fact, "closed")
    case.end_reason = reason
    enter(case, fact, "closed")


def anchor(case: Case, kind: str, day: date, measure: Measure | None = None) -> None:
    """Keep a day from which the three years may count (section 7)."""
    case.anchors.append(Anchor(kind, day, measure))


def in_custody_before_report_in(case: Case) -> bool:
    """Whether the person waits in custody while the order waits for the report-in."""
    measure = case.running()
    return (
        case.stage in ORDERED
        and measure is not None
        and bool(measure.waits)
        and measure.waits[-1].until is None
    )
