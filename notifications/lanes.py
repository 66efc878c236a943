"""
One lane a channel: a bounded number of its messages goes out at once, and none of another channel waits for it.

A peer that fails several times in a row, or that asks for patience, is left alone for a while; what was to go
to it meanwhile goes again later, as if it had been tried. So does what has waited here for too long: its lease
must not run out while it goes out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from uuid import UUID

import structlog

from notifications.content import Content
from notifications.gateway import Gateway, Outcome, Outgoing
from notifications.words import Rendered

DOWN = Outcome("again", "channel_down")
SLOW = Outcome("again", "channel_slow")
BROKEN = Outcome("again", "gateway_error")
PATIENCE_S = 60.0
"""How long a message may wait for its turn after it was taken."""
REST_S = 30.0
"""How long a peer is left alone that failed several times in a row."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """
    A message that is ours for a while, and where it goes.

    Args:
        fence: under which it was taken.
        place, places: which of its recipient's channels this one is.
        tries: attempts in this channel, with this one.
    """

    id: UUID
    fence: int
    content: Content
    channel: str
    address: str
    place: int
    places: tuple[str, ...]
    tries: int


Done = tuple[Taken, Outcome]
Words = Callable[[Content], Rendered]


class Lane:
    """
    The way to one channel, from one thread; what came back is collected with `came_back`.

    Args:
        words: what a content says in this channel.
        width: how many go out at once.
    """

    def __init__(self, gateway: Gateway, words: Words, width: int) -> None:
        self._gateway, self._words, self._width = gateway, words, width
        self._pool = ThreadPoolExecutor(width, thread_name_prefix=f"to-{gateway.name}")
        self._waiting: deque[tuple[Taken, float]] = deque()
        self._back: deque[Done] = deque()
        self._lock = Lock()
        self._failed = 0
        self._rests_until = 0.0
        self._rests = DOWN
        self.under_way = 0

    def send(self, chunk: Sequence[Taken]) -> list[Future[None]]:
        """Let these go out; gives back what to wait for."""
        self.under_way += len(chunk)
        ready = monotonic() + PATIENCE_S
        self._waiting.extend((one, ready) for one in chunk)
        return [self._pool.submit(self._work) for _ in range(min(self._width, len(chunk)))]

    def came_back(self) -> list[Done]:
        """What has come back since this was asked last."""
        found = [self._back.popleft() for _ in range(len(self._back))]
        self.under_way -= len(found)
        return found

    @property
    def ready(self) -> int:
        """How many have come back and were not collected yet."""
        return len(self._back)

    def close(self) -> None:
        """Begin nothing more, and wait for what is under way."""
        self._waiting.clear()
        self._pool.shutdown(wait=True)

    def _work(self) -> None:
        while True:
            try:
                one, ready = self._waiting.popleft()
            except IndexError:
                return
            self._back.append((one, self._outcome(one, ready)))

    def _outcome(self, one: Taken, until: float) -> Outcome:
        now = monotonic()
        if now > until:
            return SLOW
        if now < self._rests_until:
            return self._rests
        outcome = self._sent(one)
        self._learn(outcome)
        return outcome

    def _sent(self, one: Taken) -> Outcome:
        try:
            words = self._words(one.content)
            return self._gateway.send(Outgoing(one.id, one.address, words.title, words.body))
        except Exception as error:  # noqa: BLE001 (the sender's edge: one message stops no other)
            log.error("gateway_failed", channel=one.channel, error=type(error).__name__)
            return BROKEN

    def _learn(self, outcome: Outcome) -> None:
        with self._lock:
            if outcome.alone:
                return
            if outcome.became == "sent":
                self._failed = 0
            elif outcome.became == "again":
                self._failed += 1
                if outcome.after:
                    self._rest(outcome.after, outcome)
                elif self._failed >= self._width:
                    self._rest(REST_S, DOWN)

    def _rest(self, seconds: float, outcome: Outcome) -> None:
        self._rests_until, self._rests, self._failed = monotonic() + seconds, outcome, 0
