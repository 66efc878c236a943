"""
The administrative divisions (行政区划) to county level: what a code stands for, and which code a name has.

Real data of GB/T 2260 that travels with the program (`workflow/data/divisions.json`).
Streets and villages are not in it: they are offices, entered by whoever runs them.
Codes that were given up are kept, because old papers and identity numbers bear them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from workflow.rules.errors import Refused

Level = Literal["province", "city", "county"]
MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class Division:
    """
    One division.

    Args:
        code: six digits.
        parents: the divisions above it, the province first.
        gave_up_in: the year in which its code was given up; None while it counts.
        became: the code of today that it led to; a hint, and None where nobody knows.
    """

    code: str
    name: str
    level: Level
    parents: tuple[Division, ...]
    gave_up_in: int | None = None
    became: str | None = None

    @property
    def is_valid(self) -> bool:
        """Whether the code counts today."""
        return self.gave_up_in is None

    @property
    def full_name(self) -> str:
        """With all above it: 甘肃省定西市安定区."""
        return "".join(each.name for each in (*self.parents, self))

    def counted_in(self, year: int) -> bool:
        """Whether the code still counted in a year; nothing here knows since when it did."""
        return self.gave_up_in is None or year <= self.gave_up_in


def division(code: str) -> Division:
    """
    The division of a code, also of one that was given up.

    Raises:
        Refused: `unknown_division`; `nearest` says which known one its first digits lead to.
    """
    found = _divisions().get(code)
    if found is None:
        raise Refused("unknown_division", division=code, nearest=_nearest(code))
    return found


def children(code: str) -> tuple[Division, ...]:
    """
    The divisions directly below one, those that count today, by code.

    Below a municipality, and below a province that governs a county itself, these are counties.

    Raises:
        Refused: `unknown_division`.
    """
    division(code)
    return _children().get(code, ())


def provinces() -> tuple[Division, ...]:
    """The provinces, autonomous regions, municipalities and special regions, by code."""
    return _children()[""]


def find(text: str) -> tuple[Division, ...]:
    """
    The divisions that a text may mean, the likeliest first: a code, the beginning of one, or names.

    Several words must all occur: `定西 安定` is 甘肃省定西市安定区. Those that count today come
    before those that were given up.
    """
    words = text.split()
    if not words:
        return ()
    if len(words) == 1 and words[0].isascii() and words[0].isdigit():
        found = [each for code, each in _divisions().items() if code.startswith(words[0])]
    else:
        found = [
            each for each in _divisions().values() if all(word in each.full_name for word in words)
        ]
    return tuple(sorted(found, key=lambda each: _distance(each, words[-1]))[:MOST_FOUND])


def _distance(division: Division, word: str) -> tuple[bool, bool, bool, bool, str]:
    """Small for a good match: counts today, is called just so, is called so but for 省 or 县, begins so."""
    name = division.name
    return (
        not division.is_valid,
        word not in (name, division.code, division.full_name),
        not (name.startswith(word) and len(name) == len(word) + 1),
        not name.startswith(word),
        division.code,
    )


def _nearest(code: str) -> str | None:
    """Code and full name of what the first four or two digits stand for, if they stand for anything."""
    for known in (f"{code[:4]}00", f"{code[:2]}0000"):
        if found := _divisions().get(known):
            return f"{found.code} {found.full_name}"
    return None


def _above(code: str) -> Iterator[str]:
    """The codes that may stand above one; a county that a province governs itself has no city."""
    if not code.endswith("0000"):
        yield f"{code[:2]}0000"
        if not code.endswith("00"):
            yield f"{code[:4]}00"


def _level(code: str) -> Level:
    if code.endswith("0000"):
        return "province"
    return "city" if code.endswith("00") else "county"


@cache
def _divisions() -> Mapping[str, Division]:
    """Every division by its code, in the order of codes, so that each comes after those above it."""
    text = files("workflow").joinpath("data", "divisions.json").read_text("utf-8")
    data = json.loads(text)
    rows = {code: (name, None, None) for code, name in data["divisions"].items()}
    rows |= {code: tuple(row) for code, row in data["former"].items()}
    found: dict[str, Division] = {}
    for code, (name, gave_up_in, became) in sorted(rows.items()):
        parents = tuple(found[each] for each in _above(code) if each in found)
        found[code] = Division(code, name, _level(code), parents, gave_up_in, became)
    return found


@cache
def _children() -> Mapping[str, tuple[Division, ...]]:
    """Those that count today, by the code above them; the provinces stand under the empty one."""
    below: dict[str, list[Division]] = {}
    for each in _divisions().values():
        if each.is_valid:
            below.setdefault(each.parents[-1].code if each.parents else "", []).append(each)
    return {code: tuple(found) for code, found in below.items()}
