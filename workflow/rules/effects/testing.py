"""What test results, objections and findings change."""

from __future__ import annotations

from collections.abc import Callable

from workflow.rules.case import Case, Fact, Test, Use
from workflow.rules.events import (
    AddictionDetermined,
    NoMeasureDecided,
    ObjectionDecided,
    TestObjected,
    TestTaken,
    UseConfirmed,
    UseDismissed,
    UseNotFound,
)
from workflow.rules.moving import anchor, answer_uses, close, enter
from workflow.rules.stages import STAYS

_INTO_ASSESSING = ("detected", "voluntary_treatment", "follow_up")


def test_taken(case: Case, fact: Fact, event: TestTaken) -> None:
    """A result stands; a further test hangs on the one that it re-examines."""
    test = Test(fact, event.told_on or fact.on)
    if event.of is not None and event.of in case.tests:
        test.of = case.tests[event.of]
        test.of.further.append(test)
    case.tests[event.test_id] = test


def test_objected(case: Case, fact: Fact, event: TestObjected) -> None:
    """The person objects."""
    if event.test_id in case.tests:
        case.tests[event.test_id].objection = fact


def objection_decided(case: Case, fact: Fact, event: ObjectionDecided) -> None:
    """Granted: a further test is outstanding; refused: the result stands as it is."""
    if event.test_id in case.tests:
        case.tests[event.test_id].decided = fact


def use_dismissed(case: Case, fact: Fact, event: UseDismissed) -> None:
    """A positive without use: medication, maintenance treatment, error."""
    if event.test_id in case.tests:
        case.tests[event.test_id].dismissed = fact


def use_not_found(case: Case, fact: Fact, event: UseNotFound) -> None:
    """The suspicion fell away."""
    close(case, fact, "no_use_found")


def use_confirmed(case: Case, fact: Fact, event: UseConfirmed) -> None:
    """A use stands; in care and in custody the stage stays, else a finding and a decision are due."""
    test = case.tests[event.test_id]
    test.confirmed = fact
    day = event.used_on or test.fact.on
    case.uses.append(Use(fact, test, day, event.used_on is not None))
    anchor(case, "use_confirmed", day)
    if case.stage in _INTO_ASSESSING:
        case.finding = None
        enter(case, fact, "assessing")
    else:
        enter(case, fact, STAYS)


def addiction_determined(case: Case, fact: Fact, event: AddictionDetermined) -> None:
    """The finding; without addiction the three years run from the day of detection (AD-05)."""
    case.finding = event.finding
    if case.finding != "not_addicted":
        enter(case, fact, STAYS)
        return
    answer_uses(case, fact)
    _anchor_on_detection(case)
    enter(case, fact, "follow_up")


def no_measure_decided(case: Case, fact: Fact, event: NoMeasureDecided) -> None:
    """The police decide that no measure is needed."""
    answer_uses(case, fact)
    _anchor_on_detection(case)
    enter(case, fact, "follow_up")


def _anchor_on_detection(case: Case) -> None:
    for fact in case.of("detected")[:1]:
        anchor(case, "detected", fact.on)


EFFECTS: dict[str, Callable[..., None]] = {
    "test_taken": test_taken,
    "test_objected": test_objected,
    "objection_decided": objection_decided,
    "use_dismissed": use_dismissed,
    "use_not_found": use_not_found,
    "use_confirmed": use_confirmed,
    "addiction_determined": addiction_determined,
    "no_measure_decided": no_measure_decided,
}
