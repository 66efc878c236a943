"""
What came back, and what follows from it: sent, once more, the next channel, the next recipient, or a failure.

What follows is decided before anything is written. It is written only by whoever still has the message.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from notifications.lanes import SLOW, Done, Taken
from notifications.passing_on import PassedOn, Stranded, pass_on
from notifications.post import Post
from notifications.retrying import FIRST_S, LEAST_S, Chance, pause
from workflow.store import attempts, messages
from workflow.store.statements import Order, carry_out
from workflow.store.unit_of_work import UnitOfWork

WAITS = 20
"""How often a message may wait in vain for its turn with us, a minute and more each time; from then on it counts as tried."""

Then = Literal["sent", "again", "moved", "stranded"]


@dataclass(frozen=True, slots=True)
class Step:
    """
    What follows for one message.

    Args:
        then: `sent`; `again` by the same channel; `moved` to the next one; `stranded`: no channel is left.
        next_at, place, tries: when it is looked at next, and where it stands then.
    """

    taken: Taken
    became: str
    code: str
    then: Then
    next_at: datetime
    place: int
    tries: int


def next_step(
    done: Done, now: datetime, *, awake: Callable[[datetime], datetime], chance: Chance
) -> Step:
    """
    What follows from an outcome; nothing is told in hours in which people may not be told.

    Args:
        chance: any number between two others: the jitter.
    """
    one, outcome = done
    then, next_at, place, tries = _followed(done, now, chance)
    if then != "sent":
        next_at = awake(next_at)
    return Step(one, outcome.became, outcome.code, then, next_at, place, tries)


def _followed(done: Done, now: datetime, chance: Chance) -> tuple[Then, datetime, int, int]:
    one, outcome = done
    if outcome.became == "sent":
        return "sent", now, one.place, one.tries
    if outcome.code == SLOW.code and one.fence - one.tries < WAITS:  # nobody tried
        return "again", now + timedelta(seconds=chance(LEAST_S, FIRST_S)), one.place, one.tries - 1
    seconds = pause(outcome, one.tries, chance)
    if seconds is not None:
        return "again", now + timedelta(seconds=seconds), one.place, one.tries
    if one.place + 1 < len(one.places):
        return "moved", now, one.place + 1, 0
    return "stranded", now, one.place, one.tries


@dataclass(frozen=True, slots=True)
class Written:
    """How many outcomes were `late`, and how many messages were passed on or have failed."""

    late: int
    passed: int
    failed: int


def write_down(uow: UnitOfWork, post: Post, steps: Sequence[Step], now: datetime) -> Written:
    """Write down what came of these messages, as far as they still are ours."""
    sent = [(s.taken.id, s.taken.fence, now, s.taken.channel) for s in steps if s.then == "sent"]
    later = [
        (s.taken.id, s.taken.fence, s.next_at, s.place, s.tries)
        for s in steps
        if s.then in ("again", "moved")
    ]
    ended = [(s.taken.id, s.taken.fence, now, s.became, s.code or None) for s in steps]
    stranded = [s for s in steps if s.then == "stranded"]
    passed = _passed_on(uow, post, stranded, now)
    orders: list[Order] = [messages.to_be_sent(sent), messages.to_go_again(later)]
    touched = carry_out(uow.session, [*orders, *passed.orders, attempts.to_end(ended)])
    ours = touched[0] + touched[1] + passed.passed + passed.failed
    return Written(len(steps) - ours, passed.passed, passed.failed)


def _passed_on(uow: UnitOfWork, post: Post, stranded: Sequence[Step], now: datetime) -> PassedOn:
    codes = {s.taken.id: s.code for s in stranded}
    held = messages.held(uow.session, [(s.taken.id, s.taken.fence) for s in stranded])
    still = [Stranded(row, row.fence, codes[row.id] or "refused") for row in held]
    return pass_on(uow, post, still, now)
