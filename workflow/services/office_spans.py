"""
One change of the tree of offices: which spans it withdraws, which it writes in their place, and what forbids it.

An office is open without a gap from the first day of its first span; the spans of one
office never share a day. A change is checked against the spans as they stand and then
written whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from workflow.rules.errors import NotFound, Refused
from workflow.services.clock import Instant
from workflow.store import offices
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

LEVELS = ("province", "city", "county", "township", "community")
"""From the top: an office is under one of a higher level, which is why no tree of them can be a ring."""
DAY = timedelta(days=1)


@dataclass
class SpanChange:
    """
    What one use case does to the spans: gathered first, checked, then written at one instant.

    Args:
        gone: the spans that are withdrawn.
        rows: those that are written in their place.
        levels: the level of each office that was asked for, and of one that is just being opened.
    """

    uow: UnitOfWork
    clock: Instant
    by: str
    gone: list[Found] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    levels: dict[UUID, str] = field(default_factory=dict)

    def spans(self, office_id: UUID) -> Sequence[Found]:
        """What is held of an office; refuses where there is no such office."""
        found = offices.spans_of(self.uow.session, office_id)
        if not found:
            raise NotFound("not_found", what=str(office_id))
        return found

    def add(self, **values: Any) -> None:
        """One more span."""
        self.rows.append({"id": uuid4(), "last_on": None, "successor_id": None, **values})

    def replace(self, span: Found, **values: Any) -> None:
        """Another span in the place of this one, alike but for these values."""
        if span not in self.gone:
            self.gone.append(span)
        kept = ("office_id", "parent_id", "successor_id", "name", "first_on", "last_on")
        self.add(**{**{key: getattr(span, key) for key in kept}, **values})

    def split(self, span: Found, on: date, **values: Any) -> None:
        """The same until a day, and with these values from it on."""
        if span.first_on < on:
            self.replace(span, last_on=on - DAY, successor_id=None)
        self.replace(span, **{"first_on": max(on, span.first_on), **values})

    def check(self) -> None:
        """
        Each new span is under an office that is higher, and open on all its days.

        Raises:
            NotFound: there is no such parent.
            Refused: `office_level_not_below`, `office_not_open`.
        """
        for row in self.rows:
            parent_id = row["parent_id"]
            if parent_id is not None:
                self.refuse_closed(parent_id, row["first_on"], row["last_on"])
                level, above = self._level(row["office_id"]), self._level(parent_id)
                if LEVELS.index(level) <= LEVELS.index(above):
                    raise Refused("office_level_not_below", level=level, parent_level=above)

    def refuse_closed(self, office_id: UUID, first_on: date, last_on: date | None) -> None:
        """Refuses where this office is not open on all these days."""
        spans = self.spans(office_id)
        closed_on = spans[-1].last_on and spans[-1].last_on + DAY
        if first_on < spans[0].first_on or (closed_on and first_on >= closed_on):
            raise not_open(spans, first_on)
        if closed_on and (last_on is None or last_on >= closed_on):
            raise not_open(spans, closed_on)

    def write(self) -> datetime:
        """
        Withdraw and write; gives back the instant from which it is known.

        That is never before what is withdrawn became known, even where two machines' clocks differ:
        otherwise there would be an instant with two truths.
        """
        at: datetime = max([self.clock.now, *(span.recorded_at for span in self.gone)])
        session = self.uow.session
        offices.withdraw_spans(session, [span.id for span in self.gone], at=at, by=self.by)
        offices.add_spans(session, self.rows, at=at, by=self.by)
        return at

    def _level(self, office_id: UUID) -> str:
        if office_id not in self.levels:
            found = offices.find(self.uow.session, office_id)
            assert found is not None
            self.levels[office_id] = found.level
        return self.levels[office_id]


def standing_on(spans: Sequence[Found], on: date) -> Found:
    """The span of an office that includes a day; raises Refused `office_not_open` where none does."""
    for span in spans:
        if span.first_on <= on and (span.last_on is None or on <= span.last_on):
            return span
    raise not_open(spans, on)


def not_open(spans: Sequence[Found], on: date) -> Refused:
    """That an office is not open on a day, and when it is; to be raised."""
    first, last = spans[0], spans[-1]
    return Refused(
        "office_not_open",
        office=str(first.office_id),
        on=on,
        first_on=first.first_on,
        last_on=last.last_on,
        successor=None if last.successor_id is None else str(last.successor_id),
    )
