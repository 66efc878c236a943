"""What forbids test results, objections and findings of use (TS-01 to TS-11, AD-01)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from workflow.rules.case import Case, Test
from workflow.rules.errors import Refused
from workflow.rules.events import (
    ObjectionDecided,
    TestObjected,
    TestTaken,
    UseConfirmed,
    UseDismissed,
)
from workflow.rules.history import Recorded
from workflow.rules.terms import DAY, span_from


def known_test(case: Case, test_id: str) -> Test:
    """
    The test of this number.

    Raises:
        Refused: `unknown_test`.
    """
    if test_id not in case.tests:
        raise Refused("unknown_test", test=test_id, known=sorted(case.tests))
    return case.tests[test_id]


def objection_ends_on(case: Case, test: Test) -> date:
    """The last day for an objection: 3 days from being told, rolled to a working day (TS-06, TS-08; D1)."""
    return case.days.on_or_after(span_from(test.told_on, case.pack.testing.objection, case.days))


def check_not_provisional(case: Case, test: Test, day: date) -> None:
    """
    A positive is provisional until its objection window closed or a further test confirmed it.

    Raises:
        Refused: `objection_undecided`, `further_test_outstanding` or `objection_window_open`.
    """
    _check_not_disputed(test)
    confirming = [further for further in test.further if further.positive and not further.cleared()]
    for further in confirming:
        _check_not_disputed(further)
    if confirming or test.fact.event.method == "recheck":
        return
    last = objection_ends_on(case, test)
    if day <= last:
        raise Refused("objection_window_open", test=test.id, until=last, from_on=last + DAY)


def _check_not_disputed(test: Test) -> None:
    if test.objection is not None and test.decided is None:
        raise Refused("objection_undecided", test=test.id, objected_on=test.objection.on)
    if test.decided is not None and test.decided.event.outcome == "granted" and not test.further:
        raise Refused("further_test_outstanding", test=test.id, granted_on=test.decided.on)


def _check_unresolved(test: Test) -> None:
    if not test.positive:
        raise Refused("result_negative", test=test.id)
    if test.root.cleared():
        raise Refused("test_cleared", test=test.id)
    if test.root.any_confirmed():
        raise Refused("use_already_confirmed", test=test.id)
    if test.root.any_dismissed():
        raise Refused("test_dismissed", test=test.id)


def test_taken(case: Case, rec: Recorded, event: TestTaken) -> None:
    """A test has a number of its own; a further test names one that is known; nobody is told before the test."""
    if event.test_id in case.tests:
        raise Refused("test_id_taken", test=event.test_id)
    if event.of is not None:
        known_test(case, event.of)
    if event.told_on is not None and event.told_on < rec.on:
        raise Refused("told_before_test", test=event.test_id, told_on=event.told_on, on=rec.on)


def test_objected(case: Case, rec: Recorded, event: TestObjected) -> None:
    """Once a test, not on a recheck, and within the window (TS-06, TS-08)."""
    test = known_test(case, event.test_id)
    if test.fact.event.method == "recheck":
        raise Refused("recheck_is_final", test=test.id)
    if test.objection is not None:
        raise Refused("already_objected", test=test.id, on=test.objection.on)
    last = objection_ends_on(case, test)
    if rec.on > last:
        raise Refused("objection_window_over", test=test.id, until=last)


def objection_decided(case: Case, rec: Recorded, event: ObjectionDecided) -> None:
    """There is an objection that nobody decided yet."""
    test = known_test(case, event.test_id)
    if test.objection is None:
        raise Refused("no_objection", test=test.id)
    if test.decided is not None:
        raise Refused("objection_already_decided", test=test.id, on=test.decided.on)


def use_confirmed(case: Case, rec: Recorded, event: UseConfirmed) -> None:
    """A positive result that is final, not cleared, not dismissed and not confirmed before (TS-06, CD-10)."""
    test = known_test(case, event.test_id)
    _check_unresolved(test)
    check_not_provisional(case, test, rec.on)


def use_dismissed(case: Case, rec: Recorded, event: UseDismissed) -> None:
    """A positive result that is not resolved yet: medication, maintenance treatment, error."""
    _check_unresolved(known_test(case, event.test_id))


GUARDS: dict[str, Callable[..., None]] = {
    "test_taken": test_taken,
    "test_objected": test_objected,
    "objection_decided": objection_decided,
    "use_confirmed": use_confirmed,
    "use_dismissed": use_dismissed,
}
