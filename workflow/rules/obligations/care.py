"""What is owed to the person in a community measure: agreement, plan, moves, absences, breaches, reports of use."""

from __future__ import annotations

from workflow.rules import breaches
from workflow.rules.measures import Review
from workflow.rules.obligations.planner import Planner
from workflow.rules.stages import IN_CARE, ORDERED
from workflow.rules.terms import DAY


def sign_agreement(planner: Planner) -> None:
    """The office signs the agreement soon after the report-in, and anew after a move (CD-06, CD-12)."""
    for fact in planner.case.of("reported_in"):
        if not fact.out:
            planner.owe("sign_agreement", fact, fact.on, measure=fact.measure)


def make_plan(planner: Planner) -> None:
    """The plan follows the first report-in, not one after a move (CD-05)."""
    for measure in planner.case.measures:
        if measure.started_by is not None and measure.kind != "isolation":
            planner.owe("make_plan", measure.started_by, measure.started_by.on, measure=measure)


def moves(planner: Planner) -> None:
    """After a move: the old office forwards the file, the person reports in at the new one (CD-12)."""
    case = planner.case
    facts = [f for f in case.of("moved") if not f.out]
    for index, fact in enumerate(facts):
        planner.owe("forward_file", fact, fact.on, measure=fact.measure)
        if fact.stage in ORDERED or fact.stage not in IN_CARE:
            continue
        later = next((f for f in facts[index + 1 :] if f.measure is fact.measure), None)
        until = later.on if later else None
        opening = planner.owe(
            "report_in_after_move", fact, fact.on, measure=fact.measure, until=until
        )
        if later is not None:
            opening.withdrawn = True


def return_from_leave(planner: Planner) -> None:
    """Back on the day that the person stated (CD-09)."""
    for measure in planner.case.measures:
        for absence in measure.absences:
            if absence.return_on is None:
                continue
            broken_off = absence.last + DAY if absence.last and absence.back is None else None
            opening = planner.owe(
                "return_from_leave",
                absence.left,
                absence.first,
                due=absence.return_on,
                measure=measure,
                until=broken_off,
            )
            opening.nominal_days = (absence.return_on - absence.first).days


def breach_review(planner: Planner) -> None:
    """A counter reached its threshold: a supervisor hears the person before anything else (CD-10, CD-11)."""
    limits = planner.pack.thresholds
    for measure in planner.case.measures:
        reviews = list(measure.reviews)
        if measure.absences or measure.missed:
            for ground in breaches.GROUNDS:
                tally = breaches.unanswered(measure, ground, planner.on, limits)
                if tally.reached_on is not None and tally.by is not None:
                    reviews.append(Review(ground, tally.reached_on, tally.by))
        for review in reviews:
            opening = planner.owe(
                "breach_review",
                review.by,
                review.reached_on,
                measure=measure,
                until=review.ended_on,
                ref=review.ground,
            )
            opening.closed_by = review.answer


def report_use(planner: Planner) -> None:
    """Use during a community measure is reported promptly (CD-10)."""
    for fact in planner.case.of("use_confirmed"):
        if not fact.out and fact.stage in IN_CARE:
            planner.owe("report_use", fact, fact.on, measure=fact.measure)


def assemble_team(planner: Planner) -> None:
    """Each fixed chair is filled or waived soon after the order or the release, and again when one empties (X-02)."""
    for opened, closed in planner.case.gaps:
        measure = opened.ordered or opened.measure or planner.case.measure
        opening = planner.owe("assemble_team", opened, opened.on, measure=measure)
        opening.closed_by = closed


def acknowledge_assignment(planner: Planner) -> None:
    """Each assigned helper says "I know" (X-07); the nth assignment of a role by recording is its key."""
    case = planner.case
    ghosts = [ghost for ghost in case.ghosts if ghost.name == "helper_assigned"]
    assigned = [*case.of("helper_assigned"), *ghosts]
    for chair in case.seats:
        fact = chair.assigned
        if fact is None or planner.lets_go(
            "acknowledge_assignment", fact, fact.measure, chair.role
        ):
            continue
        until = chair.released.on if chair.released else None
        opening = planner.owe(
            "acknowledge_assignment",
            fact,
            fact.on,
            measure=fact.measure,
            until=until,
            ref=chair.role,
        )
        nth = sum(f.event.role == chair.role and f.place <= fact.place for f in assigned)
        opening.occurrence, opening.closed_by = f"{chair.role}/{nth}", chair.acknowledged
        opening.owner = chair.role
