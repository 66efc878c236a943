"""
What a view is asked as: as true on a day, as known at an instant; and how a caller says so in an address.

A list that is folded from the events has no rows to go on from. Its second page is asked for as known
when the first one was, so that nothing that was recorded meanwhile shifts it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, TypeVar

from fastapi import Query, Response
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
)

from api.context import Context, Surroundings
from api.paging import cursor_of, place_of
from api.schemas.values import instant_text, iso_day
from workflow.services.clock import AsOf, civil_day

Item = TypeVar("Item")
FIRST, LAST = date(1995, 1, 1), date(2044, 12, 31)
"""The days for which there is a calendar, less what a view looks ahead."""
_YEARS = r"(199[5-9]|20[0-3]\d|204[0-4])"


def _with_its_plus(given: object) -> object:
    """`+08:00` in an address arrives as a space wherever a client forgot to write it as `%2B`."""
    return instant_text(given.replace(" ", "+") if isinstance(given, str) else given)


def _within(given: datetime | None) -> datetime | None:
    if given is not None and not FIRST <= given.date() <= LAST:
        raise ValueError(f"{FIRST} ... {LAST}")
    return given


_IN_TIME = AfterValidator(_within)
OnDay = Annotated[
    Annotated[date, Field(ge=FIRST, le=LAST)] | None,
    BeforeValidator(iso_day),
    Query(
        description="按哪一天看，缺省为今天 As true on this day; today where it is left out.",
        json_schema_extra={"pattern": f"^{_YEARS}-"},
    ),
]
KnownAt = Annotated[
    AwareDatetime | None,
    BeforeValidator(_with_its_plus),
    _IN_TIME,
    Query(
        description="按当时已知的看（带时区的时刻） As known at this instant, with its offset; `on` is then its day.",
        json_schema_extra={"pattern": f"^{_YEARS}-"},
    ),
]


class AsOfAsked(BaseModel):
    """The same two as a part of what is asked of a list."""

    model_config = ConfigDict(populate_by_name=True)

    on: OnDay = None
    known_at: KnownAt = Field(default=None, alias="as_of")


def as_of(here: Surroundings, on: date | None, known_at: AwareDatetime | None) -> AsOf:
    """What is asked for; of an instant without a day, the day that it was."""
    if on is not None or known_at is None:
        return AsOf(on or here.clock.today, known_at)
    return AsOf(civil_day(known_at), known_at)


Index = Annotated[int, Field(ge=0, le=1_000_000)]
_PLACE = TypeAdapter(
    tuple[Annotated[date, Field(ge=FIRST, le=LAST)], Annotated[AwareDatetime, _IN_TIME], Index]
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A page of a folded list: as what it is asked, where it begins, and how long it is."""

    asked: AsOf
    first: int
    limit: int

    def of(
        self, here: Context, found: Sequence[Item], shown: Callable[[Item], BaseModel]
    ) -> Response:
        """The page of what was found, and the cursor of the next one."""
        last = self.first + self.limit
        following = (self.asked.on, self.asked.known_at or here.clock.now, last)
        items = [shown(each) for each in found[self.first : last]]
        return here.page(items, cursor_of(following) if len(found) > last else None)


def stretch(
    here: Surroundings,
    on: date | None,
    known_at: AwareDatetime | None,
    cursor: str | None,
    limit: int,
) -> Stretch:
    """
    The page that is asked for; with a cursor, as what the first page was asked.

    Raises:
        Invalid: `cursor_unreadable`.
    """
    place = place_of(cursor, _PLACE)
    if place is None:
        return Stretch(as_of(here, on, known_at), 0, limit)
    return Stretch(AsOf(place[0], place[1]), place[2], limit)
