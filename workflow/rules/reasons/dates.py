"""
How a due day came about: counted, moved by the days the clock stood, rolled over closed days (domain.md D1, D4, D6, D7).

The planner keeps the first and the last of these days; the steps between are
reckoned here again, with the same functions, so that a sentence can name them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from workflow.rules.case import Case
from workflow.rules.measures import Measure, TermEnd
from workflow.rules.obligations.owed import Obligation
from workflow.rules.report_in import period_starts, report_in_due
from workflow.rules.terms import DAY, span_from

AT_THE_END = frozenset({"send_papers", "end_notice", "confirm_release"})


@dataclass(frozen=True, slots=True)
class Dated:
    """
    The steps from the first day counted to the due day.

    Args:
        start: the day counted from.
        before_rolling: the due day as counted and moved, before it rolled.
        stood: how many days the clock stood and moved it.
        skipped: the closed days between, over which it rolled.
        cut: whether it was brought forward to the end of a shortened term.
        provisional: whether it rests on a year whose calendar is not announced.
    """

    start: date
    before_rolling: date
    stood: int
    skipped: tuple[date, ...]
    cut: bool
    provisional: bool


def dated(owed: Obligation, case: Case) -> Dated:
    """The steps to an obligation's due day, as the case is known on its day."""
    start = counted_from(owed)
    before, stood = _before_rolling(owed, case)
    rolls = owed.rule.roll and not owed.window
    skipped: tuple[date, ...] = ()
    if rolls and before < owed.due_on == case.days.on_or_after(before):
        skipped = tuple(case.days.closed_days(before, owed.due_on - DAY))
    by_calendar = rolls or any(
        span is not None and span.unit == "wd" for span in (owed.rule.due, owed.rule.opens)
    )
    provisional = by_calendar and case.days.is_provisional(owed.due_on)
    return Dated(start, before, stood, skipped, owed.due_on < before, provisional)


def counted_from(owed: Obligation) -> date:
    """The day that its period counts from: mostly its opening, else service or decision."""
    measure = owed.measure
    if owed.kind == "report_in" and measure is not None:
        return period_starts(measure)
    if owed.kind == "facility_transfer" and measure is not None and measure.starts_on is not None:
        return measure.starts_on
    if owed.kind == "notify_family":
        served: date | None = getattr(owed.opened_by.event, "served_on", None)
        return served or owed.opened_by.on
    return owed.opens_on


def _before_rolling(owed: Obligation, case: Case) -> tuple[date, int]:
    """The due day before it rolled, and how many days the clock stood."""
    measure, raw = owed.measure, owed.raw_due_on
    if measure is None:
        return raw, 0
    if owed.kind == "report_in":
        return _report_in(owed, case, measure)
    if owed.window or owed.shift == "grid":
        return owed.due_on, (owed.due_on - raw).days
    moved = raw
    if owed.shift == "event":
        roll = case.days.on_or_after if owed.rule.roll else _as_it_is
        until = owed.closed_on or date.max
        moved = measure.shifted(raw, owed.opens_on, case.on, roll, since=owed.since, before=until)
    stood = (moved - raw).days
    if owed.kind in AT_THE_END:
        stood = _end_moved(owed, case, measure)
    elif owed.kind == "one_year_evaluation":
        stood += _opening_moved(owed, case, measure)
    return moved, stood


def _report_in(owed: Obligation, case: Case, measure: Measure) -> tuple[date, int]:
    """Asked of the rule itself, as if it did not roll; the days beyond its period are those taken out."""
    rolling = case.pack.obligations["report_in"]
    rules = {**case.pack.obligations, "report_in": replace(rolling, roll=False)}
    still = replace(case, pack=replace(case.pack, obligations=rules))
    before = min(report_in_due(still, measure, case.on), owed.due_on)
    plain = span_from(period_starts(measure), rolling.due, case.days) if rolling.due else before
    return before, max(0, (before - plain).days)


def _end_moved(owed: Obligation, case: Case, measure: Measure) -> int:
    """By how many days the end that it hangs on moved."""
    if not measure.ends:
        return 0
    end = _end_of(owed, measure)
    before = owed.closed_on or date.max
    return (
        measure.real(end.last_day, case.on, since=end.stops_counted, before=before) - end.last_day
    ).days


def _end_of(owed: Obligation, measure: Measure) -> TermEnd:
    """The end of term that it hangs on: the one that its opening event set."""
    return next((end for end in measure.ends if end.set_by is owed.opened_by), measure.ends[-1])


def _opening_moved(owed: Obligation, case: Case, measure: Measure) -> int:
    if owed.rule.opens is None or measure.starts_on is None:
        return 0
    return (owed.opens_on - span_from(measure.starts_on, owed.rule.opens, case.days)).days


def _as_it_is(day: date) -> date:
    return day
