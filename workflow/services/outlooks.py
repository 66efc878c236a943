"""
Outlooks as they are kept: written when a case was folded, read when its day has come.

An outlook counts as long as its basis is the same: the chain of events, the pack, the
calendar, and the rules of this release. It saves work and is never the truth: where it
does not fit, or cannot be read, the case is folded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from pydantic_core import from_json, to_json

from workflow.rules.case import Fact
from workflow.rules.obligations.owed import Obligation
from workflow.rules.outlook import Outlook
from workflow.rules.pack import Pack
from workflow.rules.team import Seat, Team
from workflow.rules.workdays import WorkDays
from workflow.services.case_rows import name_of
from workflow.services.pack_contents import content_of, digest_of

FORM = b"guitu outlook 1"
"""How the content is written; another form is another basis."""

_UNREADABLE = (ValueError, TypeError, KeyError, OverflowError)


@dataclass(frozen=True, slots=True)
class Ahead:
    """An outlook that was read, and the ordinal of the measure of each of what is owed in it."""

    outlook: Outlook
    measures: tuple[int | None, ...]


def basis_of(chain: bytes, team: str, pack: Pack, calendar: WorkDays) -> bytes | None:
    """
    The hash of all that an outlook follows from; None where the calendar does not say which it is.

    Args:
        chain: the hash of the last event of the case.
        team: whether helpers are recorded, or every chair counts as filled.
    """
    if not calendar.version:
        return None
    parts = (FORM, _rules(), _digest(pack), calendar.version.encode(), team.encode(), chain)
    return sha256(b"|".join(parts)).digest()


def write(outlook: Outlook) -> str:
    """An outlook as JSON: a list of what it consists of, its days as numbers."""
    seats = {role: _seat(seat) for role, seat in outlook.team.seats.items()}
    owed = [
        (
            one.kind,
            one.occurrence,
            one.opens_on.toordinal(),
            one.due_on.toordinal(),
            one.owner,
            name_of(one.opened_by),
            one.nominal_days,
            one.window,
            one.measure.ordinal if one.measure else None,
        )
        for one in outlook.owed
    ]
    days = (outlook.until.toordinal(), outlook.through.toordinal())
    early = sorted(outlook.early)
    return to_json((*days, outlook.team.stands, seats, early, owed)).decode()


def read(content: str, pack: Pack) -> Ahead | None:
    """What `write` wrote, with the same pack; None where it cannot be read."""
    try:
        until, through, stands, seats, early, owed = from_json(content)
        seated = {
            role: Seat(helper, _day(by), known) for role, (helper, by, known) in seats.items()
        }
        outlook = Outlook(
            date.fromordinal(until),
            date.fromordinal(through),
            Team(stands, seated),
            tuple(_obligation(each, pack) for each in owed),
            frozenset((kind, occurrence) for kind, occurrence in early),
        )
        return Ahead(outlook, tuple(each[8] for each in owed))
    except _UNREADABLE:
        return None


def _obligation(each: list[Any], pack: Pack) -> Obligation:
    kind, occurrence, opens, due, owner, opened_by, nominal_days, window, _ = each
    due_on = date.fromordinal(due)
    fact = Fact(opened_by, due_on, -1, "", None)
    found = Obligation(
        kind,
        occurrence,
        date.fromordinal(opens),
        due_on,
        owner,
        pack.obligations[kind],
        fact,
        due_on,
    )
    found.nominal_days, found.window = nominal_days, window
    return found


def _seat(seat: Seat) -> tuple[str, int | None, bool]:
    by = seat.acknowledge_by
    return seat.helper, by.toordinal() if by else None, seat.acknowledged


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(ordinal)


# ------------------------------------------------------------------ what it follows from


class _Same:
    """Something that is known again by being the same, whatever it is equal to."""

    __slots__ = ("one",)

    def __init__(self, one: Any) -> None:
        self.one = one

    def __hash__(self) -> int:
        return id(self.one)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.one is self.one


_digests: dict[_Same, bytes] = {}
_MOST = 64


def _digest(pack: Pack) -> bytes:
    """The digest of a pack, reckoned once."""
    found = _digests.get(_Same(pack))
    if found is None:
        if len(_digests) >= _MOST:
            _digests.clear()
        found = _digests[_Same(pack)] = digest_of(content_of(pack))
    return found


@cache
def _rules() -> bytes:
    """A hash of the rules of this release as they lie in its files: another rule may come to another outlook."""
    found = sha256()
    _add(files("workflow") / "rules", found.update)
    return found.digest()


def _add(folder: Traversable, add: Callable[[bytes], None]) -> None:
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir():
            _add(entry, add)
        elif entry.name.endswith(".py"):
            add(entry.name.encode() + b"\0" + entry.read_bytes())
