"""
Who is missing (缺岗), so that somebody higher is told instead: today, and in the next thirty days while something falls due.

Within the caller's reach. Each kind of gap has its list, and the number of all beside the first of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Literal
from uuid import UUID

from workflow.rules.events.fields import FIXED_ROLES, Means
from workflow.services.staffing import names_of
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
AHEAD = timedelta(days=30)
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


def gaps(uow: UnitOfWork, reach: Reach, today: date, *, limit: int) -> GapsFound:
    """Who is missing of the cases within reach; of each kind so many are listed."""
    through = today + AHEAD
    asked = _Asked(uow, reach, today, limit, offices.names_on(uow.session, today))
    found = (
        asked.of_chairs("empty_chair", desks.empty_chairs(uow.session, reach, FIXED_ROLES, limit)),
        asked.of_chairs("unacknowledged", desks.unaware(uow.session, reach, today, limit)),
        asked.of_staff("on_leave", _alone(uow, rows_of.away(uow.session, reach, today), today)),
        asked.of_staff("no_channel", rows_of.unreachable(uow.session, reach)),
        asked.of_staff("no_supervisor", _unled(uow, reach, today)),
        asked.of_chairs(
            "told_nobody", rows_of.told_nobody(uow.session, reach, today - LATELY, limit)
        ),
        asked.of_staff(
            "leave_begins", _alone(uow, rows_of.going_away(uow.session, reach, today, through))
        ),
        asked.of_staff("posting_ends", rows_of.leaving(uow.session, reach, today, through)),
    )
    return GapsFound(today, through, _named(uow, found))


@dataclass(frozen=True, slots=True)
class _Asked:
    uow: UnitOfWork
    reach: Reach
    today: date
    limit: int
    offices: Mapping[UUID, str]

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


def _unled(uow: UnitOfWork, reach: Reach, today: date) -> Sequence[Found]:
    """The offices within reach that have open cases and no supervisor, there or above."""
    leading = {row.office_id for row in staff.all_posted(uow.session, today) if _leads(row)}
    led = offices.below_all(uow.session, leading, on=today)
    return rows_of.open_cases_of(uow.session, reach.offices - led)


def _leads(row: Found) -> bool:
    return bool(row.role == "supervisor")


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
