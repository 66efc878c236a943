"""
The numbers of a pack (规则包里的数字), each at its place with where it comes from: to read them, and to compare two packs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from workflow.rules.pack import Pack
from workflow.services.pack_contents import content_of
from workflow.services.pack_entries import CITATION_KEYS

LEFT_OUT = (*CITATION_KEYS, "label")


@dataclass(frozen=True, slots=True)
class Number:
    """
    One number, or what stands for one.

    Args:
        place: the dotted key of the file, `obligations.visit.windows.recovery.high`.
        value: as the file has it; several with a stroke between.
        basis: `law` or `practice`.
        source: the article or the place whose practice it is, and since when.
    """

    place: str
    value: str
    basis: str
    source: str
    rules: tuple[str, ...]
    since: str


@dataclass(frozen=True, slots=True)
class NumberChange:
    """A number that another pack has otherwise; None where one of them has none."""

    place: str
    before: Number | None
    after: Number | None


def numbers_of(pack: Pack) -> list[Number]:
    """Every number of a pack, overlays laid on, in the order of the file."""
    return list(_in(content_of(pack)["pack"], ""))


def changed_numbers(before: Pack, after: Pack) -> list[NumberChange]:
    """The numbers that differ between two packs, in the order of the file; other words for the same number do not count."""
    old, new = ({each.place: each for each in numbers_of(pack)} for pack in (before, after))
    pairs = ((place, old.get(place), new.get(place)) for place in {**old, **new})
    return [NumberChange(*pair) for pair in pairs if _value(pair[1]) != _value(pair[2])]


def _in(table: dict[str, Any], place: str) -> Iterator[Number]:
    """The numbers of the cited tables in a table, however deep they lie."""
    for key, inner in table.items():
        if isinstance(inner, dict):
            here = f"{place}.{key}" if place else key
            yield from _cited(inner, here) if "basis" in inner else _in(inner, here)


def _cited(table: dict[str, Any], place: str) -> Iterator[Number]:
    cited = (table["basis"], table["source"], tuple(table["rules"]), table["since"])
    for at, value in _leaves(table, place):
        yield Number(at, value, *cited)


def _leaves(table: dict[str, Any], place: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        at = f"{place}.{key}"
        if key in LEFT_OUT:
            continue
        if isinstance(value, dict):
            yield from _leaves(value, at)
        else:
            yield at, _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " / ".join(_shown(each) for each in value)
    if isinstance(value, dict):
        return f"{value['at']}: {', '.join(value['to'])}"
    return str(value)


def _value(number: Number | None) -> str | None:
    return number.value if number else None
