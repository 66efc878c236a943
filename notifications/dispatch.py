"""
Dispatch (投递): whatever waits and whose time has come is taken, sent, and what came of it is written down.

Taken in batches, each in one transaction; sent outside of any, each channel in its own lane, a bounded number
at once; written down as it comes back, by whoever still has it. At least once on the wire, always under the same
id and with the same content; exactly once in an inbox. Any number of workers may do this at once, and each may
die anywhere: what it had is free again when its lease has run out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from secrets import SystemRandom
from time import monotonic

import structlog

from notifications.claiming import Claimed, claim, give_up
from notifications.clerk import Clerk
from notifications.gateway import Gateway
from notifications.lanes import Done, Lane, Taken, Words
from notifications.outcomes import Step, Written, next_step, write_down
from notifications.post import INBOX, Post, a_post
from notifications.retrying import Chance
from notifications.words import rendered
from workflow.rules.errors import Unavailable
from workflow.services.collecting import uncollected
from workflow.services.projecting import Packs
from workflow.store import messages
from workflow.store.messages import Place
from workflow.store.statements import Row
from workflow.store.unit_of_work import UnitOfWork, UnitsOfWork, in_one_go

BATCH = 500
"""Messages a transaction."""
WIDTH = 8
"""Messages that go out at once by one channel."""
LANE = 1000
"""Messages that one channel may have under way; more are left where they are until it has room."""
LOOK_S = 0.2
"""How soon what came back is written down, though more is under way."""
REST_S = 1.0
"""How long what waits for a busy channel is not looked through again."""
BACK = timedelta(hours=2)
"""A clock that goes back further was wrong before: what goes again then would wait for that day."""
MARGIN = timedelta(minutes=2)
"""Nothing is taken so short before quiet hours that it might still go out in them."""

_ANY: Chance = SystemRandom().uniform

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Drained:
    """
    What a drain did, in messages.

    Args:
        delivered: put into an inbox; `sent`: by another channel.
        again: attempts after which a message is to go again; `moved`: after which its next channel has its turn.
        late: outcomes that were not written down, since the message was somebody else's by then.
        lost: taken over from somebody who was never heard of again.
        by_channel: how often an attempt became what, by channel.
    """

    delivered: int = 0
    sent: int = 0
    again: int = 0
    moved: int = 0
    passed: int = 0
    failed: int = 0
    withdrawn: int = 0
    late: int = 0
    lost: int = 0
    by_channel: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def counts(self) -> dict[str, int]:
        """By name, for a run's record; what did not happen is left out."""
        names = [name for name in self.__slots__ if name != "by_channel"]
        return {name: count for name in names if (count := getattr(self, name))}


def drain(
    make_uow: UnitsOfWork,
    gateways: Mapping[str, Gateway],
    *,
    clock: Callable[[], datetime],
    worker: str,
    packs: Packs | None = None,
    link: str | None = None,
    limit: int | None = None,
    batch: int = BATCH,
    width: int = WIDTH,
    chance: Chance = _ANY,
) -> Drained:
    """
    Send what waits, until nothing is left whose time has come.

    Args:
        gateways: the channels that work, by name; the inbox always does.
        clock: what time it is, aware. Within one drain it goes back only to put right what was wrong by hours.
        worker: by which name messages are taken; of those who work at once each has its own.
        packs: by which what is owed counts; those that the database keeps where left out.
        link: where the app is, for the last line of a message.
        limit: how many messages are taken at the most, about.
        width: how many go out at once by one channel.
    """
    post = a_post(make_uow, gateways, worker=worker, packs=packs, batch=batch)
    speak = {
        name: partial(rendered, counts_only=one.counts_only, link=link)
        for name, one in gateways.items()
    }
    run = _Drain(make_uow, post, clock, chance, width, speak, limit, Clerk(beside=post.beside))
    try:
        run.run()
    finally:
        run.close()
    if run.drained.counts:
        log.info("drain", worker=worker, **run.drained.counts)
    return run.drained


@dataclass(slots=True)
class _Drain:
    """A drain under way."""

    make_uow: UnitsOfWork
    post: Post
    clock: Callable[[], datetime]
    chance: Chance
    width: int
    speak: Mapping[str, Words]
    limit: int | None
    clerk: Clerk
    drained: Drained = field(default_factory=Drained)
    lanes: dict[str, Lane] = field(default_factory=dict)
    futures: set[Future[None]] = field(default_factory=set)
    after: Place | None = None
    left: bool = False
    careful: int = 0
    looked: float = 0.0
    taken: int = 0
    latest: datetime | None = None

    def run(self) -> None:
        """Take, send and write down by turns, until nothing is left to be done."""
        while True:
            with uncollected():
                took = self._take()
            back = self._came_back(waiting=not took)
            if back:
                self._write_down(back)
            if not (took or back or self.left or self._under_way or self.clerk.is_busy):
                return
            if not (took or self.futures):
                self._note_written()

    def close(self) -> None:
        """Begin nothing more, and wait for what is under way."""
        for lane in self.lanes.values():
            lane.close()
        self.clerk.close()

    @property
    def _under_way(self) -> int:
        return sum(lane.under_way for lane in self.lanes.values())

    def _now(self) -> datetime:
        """What time it is; a clock that jumps back a little mid-way stands still until it has caught up."""
        now = self.clock()
        if self.latest is None or now > self.latest or self.latest - now > BACK:
            self.latest = now
        return self.latest

    # -------------------------------------------------------------- taking

    def _take(self) -> bool:
        """Take a batch and let it go out; whether there may be more at once."""
        full = frozenset(name for name, one in self.lanes.items() if one.under_way >= LANE)
        rests = self.left and self.after is None and full and monotonic() < self.looked + REST_S
        if rests or (self.limit is not None and self.taken >= self.limit):
            self.left = self.left and bool(rests)
            return False
        now = self._now()
        if (awake := self.post.awake(now + MARGIN)) > now + MARGIN:
            with self.make_uow() as uow:
                messages.hold(uow.session, now, awake)
            self.left = False
            return False
        if self.after is None:
            self.left, self.looked = False, monotonic()
        most = 1 if self.careful else self.post.batch
        found = self._claimed(now, most, full)
        if found is None:
            return True
        self.careful = max(0, self.careful - 1)
        self.after = found.last if found.seen == most else None
        self._note(found)
        self._send(found.taken)
        return found.seen > 0

    def _claimed(self, now: datetime, most: int, full: frozenset[str]) -> Claimed | None:
        """What was taken; None where a batch could not be, so that its messages are taken one by one."""
        at: list[Row] = []

        def taken(uow: UnitOfWork) -> Claimed:
            at[:] = messages.due(uow.session, now, most, self.after)
            return claim(uow, self.post, now, at, full)

        try:
            return in_one_go(self.make_uow, taken)
        except Unavailable:
            raise  # it is not these messages that cannot be taken
        except Exception as error:
            log.error("claim_failed", messages=most, error=type(error).__name__)
            if not at:
                raise  # nor here: none was found yet
        if most == 1:
            return in_one_go(self.make_uow, lambda uow: give_up(uow, now, at))
        self.careful = most
        return None

    def _note(self, found: Claimed) -> None:
        self.left = self.left or found.left > 0
        self.taken += found.seen - found.left
        drained = self.drained
        drained.delivered += found.delivered
        drained.withdrawn += found.withdrawn
        drained.lost += found.lost
        drained.passed += found.passed
        drained.failed += found.failed
        if found.delivered:
            drained.by_channel[INBOX, "sent"] += found.delivered

    def _send(self, taken: Sequence[Taken]) -> None:
        chunks: dict[str, list[Taken]] = {}
        for one in taken:
            chunks.setdefault(one.channel, []).append(one)
        for name, chunk in chunks.items():
            if name not in self.lanes:
                gateway = self.post.gateways[name]
                self.lanes[name] = Lane(gateway, self.speak[name], self.width)
            self.futures.update(self.lanes[name].send(chunk))

    # -------------------------------------------------------------- writing down

    def _came_back(self, *, waiting: bool) -> list[Done]:
        """What has come back; nothing as long as little has, and more can be taken meanwhile."""
        if waiting and self.futures:
            wait(self.futures, LOOK_S, FIRST_COMPLETED)
        ended = {one for one in self.futures if one.done()}
        self.futures -= ended
        for one in ended:
            one.result()
        ready = sum(lane.ready for lane in self.lanes.values())
        if not waiting and ready < self.post.batch // 2 and self._under_way < LANE:
            return []
        return [done for lane in self.lanes.values() for done in lane.came_back()]

    def _write_down(self, back: Sequence[Done]) -> None:
        now = self._now()
        steps = [next_step(one, now, awake=self.post.awake, chance=self.chance) for one in back]
        self._note_written()
        self.clerk.write(lambda: (steps, self._written(steps, now)))

    def _note_written(self) -> None:
        """Count what was written down last, once it is."""
        for steps, written in self.clerk.written():
            self._count(steps, written)

    def _written(self, steps: Sequence[Step], now: datetime) -> Written:
        """Write down what follows; where that fails, for one message at a time."""
        try:
            with uncollected():
                return in_one_go(self.make_uow, lambda uow: write_down(uow, self.post, steps, now))
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 (the sender's edge: one message stops no other)
            log.error("outcomes_unwritten", messages=len(steps), error=type(error).__name__)
        if len(steps) == 1:
            return Written(late=1, passed=0, failed=0)  # its lease runs out, and it is taken again
        each = [self._written([step], now) for step in steps]
        return Written(
            sum(one.late for one in each),
            sum(one.passed for one in each),
            sum(one.failed for one in each),
        )

    def _count(self, steps: Sequence[Step], written: Written) -> None:
        drained = self.drained
        for step in steps:
            drained.by_channel[step.taken.channel, step.became] += 1
        then = Counter(step.then for step in steps)
        drained.sent += then["sent"]
        drained.again += then["again"]
        drained.moved += then["moved"]
        drained.late += written.late
        drained.passed += written.passed
        drained.failed += written.failed
