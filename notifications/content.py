"""
What a message says, before any words: which cases, how many, how pressing. Fixed at the first attempt.

Nothing here can name a person, a substance or a measure: an item is a case's id, what state it is in, and
the role that owes it. A content holds counts, case codes and words of closed lists, and no kind of
obligation. The words are made from it when it is sent (`notifications.words`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args
from uuid import UUID

from workflow.rules.case_codes import case_code
from workflow.rules.pack_words import OWNERS
from workflow.rules.sentences import Language
from workflow.rules.team import OFFICE

Pressing = Literal["statutory", "overdue", "due", "coming"]
Sort = Literal["digest", "later", "at_once", "alarm"]
Age = Literal["up_to_3", "up_to_7", "up_to_30", "over_30"]

PRESSING: tuple[Pressing, ...] = get_args(Pressing)
"""In the order in which they stand (domain.md section 9)."""
AGES: tuple[Age, ...] = get_args(Age)
DAYS: tuple[int, ...] = (3, 7, 30)
"""Up to how many days late each age goes but the last; the same as on the desk (`workflow.store.desks`)."""
OWN, OTHER = "own", "other"
"""The owner of what its recipient owes themselves, and of what a role owes that no pack may name."""
DIRECT = ("chair", "office", "deputy")
"""Why somebody is told who was to be told. All else says that somebody lower was not: a gap."""
GAPS = (
    "empty",
    "unacknowledged",
    "on_leave",
    "nobody_posted",
    "no_channel",
    "failed",
    "before_order",
    OTHER,
)
"""Gaps in the order in which they are told."""
MOST_CODES = 20
"""Case codes in one part; the others are counted."""


@dataclass(frozen=True, slots=True)
class Item:
    """
    One notice, as its recipient hears of it.

    Args:
        kind, occurrence: with the case, which obligation it is; counted once, and never said.
        pressing: the group that it stands in; statutory first.
        owner: the role that owes it.
        days_late: days since the due day; 0 on it and before.
        because: why this person is told (`workflow.store.tables.MessageItemRow.because`).
    """

    case_id: UUID
    kind: str
    occurrence: str
    pressing: Pressing
    owner: str
    due_on: date
    days_late: int
    because: str


@dataclass(frozen=True, slots=True)
class Part:
    """
    One line: so many things in so many cases.

    Args:
        owner, age: who owes them (`own`: the recipient's role) and how late they are; told to those who lead only.
        count: obligations; `cases`: how many cases these are in.
        codes: of these cases, the latest first; at most `MOST_CODES`.
    """

    pressing: Pressing
    owner: str | None
    age: Age | None
    count: int
    cases: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """In how many chairs somebody was missing, so that this recipient is told, and what was missing."""

    because: str
    count: int


@dataclass(frozen=True, slots=True)
class Content:
    """
    What one message says.

    Args:
        leading: that it is for those who lead: exceptions by owner and age, and the gaps.
        deputed: how many of the things its recipient hears as a deputy.
    """

    sort: Sort
    for_day: date
    language: Language
    leading: bool
    parts: tuple[Part, ...]
    gaps: tuple[Gap, ...] = ()
    deputed: int = 0

    @property
    def count(self) -> int:
        """All things in it."""
        return sum(part.count for part in self.parts)

    def counted(self, pressing: Pressing) -> int:
        """The things in one group."""
        return sum(part.count for part in self.parts if part.pressing == pressing)

    def to_json(self) -> dict[str, Any]:
        """As JSON can hold it; `from_json` reads it."""
        return {
            "version": 1,
            "sort": self.sort,
            "for_day": self.for_day.isoformat(),
            "language": self.language,
            "leading": self.leading,
            "parts": [_part_json(part) for part in self.parts],
            "gaps": [{"because": gap.because, "count": gap.count} for gap in self.gaps],
            "deputed": self.deputed,
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Content:
        """The content that `to_json` wrote."""
        return cls(
            sort=value["sort"],
            for_day=date.fromisoformat(value["for_day"]),
            language=value["language"],
            leading=value["leading"],
            parts=tuple(Part(**{**part, "codes": tuple(part["codes"])}) for part in value["parts"]),
            gaps=tuple(Gap(**gap) for gap in value["gaps"]),
            deputed=value["deputed"],
        )


def content_of(
    items: Sequence[Item], *, sort: Sort, as_role: str, for_day: date, language: Language
) -> Content:
    """
    What these notices make together: statutory first, then overdue, due, coming; no obligation twice.

    Args:
        items: none of them for an alarm, which is about no case.
        as_role: in which the recipient is told; those who lead hear exceptions by owner and age.

    Source: domain.md section 9.
    """
    leading = as_role in OFFICE
    told = _each_once(items)
    return Content(
        sort=sort,
        for_day=for_day,
        language=language,
        leading=leading,
        parts=tuple(_parts(told, as_role if leading else None)),
        gaps=tuple(_gaps(told)) if leading else (),
        deputed=sum(item.because == "deputy" for item in told),
    )


def age_of(days_late: int) -> Age | None:
    """How late something is, in one of four steps; None on its due day and before."""
    if days_late <= 0:
        return None
    return next((age for age, days in zip(AGES, DAYS, strict=False) if days_late <= days), AGES[-1])


# ------------------------------------------------------------------ how it is put together

_PLACE: Mapping[str, int] = {word: place for place, word in enumerate(PRESSING)}
_OWNER_PLACE: Mapping[str, int] = {
    owner: place for place, owner in enumerate((OWN, *OWNERS, OTHER))
}
_Group = tuple[Pressing, str | None, Age | None]


def _each_once(items: Iterable[Item]) -> list[Item]:
    """One item an obligation: the most pressing, and of these the one told to whoever was to be told."""
    found: dict[tuple[UUID, str, str], Item] = {}
    for item in items:
        key = (item.case_id, item.kind, item.occurrence)
        if key not in found or _weight(item) < _weight(found[key]):
            found[key] = item
    return list(found.values())


def _weight(item: Item) -> tuple[int, bool, str]:
    return _PLACE[item.pressing], item.because not in DIRECT, item.because


def _parts(items: Iterable[Item], leader: str | None) -> list[Part]:
    groups: dict[_Group, list[Item]] = defaultdict(list)
    for item in items:
        groups[_group(item, leader)].append(item)
    return [_part(group, groups[group]) for group in sorted(groups, key=_order)]


def _group(item: Item, leader: str | None) -> _Group:
    """Where an item stands; for a leader by owner and age too, what they owe themselves first."""
    if leader is None:
        return item.pressing, None, None
    owner = OWN if item.owner == leader else item.owner
    known = owner if owner in _OWNER_PLACE else OTHER
    return item.pressing, known, age_of(item.days_late)


def _order(group: _Group) -> tuple[int, int, int]:
    """By how pressing, by owner, the latest first."""
    pressing, owner, age = group
    late = -AGES.index(age) if age else 1
    return _PLACE[pressing], _OWNER_PLACE[owner] if owner else 0, late


def _part(group: _Group, items: Sequence[Item]) -> Part:
    latest: dict[UUID, int] = {}
    for item in items:
        latest[item.case_id] = max(item.days_late, latest.get(item.case_id, 0))
    first = sorted(latest, key=lambda case_id: (-latest[case_id], case_id))[:MOST_CODES]
    pressing, owner, age = group
    codes = tuple(map(case_code, first))
    return Part(pressing, owner, age, count=len(items), cases=len(latest), codes=codes)


def _gaps(items: Iterable[Item]) -> list[Gap]:
    missing: dict[str, set[tuple[UUID, str]]] = defaultdict(set)
    for item in items:
        if item.because not in DIRECT:
            because = item.because if item.because in GAPS else OTHER
            missing[because].add((item.case_id, item.owner))
    return [Gap(because, len(missing[because])) for because in GAPS if because in missing]


def _part_json(part: Part) -> dict[str, Any]:
    return {
        "pressing": part.pressing,
        "owner": part.owner,
        "age": part.age,
        "count": part.count,
        "cases": part.cases,
        "codes": list(part.codes),
    }
