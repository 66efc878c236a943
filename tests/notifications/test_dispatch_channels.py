"""Dispatch over several channels and whatever the clock does: a bad channel hurts its own, and no jump brings a storm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from notifications import dispatch, lanes
from notifications.gateway import SENT, Outcome, Outgoing
from notifications.outcomes import WAITS
from notifications.retrying import TRIES
from tests.databases import new_database as new_database
from tests.notifications.posting import MORNING, Post, RecordingGateway, a_post, named
from workflow.store.tables import MessageRow

AGAIN = Outcome("again", "timeout")
PATIENCE_S = 30.0


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with a_post(tmp_path) as found:
        yield found


def names(letter: str, count: int) -> list[str]:
    return [f"{letter}{number}" for number in range(count)]


def test_a_channel_that_hangs_holds_up_no_other(post: Post) -> None:
    post.plan(*names("a", 60))
    post.plan(*names("b", 20), recipient="w2", at=MORNING + timedelta(seconds=1))
    post.later(seconds=2)
    all_told = Event()

    def hangs(_: Outgoing) -> Outcome:
        assert all_told.wait(PATIENCE_S), "the other channel waited for this one"
        return AGAIN

    def hook(_: Outgoing) -> Outcome:
        if len(webhook.handed) == 20:
            all_told.set()
        return SENT

    webhook = RecordingGateway("webhook", says=hook)
    drained = post.drain(RecordingGateway(says=hangs), webhook, batch=10)
    assert drained.counts == {"sent": 20, "again": 60}


def test_what_a_busy_channel_has_no_room_for_is_left_and_sent_later(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "LANE", 10)
    post.plan(*names("a", 70))
    email = RecordingGateway()
    assert post.drain(email, batch=10, width=2).counts == {"sent": 70}
    assert len(set(email.ids)) == len(email.ids) == 70
    assert {row.fence for row in post.rows(MessageRow)} == {1}


def test_waiting_for_its_turn_with_us_is_no_try(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relay that is slow and well: good letters wait for it, and go by no other channel."""
    monkeypatch.setattr(lanes, "PATIENCE_S", -1.0)
    post.plan("a")
    email = RecordingGateway()
    for _ in range(8):
        assert post.drain(email).counts == {"again": 1}
        row = post.message("a")
        assert (row.place, row.tries, (row.next_at - post.now).total_seconds()) == (0, 0, 30)
        post.later(seconds=30)
    monkeypatch.setattr(lanes, "PATIENCE_S", 60.0)
    assert post.drain(email).counts == {"sent": 1}
    assert post.attempts("a") == [("email", "again", "channel_slow")] * 8 + [
        ("email", "sent", None)
    ]


def test_a_message_that_waits_for_its_turn_again_and_again_goes_by_its_next_channel(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "PATIENCE_S", -1.0)
    post.plan("a")
    for _ in range(WAITS + TRIES - 1):
        assert post.drain(RecordingGateway()).counts == {"again": 1}
        post.now = post.message("a").next_at
    assert post.drain(RecordingGateway()).counts == {"moved": 1, "delivered": 1}
    assert post.inbox() == [named("a")]


def test_so_many_are_taken_and_no_more(post: Post) -> None:
    post.plan(*names("a", 30))
    assert post.drain(RecordingGateway(), batch=10, limit=20).counts == {"sent": 20}


def test_nothing_is_sent_in_quiet_hours_nor_so_short_before_that_it_might_arrive_in_them(
    post: Post,
) -> None:
    evening = MORNING + timedelta(hours=11, minutes=29)  # a minute before eight
    morning = MORNING + timedelta(hours=23, minutes=30)
    post.plan("a", at=MORNING)
    post.now = evening
    email = RecordingGateway()
    assert post.drain(email).counts == {}
    assert (post.message("a").next_at, post.message("a").fence) == (morning, 0)
    post.now = morning
    assert post.drain(email).counts == {"sent": 1}


def test_what_failed_in_the_evening_goes_again_in_the_morning(post: Post) -> None:
    post.later(hours=11, minutes=20)  # ten minutes to eight
    post.plan("a")
    post.drain(RecordingGateway("email", Outcome("again", "rate_limited", after=900)))
    assert post.message("a").next_at == MORNING + timedelta(hours=23, minutes=30)


# ------------------------------------------------------------------ clocks


def test_a_clock_that_jumps_back_while_something_goes_out_tries_nothing_sooner(post: Post) -> None:
    post.plan(*names("a", 6))

    def says(_: Outgoing) -> Outcome:
        post.now = MORNING - timedelta(hours=1)
        return AGAIN

    email = RecordingGateway(says=says)
    assert post.drain(email).counts == {"again": 6}
    assert len(email.handed) == 6
    for row in post.rows(MessageRow):
        assert row.next_at > MORNING
    assert post.drain(email).counts == {}


def test_a_clock_that_jumps_forward_a_year_sends_each_once(post: Post) -> None:
    post.plan(*names("a", 10))
    post.plan(*names("b", 10), at=MORNING + timedelta(days=30))
    email = RecordingGateway("email", *[AGAIN] * 10)
    post.drain(email, width=20)
    post.later(days=365)
    assert post.drain(email).counts == {"sent": 20}
    assert post.drain(email).counts == {}
    post.later(days=-365)
    assert post.drain(email).counts == {}
    assert Counter(email.ids) == {
        **dict.fromkeys(map(named, names("a", 10)), 2),
        **dict.fromkeys(map(named, names("b", 10)), 1),
    }


def test_a_clock_that_was_a_year_ahead_by_mistake_puts_nothing_off_for_a_year(post: Post) -> None:
    post.plan("a")
    post.later(days=365)

    def says(_: Outgoing) -> Outcome:
        post.now = MORNING
        return AGAIN

    post.drain(RecordingGateway(says=says))
    assert post.message("a").next_at == MORNING + timedelta(seconds=30)
