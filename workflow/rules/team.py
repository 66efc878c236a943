"""
The 4+X team (帮扶小组): who sits in which chair, which chairs are empty, and who is told (section 6).

The team opens with a community order or the release and stands until the case
ends. A rung holds a role; `told` finds the one who stands behind it on a day.
"""

from __future__ import annotations

from datetime import date

from workflow.rules.case import Case, Chair, Fact
from workflow.rules.terms import span_from

OFFICE = ("supervisor", "county_office")


def open_team(case: Case, fact: Fact) -> None:
    """From here on each fixed chair is filled, waived, or missed."""
    if case.team_since is None:
        case.team_since = fact
        if case.team_mode == "standing":
            for role in case.pack.team.fixed:
                if role not in case.chairs:
                    _seat(case, Chair(role, "standing", None, acknowledged=fact))
    note_gaps(case, fact)


def _seat(case: Case, chair: Chair) -> None:
    case.chairs[chair.role] = chair
    case.seats.append(chair)


def assign(case: Case, fact: Fact, role: str, helper: str) -> None:
    """A helper takes a chair; whoever sat there is released by it."""
    if role in case.chairs:
        case.chairs[role].released = fact
    case.waived.pop(role, None)
    _seat(case, Chair(role, helper, fact))
    note_gaps(case, fact)


def release(case: Case, fact: Fact, role: str) -> None:
    """A chair empties."""
    chair = case.chairs.pop(role, None)
    if chair is not None:
        chair.released = fact
    note_gaps(case, fact)


def note_gaps(case: Case, fact: Fact) -> None:
    """Keep from when to when a fixed chair is neither filled nor waived while the team stands."""
    if case.team_since is None:
        return
    empty = bool(empty_chairs(case))
    gap_open = bool(case.gaps) and case.gaps[-1][1] is None
    if empty and not gap_open:
        case.gaps.append((fact, None))
    elif gap_open and not empty:
        case.gaps[-1] = (case.gaps[-1][0], fact)


def empty_chairs(case: Case) -> list[str]:
    """The fixed roles whose chair is neither filled nor waived."""
    return [
        role for role in case.pack.team.fixed if role not in case.chairs and role not in case.waived
    ]


def suggested(case: Case) -> list[tuple[str, str]]:
    """The X roles that the person's needs ask for and nobody fills, each with the need that asks."""
    table = case.pack.team.needs
    found: dict[str, str] = {}
    for need in case.needs:
        role = table.get(need)
        if role is not None and role not in case.chairs:
            found.setdefault(role, need)
    return list(found.items())


def acknowledge_by(case: Case, chair: Chair) -> date | None:
    """The day by which a helper must have said "I know"; None for those who never need to."""
    rule = case.pack.obligations["acknowledge_assignment"]
    if chair.assigned is None or rule.due is None:
        return None
    return case.days.on_or_after(span_from(chair.assigned.on, rule.due, case.days))


def told(case: Case, role: str, day: date) -> tuple[str, str]:
    """
    Who is told on a day what a role owes, and why: `chair`, `office`, `empty`, `unacknowledged` or `before_order`.

    While the chair is empty or its helper has not acknowledged in time, the
    office's supervisor is told: never nobody.
    """
    if role in OFFICE:
        return role, "office"
    if case.team_since is None:
        return role, "before_order"
    chair = case.chairs.get(role)
    if chair is None:
        return "supervisor", "empty"
    if chair.acknowledged is None:
        last = acknowledge_by(case, chair)
        if last is not None and day > last:
            return "supervisor", "unacknowledged"
    return role, "chair"
