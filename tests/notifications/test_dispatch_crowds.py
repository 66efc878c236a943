"""
Eight workers, as two servers and four workers are and more, on one database: each message goes out once, and nobody is told of an error.

Threads with engines of their own on a SQLite file, processes on PostgreSQL.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from notifications.dispatch import drain
from notifications.gateway import SENT, Outcome
from tests import databases
from tests.builders import RING
from tests.crowds import Desk, a_crowd
from tests.notifications.posting import (
    MORNING,
    Post,
    RecordingGateway,
    a_post,
    named,
)
from workflow.services.packs import load_pack
from workflow.store.tables import AttemptRow, MessageRow

pytestmark = [pytest.mark.databases("none"), pytest.mark.slow]

COUNT = 120
REFUSED = Outcome("refused", "address_unknown")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def kind(request: pytest.FixtureRequest) -> databases.Kind:
    """On which database: these tests make their own."""
    found: databases.Kind = request.param
    return found


@pytest.fixture
def post(kind: databases.Kind, tmp_path: Path) -> Iterator[Post]:
    with databases.on(kind), a_post(tmp_path) as found:
        yield found


def sent_by(desk: Desk, now: datetime, refused: frozenset[Any]) -> list[tuple[str, str]]:
    """What one worker put on the wire: id and body, of messages that a peer keeps refusing or takes."""
    email = RecordingGateway(says=lambda one: REFUSED if one.message_id in refused else SENT)
    webhook = RecordingGateway("webhook")
    gateways: dict[str, Any] = {one.name: one for one in (email, webhook)}
    worker = f"worker {desk.number}"
    drain(desk.uow, gateways, clock=lambda: now, worker=worker, packs=load_pack, batch=7)
    return [(str(one.message_id), one.body) for one in (*email.handed, *webhook.handed)]


def test_each_message_goes_out_once_whoever_is_at_it(post: Post, kind: databases.Kind) -> None:
    names = [f"m{number}" for number in range(COUNT)]
    post.plan(*names[:60])
    post.plan(*names[60:90], recipient="w2")
    post.plan(*names[90:], recipient="w3")
    refused = frozenset(map(named, [*names[:10], *names[90:100]]))
    with a_crowd(kind, __name__) as crowd:
        found = crowd.at_once(post.engine, RING, sent_by, MORNING, refused)
    on_the_wire = Counter(message_id for each in found for message_id, _ in each)
    assert on_the_wire == Counter(str(named(name)) for name in names)
    rows = post.rows(MessageRow)
    assert len(rows) == COUNT + 10  # passed on to s1
    assert all(row.sent_at is not None or row.passed_at is not None for row in rows)
    assert len(post.inbox()) == 20
    attempts = post.rows(AttemptRow)
    assert Counter(row.outcome for row in attempts) == {"sent": COUNT, "refused": 20}
    if kind == "postgres":
        assert sum(bool(each) for each in found) > 1, "one had them all: nobody was beside it"
