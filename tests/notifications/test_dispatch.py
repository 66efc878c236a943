"""Dispatch: each message arrives, once where that can be had, and whatever becomes of it is written down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from notifications import claiming, dispatch, passing_on
from notifications.gateway import SENT, Outcome, Outgoing
from notifications.recipients import Directory
from tests.databases import new_database as new_database
from tests.notifications.posting import MORNING, Post, RecordingGateway, a_post, named
from workflow.store import messages
from workflow.store.statements import carry_out
from workflow.store.tables import MessageItemRow, MessageRow

AGAIN = Outcome("again", "http_500")
REFUSED = Outcome("refused", "address_unknown")


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    with a_post(tmp_path) as found:
        yield found


def test_what_waits_is_sent_once_and_the_ledger_says_so(post: Post) -> None:
    post.plan("a", "b")
    email = RecordingGateway()
    assert post.drain(email).counts == {"sent": 2}
    assert sorted(email.ids) == sorted([named("a"), named("b")])
    row = post.message("a")
    assert (row.sent_at, row.channel, row.next_at, row.claimed_by) == (MORNING, "email", None, None)
    assert row.content["for_day"] == "2026-03-02"
    assert row.places == ["email", "inbox"]
    assert post.attempts("a") == [("email", "sent", None)]
    assert post.drain(email).counts == {}
    assert len(email.handed) == 2


def test_nothing_goes_before_its_time(post: Post) -> None:
    post.plan("a")
    post.later(seconds=-1)
    assert post.drain(RecordingGateway()).counts == {}
    post.later(seconds=1)
    assert post.drain(RecordingGateway()).counts == {"sent": 1}


def test_an_inbox_needs_no_sending(post: Post) -> None:
    post.plan("a", recipient="w4")
    assert post.drain().counts == {"delivered": 1}
    assert post.inbox() == [named("a")]
    assert (post.message("a").channel, post.message("a").sent_at) == ("inbox", MORNING)
    assert post.attempts("a") == [("inbox", "sent", None)]


def test_what_failed_goes_again_after_a_pause_with_the_same_content(post: Post) -> None:
    post.plan("a")
    email = RecordingGateway("email", AGAIN)
    assert post.drain(email).counts == {"again": 1}
    row = post.message("a")
    assert (row.next_at - MORNING).total_seconds() == 30
    assert post.drain(email).counts == {}
    post.later(seconds=30)
    assert post.drain(email).counts == {"sent": 1}
    assert email.handed[0] == email.handed[1]
    assert post.attempts("a") == [("email", "again", "http_500"), ("email", "sent", None)]


def test_a_peer_that_asks_for_patience_is_given_it(post: Post) -> None:
    post.plan("a")
    email = RecordingGateway("email", Outcome("again", "rate_limited", after=900))
    post.drain(email)
    assert (post.message("a").next_at - MORNING).total_seconds() == 900


def test_after_so_many_attempts_the_next_channel_has_its_turn(post: Post) -> None:
    post.plan("a")
    email = RecordingGateway(says=lambda _: AGAIN)
    for _ in range(5):
        post.drain(email)
        post.later(hours=1)
    assert len(email.handed) == 5
    assert post.inbox() == [named("a")]
    assert [outcome for _, outcome, _ in post.attempts("a")] == ["again"] * 5 + ["sent"]


def test_a_refusal_goes_to_the_next_channel_at_once(post: Post) -> None:
    post.plan("a")
    assert post.drain(RecordingGateway("email", REFUSED)).counts == {"moved": 1, "delivered": 1}
    assert post.attempts("a") == [("email", "refused", "address_unknown"), ("inbox", "sent", None)]


def test_whom_no_channel_reaches_the_next_above_is_told_for(post: Post) -> None:
    post.plan("a", recipient="w3")
    assert post.drain(RecordingGateway("email", REFUSED)).counts == {"passed": 1, "delivered": 1}
    first = post.message("a")
    (second,) = post.rows(MessageRow, recipient="s1")
    assert (first.passed_at, first.passed_to, first.next_at) == (MORNING, second.id, None)
    assert (second.as_role, second.sort, second.channel) == ("supervisor", "at_once", "inbox")
    (item,) = post.rows(MessageItemRow, message_id=second.id)
    assert (item.occurrence, item.because) == ("a", "failed")


def test_above_whom_nobody_is_it_fails_and_somebody_has_to_see_to_it(post: Post) -> None:
    post.plan("a", recipient="w3", as_role="county_office")
    assert post.drain(RecordingGateway("email", REFUSED)).counts == {"failed": 1}
    row = post.message("a")
    assert (row.failed_at, row.failure, row.owner) == (MORNING, "address_unknown", "county_office")
    assert row.next_at is None


def test_who_has_lost_every_channel_meanwhile_is_passed_over(post: Post) -> None:
    post.plan("a", recipient="w5")
    assert post.drain().counts == {"passed": 1, "delivered": 1}
    (second,) = post.rows(MessageRow, recipient="s1")
    (item,) = post.rows(MessageItemRow, message_id=second.id)
    assert item.because == "no_channel"
    assert post.attempts("a") == []


def test_what_has_nothing_left_to_say_is_withdrawn_and_not_sent(post: Post) -> None:
    post.plan("a", "b")
    post.take_out("a")
    assert post.drain(RecordingGateway()).counts == {"sent": 1, "withdrawn": 1}
    assert (post.message("a").withdrawn_at, post.message("a").next_at) == (MORNING, None)
    assert post.attempts("a") == []


def test_what_no_longer_stands_is_told_no_more_even_if_no_run_took_it_out(post: Post) -> None:
    post.plan("a", "b")
    post.close("a")
    email = RecordingGateway()
    assert post.drain(email).counts == {"sent": 1, "withdrawn": 1}
    assert email.ids == [named("b")]
    (item,) = post.rows(MessageItemRow, message_id=named("a"))
    assert (item.withdrawn_at, item.withdrawn_because) == (MORNING, "closed")


def test_what_is_done_between_two_attempts_changes_nothing_in_what_is_said(post: Post) -> None:
    post.plan("a")
    email = RecordingGateway("email", AGAIN)
    post.drain(email)
    post.close("a")
    post.later(minutes=5)
    assert post.drain(email).counts == {"sent": 1}
    assert email.handed[0] == email.handed[1]


def test_who_is_never_heard_of_again_loses_the_message_to_another(post: Post) -> None:
    post.plan("a")
    email = RecordingGateway(says=lambda _: die())

    class Dead(BaseException):
        pass

    def die() -> Outcome:
        raise Dead

    with pytest.raises(Dead):
        post.drain(email, worker="dead")
    post.later(minutes=4)
    assert post.drain(RecordingGateway(), worker="next").counts == {}
    post.later(minutes=1)
    other = RecordingGateway()
    assert post.drain(other, worker="next").counts == {"sent": 1, "lost": 1}
    assert other.handed == email.handed
    assert post.attempts("a") == [("email", "lost", None), ("email", "sent", None)]


def test_whose_lease_ran_out_writes_nothing_down(post: Post) -> None:
    post.plan("a")
    other = RecordingGateway()

    def slowly(_: Outgoing) -> Outcome:
        post.later(minutes=6)
        assert post.drain(other, worker="other").counts == {"sent": 1, "lost": 1}
        return AGAIN

    drained = post.drain(RecordingGateway(says=slowly), worker="slow", limit=1)
    assert drained.late == 1
    row = post.message("a")
    assert (row.sent_at, row.next_at, row.fence) == (post.now, None, 2)
    assert post.attempts("a") == [("email", "lost", None), ("email", "sent", None)]


def test_a_channel_whose_code_fails_stops_no_other(post: Post) -> None:
    post.plan("a")
    post.plan("b", recipient="w2")

    def broken(_: Outgoing) -> Outcome:
        raise ZeroDivisionError

    drained = post.drain(RecordingGateway(says=broken), RecordingGateway("webhook"))
    assert drained.counts == {"sent": 1, "again": 1}
    assert post.attempts("a") == [("email", "again", "gateway_error")]


def test_what_cannot_even_be_taken_fails_alone(post: Post) -> None:
    post.plan("a", "c")
    post.plan("b", case="odd case")
    assert post.drain(RecordingGateway()).counts == {"sent": 2, "failed": 1}
    row = post.message("b")
    assert (row.failure, row.owner, row.next_at) == ("program_error", "county_office", None)


def test_what_somebody_took_meanwhile_does_not_fail_and_nothing_in_its_place(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_up = claiming.give_up

    def beside_another(*more: Any) -> Any:
        post.taken_by_another("b")
        return give_up(*more)

    monkeypatch.setattr(dispatch, "give_up", beside_another)
    post.plan("b", case="odd case")
    post.later(seconds=1)
    post.plan("a")
    assert post.drain(RecordingGateway(), batch=1).counts == {"sent": 1}
    assert (post.message("b").claimed_by, post.message("b").failed_at) == ("another", None)
    assert post.attempts("b") == [("email", None, None)]


def test_what_was_withdrawn_meanwhile_does_not_fail(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_up = claiming.give_up

    def beside_a_run(*more: Any) -> Any:
        with post.uow() as uow:
            carry_out(uow.session, [messages.to_withdraw([named("b")], post.now)])
        return give_up(*more)

    monkeypatch.setattr(dispatch, "give_up", beside_a_run)
    post.plan("b", case="odd case")
    assert post.drain(RecordingGateway()).counts == {}
    row = post.message("b")
    assert (row.withdrawn_at, row.failed_at, row.owner) == (post.now, None, None)


def test_who_is_posted_where_is_asked_once_for_all_that_is_passed_on(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []

    def of(*more: Any) -> Directory:
        asked.append(more)
        return Directory.of(*more)

    monkeypatch.setattr(passing_on, "Directory", SimpleNamespace(of=of))
    post.plan("a", "b", "c", recipient="w5")
    assert post.drain(RecordingGateway()).passed == 3
    assert len(asked) == 1
    assert sorted(row.recipient for row in post.rows(MessageRow)) == ["s1"] * 3 + ["w5"] * 3


def test_what_cannot_be_written_down_keeps_nothing_else_from_it(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mistaken(*_: object, **__: object) -> None:
        raise ZeroDivisionError  # a mistake of ours, which the real one is not known to make

    monkeypatch.setattr(passing_on, "next_higher", mistaken)
    post.plan("a", "b", "c", recipient="w3")
    email = RecordingGateway(says=lambda one: REFUSED if one.message_id == named("b") else SENT)
    assert post.drain(email).counts == {"sent": 2, "late": 1}
    assert post.message("b").claimed_by == "w"
    post.later(hours=1)
    for _ in range(5):
        post.drain(email)
        post.later(hours=1)
    assert post.message("b").failure == "program_error"
    assert email.ids.count(named("b")) == 5
    assert email.ids.count(named("a")) == 1
