"""What one worker sends with: its channels, its packs, the hours in which people may be told, and how they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic

from notifications.gateway import Gateway
from workflow.rules.waking import Hours, hours_of, waking_from
from workflow.services.clock import ZONE
from workflow.services.pinning import packs_within, stored_packs
from workflow.services.projecting import Packs
from workflow.store import packs as kept_packs
from workflow.store.contacts import Way, places_of
from workflow.store.unit_of_work import UnitOfWork, UnitsOfWork

INBOX = "inbox"
KNOWN_S = 10.0
"""How long it is remembered by which channels somebody is told; a morning asks for the same hundred people all along."""
USUAL = "cn-national"
"""Whose hours hold in a database without any case."""


@dataclass(frozen=True, slots=True)
class Post:
    """
    What one worker sends with.

    Args:
        gateways: the channels that work, by name; the inbox always does.
        worker: by which name it takes messages.
        batch: messages a transaction.
        beside: that what came back may be written down while more is taken: the database has many writers.
    """

    gateways: Mapping[str, Gateway]
    worker: str
    packs: Packs
    hours: Hours
    batch: int
    beside: bool
    _known: dict[str, tuple[float, Way]] = field(default_factory=dict, repr=False)

    def ways(self, uow: UnitOfWork, handles: Collection[str]) -> dict[str, Way]:
        """How each of these is told."""
        now = monotonic()
        asked = [one for one in handles if one not in self._known or self._known[one][0] < now]
        if asked:
            for handle, way in places_of(uow, asked, self.working).items():
                self._known[handle] = (now + KNOWN_S, way)
        return {handle: self._known[handle][1] for handle in handles}

    @property
    def working(self) -> frozenset[str]:
        """The channels that work, with the inbox."""
        return frozenset({INBOX, *self.gateways})

    def awake(self, at: datetime) -> datetime:
        """The first instant from this one on at which people may be told something."""
        return waking_from(at.astimezone(ZONE), self.hours).astimezone(UTC)


def a_post(
    make_uow: UnitsOfWork,
    gateways: Mapping[str, Gateway],
    *,
    worker: str,
    packs: Packs | None,
    batch: int,
) -> Post:
    """The post of one worker, with the hours of all packs that are in force."""
    found = packs or stored_packs(make_uow)
    with make_uow() as uow:
        hours = hours_in(uow, found)
        beside = uow.session.get_bind().dialect.name == "postgresql"
    return Post(gateways, worker, found, hours, batch, beside)


def hours_in(uow: UnitOfWork, packs: Packs) -> Hours:
    """The hours in which people may be told, by all packs that are kept; by the usual one where there is none yet."""
    find = packs_within(uow, packs)
    return hours_of(find(name).settings for name in kept_packs.names(uow.session) or (USUAL,))
