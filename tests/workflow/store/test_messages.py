"""Where messages are taken and what came of them is written down: by whoever has them, and by nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from tests.databases import new_database as new_database
from tests.notifications.posting import MORNING, Post, a_post, named
from workflow.store import attempts, inbox, messages
from workflow.store.attempts import Attempt
from workflow.store.messages import Claim, Place
from workflow.store.statements import Order, carry_out
from workflow.store.tables import InboxRow, MessageItemRow, MessageRow

LATER = MORNING + timedelta(minutes=5)
PATIENCE_S = 30.0


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with a_post(tmp_path) as found:
        yield found


def write(post: Post, *orders: Order) -> list[int]:
    with post.uow() as uow:
        return carry_out(uow.session, orders)


def take(post: Post, name: str, fence: int = 1, worker: str = "w") -> None:
    write(post, messages.to_claim([Claim(named(name), worker, LATER, fence, 0, 1)]))


def due(post: Post, at: object = MORNING, after: Place | None = None) -> list[object]:
    with post.uow() as uow:
        return [row.id for row in messages.due(uow.session, at, 10, after)]  # type: ignore[arg-type]


def test_the_longest_waiting_come_first_and_each_page_goes_on_where_the_last_one_ended(
    post: Post,
) -> None:
    post.plan("late", at=MORNING)
    post.plan("early", at=MORNING - timedelta(hours=1))
    post.plan("to come", at=LATER)
    assert due(post) == [named("early"), named("late")]
    first = Place(MORNING - timedelta(hours=1), named("early"))
    assert due(post, after=first) == [named("late")]


def test_what_is_taken_is_nobody_elses_until_the_lease_has_run_out(post: Post) -> None:
    post.plan("a")
    take(post, "a")
    assert due(post) == []
    assert due(post, LATER - timedelta(seconds=1)) == []
    assert due(post, LATER) == [named("a")]


@pytest.mark.databases("postgres", why="SQLite has one writer, who waits for no row")
def test_what_another_transaction_holds_is_passed_over(post: Post) -> None:
    post.plan("a", "b")
    with post.uow() as uow:
        held = messages.due(uow.session, MORNING, 1)
        with ThreadPoolExecutor(1) as pool:
            others = pool.submit(due, post).result(PATIENCE_S)
    assert [row.id for row in held] + others == sorted([named("a"), named("b")])


def test_whose_fence_is_not_the_last_one_writes_nothing(post: Post) -> None:
    post.plan("a")
    take(post, "a", fence=1)
    take(post, "a", fence=2, worker="other")
    stale = (named("a"), 1, MORNING)
    touched = write(
        post,
        messages.to_be_sent([(*stale, "email")]),
        messages.to_go_again([(*stale, 0, 1)]),
        messages.to_fail([(*stale, "http_500", "county_office")]),
    )
    assert touched == [0, 0, 0]
    with post.uow() as uow:
        assert messages.held(uow.session, [(named("a"), 1)]) == []
        assert len(messages.held(uow.session, [(named("a"), 2)])) == 1
    assert write(post, messages.to_be_sent([(named("a"), 2, MORNING, "email")])) == [1]
    row = post.message("a")
    assert (row.sent_at, row.next_at, row.claimed_by, row.claimed_until) == (
        MORNING,
        None,
        None,
        None,
    )


def test_in_quiet_hours_only_what_is_due_and_free_is_held(post: Post) -> None:
    post.plan("due", "taken")
    post.plan("to come", at=LATER)
    take(post, "taken")
    until = MORNING + timedelta(hours=10)
    with post.uow() as uow:
        assert messages.hold(uow.session, MORNING, until) == 1
    assert [post.message(name).next_at for name in ("due", "taken", "to come")] == [
        until,
        MORNING,
        LATER,
    ]


def test_items_pass_to_the_next_message_but_those_that_were_taken_out(post: Post) -> None:
    post.plan("a", "gone", "into")
    post.take_out("gone")
    copies = [(named(name), named("into"), "failed") for name in ("a", "gone")]
    write(post, messages.to_copy_items(copies))
    found = post.rows(MessageItemRow, message_id=named("into"))
    assert {(row.occurrence, row.because) for row in found} == {("into", "office"), ("a", "failed")}


def test_an_attempt_that_was_given_up_for_lost_stays_so(post: Post) -> None:
    post.plan("a")
    write(post, attempts.to_begin([Attempt(named("a"), 1, "email", 1, MORNING)]))
    write(post, attempts.to_give_up([named("a")], LATER))
    write(post, attempts.to_end([(named("a"), 1, LATER, "sent", None)]))
    assert post.attempts("a") == [("email", "lost", None)]


def test_an_inbox_has_a_message_once(post: Post) -> None:
    post.plan("a")
    for at in (MORNING, LATER):
        write(post, inbox.to_put([(named("a"), "w1", at)]))
    (row,) = post.rows(InboxRow)
    assert row.delivered_at == MORNING
    assert len(post.rows(MessageRow)) == 1
