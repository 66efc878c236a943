"""
By when the person must report in (报到), and why the day may move (CD-03, CR-03; open question 2).

The period runs from the service of the order, anew from a move made before the
first report-in; days in custody or hospital are taken out of it.
"""

from __future__ import annotations

from datetime import date, timedelta

from workflow.rules.case import Case
from workflow.rules.measures import Measure
from workflow.rules.terms import DAY


def period_starts(measure: Measure) -> date:
    """The day that the report-in period counts from: service of the order, or the last move before reporting in."""
    return measure.restarts[-1].on if measure.restarts else measure.served_on


def report_in_due(case: Case, measure: Measure, on: date) -> date:
    """
    The last day in time for the first report-in, as known on a day, rolled to a working day (D1).

    Days of custody or hospital that fall into the period (from included,
    until excluded) do not count; while they last, the day asked for is counted.
    """
    rule = case.pack.obligations["report_in"]
    start = period_starts(measure)
    due = start + timedelta(days=rule.due.amount if rule.due else 0)
    over = measure.starts_on or measure.ended_on or date.max
    for first, until in standstills(case, measure, on):
        first = max(first, start + DAY)
        if first < min(until, over) and case.days.on_or_after(due) >= first:
            due += until - first
    return case.days.on_or_after(due) if rule.roll else due


def standstills(case: Case, measure: Measure, on: date) -> list[tuple[date, date]]:
    """Custody and hospital, merged, each from its first day to the day after its last, in order."""
    settings, found = case.pack.settings, []
    if not settings.custody_counts_in_report_in:
        found += [(stop.first, stop.until or on + DAY) for stop in measure.waits]
    if not settings.hospital_counts_in_report_in:
        hospital = [c for c in case.circumstances if c.kind == "hospital"]
        found += [
            (c.first or date.min, c.until or max(on + DAY, c.first or date.min)) for c in hospital
        ]
    found.sort()
    merged: list[tuple[date, date]] = []
    for first, until in found:
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], until))
        else:
            merged.append((first, until))
    return merged


def paused(case: Case, on: date) -> bool:
    """Whether the report-in period stands still today because the person is in hospital."""
    return not case.pack.settings.hospital_counts_in_report_in and case.holds("hospital", on)
