"""
Counting towards a serious breach (严重违反协议, CD-09 to CD-11): missed tests, departures, days away.

Only the office's counters: a reached threshold opens a review by a person and
does nothing else. What a dismissal answered is spent and counts no more; what
a report answered still shows, but cannot be reported twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from workflow.rules.case import Fact
from workflow.rules.measures import Absence, Mark, Measure, Missed, Review
from workflow.rules.pack import Thresholds

GROUNDS = ("refused_or_evaded_tests", "unauthorised_departures", "days_away")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many stand unanswered for a ground, how many are needed, and the day and fact that reached it."""

    count: int
    needed: int
    reached_on: date | None
    by: Fact | None

    @property
    def reached(self) -> bool:
        """Whether the threshold is reached."""
        return self.reached_on is not None


def departures(measure: Measure, on: date, limits: Thresholds) -> list[Absence]:
    """Absences that count as unauthorised departures by a day: unreported, the third date has come (D9)."""
    return [a for a in measure.absences if not a.reported and a.dates(on) >= limits.departure_dates]


def counters(measure: Measure | None, on: date, limits: Thresholds) -> dict[str, int]:
    """What the counters show on a day: all that was not spent by a dismissal."""
    if measure is None:
        return {"tests_missed": 0, "departures": 0, "days_away": 0}
    away = [a for a in departures(measure, on, limits) if a.mark != "spent"]
    return {
        "tests_missed": sum(m.mark != "spent" and m.fact.on <= on for m in measure.missed),
        "departures": len(away),
        "days_away": sum(a.dates(on) for a in away),
    }


def counters_of(measures: Sequence[Measure], on: date, limits: Thresholds) -> dict[str, int]:
    """The counters of the community measure in force, or of the last one; a revoked one counts for nothing."""
    counting = [m for m in measures if m.kind != "isolation" and not m.revoked]
    return counters(counting[-1] if counting else None, on, limits)


def unanswered(measure: Measure, ground: str, on: date, limits: Thresholds) -> Tally:
    """What stands unanswered for a ground on a day, and when it reached the threshold, if it did."""
    if ground == "refused_or_evaded_tests":
        return _missed_tests(measure, on, limits)
    away = [a for a in departures(measure, on, limits) if not a.mark]
    if ground == "unauthorised_departures":
        third = [(a.first + timedelta(days=limits.departure_dates - 1), a.left) for a in away]
        day, by = third[limits.departures - 1] if len(third) >= limits.departures else (None, None)
        return Tally(len(third), limits.departures, day, by)
    return _days_away(away, on, limits)


def _missed_tests(measure: Measure, on: date, limits: Thresholds) -> Tally:
    open_ones: list[Missed] = [m for m in measure.missed if not m.mark and m.fact.on <= on]
    reached = (
        open_ones[limits.tests_missed - 1].fact if len(open_ones) >= limits.tests_missed else None
    )
    return Tally(len(open_ones), limits.tests_missed, reached.on if reached else None, reached)


def _days_away(away: list[Absence], on: date, limits: Thresholds) -> Tally:
    total = 0
    for absence in away:
        dates = absence.dates(on)
        if total + dates > limits.days_away:
            nth = max(limits.days_away - total + 1, limits.departure_dates)
            reached = absence.first + timedelta(days=nth - 1)
            return Tally(total + dates, limits.days_away + 1, reached, absence.left)
        total += dates
    return Tally(total, limits.days_away + 1, None, None)


def open_grounds(measure: Measure, on: date, limits: Thresholds) -> list[str]:
    """The grounds whose review is open on a day."""
    return [ground for ground in GROUNDS if unanswered(measure, ground, on, limits).reached]


def answer(
    measure: Measure, fact: Fact, grounds: Sequence[str], mark: str, limits: Thresholds
) -> None:
    """
    Close the open reviews of these grounds and mark the events counted for them (`reported` or `spent`).

    A review of another ground whose events are thereby answered has lost its reason and ends.
    """
    tallies = {ground: unanswered(measure, ground, fact.on, limits) for ground in GROUNDS}
    for ground in grounds:
        if tallies[ground].reached:
            _mark(measure, ground, fact.on, mark, limits)
    for ground, tally in tallies.items():
        if tally.reached_on is None or tally.by is None:
            continue
        if ground in grounds:
            measure.reviews.append(Review(ground, tally.reached_on, tally.by, answer=fact))
        elif not unanswered(measure, ground, fact.on, limits).reached:
            measure.reviews.append(Review(ground, tally.reached_on, tally.by, ended_on=fact.on))


def _mark(measure: Measure, ground: str, on: date, mark: str, limits: Thresholds) -> None:
    value: Mark = "reported" if mark == "reported" else "spent"
    if ground == "refused_or_evaded_tests":
        for missed in measure.missed:
            missed.mark = missed.mark or value
        return
    for absence in departures(measure, on, limits):
        absence.mark = absence.mark or value
