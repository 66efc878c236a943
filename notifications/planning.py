"""
Planning (编排): every notice goes into a message for a person, to be sent at a humane hour.

Messages have ids made of what they are about, and a notice that is in a message is not asked for again: so that
planning twice, on two machines at once, or again after a kill anywhere, comes to the same rows. What runs of
several days missed goes into one digest.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import structlog

from notifications.post import hours_in
from notifications.recipients import Directory, Told
from notifications.slots import Messages
from workflow.rules.pack import Pack
from workflow.rules.waking import Hours
from workflow.services.clock import Instant
from workflow.services.collecting import uncollected
from workflow.services.pinning import packs_within
from workflow.services.projecting import Packs
from workflow.store import contacts, message_items, message_slots, stamps, turns
from workflow.store import packs as kept_packs
from workflow.store.message_items import PLANNED_THROUGH, SITUATION, Pending, Situation
from workflow.store.notices import OF
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork, UnitsOfWork, in_one_go

TURN = "the planning of messages"
AT_ONCE = 20_000
"""Notices a transaction: enough that reading who is posted where costs little, few enough to end in a second."""
EVER = date(1970, 1, 1)
Kick = Callable[[UnitOfWork], None]
"""Told within the transaction that planned messages, so that whatever sends them is kept or forgotten with them."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Planned:
    """
    What was planned.

    Args:
        messages: made by this run, those to nobody not counted.
        items: notices put into messages; one for each person who is told.
        nobody: messages to nobody, one an office where nobody is posted who can be told; the county office owns them.
    """

    messages: int = 0
    items: int = 0
    nobody: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """By name, as a run keeps them."""
        return {"messages": self.messages, "items": self.items, "nobody": self.nobody}


def plan(
    make_uow: UnitsOfWork,
    *,
    clock: Instant,
    packs: Packs,
    working: Collection[str],
    kick: Kick | None = None,
) -> Planned:
    """
    Put every notice that is in no message into the messages of those who are told.

    Args:
        make_uow: gives a new unit of work each time; some thousand notices are planned in one.
        working: the names of the channels that are set up. Whoever has an account has the inbox besides.
        kick: told within each transaction that planned something.
    """
    done = Planned()
    after: UUID | None = None
    while True:
        with uncollected():
            through, found = in_one_go(
                make_uow,
                partial(
                    _plan_part, clock=clock, packs=packs, working=working, after=after, kick=kick
                ),
            )
        done.messages += found.messages
        done.items += found.items
        done.nobody += found.nobody
        if through is None:
            break
        after = through
    tell = log.info if done.items else log.debug
    tell("plan", for_day=clock.today.isoformat(), **done.counts)
    return done


def begin_on(uow: UnitOfWork, day: date) -> None:
    """Let planning begin with what is told on a day: what was told before it was told by hand."""
    stamps.raise_to(uow.session, PLANNED_THROUGH, day)


# ------------------------------------------------------------------ one part of it


def _plan_part(
    uow: UnitOfWork,
    *,
    clock: Instant,
    packs: Packs,
    working: Collection[str],
    after: UUID | None,
    kick: Kick | None,
) -> tuple[UUID | None, Planned]:
    """The notices of some thousand cases; gives back the case with which they end, None where they were the last."""
    turns.take(uow.session, TURN)
    stamp = stamps.read(uow.session, PLANNED_THROUGH)
    last = date.fromisoformat(stamp) if stamp else None
    since = min(last, clock.today) if last else EVER
    through = message_items.part_end(uow.session, since, after, AT_ONCE)
    known = _packs_of(uow, packs)
    pending = Pending(since, _at_once(known), after, through)
    rows = message_items.find(uow.session, pending)
    done = Planned()
    if rows:
        first = last is None or last < clock.today
        directory = Directory.of(uow, clock.today, working)
        hours = hours_in(uow, packs)
        found = map(Situation._make, {row[SITUATION] for row in rows})
        told: dict[tuple[Any, ...], Sequence[Told]] = {one: directory.told(one) for one in found}
        messages = _messages(uow, clock, hours, told, first=first)
        done = _write(uow, messages, rows, told)
        if kick is not None:
            kick(uow)
    if through is None and (last is None or last < clock.today):
        stamps.raise_to(uow.session, PLANNED_THROUGH, clock.today)
    return through, done


def _write(
    uow: UnitOfWork,
    messages: Messages,
    rows: Sequence[Found],
    told: Mapping[tuple[Any, ...], Sequence[Told]],
) -> Planned:
    """The messages first, then what is in them."""
    daily: dict[tuple[Any, ...], list[tuple[UUID, str]]] = {}
    items: list[tuple[Any, ...]] = []
    for row in rows:
        one = row[SITUATION]
        if row.alone:
            into = _alone(messages, row, told[one])
        elif one in daily:
            into = daily[one]
        else:
            into = daily[one] = _of_a_day(messages, row, told[one])
        items += [(*row[: len(OF)], *each) for each in into]
    made = message_slots.add(uow.session, messages.rows)
    message_slots.take_up(uow.session, [*messages.taken_up.values()])
    message_items.put(uow.session, items)
    nobody = sum(row["failed_at"] is not None for row in messages.new.values())
    return Planned(made - nobody, len(items), nobody)


def _of_a_day(messages: Messages, row: Found, told: Iterable[Told]) -> list[tuple[UUID, str]]:
    """The messages of a day into which all notices of this situation go, and why each person is told."""
    return [(messages.daily(each, row.office_id), each.because) for each in told]


def _alone(messages: Messages, row: Found, told: Iterable[Told]) -> list[tuple[UUID, str]]:
    """The messages that hold nothing but this notice, and why each person is told."""
    return [(messages.single(each, row.office_id, row), each.because) for each in told]


def _packs_of(uow: UnitOfWork, packs: Packs) -> dict[str, Pack]:
    """The packs to which cases are pinned, by name."""
    find = packs_within(uow, packs)
    return {name: find(name) for name in kept_packs.names(uow.session)}


def _at_once(known: Mapping[str, Pack]) -> dict[str, frozenset[str]]:
    """The kinds that wait for no digest, by pack."""
    return {
        name: frozenset(kind for kind, rule in pack.obligations.items() if not rule.digest)
        for name, pack in known.items()
    }


def _messages(
    uow: UnitOfWork,
    clock: Instant,
    hours: Hours,
    told: Mapping[tuple[Any, ...], Sequence[Told]],
    *,
    first: bool,
) -> Messages:
    """The messages of all who are told, those that are there held until the end."""
    handles = {each.handle for some in told.values() for each in some}
    rows = message_slots.held(uow.session, handles, clock.today)
    wishes = contacts.hours_of(uow.session, handles)
    return Messages(clock, hours, first, wishes, {row.id: row for row in rows})
