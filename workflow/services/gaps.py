"""
Who is missing (缺岗), so that somebody higher is told instead: today, and in the next thirty days while something falls due.

Within the caller's reach. Each kind of gap has its list, and the number of all beside the first of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy.orm import Session

from workflow.rules.events.fields import FIXED_ROLES, Means
from workflow.services.staffing import names_of, unled
from workflow.store import desks, offices, staff
from workflow.store import gaps as rows_of
from workflow.store.reach import Reach
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

Kind = Literal[
    "empty_chair",
    "unacknowledged",
    "on_leave",
    "no_channel",
    "no_supervisor",
    "told_nobody",
    "leave_begins",
    "posting_ends",
]
EVERY: tuple[Kind, ...] = get_args(Kind)
KINDS: Mapping[str, Means] = MappingProxyType(
    {
        "empty_chair": Means("固定岗位空缺", "A fixed chair is empty"),
        "unacknowledged": Means("未按期确认知悉", "A helper has not said “I know” in time"),
        "on_leave": Means("请假而无人代班", "On leave, and nobody deputises"),
        "no_channel": Means("没有账号也没有联系方式", "Has neither an account nor an address"),
        "no_supervisor": Means("机构及上级没有专干", "No supervisor at the office or above it"),
        "told_nobody": Means("没有通知到任何人", "Reached nobody at all"),
        "leave_begins": Means("将请假而无人代班", "Leave that begins with nobody who deputises"),
        "posting_ends": Means("任职将结束而岗位未交接", "Posting that ends with chairs still held"),
    }
)
TODAY: tuple[Kind, ...] = ("on_leave", "no_channel", "no_supervisor", "told_nobody")
"""Who is missing today beside the chairs, of which the desk has lists of its own."""
AHEAD: tuple[Kind, ...] = ("leave_begins", "posting_ends")
"""Who will be."""
WITHIN = timedelta(days=30)
"""How far ahead gaps are looked for."""
LATELY = timedelta(days=7)
"""How long what reached nobody is listed: its next rungs tell it again."""


@dataclass(frozen=True, slots=True)
class Missing:
    """
    One gap.

    Args:
        case_id, role: the chair that it is about, where it is about one.
        helper: who is missing, by handle; `name` where it can be read.
        office: what the office is called.
        since, until: from when to when, or by when it should have been closed.
        cases: in how many open cases they sit, or how many the office has.
        due: how much of what they owe falls due meanwhile.
        what: the kind of obligation that nobody was told of.
    """

    kind: Kind
    case_id: UUID | None = None
    role: str | None = None
    helper: str | None = None
    name: str | None = None
    office: str | None = None
    since: date | None = None
    until: date | None = None
    cases: int = 0
    due: int = 0
    what: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """The first gaps of one kind, and how many there are."""

    kind: Kind
    total: int
    first: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class GapsFound:
    """The gaps of a day and of the days up to another, by kind; a kind without any has an empty list."""

    on: date
    through: date
    lists: tuple[Listed, ...]

    def of(self, kind: Kind) -> Listed:
        """Those of one kind."""
        return next(one for one in self.lists if one.kind == kind)


def gaps(
    uow: UnitOfWork, reach: Reach, today: date, *, limit: int, kinds: Sequence[Kind] = EVERY
) -> GapsFound:
    """
    Who is missing of the cases within reach; of each kind so many are listed.

    Args:
        kinds: those that are asked for; the others are not read.
    """
    asked = _Asked(uow, reach, today, limit, offices.names_on(uow.session, today))
    return GapsFound(today, asked.through, _named(uow, map(asked.listed, kinds)))


@dataclass(frozen=True, slots=True)
class _Asked:
    uow: UnitOfWork
    reach: Reach
    today: date
    limit: int
    offices: Mapping[UUID, str]

    @property
    def session(self) -> Session:
        """Where it is read."""
        return self.uow.session

    @property
    def through(self) -> date:
        """The last day on which something may be to come."""
        return self.today + WITHIN

    def listed(self, kind: Kind) -> Listed:
        """The gaps of one kind."""
        if kind in _OF_CHAIRS:
            return self.of_chairs(kind, _OF_CHAIRS[kind](self))
        return self.of_staff(kind, _OF_STAFF[kind](self))

    def of_chairs(self, kind: Kind, found: tuple[int, Sequence[Found]]) -> Listed:
        """Gaps of single cases, of which only the first were read."""
        total, rows = found
        return Listed(kind, total, tuple(self._missing(kind, row) for row in rows))

    def of_staff(self, kind: Kind, rows: Sequence[Found]) -> Listed:
        """Gaps of people or offices, of which there are few."""
        first = tuple(self._missing(kind, row) for row in rows[: self.limit])
        return Listed(kind, len(rows), first)

    def _missing(self, kind: Kind, row: Found) -> Missing:
        has: Mapping[str, Any] = row._asdict()
        return Missing(
            kind=kind,
            case_id=has.get("case_id"),
            role=has.get("role"),
            helper=has.get("helper") or has.get("handle"),
            office=self.offices.get(has["office_id"]) if has.get("office_id") else None,
            since=has.get("first_on") or has.get("acknowledge_by") or has.get("told_on"),
            until=has.get("last_on"),
            cases=has.get("cases", 1),
            due=has.get("due", 0),
            what=has.get("kind"),
        )


def _alone(uow: UnitOfWork, leaves: Sequence[Found], on: date | None = None) -> list[Found]:
    """Those of these leaves in which nobody deputises who is there, on a day or on the first one of each."""
    days = {on or row.first_on for row in leaves}
    away = {day: staff.on_leave(uow.session, day) for day in sorted(days)}
    return [row for row in leaves if away[on or row.first_on].get(row.handle) is None]


_OF_CHAIRS: Mapping[Kind, Callable[[_Asked], tuple[int, Sequence[Found]]]] = MappingProxyType(
    {
        "empty_chair": lambda asked: desks.empty_chairs(
            asked.session, asked.reach, FIXED_ROLES, asked.limit
        ),
        "unacknowledged": lambda asked: desks.unaware(
            asked.session, asked.reach, asked.today, asked.limit
        ),
        "told_nobody": lambda asked: rows_of.told_nobody(
            asked.session, asked.reach, asked.today - LATELY, asked.limit
        ),
    }
)
_OF_STAFF: Mapping[Kind, Callable[[_Asked], Sequence[Found]]] = MappingProxyType(
    {
        "on_leave": lambda asked: _alone(
            asked.uow, rows_of.away(asked.session, asked.reach, asked.today), asked.today
        ),
        "no_channel": lambda asked: rows_of.unreachable(asked.session, asked.reach),
        "no_supervisor": lambda asked: rows_of.open_cases_of(
            asked.session, unled(asked.uow, asked.reach.offices, asked.today)
        ),
        "leave_begins": lambda asked: _alone(
            asked.uow,
            rows_of.going_away(asked.session, asked.reach, asked.today, asked.through),
        ),
        "posting_ends": lambda asked: rows_of.leaving(
            asked.session, asked.reach, asked.today, asked.through
        ),
    }
)


def _named(uow: UnitOfWork, lists: Iterable[Listed]) -> tuple[Listed, ...]:
    """With the names of those who are missing."""
    known = [*lists]
    names = names_of(uow, {one.helper for each in known for one in each.first if one.helper})
    return tuple(
        replace(
            each,
            first=tuple(replace(one, name=names.get(one.helper or "")) for one in each.first),
        )
        for each in known
    )
