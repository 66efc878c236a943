"""What is owed about the end of control: its preparation, the record update, the review of a bar (section 7)."""

from __future__ import annotations

from datetime import date

from workflow.rules.obligations.chains import answers_to, links
from workflow.rules.obligations.planner import Planner
from workflow.rules.terms import span_before


def prepare_exit(planner: Planner) -> None:
    """
    Papers for the exit day, 90 days ahead; where the day moves or is barred the open one ends and a new one opens.
    """
    case, rule = planner.case, planner.rule("prepare_exit")
    known = case.exits
    for index, segment in enumerate(known):
        if segment.exit_on is None or rule.opens is None or rule.due is None:
            continue
        until = known[index + 1].known_from if index + 1 < len(known) else None
        opens = max(span_before(segment.exit_on, rule.opens, planner.days), segment.known_from)
        due = max(span_before(segment.exit_on, rule.due, planner.days), opens)
        if until != opens and segment.exit_on > opens:
            planner.owe(
                "prepare_exit",
                segment.by,
                opens,
                due=due,
                measure=case.measure,
                until=until,
            )


def record_updates(planner: Planner) -> None:
    """After the end of control the records elsewhere follow, and somebody makes sure that they did."""
    case = planner.case
    for fact in case.of("control_ended"):
        planner.owe("send_record_update", fact, fact.on, measure=fact.measure)
    for fact in case.of("record_update_sent"):
        planner.owe("confirm_record_update", fact, fact.on, measure=fact.measure)


def review_exit_bar(planner: Planner) -> None:
    """While a reported breach bars the exit a supervisor looks at it again every year."""
    case = planner.case
    covered: date | None = None
    for bar in case.bars:
        measure = bar.measure
        revoked_on = measure.ended_on if measure is not None and measure.revoked else None
        until = bar.lifted.on if bar.lifted else revoked_on
        if covered is not None and bar.fact.on < covered:
            continue
        covered = until or date.max
        for link in links(bar.fact, bar.fact.on, until, answers_to(case, "exit_bar_reviewed")):
            planner.owe(
                "review_exit_bar",
                link.by,
                link.opens,
                measure=bar.measure,
                until=link.until,
            )
