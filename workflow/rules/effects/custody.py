"""What suspensions, sentences, escapes and medical releases change (D4, D5, CD-14, CI-10 to CI-13)."""

from __future__ import annotations

from collections.abc import Callable

from workflow.rules.case import Case, Fact
from workflow.rules.events import (
    Escaped,
    MedicalRelease,
    MedicalReturn,
    Recaptured,
    Resumed,
    SentenceEnded,
    Suspended,
    Terminated,
)
from workflow.rules.measures import Stop
from workflow.rules.moving import anchor, end_absence, end_measure, enter
from workflow.rules.stages import FACILITY, ORDERED, STAYS

_SUSPENDED = {"community_detox": "community_suspended", "recovery": "recovery_suspended"}
_RESUMED = {after: before for before, after in _SUSPENDED.items()}


def suspended(case: Case, fact: Fact, event: Suspended) -> None:
    """The clock stops; before the first report-in only the report-in period stands still."""
    measure = case.running()
    assert measure is not None
    if case.stage in ORDERED:
        measure.waits.append(Stop(fact.on))
        enter(case, fact, STAYS)
        return
    end_absence(measure, fact.on)
    if case.pack.settings.suspension_stops_clock:
        measure.stops.append(Stop(fact.on))
    enter(case, fact, _SUSPENDED[case.stage])


def resumed(case: Case, fact: Fact, event: Resumed) -> None:
    """The clock runs again from this day on."""
    measure = case.running()
    assert measure is not None
    stop = measure.open_stop()
    if stop is not None:
        stop.until = fact.on
    enter(case, fact, _RESUMED.get(case.stage, STAYS))


def terminated(case: Case, fact: Fact, event: Terminated) -> None:
    """A sentence ends a community measure; in a facility the term runs on (CI-13)."""
    if case.stage in FACILITY:
        enter(case, fact, STAYS)
        return
    measure = case.running()
    if measure is not None:
        last = measure.ends_on(fact.on)
        measure.time_left = last is None or last >= fact.on
        end_measure(case, measure, fact, "terminated")
    case.termination = fact
    enter(case, fact, "serving_sentence")


def sentence_ended(case: Case, fact: Fact, event: SentenceEnded) -> None:
    """Back to a decision where the measure had time left or a use is undecided; open question 10."""
    anchor(case, "sentence_ended", fact.on)
    ended = [m for m in case.measures if m.ended_by is case.termination and m.how == "terminated"]
    undecided = any(use.answered_by is None for use in case.uses)
    back = case.pack.settings.sentence_returns_to_decision and any(m.time_left for m in ended)
    if undecided or back:
        enter(case, fact, "assessing")
    elif not case.uses:
        enter(case, fact, "detected")
    else:
        enter(case, fact, "follow_up")


def medical_release(case: Case, fact: Fact, event: MedicalRelease) -> None:
    """Treated outside; the term runs on (CI-10)."""
    enter(case, fact, "isolation_medical")


def medical_return(case: Case, fact: Fact, event: MedicalReturn) -> None:
    """Back in the facility."""
    enter(case, fact, "isolation")


def escaped(case: Case, fact: Fact, event: Escaped) -> None:
    """The clock stops and early release is barred (CI-12)."""
    measure = case.running()
    assert measure is not None
    measure.escapes += 1
    measure.stops.append(Stop(fact.on))
    enter(case, fact, "isolation_escaped")


def recaptured(case: Case, fact: Fact, event: Recaptured) -> None:
    """Back in the facility; the clock runs again."""
    measure = case.running()
    assert measure is not None
    stop = measure.open_stop()
    if stop is not None:
        stop.until = fact.on
    enter(case, fact, "isolation")


EFFECTS: dict[str, Callable[..., None]] = {
    "suspended": suspended,
    "resumed": resumed,
    "terminated": terminated,
    "sentence_ended": sentence_ended,
    "medical_release": medical_release,
    "medical_return": medical_return,
    "escaped": escaped,
    "recaptured": recaptured,
}
