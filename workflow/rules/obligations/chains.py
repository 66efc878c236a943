"""
Obligations that open again each time they are answered: one at a time, until the reason falls away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow.rules.case import Case, Fact


@dataclass(slots=True)
class Link:
    """One opening of a chain: by what, when, and the day on which the next one took its place."""

    by: Fact
    opens: date
    until: date | None


def links(first: Fact, opens: date, until: date | None, answers: list[Fact]) -> list[Link]:
    """
    The openings of a chain from a day until another (excluded; None: still running).

    Each answer within it opens the next one on its day.
    """
    openings: list[tuple[Fact, date]] = [(first, opens)]
    for fact in answers:
        if fact.out or fact.on < openings[-1][1] or fact.pos < first.pos:
            continue
        if until is not None and fact.on >= until:
            break
        openings.append((fact, fact.on))
    ends = [opening for _, opening in openings[1:]] + [until]
    return [Link(by, day, end) for (by, day), end in zip(openings, ends, strict=True)]


def answers_to(case: Case, *names: str) -> list[Fact]:
    """The facts of these types, in order."""
    if len(names) == 1:
        return case.of(names[0])
    return sorted((f for name in names for f in case.of(name)), key=lambda f: f.pos)
