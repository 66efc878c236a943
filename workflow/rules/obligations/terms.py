"""What is owed about a term and its end: evaluations, decisions, hand-over, release, papers, notices."""

from __future__ import annotations

from datetime import date, timedelta

from workflow.rules.case import Fact
from workflow.rules.measures import Measure, TermEnd
from workflow.rules.obligations.planner import Planner
from workflow.rules.terms import DAY, span_before, span_from


def notify_family(planner: Planner) -> None:
    """Within 24 hours of service, working day or not (CI-03, CI-08)."""
    case = planner.case
    for fact in (*case.of("isolation_ordered"), *case.of("term_decided")):
        if fact.out:
            continue
        event = fact.event
        measure = fact.ordered or fact.measure
        at = getattr(event, "served_at", None)
        served = event.served_on or fact.on
        due = (at + timedelta(hours=24)).date() if at is not None else served + DAY
        planner.owe(
            "notify_family",
            fact,
            max(served, fact.on) if at is None else min(max(served, fact.on), due),
            due=due,
            measure=measure,
        )


def isolation_terms(planner: Planner) -> None:
    """Transfer, evaluations, hand-over, gate and release of each isolation measure."""
    for measure in planner.case.measures:
        if measure.kind != "isolation" or measure.starts_on is None:
            continue
        _transfer_and_evaluation(planner, measure, measure.starts_on)
        for index in range(len(measure.ends)):
            _before_the_end(planner, measure, index)


def _transfer_and_evaluation(planner: Planner, measure: Measure, decided_on: date) -> None:
    transfer, yearly = planner.rule("facility_transfer"), planner.rule("one_year_evaluation")
    if transfer.due is not None:
        due = span_from(decided_on, transfer.due, planner.days)
        planner.owe("facility_transfer", measure.order, measure.order.on, due=due, measure=measure)
    if yearly.opens is not None:
        opens = measure.real(span_from(decided_on, yearly.opens, planner.days), planner.on)
        planner.owe("one_year_evaluation", measure.order, opens, measure=measure)


def _before_the_end(planner: Planner, measure: Measure, index: int) -> None:
    """What hangs on one last day: it opens no earlier than the decision that set it (CI-07)."""
    end = measure.ends[index]
    later = measure.ends[index + 1] if index + 1 < len(measure.ends) else None
    replaced_on = later.set_by.on if later else None
    for kind in ("pre_expiry_evaluation", "plan_handover", "meet_at_gate"):
        _hanging(planner, kind, measure, end, replaced_on)
    last_day = _last_day(planner, measure, end, later)
    opens = last_day + DAY
    if replaced_on is None or opens <= replaced_on:
        planner.owe("confirm_release", end.set_by, opens, measure=measure)


def _last_day(planner: Planner, measure: Measure, end: TermEnd, later: TermEnd | None) -> date:
    before = later.set_by.on if later else date.max
    return measure.real(end.last_day, planner.on, since=end.stops_counted, before=before)


def _hanging(
    planner: Planner, kind: str, measure: Measure, end: TermEnd, replaced_on: date | None
) -> None:
    rule, set_on = planner.rule(kind), end.set_by.on
    if rule.opens is None or rule.due is None:
        return
    due = span_before(end.last_day, rule.due, planner.days)
    if due < set_on:
        return
    opens = max(span_before(end.last_day, rule.opens, planner.days), set_on)
    if kind == "meet_at_gate" and end.early:
        opens = set_on
    opens = measure.real(opens, planner.on, since=end.stops_counted)
    survives = kind == "meet_at_gate" and measure.how == "released" and _by_then(opens, measure)
    planner.owe(
        kind,
        end.set_by,
        opens,
        due=due,
        measure=measure,
        scope="lasting" if survives else None,
        until=replaced_on,
        since=end.stops_counted,
    )


def _by_then(opens: date, measure: Measure) -> bool:
    """Whether it had opened by the day the measure ended."""
    return measure.ended_on is not None and opens <= measure.ended_on


def decide_term(planner: Planner) -> None:
    """The deciding organ answers a proposal within 7 days (CI-07)."""
    case = planner.case
    proposals = (("early_release_proposed", "early_release"), ("extension_proposed", "extension"))
    for name, kind in proposals:
        for fact in case.of(name):
            if fact.out:
                continue
            planner.owe("decide_term", fact, fact.on, measure=fact.measure, ref=kind)


def receive_handover_file(planner: Planner) -> None:
    """The facility's file follows the person (HO-02)."""
    for fact in planner.case.of("released"):
        if not fact.out:
            planner.owe("receive_handover_file", fact, fact.on, measure=fact.measure)


def end_of_term(planner: Planner) -> None:
    """Papers before a community term ends, and the notice after it (CD-13, CR-06)."""
    for measure in planner.case.measures:
        if (
            measure.kind != "isolation"
            and measure.starts_on is not None
            and measure.started_by is not None
        ):
            _send_papers(planner, measure, measure.started_by, measure.starts_on)
            _end_notice(planner, measure, measure.started_by)


def _send_papers(planner: Planner, measure: Measure, by: Fact, starts_on: date) -> None:
    rule = planner.rule("send_papers")
    closed = planner.case.closed.get(("send_papers", f"{measure.name}/1"))
    ends_on = measure.ends_on(planner.on, before=closed.on if closed else date.max)
    if rule.opens is None or rule.due is None or ends_on is None:
        return
    opens = max(span_before(measure.ends[0].last_day, rule.opens, planner.days), starts_on)
    opens = measure.real(opens, planner.on, before=closed.on if closed else date.max)
    due = max(span_before(ends_on, rule.due, planner.days), opens)
    planner.owe("send_papers", by, opens, due=due, measure=measure)


def _end_notice(planner: Planner, measure: Measure, by: Fact) -> None:
    if measure.how == "expired" and measure.ended_by is not None and measure.ended_on is not None:
        by, opens = measure.ended_by, measure.ended_on
    else:
        ends_on = measure.ends_on(planner.on)
        revoked_later = measure.ended_by is not None and measure.how != "revoked"
        if ends_on is None or revoked_later or measure.how == "revoked" or measure.open_stop():
            return
        opens = ends_on + DAY
    planner.owe(
        "end_notice",
        by,
        opens,
        measure=measure,
    )
