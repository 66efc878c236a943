"""
Taking messages to send them: in one transaction they become ours for a while, and what they say is fixed.

Until then whatever no longer stands is taken out; from then on one id has one content, whoever sends it and
however often. What goes into an inbox is there when this transaction has ended, and needs no sending.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from notifications.content import Content, content_of
from notifications.filling import items_in
from notifications.lanes import Taken
from notifications.passing_on import OWNER, Stranded, pass_on
from notifications.post import INBOX, Post
from notifications.retrying import tries_of
from notifications.withdrawing import left_standing
from workflow.services.clock import civil_day
from workflow.store import attempts, inbox, messages
from workflow.store.attempts import Attempt
from workflow.store.contacts import Way
from workflow.store.messages import Claim, Fixed, Place
from workflow.store.statements import Order, Row, carry_out
from workflow.store.unit_of_work import UnitOfWork

LEASE = timedelta(minutes=5)
"""How long a message is ours: longer than it waits in its lane and a channel takes together."""
PROGRAM_ERROR = "program_error"


@dataclass(slots=True)
class Claimed:
    """
    What a transaction took.

    Args:
        seen: how many messages it looked at; none are due where these are fewer than it asked for.
        last: the place of the last of them.
        left: how many it left for later, since their channel is busy.
        lost: how many somebody else had taken before, and was never heard of again.
    """

    seen: int = 0
    last: Place | None = None
    taken: list[Taken] = field(default_factory=list)
    delivered: int = 0
    left: int = 0
    withdrawn: int = 0
    lost: int = 0
    passed: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class _Bound:
    """
    Where a message goes now.

    Args:
        place: which of its places; the first beyond them where none is left.
        tries: attempts there, with the one that begins.
    """

    row: Row
    way: Way
    places: tuple[str, ...]
    place: int
    tries: int

    @property
    def channel(self) -> str | None:
        return self.places[self.place] if self.place < len(self.places) else None

    @property
    def fence(self) -> int:
        return int(self.row.fence) + 1


def claim(
    uow: UnitOfWork, post: Post, now: datetime, rows: Sequence[Row], full: frozenset[str]
) -> Claimed:
    """
    Take these messages, whose time has come.

    Args:
        rows: held by this transaction (`workflow.store.messages.due`).
        full: channels that take nothing more for now.
    """
    found = Claimed(seen=len(rows))
    if not rows:
        return found
    found.last = Place(rows[-1].next_at, rows[-1].id)
    ways = post.ways(uow, {row.recipient for row in rows})
    bound = [_bound(row, ways[row.recipient], post.working) for row in rows]
    ready = [one for one in bound if one.channel not in full]
    found.left = len(bound) - len(ready)
    _Taking(uow, post, now, found).take(ready)
    return found


def give_up(uow: UnitOfWork, now: datetime, at: Sequence[Row]) -> Claimed:
    """Let these fail, which cannot even be taken: it is our mistake, and stops no other; unless somebody has them by now, or withdrew them."""
    failed = [(row.id, row.fence, now, PROGRAM_ERROR, OWNER) for row in at]
    (touched,) = carry_out(uow.session, [messages.to_fail(failed)])
    if touched == len(at):
        carry_out(uow.session, [attempts.to_give_up([row.id for row in at], now)])
    return Claimed(seen=len(at), failed=touched)


def _bound(row: Row, way: Way, working: frozenset[str]) -> _Bound:
    """The first place from the present one on where its recipient is to be reached."""
    places = tuple(row.places) if row.content is not None else way.channels
    place, tries = row.place, row.tries
    if row.claimed_by is not None and tries >= tries_of(""):
        place, tries = place + 1, 0  # whoever tried was lost each time
    while place < len(places) and not _reaches(way, places[place], working):
        place, tries = place + 1, 0
    return _Bound(row, way, places, place, tries + 1)


def _reaches(way: Way, channel: str, working: frozenset[str]) -> bool:
    known = channel in working and channel in way.channels
    return known and (channel == INBOX or channel in way.addresses)


@dataclass(slots=True)
class _Taking:
    """One transaction's taking: what is to be written, in the order in which it is."""

    uow: UnitOfWork
    post: Post
    now: datetime
    found: Claimed
    orders: list[Order] = field(default_factory=list)

    def take(self, ready: Sequence[_Bound]) -> None:
        contents = self._contents([one for one in ready if one.row.content is None])
        ours = [one for one in ready if one.row.id in contents or one.row.content is not None]
        self._lease(ours, contents)
        self._begin(ours, contents)
        self._pass_on([one for one in ours if one.channel is None])
        carry_out(self.uow.session, self.orders)

    def _contents(self, fresh: Sequence[_Bound]) -> dict[UUID, Content]:
        """What each says that says something for the first time; what has nothing left to say is withdrawn."""
        if not fresh:
            return {}
        ids, today = [one.row.id for one in fresh], civil_day(self.now)
        left = left_standing(self.uow, self.now, ids)
        items = items_in(self.uow, left, today, packs=self.post.packs)
        said: dict[UUID, Content] = {}
        empty: list[UUID] = []
        for one in fresh:
            row = one.row
            if not items.get(row.id) and row.sort != "alarm":
                empty.append(row.id)
                continue
            said[row.id] = content_of(
                items.get(row.id, ()),
                sort=row.sort,
                as_role=row.as_role,
                for_day=row.for_day,
                language="en" if one.way.language == "en" else "zh",
            )
        self.orders.append(messages.to_withdraw(empty, self.now))
        self.found.withdrawn = len(empty)
        return said

    def _lease(self, ours: Sequence[_Bound], contents: Mapping[UUID, Content]) -> None:
        until, worker = self.now + LEASE, self.post.worker
        first: list[tuple[Claim, Fixed]] = []
        again: list[Claim] = []
        for one in ours:
            claim = Claim(one.row.id, worker, until, one.fence, one.place, one.tries)
            if (content := contents.get(one.row.id)) is None:
                again.append(claim)
            else:
                first.append((claim, (content.to_json(), list(one.places))))
        lost = [one.row.id for one in ours if one.row.claimed_by is not None]
        self.found.lost = len(lost)
        self.orders.append(attempts.to_give_up(lost, self.now))
        self.orders.append(messages.to_fix_and_claim(first))
        self.orders.append(messages.to_claim(again))

    def _begin(self, ours: Sequence[_Bound], contents: Mapping[UUID, Content]) -> None:
        begun: list[Attempt] = []
        delivered: list[_Bound] = []
        for one in ours:
            if (channel := one.channel) is None:
                continue
            attempt = Attempt(one.row.id, one.fence, channel, one.fence, self.now)
            if channel == INBOX:
                delivered.append(one)
                attempt = attempt._replace(ended_at=self.now, outcome="sent")
            else:
                content = contents.get(one.row.id) or Content.from_json(one.row.content)
                self.found.taken.append(_taken(one, channel, content))
            begun.append(attempt)
        self.orders.append(attempts.to_begin(begun))
        self._deliver(delivered)

    def _deliver(self, delivered: Sequence[_Bound]) -> None:
        """Into the inboxes, which need no sending."""
        now = self.now
        sent = [(one.row.id, one.fence, now, INBOX) for one in delivered]
        put = [(one.row.id, one.row.recipient, now) for one in delivered]
        self.orders += [inbox.to_put(put), messages.to_be_sent(sent)]
        self.found.delivered = len(delivered)

    def _pass_on(self, nowhere: Sequence[_Bound]) -> None:
        """What has no place left, since its recipient lost the last one meanwhile."""
        stranded = [Stranded(one.row, one.fence, "no_channel") for one in nowhere]
        passed = pass_on(self.uow, self.post, stranded, self.now)
        self.orders += passed.orders
        self.found.passed, self.found.failed = passed.passed, passed.failed


def _taken(one: _Bound, channel: str, content: Content) -> Taken:
    return Taken(
        id=one.row.id,
        fence=one.fence,
        content=content,
        channel=channel,
        address=one.way.addresses[channel],
        place=one.place,
        places=one.places,
        tries=one.tries,
    )
