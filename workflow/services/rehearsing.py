"""
Rehearsing (推演) a case: what living each day would give, without a database (rehearsal.md).

The real judge, fold, plan and ladder run with the clock of the file. It jumps
from each day to the next one on which something can change; a test lives the
same case day by day and finds the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from workflow.rules.case import Case, TeamMode
from workflow.rules.changes import next_change
from workflow.rules.errors import Refused
from workflow.rules.events import EventVoided
from workflow.rules.fold import fold
from workflow.rules.history import Recorded, history_of
from workflow.rules.judging import judge
from workflow.rules.obligations.owed import Obligation
from workflow.rules.pack import Pack
from workflow.rules.plan import plan
from workflow.rules.telling import Key, Notice, exit_undone, notices, teller_of
from workflow.rules.terms import DAY
from workflow.rules.workdays import WorkDays


@dataclass(frozen=True, slots=True)
class Turned:
    """An event that was refused, and why."""

    rec: Recorded
    error: Refused


@dataclass(slots=True)
class Life:
    """What living through the file gave: the record, the case on its last day, what is owed, who was told."""

    until: date
    case: Case
    owed: list[Obligation]
    recorded: list[Recorded] = field(default_factory=list)
    told: list[Notice] = field(default_factory=list)
    refused: list[Turned] = field(default_factory=list)


def live(
    recs: Sequence[Recorded],
    pack: Pack,
    calendar: WorkDays,
    until: date,
    *,
    team: TeamMode = "recorded",
    every_day: bool = False,
) -> Life:
    """
    Live a case from its first recording to `until`, this day included.

    Args:
        recs: the events to record, in the order of recording; those of one day form one request when a
            void is among them, else each is a request of its own.
        every_day: lives each single day instead of jumping; slower, and the same.
    """
    waiting = _requests(recs)
    known: list[Recorded] = []
    refused: list[Turned] = []
    told: list[Notice] = []
    known_on: dict[Key, date] = {}
    day = waiting[0][0].recorded_on if waiting else until
    while day <= until:
        while waiting and waiting[0][0].recorded_on <= day:
            told += _record(waiting.pop(0), known, refused, pack, calendar, team)
        case = fold(history_of(known), pack, calendar, day, team=team)
        owed = plan(case, whole=False)
        for one in owed:
            if one.opens_on <= day:
                known_on.setdefault(one.key, day)
        told += notices(teller_of(case), owed, day, known_on)
        following = day + DAY if every_day else next_change(case, owed, day)
        day = min(following, waiting[0][0].recorded_on) if waiting else following
    case = fold(history_of(known), pack, calendar, until, team=team)
    return Life(until, case, plan(case), known, told, refused)


def _requests(recs: Sequence[Recorded]) -> list[list[Recorded]]:
    by_day: dict[date, list[Recorded]] = {}
    for rec in sorted(recs, key=lambda r: (r.recorded_on, r.seq)):
        by_day.setdefault(rec.recorded_on, []).append(rec)
    return list(_split(by_day.values()))


def _split(days: object) -> Iterator[list[Recorded]]:
    for day in days:  # type: ignore[attr-defined]
        if any(isinstance(rec.event, EventVoided) for rec in day):
            yield list(day)
        else:
            yield from ([rec] for rec in day)


def _record(
    request: list[Recorded],
    known: list[Recorded],
    refused: list[Turned],
    pack: Pack,
    calendar: WorkDays,
    team: TeamMode,
) -> list[Notice]:
    """Record one request; gives back what is told at once."""
    today = request[0].recorded_on
    try:
        accepted = judge(known, request, pack, calendar, today, team=team)
    except Refused as error:
        refused += [Turned(rec, error) for rec in request]
        return []
    known += accepted.events
    return [exit_undone(today)] if accepted.exit_undone else []
