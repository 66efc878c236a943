"""
The 4+X team (帮扶小组): who sits in which chair, which chairs are empty, and who is told (section 6).

The team opens with a community order or the release and stands until the case
ends. A rung holds a role; `told` finds the one who stands behind it on a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from workflow.rules.case import Case, Chair, Fact
from workflow.rules.terms import span_from

OFFICE = ("supervisor", "county_office")


def open_team(case: Case, fact: Fact) -> None:
    """From here on each fixed chair is filled, waived, or missed."""
    if case.team_since is None:
        case.team_since = fact
        if case.team_mode == "standing":
            for role in empty_chairs(case):
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


@dataclass(frozen=True, slots=True)
class Seat:
    """A filled chair by its dates: who sits there, by when they must say "I know" (None: never), whether they did."""

    helper: str
    acknowledge_by: date | None
    acknowledged: bool


@dataclass(frozen=True, slots=True)
class Team:
    """
    The team by its dates alone, which is all that telling asks of it.

    Args:
        stands: whether it stands.
        seats: who sits in which chair, by role.
    """

    stands: bool
    seats: Mapping[str, Seat]

    def told(self, role: str, day: date) -> tuple[str, str]:
        """Who is told on a day what a role owes, and why, as the function of this name says it."""
        return behind(role, day, team_open=self.stands, seat=self.seats.get(role))


def team_of(case: Case) -> Team:
    """The team of a case."""
    seats = {role: seat(case, chair) for role, chair in case.chairs.items()}
    return Team(case.team_since is not None, seats)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told: the role, the helper in its chair or their deputy where one is known, and why these."""

    role: str
    helper: str | None
    because: str


def told(case: Case, role: str, day: date) -> tuple[str, str]:
    """
    Who is told on a day what a role owes, and why: `chair`, `office`, `empty`, `unacknowledged` or `before_order`.

    While the chair is empty or its helper has not acknowledged in time, the
    office's supervisor is told: never nobody.
    """
    chair = case.chairs.get(role)
    held = None if chair is None else seat(case, chair)
    return behind(role, day, team_open=case.team_since is not None, seat=held)


def seat(case: Case, chair: Chair) -> Seat:
    """A chair by its dates."""
    return Seat(chair.helper, acknowledge_by(case, chair), chair.acknowledged is not None)


def behind(role: str, day: date, *, team_open: bool, seat: Seat | None) -> tuple[str, str]:
    """The same from the chair's dates alone, as rows hold them."""
    if role in OFFICE:
        return role, "office"
    if not team_open:
        return role, "before_order"
    if seat is None:
        return "supervisor", "empty"
    late = seat.acknowledge_by is not None and day > seat.acknowledge_by
    return ("supervisor", "unacknowledged") if late and not seat.acknowledged else (role, "chair")


def recipient(
    role: str,
    day: date,
    *,
    team_open: bool,
    seat: Seat | None,
    leave: Mapping[str, str | None],
) -> Recipient:
    """
    The one who is told on a day, found when told and never stored ahead (domain.md sections 2 and 6).

    Args:
        leave: who is on leave on that day, and who deputises (None: nobody).
    """
    to, because = behind(role, day, team_open=team_open, seat=seat)
    if because != "chair" or seat is None:
        return Recipient(to, None, because)
    if seat.helper not in leave:
        return Recipient(role, seat.helper, "chair")
    deputy = leave[seat.helper]
    if deputy is None:
        return Recipient("supervisor", None, "on_leave")
    return Recipient(role, deputy, "deputy")
