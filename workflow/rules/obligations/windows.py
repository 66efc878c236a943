"""What is owed in windows (domain.md D8): tests, visits, meetings, reviews of need, medical reviews."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from workflow.rules.case import Case, Fact, Stay
from workflow.rules.measures import Measure
from workflow.rules.obligations.planner import Planner
from workflow.rules.pack import Frequency
from workflow.rules.stages import IN_TERM
from workflow.rules.terms import add_months
from workflow.rules.windows import Window, changing_tiles, tiles

KINDS = ("routine_test", "visit", "team_meeting", "review_needs")
_MOST = 1100  # windows of one kind in one measure: one a day through the longest term

Table = Mapping[str, Frequency]


@lru_cache(maxsize=1 << 10)
def _keys(kind: str, name: str) -> tuple[tuple[str, str], ...]:
    """The natural keys of a kind's windows in a measure or stay, in order: `m1/w01`, `m1/w02` ..."""
    return tuple((kind, f"{name}/w{n:02d}") for n in range(1, _MOST))


def windows_in_term(planner: Planner) -> None:
    """The windows of each community measure that has begun."""
    for measure in planner.case.measures:
        if measure.started_by is None or measure.kind not in IN_TERM:
            continue
        for kind in KINDS:
            table = planner.rule(kind).windows.get(measure.kind)
            if table:
                _in_measure(planner, kind, measure, measure.started_by, table)


def _in_measure(planner: Planner, kind: str, measure: Measure, by: Fact, table: Table) -> None:
    found = _in_term(planner, measure, by, table)
    on, skipped = planner.on, planner.skipped
    stopped_on = measure.stops[0].first if measure.stops else date.max
    row = planner.windows(kind, by, measure)
    for key, (start, end) in zip(_keys(kind, measure.name), found, strict=False):
        if key in skipped:
            continue
        base_end = end
        if end >= stopped_on:
            start, end = measure.real(start, on), measure.real(end, on)
        if not row.add(key[1], start, end, base_end):
            break


def _in_term(planner: Planner, measure: Measure, by: Fact, table: Table) -> tuple[Window, ...]:
    """The windows of the term as if the clock had never stopped."""
    case, last = planner.case, measure.ends[0].last_day
    if "any" in table:
        return tiles(by.on, table["any"], last, last)
    frequency = table[case.level_before(by.pos)]
    changes = tuple(
        (measure.unstopped(fact.on, planner.on), table[fact.event.level])
        for fact in case.levels
        if fact.pos > by.pos
    )
    if not changes:
        return tiles(by.on, frequency, last, last)
    return changing_tiles(by.on, frequency, changes, last, last)


def follow_up_visits(planner: Planner) -> None:
    """Visits in the three years, counted from entering follow-up, each stay anew."""
    case, table = planner.case, planner.rule("visit").windows.get("follow_up")
    stays = [stay for stay in case.stays if stay.stage == "follow_up"]
    for number, stay in enumerate(stays, start=1):
        if table and stay.until != stay.first:
            found = _in_follow_up(case, stay, table, planner.through)
            _in_stay(planner, "visit", _keys("visit", f"f{number}"), stay, found)


def _in_follow_up(case: Case, stay: Stay, table: Table, through: date) -> tuple[Window, ...]:
    last = _horizon(stay, through)
    if "any" in table:
        return tiles(stay.first, table["any"], last, None)
    frequency = table[case.level_before(stay.by.pos)]
    left = stay.left_by.pos if stay.left_by else case.count
    changes = tuple(
        (fact.on, table[fact.event.level]) for fact in case.levels if stay.by.pos < fact.pos < left
    )
    if not changes:
        return tiles(stay.first, frequency, last, None)
    return changing_tiles(stay.first, frequency, changes, last, None)


def _horizon(stay: Stay, through: date) -> date:
    """A last day for an endless grid that changes only once a year, so that grids can be kept."""
    end = min(stay.until, through) if stay.until else through
    years = max(0, end.year - stay.first.year) + 2
    return add_months(stay.first, 12 * years)


def _in_stay(
    planner: Planner,
    kind: str,
    keys: Iterable[tuple[str, str]],
    stay: Stay,
    found: Iterable[Window],
) -> int:
    """Write the windows of a stay down; how many were asked about."""
    row, count = planner.windows(kind, stay.by, stay.measure, stay), 0
    for key, (start, end) in zip(keys, found, strict=False):
        if key not in planner.skipped and not row.add(key[1], start, end, end):
            break
        count += 1
    return count


def medical_review(planner: Planner) -> None:
    """The doctor sees the person monthly while treated outside (CI-10), counted from the medical release."""
    case, table = planner.case, planner.rule("medical_review").windows.get("isolation_medical")
    counted: dict[int, int] = {}
    for stay in case.stays:
        measure = stay.measure
        if stay.stage != "isolation_medical" or measure is None or not table:
            continue
        if stay.until == stay.first:
            continue
        before = counted.get(measure.ordinal, 0)
        found = tiles(stay.first, table["any"], _horizon(stay, planner.through), None)
        keys = _keys("medical_review", measure.name)[before:]
        counted[measure.ordinal] = before + _in_stay(planner, "medical_review", keys, stay, found)
