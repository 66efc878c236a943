"""
Dispatch and planning killed between all statements, around every commit, and before and after each thing on the wire.

Run again when the leases have run out, it ends where nobody had disturbed it: nothing lost, nothing twice in an
inbox, and on the wire no message id with two contents. Every place is enumerated, on both databases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from notifications import clerk, lanes
from notifications.gateway import SENT, Outcome, Outgoing
from tests import databases
from tests.builders import DAY
from tests.failpoints import Enumerated, Original, each_boundary, passing
from tests.notifications.counties import Telling, a_telling_county
from tests.notifications.posting import MORNING, Post, RecordingGateway, a_post, named
from tests.pictures import Picture, Shown
from workflow.store.tables import (
    AttemptRow,
    InboxRow,
    MessageItemRow,
    MessageRow,
)

pytestmark = [pytest.mark.databases("none"), pytest.mark.slow]

REFUSED, AGAIN = Outcome("refused", "address_unknown"), Outcome("again", "timeout")
FIRST = date(2024, 3, 1)
BY_INSTANT = (
    "sent_at",
    "withdrawn_at",
    "passed_at",
    "failed_at",
    "next_at",
    "planned_at",
    "send_from",
)
OF_WHO_TRIED = ("claimed_by", "claimed_until", "fence", "tries")


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def kind(request: pytest.FixtureRequest) -> databases.Kind:
    """On which database: these tests make their own."""
    found: databases.Kind = request.param
    return found


class InOneThread(Executor):
    """A lane's threads where there is but one, so that all places come in one order."""

    def __init__(self, *_: Any, **__: Any) -> None:
        """As many threads as you like."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **more: Any) -> Future[Any]:
        found: Future[Any] = Future()
        found.set_result(work(*args, **more))
        return found


@pytest.fixture(autouse=True)
def in_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "ThreadPoolExecutor", InOneThread)
    monkeypatch.setattr(clerk, "ThreadPoolExecutor", InOneThread)


@pytest.fixture
def post(kind: databases.Kind) -> Iterator[Post]:
    """One message that is sent, one that goes into an inbox, one of each that comes by another way, and one that does not."""
    with databases.on(kind), a_post() as found:
        found.plan("sent", "again", "moved", "empty")
        found.plan("inbox", recipient="w4")
        found.plan("hook", recipient="w2")
        found.plan("passed", recipient="w3")
        found.plan("nowhere", recipient="w5")
        found.plan("failed", recipient="w3", as_role="county_office")
        found.take_out("empty")
        yield found


# ------------------------------------------------------------------ dispatch


def test_dispatch_killed_anywhere_is_run_again(post: Post) -> None:
    wire: dict[UUID, set[tuple[str, str]]] = defaultdict(set)
    found = enumerated(Original(post.engine), lambda engine: sent_out(engine, wire))
    assert len(found.left) >= 60
    assert {"before the wire", "after the wire"} <= {one.place for one in found.left}
    rows = [dict(row) for row in found.after.rows["messages"]]
    over = ("sent_at", "withdrawn_at", "passed_at", "failed_at")
    assert all(any(row[name] for name in over) for row in rows)
    assert len(rows) == 11
    see_that_again_it_ends(found)
    assert len(wire) == 6
    assert all(len(said) == 1 for said in wire.values())


def sent_out(engine: Engine, wire: dict[UUID, set[tuple[str, str]]]) -> None:
    """A morning's dispatch, and one when all leases of a process that died have run out, and one for what went again."""
    post = Post(engine, MORNING)
    gateways = [gateway(name, post, wire) for name in ("email", "webhook")]
    for _ in range(3):
        post.drain(*gateways)
        post.later(minutes=10)


def gateway(name: str, post: Post, wire: dict[UUID, set[tuple[str, str]]]) -> RecordingGateway:
    def says(message: Outgoing) -> Outcome:
        passing("before the wire")
        wire[message.message_id].add((message.title, message.body))
        passing("after the wire")
        return answer(message.message_id, post.now)

    return RecordingGateway(name, says=says)


def answer(message_id: UUID, now: datetime) -> Outcome:
    """What the peer says, whoever asks and however often."""
    if message_id in (named("moved"), named("passed"), named("failed")):
        return REFUSED
    early = now < MORNING + timedelta(minutes=5)
    return AGAIN if message_id == named("again") and early else SENT


# ------------------------------------------------------------------ planning


def test_planning_killed_anywhere_is_run_again(kind: databases.Kind) -> None:
    def planned(engine: Engine) -> None:
        Telling(engine).plan(today)

    with databases.on(kind), a_telling_county() as county:
        for name in ("甲", "乙"):
            county.in_detox("north", name, FIRST, ["w1"])
        today = FIRST + 20 * DAY
        county.tick(today)
        found = enumerated(Original(county.engine), planned)
    assert len(found.left) >= 8
    assert found.after.rows["message_items"]
    see_that_again_it_ends(found)


# ------------------------------------------------------------------ what is compared


def enumerated(original: Original, act: Callable[[Engine], object]) -> Enumerated:
    return each_boundary(original, act, look)


def look(engine: Engine) -> Picture:
    """What came of every message in the end: whether, how and to whom, not when and at the how manieth try."""
    post = Post(engine)
    rows: dict[str, list[Shown]] = {
        "messages": [_came_of(row) for row in post.rows(MessageRow)],
        "message_items": [_item(row) for row in post.rows(MessageItemRow)],
        "inbox": [(("message_id", row.message_id),) for row in post.rows(InboxRow)],
        "attempts": [
            tuple(
                (name, getattr(row, name)) for name in ("message_id", "channel", "outcome", "code")
            )
            for row in post.rows(AttemptRow)
            if row.outcome in ("sent", "refused")
        ],
    }
    return Picture({name: tuple(sorted(found, key=repr)) for name, found in rows.items()})


def _came_of(row: Any) -> Shown:
    found = {**row._asdict(), "content": repr(row.content), "places": repr(row.places)}
    found |= {name: found[name] is not None for name in BY_INSTANT}
    return tuple((name, value) for name, value in found.items() if name not in OF_WHO_TRIED)


def _item(row: Any) -> Shown:
    found = {**row._asdict(), "withdrawn_at": row.withdrawn_at is not None}
    return tuple(found.items())


def see_that_again_it_ends(found: Enumerated) -> None:
    """From whatever a kill left, the second run comes to the same."""
    assert len(found.again) >= 2
    for seen in found.again:
        assert seen == found.after, found.after.difference(seen)
