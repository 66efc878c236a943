"""
What an obligation rests on, fact by fact, and what would change it: a *why* for who wants to check it.

The sentence of `why` says it to a person; here stand the same facts apart, and each
way in which they could become others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from workflow.rules.case import Case, Fact
from workflow.rules.closing import ways_to_close
from workflow.rules.events.fields import Means
from workflow.rules.obligations.owed import Obligation
from workflow.rules.reasons.dates import AT_THE_END, Dated, dated
from workflow.rules.sentences.labels import EVENT_LABELS

ENDED_BY: dict[str, tuple[str, ...]] = {"acknowledge_assignment": ("helper_released",)}
"""Beside the acts that close it: what takes its reason away, and may be recorded for that."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """
    The facts of a due day.

    Args:
        opened_by, event_id: the event that opened it, and its id where somebody recorded it.
        period: as the pack writes it (`7 wd`); None where the day is stated or a window runs.
        before_rolling: the due day as counted and moved, before it rolled over `closed_days`.
        stood_days: by how many days a stop moved it.
        cut: that a shortened term brought it forward; `provisional` that a year is not announced yet.
    """

    opened_by: str
    opened_on: date
    event_id: str | None
    counted_from: date
    period: str | None
    before_rolling: date
    stood_days: int
    closed_days: tuple[date, ...]
    cut: bool
    provisional: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would change it: a code, and what it does in words."""

    by: str
    how: Means


def inputs(owed: Obligation, case: Case) -> Inputs:
    """What it rests on, as the case is known on its day."""
    steps, by = dated(owed, case), owed.opened_by
    span = None if owed.window else owed.rule.every.get(owed.ref) or owed.rule.due
    return Inputs(
        opened_by=by.name,
        opened_on=by.on,
        event_id=by.rec.id if by.rec else None,
        counted_from=steps.start,
        period=str(span) if span else None,
        before_rolling=steps.before_rolling,
        stood_days=steps.stood,
        closed_days=steps.skipped,
        cut=steps.cut,
        provisional=steps.provisional,
    )


def would_change(owed: Obligation, case: Case) -> tuple[Change, ...]:
    """What would close it, take it away or move its day; of what is settled, what would open it again."""
    if not owed.stands():
        return tuple(_undone(owed))
    return (*_done(owed), *_taken_away(owed), *_moved(owed, dated(owed, case)))


def closing_events(kind: str) -> tuple[str, ...]:
    """The types of event that may settle this kind."""
    return (*(name for name, _ in ways_to_close(kind)), *ENDED_BY.get(kind, ()))


def _done(owed: Obligation) -> Iterator[Change]:
    for name in closing_events(owed.kind):
        label = EVENT_LABELS[name]
        yield Change(name, Means(f"记录“{label.zh}”即办结", f"recording “{label.en}” settles it"))


def _taken_away(owed: Obligation) -> Iterator[Change]:
    if owed.opened_by.rec is not None:
        yield _void(owed.opened_by, "，这一项就不再要求", ", and this is no longer asked")
    yield Change(
        "obligation_excused",
        Means(
            "确有理由的，经第二人批准可以免办",
            "where there is a reason, it is excused with a second person's approval",
        ),
    )


def _moved(owed: Obligation, steps: Dated) -> Iterator[Change]:
    if owed.measure is not None:
        yield Change(
            "suspended",
            Means("措施中止期间停止计算，日子随之顺延", "while the measure is suspended it waits"),
        )
    if owed.measure is not None and (owed.window or owed.kind in AT_THE_END):
        yield Change(
            "term_decided",
            Means(
                "期限提前结束或延长，日子随之变动", "if the term ends earlier or later, so does it"
            ),
        )
    if steps.skipped or steps.provisional:
        yield Change(
            "calendar",
            Means("放假安排更正，日子随之变动", "if the working days are corrected, its day moves"),
        )


def _undone(owed: Obligation) -> Iterator[Change]:
    for fact in (owed.closed_by, owed.missed_by, owed.excused_by):
        if fact is not None and fact.rec is not None:
            yield _void(fact, "，这一项会重新成为待办", ", and this is owed again")


def _void(fact: Fact, zh: str, en: str) -> Change:
    label = EVENT_LABELS[fact.name]
    return Change(
        "event_voided",
        Means(
            f"{fact.on} 的“{label.zh}”若是误录，作废后重录{zh}",
            f"if “{label.en}” of {fact.on} was a mistake, it is voided{en}",
        ),
    )
