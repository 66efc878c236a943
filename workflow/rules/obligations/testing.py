"""What is owed about tests and findings: objections, the finding, the decision, unresolved positives."""

from __future__ import annotations

from datetime import date

from workflow.rules.case import Case, Fact, Stay, Test
from workflow.rules.obligations.planner import Planner


def decide_objection(planner: Planner) -> None:
    """The police decide within 3 days of the objection (TS-06, TS-08)."""
    for fact in planner.case.of("test_objected"):
        if fact.out:
            continue
        about = fact.event.test_id
        planner.owe("decide_objection", fact, fact.on, measure=fact.measure, ref=about)


def determine_addiction(planner: Planner) -> None:
    """The finding is due a day after the use stands (AD-01)."""
    for stay in _assessing(planner.case):
        if stay.by.name == "use_confirmed":
            planner.owe(
                "determine_addiction",
                stay.by,
                stay.first,
                measure=stay.measure,
                until=stay.until,
            )


def decide_measure(planner: Planner) -> None:
    """A decision follows the finding; one stay in assessing owes one decision."""
    case = planner.case
    for stay in _assessing(case):
        opener = _opener_of_decision(case, stay)
        if opener is not None:
            planner.owe(
                "decide_measure",
                opener,
                opener.on,
                measure=stay.measure,
                until=stay.until,
            )


def _assessing(case: Case) -> list[Stay]:
    return [stay for stay in case.stays if stay.stage == "assessing"]


def _opener_of_decision(case: Case, stay: Stay) -> Fact | None:
    if stay.by.name in ("decision_revoked", "sentence_ended"):
        return stay.by
    last = stay.left_by.pos if stay.left_by else case.count
    for fact in case.of("addiction_determined"):
        if stay.by.pos < fact.pos < last and fact.event.finding != "not_addicted":
            return fact
    return None


def resolve_positive(planner: Planner) -> None:
    """
    A positive result outside detection asks for an answer: use confirmed, dismissed, or cleared by a further test.

    In detection it opens only if still unresolved when that stage is left.
    """
    for test in planner.case.tests.values():
        if not test.positive or test.of is not None or test.fact.out:
            continue
        opens, by = _positive_opens(planner.case, test)
        if opens is None or _resolved_before(test, opens, by):
            continue
        planner.owe("resolve_positive", test.fact, opens, measure=by.measure, ref=test.id)


def _positive_opens(case: Case, test: Test) -> tuple[date | None, Fact]:
    for stay in case.stays:
        if stay.stage != "detected" or (stay.by.pos > test.fact.pos and test.told_on < stay.first):
            continue
        told_inside = stay.first <= test.told_on and (
            stay.until is None or test.told_on < stay.until
        )
        left_that_day = stay.until == test.told_on and test.fact.pos < (
            stay.left_by.pos if stay.left_by else 0
        )
        if told_inside or left_that_day:
            return stay.until, stay.left_by or stay.by
    return test.told_on, test.fact


def _resolved_before(test: Test, opens: date, by: Fact) -> bool:
    for fact in resolutions(test):
        if fact.on < opens or (by is not test.fact and fact.on == opens and fact.pos <= by.pos):
            return True
    return False


def resolutions(test: Test) -> list[Fact]:
    """The facts that resolve a positive: confirmed, dismissed, a negative further test, anywhere in its chain."""
    found = [fact for fact in (test.confirmed, test.dismissed) if fact is not None]
    for further in test.further:
        if not further.positive:
            found.append(further.fact)
        found += resolutions(further)
    return found
