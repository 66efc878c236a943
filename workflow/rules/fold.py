"""
fold: the history of a case -> the case on a day (domain.md section 2).

Engine events (`term_expired`, `control_ended`) are never stored: they are
applied here when their day has come, so that a late entry moves them. A
judge, where one is handed in, is asked about every event in its place.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from workflow.rules.case import Case, Fact, TeamMode
from workflow.rules.closing import CLOSERS
from workflow.rules.effects import EFFECTS
from workflow.rules.exits import control_ends_on, note_exit
from workflow.rules.history import History, Recorded
from workflow.rules.pack import Pack
from workflow.rules.stages import IN_TERM, MOVE_EVENTS, SOURCES
from workflow.rules.workdays import WorkDays

Judge = Callable[[Case, Recorded], None]

_MOVES_EXIT = MOVE_EVENTS | {
    "breach_reported",
    "exit_bar_lifted",
    "term_decided",
    "moved",
    "circumstance_recorded",
}
_HANDLING = {
    name: (frozenset(stages), EFFECTS.get(name), name in _MOVES_EXIT, name in CLOSERS)
    for name, stages in SOURCES.items()
}


def fold(
    history: History,
    pack: Pack,
    calendar: WorkDays,
    on: date,
    *,
    team: TeamMode = "recorded",
    judge: Judge | None = None,
) -> Case:
    """
    The case on a day: stage, terms, counters, exit date, team.

    Args:
        history: what was recorded, in order, voids carried out.
        on: the civil day asked for; what happened later is left out.
        team: `standing` counts every fixed chair as filled from the order on (a rehearsal without a team).
        judge: asked before each event; it may raise.
    """
    case = Case(on=on, pack=pack, days=calendar, team_mode=team)
    for rec in history.standing:
        day = rec.on
        if day > on:
            break
        expires_on = case.expires_on
        if case.stage == "follow_up" or (expires_on is not None and expires_on <= day):
            _run_engine(case, day, through=False)
        case.day = day
        if judge is not None:
            judge(case, rec)
        _apply(case, rec)
    _run_engine(case, on, through=True)
    case.day = on
    for rec in history.ghosts:
        case.ghosts.append(_ghost(case, rec))
    return case


def _apply(case: Case, rec: Recorded) -> None:
    """Put the event in its place and let it take effect, unless it lies where its stage does not allow it."""
    event = rec.event
    name = event.name
    allowed, effect, moves_exit, closing = _HANDLING[name]
    stage, count, closes = case.stage, case.count, rec.closes
    place = rec.seq if rec.rank < 0 else rec.rank
    fact = Fact(name, rec.on, count, stage, case.measure, event, rec, place)
    case.count = count + 1
    same = case.facts.get(name)
    if same is None:
        case.facts[name] = [fact]
    else:
        same.append(fact)
    if stage in allowed:
        if effect is not None:
            effect(case, fact, event)
        if moves_exit:
            note_exit(case, fact)
        if not closes:
            if closing:
                case.unwritten.append(fact)
            return
    else:
        fact.out = True
    if closes:
        for key, opening in zip(closes, rec.openings, strict=False):
            case.closed.setdefault(key, fact)
            if opening:
                case.closed_openings.setdefault((key[0], opening), (key[1], fact))


def _run_engine(case: Case, day: date, *, through: bool) -> None:
    """
    Apply the engine events whose day has come.

    On its day `term_expired` comes before what was recorded for that day,
    `control_ended` after it.
    """
    while True:
        if case.stage in IN_TERM:
            due = case.expires_on
            if due is None or due > day:
                return
            _happen(case, "term_expired", max(due, case.day))
        else:
            ends = control_ends_on(case)
            if ends is None or ends > day or (ends == day and not through):
                return
            _happen(case, "control_ended", ends)


def _happen(case: Case, name: str, day: date) -> None:
    case.day = day
    fact = Fact(name, day, case.count, case.stage, case.measure)
    case.count += 1
    case.facts.setdefault(name, []).append(fact)
    case.engine.append(fact)
    EFFECTS[name](case, fact, None)
    if name != "control_ended":
        note_exit(case, fact)


def _earlier(one: Recorded, other: Recorded) -> bool:
    return (one.on, one.seq) < (other.on, other.seq)


def _ghost(case: Case, rec: Recorded) -> Fact:
    """A voided event that nothing replaced: it only keeps its place in the counting of keys."""
    before = [m for m in case.measures if m.order.rec and _earlier(m.order.rec, rec)]
    measure = before[-1] if before else None
    return Fact(rec.event.name, rec.on, -1, "", measure, rec.event, rec, rec.place, out=True)
