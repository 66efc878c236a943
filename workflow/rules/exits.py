"""
The three years (三年跟踪): when dynamic control ends by itself (domain.md section 7).

The exit day is known from the first day and shown to the person; it is
`projected` while the day that it counts from is still to come.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow.rules.case import Case, ExitDay, Fact
from workflow.rules.measures import Measure
from workflow.rules.report_in import report_in_due
from workflow.rules.stages import FACILITY
from workflow.rules.terms import DAY, add_months, last_day_of_term

_NO_EXIT = frozenset({"new", "serving_sentence", "voluntary_treatment", "closed"})
_PROJECTED = frozenset({"detected", "assessing", *FACILITY})
_NO_FLOOR = frozenset({"terminated", "revoked", "superseded"})


@dataclass(frozen=True, slots=True)
class Exit:
    """The exit day, whether it is only projected, and whether it moves every day because a clock stands still."""

    day: date | None
    projected: bool = False
    moving: bool = False


def exit_day(case: Case, on: date) -> Exit:
    """
    The day on which dynamic control would end, as known on a day; None in it where there is none.

    The anchor's corresponding day three years on, but not before the day after
    the last measure's end. Source: GEN-05; anchors after 上海 29, 山东 36.
    """
    if case.stage == "exited":
        return Exit(case.exits[-1].exit_on if case.exits else case.ended_on)
    if case.stage in _NO_EXIT or case.barred():
        return Exit(None)
    anchor, projected = _anchor(case, on)
    if anchor is None:
        return Exit(None)
    day = add_months(anchor, case.pack.exit.after.amount)
    floor, planned, moving = _floor(case, on)
    if floor is None or floor <= day:
        return Exit(day, projected)
    return Exit(floor, projected or planned, moving)


def _anchor(case: Case, on: date) -> tuple[date | None, bool]:
    """The latest anchor that has happened or is planned, and whether a planned one is the reason."""
    kinds = case.pack.exit.anchors
    happened = [
        a.day for a in case.anchors if a.kind in kinds and not (a.measure and a.measure.revoked)
    ]
    latest = max(happened, default=None)
    planned = _planned_anchor(case, on)
    if planned is None:
        return latest, False
    return (planned if latest is None else max(planned, latest)), True


def _planned_anchor(case: Case, on: date) -> date | None:
    if case.stage in ("detected", "assessing"):
        return case.stays[0].first
    measure = case.running()
    if measure is None:
        return None
    if case.stage in FACILITY:
        return measure.ends_on(on)
    if case.stage == "community_ordered" and not measure.changed_over:
        return report_in_due(case, measure, on)
    return None


def _floor(case: Case, on: date) -> tuple[date | None, bool, bool]:
    """The day after the last counting measure's end; whether it is only planned; whether it moves daily."""
    for measure in reversed(case.measures):
        if measure.how in _NO_FLOOR:
            continue
        ends_on = measure.ends_on(on)
        if ends_on is not None:
            return ends_on + DAY, False, bool(measure.stops and measure.stops[-1].until is None)
        if measure.ended_on is None:
            return planned_end(case, measure, on) + DAY, True, False
    return None, False, False


def planned_end(case: Case, measure: Measure, on: date) -> date:
    """The last day of a term that has not begun, as if the person reported in on the last day in time."""
    end = last_day_of_term(report_in_due(case, measure, on), measure.months)
    return date.fromordinal(end.toordinal() - measure.offset_days)


def note_exit(case: Case, fact: Fact) -> None:
    """
    Keep the exit day as known from this fact on, where it changed.

    A projected day, or one that moves daily, is kept as none: nothing hangs on it yet.
    """
    known: date | None = None
    measure = case.measure
    waiting = case.stage == "community_ordered" and measure is not None and not measure.changed_over
    if case.stage not in _PROJECTED and not waiting:
        found = exit_day(case, fact.on)
        known = None if found.moving or found.projected else found.day
    last = case.exits[-1].exit_on if case.exits else None
    if last != known:
        case.exits.append(ExitDay(fact.on, known, fact))


def control_ends_on(case: Case) -> date | None:
    """The day on which `control_ended` falls if nothing more happens: in follow-up, with no positive unresolved."""
    if case.stage != "follow_up" or not case.exits:
        return None
    known = case.exits[-1]
    if known.exit_on is None or case.unresolved():
        return None
    return max(known.exit_on, case.day)
