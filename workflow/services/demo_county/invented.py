"""
Who there is in the demo county: offices, staff and people, all of them invented, out of `workflow/data/demo-county.toml`.

Nothing is drawn by chance: whatever seems to be is drawn by `drawn` from what it is
about, so that the same county comes out on every machine.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid5

from workflow.rules.terms import add_months

SPACE = UUID("5f0c0b51-7d0b-5b8e-9a39-0d3a6f1c2b7e")
ADULTS = (19, 62)
"""Ages of those whose life says nothing of it."""


def named(what: str) -> UUID:
    """The id of a thing of the demo county, by its name: the same on every machine."""
    return uuid5(SPACE, what)


def drawn(about: str, number: int) -> int:
    """A number from 0 to below this one that seems to be chance and is always the same for the same words."""
    digest = blake2b(about.encode(), digest_size=8).digest()
    return int.from_bytes(digest) % number


@dataclass(frozen=True, slots=True)
class House:
    """An office; `place` and `villages` are where its people live."""

    key: str
    name: str
    place: str = ""
    villages: tuple[str, ...] = ()

    @property
    def id(self) -> UUID:
        """The id of the office."""
        return named(f"office {self.key}")


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff, or somebody of a family who sits in a team; `chair` is their role there or in the office."""

    handle: str
    name: str
    chair: str
    office: str

    @property
    def id(self) -> UUID:
        """The id in the list of staff."""
        return named(f"staff {self.handle}")


@dataclass(frozen=True, slots=True)
class Person:
    """
    One of the 120.

    Args:
        number: from 1; it decides the name, and who helps.
        helpers: the handles of those who stand for the roles of a team, as far as there is one for each.
        family: who of the family would help, where the person agrees.
    """

    number: int
    name: str
    woman: bool
    born: date
    house: House
    address: str
    helpers: Mapping[str, str]
    family: Colleague

    @property
    def case_id(self) -> UUID:
        """The id of the case."""
        return named(f"case {self.number}")

    @property
    def person_id(self) -> UUID:
        """The id of the person."""
        return named(f"person {self.number}")


@cache
def book() -> Mapping[str, Any]:
    """What the file says."""
    text = (files("workflow") / "data" / "demo-county.toml").read_text("utf-8")
    return tomllib.loads(text)


def division() -> str:
    """The code of the county in which all of it is said to lie."""
    return str(book()["division"])


def county() -> House:
    """The county office."""
    return House(**book()["county"])


def townships() -> tuple[House, ...]:
    """The townships, in order."""
    return tuple(
        House(one["key"], one["name"], one["place"], tuple(one["villages"]))
        for one in book()["townships"]
    )


def colleagues() -> tuple[Colleague, ...]:
    """The staff, families left out."""
    return tuple(Colleague(**one) for one in book()["staff"])


def of_chair(chair: str, office: str | None = None) -> tuple[Colleague, ...]:
    """Those of the staff who sit in a chair of this kind; of one office where it is named."""
    return tuple(one for one in colleagues() if one.chair == chair and office in (None, one.office))


def person(
    number: int, today: date, *, woman: bool | None = None, age: int | None = None
) -> Person:
    """
    The person of this number.

    Args:
        woman, age: where the life that is told needs it; else as drawn.
    """
    houses = townships()
    house = houses[number % len(houses)]
    is_woman = drawn(f"woman {number}", 10) < 3 if woman is None else woman
    village = house.villages[drawn(f"village {number}", len(house.villages))]
    row = drawn(f"house {number}", 90) + 1
    name = _name(number, is_woman)
    return Person(
        number=number,
        name=name,
        woman=is_woman,
        born=_born(number, today, age),
        house=house,
        address=f"{house.place}{village}{row}号",
        helpers=_helpers(number, house),
        family=_family(number, name, house),
    )


def _name(number: int, woman: bool) -> str:
    """Surnames follow each other, and given names go on by one with each round, so that no name comes twice."""
    names: Mapping[str, Sequence[str]] = book()["names"]
    surnames, given = names["surnames"], names["women" if woman else "men"]
    turn = number * 7 + number // len(surnames)
    return surnames[number % len(surnames)] + given[turn % len(given)]


def _born(number: int, today: date, age: int | None) -> date:
    youngest, oldest = ADULTS
    years = youngest + drawn(f"age {number}", oldest - youngest) if age is None else age
    days = drawn(f"birthday {number}", 300) + 30
    return add_months(today, -12 * years) - timedelta(days=days)


def _helpers(number: int, house: House) -> dict[str, str]:
    """Of two workers of a township each has every second person; of the others there is one a township or county."""
    found = {one.chair: one.handle for one in colleagues() if one.office in (house.key, "county")}
    workers = of_chair("community_worker", house.key)
    turn = number // len(townships())
    volunteers = of_chair("volunteer")
    return {
        **found,
        "community_worker": workers[turn % len(workers)].handle,
        "volunteer": volunteers[0].handle,
    }


def _family(number: int, name: str, house: House) -> Colleague:
    """Somebody of the family: of the same surname, and not the same name."""
    given = book()["names"]["men" if number % 2 else "women"]
    other = given[(number * 7 + 3) % len(given)]
    return Colleague(f"f{number:03d}", f"{name[0]}{other}", "family", house.key)
