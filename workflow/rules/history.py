"""
The history of a case: recorded events, their order, and voids (domain.md section 2).

A recorded event is never edited. A void is an event of its own; a replacement
recorded in the same request as the void takes over the voided event's place in
the order of recording, so that the keys of what it opened stay the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from workflow.rules.events import Event, EventVoided

ClosedKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Recorded:
    """
    One event as the record holds it.

    Args:
        id: made by the client (UUIDv7).
        on: the civil day on which it happened; `at` the instant, where known (aware).
        recorded_on: the civil day on which the server knew; `seq` its place in the order of recording.
        rank: the `seq` of the event whose place it took over in a void-and-replace, else its own.
        approved_by: the second, authenticated person who approved it.
        closes: kind and occurrence of each obligation that it closed when it was recorded; None before.
        openings: for each of these, what had opened it, so that it is known again when others fall away.
        entered_late: whether it was captured on a later day than it happened.
    """

    id: str
    event: Event
    on: date
    recorded_on: date
    seq: int
    at: datetime | None = None
    rank: int = -1
    recorded_by: str | None = None
    approved_by: str | None = None
    closes: tuple[ClosedKey, ...] | None = None
    openings: tuple[str, ...] = ()

    @property
    def place(self) -> int:
        """Where it stands by recording, for the n of natural keys."""
        return self.seq if self.rank < 0 else self.rank


@dataclass(frozen=True, slots=True)
class History:
    """The recorded events of one case that stand, in order, and the voided ones that nothing replaced."""

    standing: tuple[Recorded, ...]
    ghosts: tuple[Recorded, ...] = ()


def history_of(recorded: Iterable[Recorded]) -> History:
    """
    The history that a list of recorded events leaves: voids carried out, replacements ranked, all in order.

    A replacement was given the rank of what it replaces when it was recorded (`ranked`).
    """
    events = list(recorded)
    voided = {r.event.event_id for r in events if isinstance(r.event, EventVoided)}
    if not voided:
        return History(tuple(in_order(events)))
    standing = [r for r in events if r.id not in voided]
    taken = {r.rank for r in standing if r.rank >= 0}
    ghosts = [r for r in events if r.id in voided and r.place not in taken]
    return History(tuple(in_order(standing)), tuple(in_order(ghosts)))


def in_order(events: Sequence[Recorded]) -> list[Recorded]:
    """
    By the day it happened, then by the instant where both have one, then recording, then id.

    Events without an instant keep their place by recording; those with one
    are put in order among the places that such events hold on that day.
    """
    ordered = sorted(events, key=_by_recording)
    if sum(r.at is not None for r in ordered) > 1:
        _sort_instants(ordered)
    return ordered


def _by_recording(r: Recorded) -> tuple[date, int, str]:
    return (r.on, r.seq, r.id)


def _sort_instants(ordered: list[Recorded]) -> None:
    by_day: dict[date, list[int]] = {}
    for index, r in enumerate(ordered):
        if r.at is not None:
            by_day.setdefault(r.on, []).append(index)
    for places in by_day.values():
        timed = sorted((ordered[i] for i in places), key=lambda r: (r.at, r.seq, r.id))
        for place, r in zip(places, timed, strict=True):
            ordered[place] = r


def ranked(request: Sequence[Recorded], known: Iterable[Recorded]) -> list[Recorded]:
    """
    The request with each replacement given the rank of the event that it replaces.

    The nth event of a type that the request voids is replaced by the nth
    event of that type that it brings.
    """
    by_id = {r.id: r for r in known}
    waiting: dict[str, list[Recorded]] = {}
    for r in request:
        if isinstance(r.event, EventVoided) and r.event.event_id in by_id:
            old = by_id[r.event.event_id]
            waiting.setdefault(old.event.name, []).append(old)
    if not waiting:
        return list(request)
    found = []
    for r in request:
        queue = waiting.get(r.event.name)
        found.append(replace(r, rank=queue.pop(0).place) if queue else r)
    return found
