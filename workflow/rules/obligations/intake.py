"""What is owed by the stage itself: reviews while a case waits, and the file of a closed case."""

from __future__ import annotations

from datetime import date, timedelta

from workflow.rules.case import Case, Fact
from workflow.rules.measures import Measure
from workflow.rules.obligations.chains import answers_to, links
from workflow.rules.obligations.planner import Planner
from workflow.rules.report_in import paused, period_starts
from workflow.rules.terms import DAY, span_from

_REVIEWED_STAGES = {
    "detected": "detected",
    "community_suspended": "suspended",
    "recovery_suspended": "suspended",
    "isolation_escaped": "suspended",
    "voluntary_treatment": "voluntary_treatment",
    "serving_sentence": "serving_sentence",
}


def stage_reviews(planner: Planner) -> None:
    """The supervisor looks again while a case waits: every few days, by the reason it waits for."""
    case = planner.case
    for stay in case.stays:
        occasion = _REVIEWED_STAGES.get(stay.stage)
        if occasion is not None and stay.until != stay.first:
            _review(planner, occasion, stay.by, stay.first, stay.until, stay.measure)
    for measure in case.measures:
        for stop in measure.waits:
            by = next(
                (f for f in case.of("suspended") if f.on == stop.first and f.measure is measure),
                measure.order,
            )
            if stop.until != stop.first:
                _review(planner, "suspended", by, stop.first, stop.until, measure)
        _review_overdue_report_in(planner, case, measure)


def _review_overdue_report_in(planner: Planner, case: Case, measure: Measure) -> None:
    wait = planner.rule("stage_review").opens
    if measure.kind == "isolation" or wait is None or not _was_ordered(case, measure):
        return
    due = planner.report_in_due(measure)
    until = measure.starts_on or measure.ended_on
    if until is not None and until <= due:
        return
    first = span_from(due, wait, planner.days)
    for stop in measure.waits:
        if stop.first >= first and (until is None or stop.first < until):
            until = stop.first
    if first <= planner.on and (until is None or first < until):
        _review(planner, "report_in_overdue", measure.order, first, until, measure)


def _was_ordered(case: Case, measure: Measure) -> bool:
    return any(stay.measure is measure and stay.stage.endswith("_ordered") for stay in case.stays)


def _review(
    planner: Planner,
    occasion: str,
    by: Fact,
    first: date,
    until: date | None,
    measure: Measure | None,
) -> None:
    span = planner.rule("stage_review").every[occasion]
    for link in links(by, first, until, answers_to(planner.case, "stage_reviewed")):
        if planner.lets_go("stage_review", link.by, measure, occasion):
            continue
        due = span_from(link.opens, span, planner.days)
        opening = planner.owe(
            "stage_review",
            link.by,
            link.opens,
            due=due,
            measure=measure,
            until=link.until,
            ref=occasion,
        )
        opening.nominal_days = span.nominal_days


def close_file(planner: Planner) -> None:
    """The papers of a case closed for another reason than the three years."""
    case = planner.case
    if case.stage == "closed" and case.ended_by is not None and case.ended_on is not None:
        planner.owe(
            "close_file", case.ended_by, case.ended_on, measure=case.measure, scope="lasting"
        )


def legality_review(planner: Planner) -> None:
    """Something was recorded contrary to a rule, or a release came without its decision: a supervisor looks."""
    for fact in planner.case.contrary:
        planner.owe("legality_review", fact, fact.on, measure=fact.measure)


def report_in(planner: Planner) -> None:
    """The person reports in within 15 days of service (CD-03, CR-03); custody and hospital are taken out."""
    case = planner.case
    for measure in case.measures:
        if measure.kind == "isolation" or not _was_ordered(case, measure):
            continue
        opens = period_starts(measure)
        due = planner.report_in_due(measure)
        opening = planner.owe("report_in", measure.order, opens, due=due, measure=measure)
        opening.paused = paused(case, planner.on)


def welfare_contact(planner: Planner) -> None:
    """
    Somebody asks how the person is: report-in overdue, contact lost, or away unreported for three dates.

    One at a time, and again on each contact until the reason is cured. Never a violation.
    """
    case = planner.case
    causes = sorted(_causes(planner), key=lambda cause: (cause[1], cause[0].pos))
    for by, first, until, lost, measure in _merged(causes):
        answers = answers_to(
            case, "welfare_contacted", "reported_in", "contact_restored", "returned"
        )
        for link in links(by, first, until, answers):
            planner.owe(
                "welfare_contact",
                link.by,
                link.opens,
                measure=measure,
                scope="case" if lost else "measure",
                until=link.until,
            )


Cause = tuple[Fact, date, "date | None", bool, "Measure | None"]


def _causes(planner: Planner) -> list[Cause]:
    """Each reason to worry: the fact, from when, until when, whether contact is lost, the measure."""
    case, on = planner.case, planner.on
    found: list[Cause] = []
    for measure in case.measures:
        if measure.kind != "isolation" and _was_ordered(case, measure):
            first = planner.report_in_due(measure) + DAY
            if first <= on:
                found.append((measure.order, first, measure.starts_on, False, measure))
        dates = planner.pack.thresholds.departure_dates
        for absence in measure.absences:
            third = absence.first + timedelta(days=dates - 1)
            over = absence.last if absence.back else (absence.last + DAY if absence.last else None)
            if not absence.reported and third <= on and absence.dates(on) >= dates:
                found.append((absence.left, third, over, False, measure))
    for lost in case.lost:
        found.append(
            (
                lost.fact,
                lost.fact.on,
                lost.restored.on if lost.restored else None,
                True,
                lost.fact.measure,
            )
        )
    return [cause for cause in found if cause[2] is None or cause[1] <= cause[2]]


def _merged(causes: list[Cause]) -> list[Cause]:
    """Reasons that overlap make one stretch, opened by the first of them."""
    merged: list[Cause] = []
    for cause in causes:
        if merged and (merged[-1][2] is None or cause[1] < merged[-1][2]):
            by, first, until, lost, measure = merged[-1]
            later = None if until is None or cause[2] is None else max(until, cause[2])
            merged[-1] = (by, first, later, lost or cause[3], measure)
        else:
            merged.append(cause)
    return merged
