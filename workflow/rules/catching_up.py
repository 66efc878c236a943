"""
Catching up (补发): when days were missed, what should have been told on them is told once, today (section 9).

A missed run is caught up in one digest and not replayed as a storm: of the
rungs of one obligation that fell into the missed days only the last is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from workflow.rules.ladder import ladder
from workflow.rules.obligations.owed import Obligation
from workflow.rules.telling import Key, Teller
from workflow.rules.terms import DAY


def caught_up(
    teller: Teller,
    owed: Iterable[Obligation],
    day: date,
    known_on: Mapping[Key, date],
    told_through: date,
) -> Mapping[Key, date]:
    """
    The `known_on` for `telling.notices` that makes it tell today what was missed.

    What became known in the missed days, or had a rung in them, counts as known today, so that its rungs
    collapse into one.

    Args:
        owed: the obligations as they are on that day.
        told_through: the last day on which nothing was left untold; the day before, if no day was missed.
    """
    if told_through >= day - DAY:
        return known_on
    found = dict(known_on)
    for one in owed:
        known = found.get(one.key)
        if known is None or known == day or one.settled():
            continue
        if known > told_through or _had_a_rung(one, teller, day, told_through):
            found[one.key] = day
    return found


def _had_a_rung(one: Obligation, teller: Teller, day: date, told_through: date) -> bool:
    steps = ladder(one, teller.pack, teller.days, day)
    return bool(steps) and steps[-1].on > told_through
