"""
The chains of hashes: whether the events of a case are those that were recorded, all of them and in their order.

No key is needed for it. What a chain cannot show is that somebody reckoned the
whole of it anew: that shows in `Root`, of which an office keeps a copy on paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid5

from workflow.rules.events import PersonRegistered
from workflow.services.findings import DAMAGED
from workflow.store.events import first_link, link
from workflow.store.tables import Found


@dataclass(frozen=True, slots=True)
class Chain:
    """
    The chain of a case, reckoned anew.

    Args:
        tip: the hash of the last event; where it is broken, of the last one that holds.
        broken_at: the place of the first event that is not the one recorded there; None where all are.
        tip_then: the hash of the last event that was recorded by the instant asked for; None without one.
    """

    tip: bytes
    broken_at: int | None
    tip_then: bytes | None


def reckon(case_id: UUID, events: Sequence[Found], known_at: datetime | None = None) -> Chain:
    """
    The chain of a case from its first event on.

    Args:
        events: in the order of `seq`.
        known_at: for `tip_then`; every event without it.
    """
    tip, then = first_link(case_id), None
    for place, row in enumerate(events, 1):
        try:
            made = link(tip, case_id, row._asdict())
        except DAMAGED:
            return Chain(tip, place, then)
        if row.seq != place or made != row.chain:
            return Chain(tip, place, then)
        tip = made
        if known_at is None or row.recorded_at <= known_at:
            then = tip
    return Chain(tip, None, then)


def version_of(case_id: UUID, events: Sequence[Found]) -> int:
    """How many recordings these events come from; the registration at the opening is none."""
    requests = {row.request_id for row in events}
    registered = str(uuid5(case_id, PersonRegistered.name))
    return len(requests) - bool(events and events[0].id == registered)


class Root:
    """
    One hash over every case of which something is recorded, in the order of their ids.

    Whoever notes it down with its instant can see later whether any event recorded by
    then was changed, taken away or put in, even by one who reckoned every chain anew.
    """

    def __init__(self) -> None:
        self._hash = sha256(b"guitu root 1|")

    def add(self, case_id: UUID, tip: bytes | None) -> None:
        """Take a case in; one without events by then leaves no trace."""
        if tip is not None:
            self._hash.update(case_id.bytes + tip)

    @property
    def digest(self) -> bytes:
        """The hash over what was taken in so far."""
        return self._hash.digest()
