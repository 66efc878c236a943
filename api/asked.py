"""
What a view is asked as: as true on a day, as known at an instant; and how a caller says so in an address.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator, AwareDatetime, BeforeValidator

from api.context import Surroundings
from api.schemas.values import instant_text, iso_day
from workflow.services.clock import AsOf, civil_day

FIRST, LAST = date(1995, 1, 1), date(2044, 12, 31)
"""The days for which there is a calendar, less what a view looks ahead."""


def _with_its_plus(given: object) -> object:
    """`+08:00` in an address arrives as a space wherever a client forgot to write it as `%2B`."""
    return instant_text(given.replace(" ", "+") if isinstance(given, str) else given)


def _within(given: datetime | None) -> datetime | None:
    if given is not None and not FIRST <= given.date() <= LAST:
        raise ValueError(f"{FIRST} ... {LAST}")
    return given


OnDay = Annotated[
    date | None,
    BeforeValidator(iso_day),
    Query(
        ge=FIRST,
        le=LAST,
        description="按哪一天看，缺省为今天 As true on this day; today where it is left out.",
    ),
]
KnownAt = Annotated[
    AwareDatetime | None,
    BeforeValidator(_with_its_plus),
    AfterValidator(_within),
    Query(
        description="按当时已知的看（带时区的时刻） As known at this instant, with its offset; `on` is then its day."
    ),
]


def as_of(here: Surroundings, on: date | None, known_at: AwareDatetime | None) -> AsOf:
    """What is asked for; of an instant without a day, the day that it was."""
    if on is not None or known_at is None:
        return AsOf(on or here.clock.today, known_at)
    return AsOf(civil_day(known_at), known_at)
