"""What the acts of daily care change: absences, missed tests, breaches, contact, moves, support."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from workflow.rules import breaches
from workflow.rules.case import Bar, Case, Fact, Lost
from workflow.rules.events import (
    BreachDismissed,
    BreachReported,
    ContactLost,
    ContactRestored,
    ExitBarLifted,
    Left,
    Moved,
    Returned,
    SupportLevelSet,
    TestMissed,
)
from workflow.rules.measures import Absence, Missed
from workflow.rules.stages import ORDERED


def moved(case: Case, fact: Fact, event: Moved) -> None:
    """Before the first report-in the period to report in runs anew from the move (CD-12)."""
    measure = case.running()
    if measure is not None and case.stage in ORDERED:
        measure.restarts.append(fact)


def left(case: Case, fact: Fact, event: Left) -> None:
    """Away from home, reported in writing before or not (CD-09)."""
    measure = case.running()
    if measure is not None:
        measure.absences.append(Absence(fact, fact.on, event.written_report, event.return_on))


def returned(case: Case, fact: Fact, event: Returned) -> None:
    """Back; the day of return is a date touched (D9)."""
    measure = case.running()
    if measure is not None and measure.absences and measure.absences[-1].last is None:
        measure.absences[-1].last, measure.absences[-1].back = fact.on, fact


def test_missed(case: Case, fact: Fact, event: TestMissed) -> None:
    """Counts only after a served notice and without an accepted excuse (CD-11; open question 7)."""
    measure = case.running()
    if measure is None or event.excuse == "accepted":
        return
    served = event.notice_served_on or _notice_for(case, fact)
    on_notice = served is not None and served <= fact.on
    if on_notice or not case.pack.settings.missed_test_needs_notice:
        measure.missed.append(Missed(fact))


def _notice_for(case: Case, fact: Fact) -> date | None:
    """The served notice of an appointment on that very day."""
    served = [
        f.event.notice_served_on for f in case.of("test_scheduled") if f.on == fact.on and not f.out
    ]
    return next((day for day in served if day is not None), None)


def breach_reported(case: Case, fact: Fact, event: BreachReported) -> None:
    """The report answers its review and bars the automatic exit until a person lifts the bar."""
    measure = case.running()
    if measure is None:
        return
    breaches.answer(measure, fact, [event.ground], "reported", case.pack.thresholds)
    measure.breaches.append(fact)
    if case.pack.settings.breach_bars_exit:
        case.bars.append(Bar(fact, measure))


def breach_dismissed(case: Case, fact: Fact, event: BreachDismissed) -> None:
    """Without a ground it answers every open review; what was counted for them is spent."""
    measure = case.running()
    if measure is None:
        return
    limits = case.pack.thresholds
    grounds: list[str] = breaches.open_grounds(measure, fact.on, limits)
    if event.ground:
        grounds = [event.ground]
    breaches.answer(measure, fact, grounds, "spent", limits)


def exit_bar_lifted(case: Case, fact: Fact, event: ExitBarLifted) -> None:
    """The exit comes by itself again."""
    for bar in case.bars:
        if bar.lifted is None:
            bar.lifted = fact


def contact_lost(case: Case, fact: Fact, event: ContactLost) -> None:
    """A welfare state, never a violation."""
    case.lost.append(Lost(fact))


def contact_restored(case: Case, fact: Fact, event: ContactRestored) -> None:
    """In touch again."""
    if case.lost and case.lost[-1].restored is None:
        case.lost[-1].restored = fact


def support_level_set(case: Case, fact: Fact, event: SupportLevelSet) -> None:
    """How closely the person is accompanied, with reasons."""
    case.levels.append(fact)


EFFECTS: dict[str, Callable[..., None]] = {
    "moved": moved,
    "left": left,
    "returned": returned,
    "test_missed": test_missed,
    "breach_reported": breach_reported,
    "breach_dismissed": breach_dismissed,
    "exit_bar_lifted": exit_bar_lifted,
    "contact_lost": contact_lost,
    "contact_restored": contact_restored,
    "support_level_set": support_level_set,
}
