"""Who writes down what came back: in the order in which it came, beside whoever takes more or in their place."""

from __future__ import annotations

from threading import Event, current_thread

import pytest

from notifications.clerk import Clerk, Note
from notifications.outcomes import Written
from workflow.rules.errors import Unavailable

PATIENCE_S = 30.0


def note(late: int) -> Note:
    return [], Written(late=late, passed=0, failed=0)


def test_beside_nobody_waits_for_it_until_they_ask() -> None:
    clerk, go_on = Clerk(beside=True), Event()

    def slowly() -> Note:
        assert go_on.wait(PATIENCE_S)
        return note(1)

    clerk.write(slowly)
    clerk.write(lambda: note(2))
    busy = [clerk.is_busy]
    go_on.set()
    assert [written.late for _, written in clerk.written()] == [1, 2]
    busy.append(clerk.is_busy)
    assert busy == [True, False]
    clerk.close()


def test_where_there_is_one_writer_whoever_hands_it_over_writes() -> None:
    clerk, threads = Clerk(beside=False), []

    def write() -> Note:
        threads.append(current_thread())
        return note(0)

    clerk.write(write)
    assert threads == [current_thread()]
    assert len(clerk.written()) == 1
    clerk.close()


def test_what_could_not_be_written_is_told_to_whoever_asks() -> None:
    clerk = Clerk(beside=True)

    def fail() -> Note:
        raise Unavailable("connection_lost")

    clerk.write(fail)
    with pytest.raises(Unavailable):
        clerk.written()
    clerk.close()
