"""Lanes: what a channel does to its own messages, and that it does nothing to those of another."""

from __future__ import annotations

from threading import Barrier, Event, Lock, Thread
from time import sleep

import pytest

from notifications import lanes
from notifications.content import content_of
from notifications.gateway import SENT, Outcome, Outgoing
from notifications.lanes import Done, Lane, Taken
from notifications.words import Rendered
from tests.notifications.posting import DAY, RecordingGateway, named
from tests.waiting import PATIENCE_S, until

AGAIN = Outcome("again", "http_500")
CONTENT = content_of([], sort="alarm", as_role="county_office", for_day=DAY, language="zh")


def taken(*names: str) -> list[Taken]:
    return [
        Taken(named(name), 1, CONTENT, "email", "a@b.example", 0, ("email",), 1) for name in names
    ]


def many(count: int) -> list[Taken]:
    return taken(*map(str, range(count)))


def went(gateway: RecordingGateway, chunk: list[Taken], width: int = 4) -> list[Done]:
    """What came back of messages that were sent to their end."""
    lane = Lane(gateway, lambda _: Rendered("title", "body"), width)
    for one in lane.send(chunk):
        one.result(PATIENCE_S)
    assert lane.ready == lane.under_way == len(chunk)
    back = lane.came_back()
    assert lane.ready == lane.under_way == 0
    lane.close()
    return back


def test_so_many_go_out_at_once_and_no_more() -> None:
    together, lock, most, now = Barrier(4, timeout=PATIENCE_S), Lock(), [0], [0]

    def says(_: Outgoing) -> Outcome:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        together.wait()
        with lock:
            now[0] -= 1
        return SENT

    assert len(went(RecordingGateway(says=says), many(20))) == 20
    assert most == [4]


def test_a_peer_that_fails_several_times_in_a_row_is_left_alone() -> None:
    gateway = RecordingGateway(says=lambda _: AGAIN)
    back = went(gateway, many(100))
    assert 4 <= len(gateway.handed) <= 8
    codes = [outcome.code for _, outcome in back]
    assert codes.count("http_500") == len(gateway.handed)
    assert codes.count("channel_down") == 100 - len(gateway.handed)


def test_one_receivers_trouble_is_none_of_the_others() -> None:
    alone = Outcome("again", "http_500", alone=True)
    gateway = RecordingGateway(says=lambda _: alone)
    went(gateway, many(50))
    assert len(gateway.handed) == 50


def test_failures_between_successes_are_those_of_their_messages() -> None:
    gateway = RecordingGateway("email", *[AGAIN, SENT] * 25)
    went(gateway, many(50), width=2)
    assert len(gateway.handed) == 50


def test_a_peer_that_asks_for_patience_is_left_alone_by_all() -> None:
    gateway = RecordingGateway(says=lambda _: Outcome("again", "rate_limited", after=900))
    back = went(gateway, many(50))
    assert len(gateway.handed) <= 4
    assert {(outcome.code, outcome.after) for _, outcome in back} == {("rate_limited", 900)}


def test_what_has_waited_for_too_long_is_not_sent_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "PATIENCE_S", 0.4)

    def slowly(_: Outgoing) -> Outcome:
        sleep(0.8)
        return SENT

    gateway = RecordingGateway(says=slowly)
    codes = [outcome.code for _, outcome in went(gateway, many(12), width=2)]
    assert len(gateway.handed) == 2
    assert codes.count("channel_slow") == 10


def test_whoever_closes_begins_nothing_more() -> None:
    begun, go_on = Event(), Event()

    def says(_: Outgoing) -> Outcome:
        begun.set()
        assert go_on.wait(PATIENCE_S)
        return SENT

    gateway = RecordingGateway(says=says)
    lane = Lane(gateway, lambda _: Rendered("title", "body"), 1)
    lane.send(many(3))
    assert begun.wait(PATIENCE_S)
    closing = Thread(target=lane.close)
    closing.start()
    emptied = until(lambda: not lane._waiting, 5)
    go_on.set()
    closing.join(PATIENCE_S)
    assert emptied
    assert not closing.is_alive()
    assert len(lane.came_back()) == len(gateway.handed) == 1
