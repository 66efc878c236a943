"""
What holds whoever runs the jobs: the same tests on each engine, by the same names.

The last test sees to it that no test of this module is there for one engine only.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from notifications.gateway import SENT, Outcome, Outgoing
from notifications.jobs import Jobs
from tests import databases
from tests.builders import DAY
from tests.notifications.duties import (
    EMAIL,
    FIRST,
    NAMES,
    TOLD,
    Duty,
    Name,
    a_duty,
    an_engine,
    at_work,
    some_turns,
)
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]
ON: dict[Name, databases.Kind] = {"embedded": "sqlite", "worker": "postgres"}
BOTH = [
    pytest.param("embedded", id="embedded"),
    pytest.param("worker", id="worker", marks=pytest.mark.postgres),
]
TODAY = str(TOLD)


@dataclass
class Running:
    """A duty, and the engine that it is given to."""

    engine: Name
    duty: Duty

    def at_work(self, crews: int = 1) -> Any:
        return at_work(self.engine, self.duty, crews)


@pytest.fixture(params=BOTH)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Running]:
    """An office with one case, on the database that this engine is made for."""
    engine: Name = request.param
    with databases.on(ON[engine]), a_duty(shared_in=tmp_path) as duty:
        yield Running(engine, duty)


# ------------------------------------------------------------------ once


def test_a_rung_becomes_one_entry_in_one_inbox(office: Running) -> None:
    duty = office.duty
    with office.at_work():
        assert until(lambda: len(duty.inbox()) == 2)
        some_turns()
    assert duty.inbox() == [("s1", "digest", TODAY), ("w1", "digest", TODAY)]
    assert [times for *_, times in duty.items()] == [1, 1]
    assert duty.waiting() == 0


def test_a_turn_with_nothing_to_do_leaves_no_run(office: Running) -> None:
    duty = office.duty
    with office.at_work():
        assert until(lambda: len(duty.inbox()) == 2 and duty.unended() == 0)
        before = duty.runs()
        some_turns()
    assert before.count("sweep") == 1
    assert duty.runs() == before


def test_a_start_in_the_morning_is_no_alarm(
    office: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the first tick is about to do stands nowhere yet, and that day's first look comes after it."""
    duty, tick = office.duty, Jobs.tick
    duty.county.tick(TOLD - DAY)

    def slowly(self: Jobs, *more: Any) -> Any:
        until(lambda: False, 0.3)
        return tick(self, *more)

    monkeypatch.setattr(Jobs, "tick", slowly)
    with office.at_work():
        assert until(lambda: len(duty.inbox()) == 2)
        some_turns()
    assert duty.rows("SELECT what FROM alarms") == []
    assert duty.rows("SELECT count(*) FROM run_accounts") != [(0,)]


def test_several_at_once_tell_each_rung_once(office: Running) -> None:
    duty = office.duty
    for name in ("乙", "丙", "丁", "戊", "己", "庚"):
        duty.county.in_detox("north", name, FIRST)
    servers = 2 if office.engine == "worker" else 0  # whose own engines run beside the workers
    with office.at_work(crews=4), at_work("embedded", duty, servers):
        assert until(lambda: len(duty.inbox()) == 2)
        some_turns()
        duty.set(TOLD + 3 * DAY)
        assert until(lambda: len(duty.inbox()) == 3)
        some_turns()
    assert duty.inbox()[:2] == [("s1", "digest", TODAY), ("s1", "digest", str(TOLD + 3 * DAY))]
    assert len(duty.inbox()) == 3
    assert {times for *_, times in duty.items()} == {7}


# ------------------------------------------------------------------ clocks


def test_what_missed_days_left_comes_in_one_digest(office: Running) -> None:
    duty = office.duty
    duty.set(TOLD + 7 * DAY)  # rungs fell on four days since
    with office.at_work():
        assert until(lambda: len(duty.inbox()) == 2)
        some_turns()
    assert {day for *_, day in duty.inbox()} == {str(TOLD + 7 * DAY)}
    assert duty.waiting() == 0


def test_a_clock_that_goes_back_tells_nothing_again(office: Running) -> None:
    duty = office.duty
    with office.at_work():
        assert until(lambda: len(duty.inbox()) == 2)
        duty.pass_time(hours=-1)
        some_turns()
        duty.set(TOLD - DAY)
        some_turns()
    assert len(duty.inbox()) == 2
    assert duty.waiting() == 0


def test_a_clock_that_jumps_a_year_brings_one_message_each(office: Running) -> None:
    duty = office.duty
    with office.at_work():
        assert until(lambda: len(duty.inbox()) == 2)
        duty.set(TOLD + 366 * DAY)
        assert until(lambda: len(duty.inbox()) > 2)
        some_turns()
        assert until(lambda: duty.waiting() == 0)  # the alarm of the missed days comes with a look
    later = [who for who, _, day in duty.inbox() if day != TODAY]
    assert sorted(later) == sorted(set(later))


def test_at_night_nothing_goes_out(office: Running) -> None:
    duty = office.duty
    duty.set(TOLD, time(0, 5))
    with office.at_work():
        assert until(lambda: duty.waiting() == 2)
        some_turns()
        assert duty.inbox() == []
        duty.set(TOLD, time(8, 30))
        assert until(lambda: len(duty.inbox()) == 2)


# ------------------------------------------------------------------ failures


def test_a_job_that_fails_is_in_the_log_without_what_it_said_and_has_its_next_turn(
    office: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = Jobs.tick
    failed: list[int] = []

    def tick(self: Jobs, *more: Any) -> Any:
        if len(failed) < 2:
            failed.append(1)
            raise ValueError("甲 is on the list")
        return works(self, *more)

    monkeypatch.setattr(Jobs, "tick", tick)
    with capture_logs() as logs, office.at_work():
        assert until(lambda: len(office.duty.inbox()) == 2)
    told = [one for one in logs if one["event"] == "job_failed"]
    assert [(one["job"], one["error"]) for one in told] == [("tick", "ValueError")] * 2
    assert "甲" not in json.dumps(logs, ensure_ascii=False, default=str)


def test_stopping_waits_for_what_is_under_way(office: Running) -> None:
    duty, begun, ended = office.duty, [], []
    duty.county.address("w1", EMAIL)

    class Slow(Sending):
        def send(self, message: Outgoing) -> Outcome:
            begun.append(1)
            until(lambda: False, 0.5)
            ended.append(1)
            return SENT

    duty.gateways = {"email": Slow()}
    with office.at_work():
        assert until(lambda: begun)
    assert ended == [1]
    assert duty.rows("SELECT outcome FROM attempts WHERE channel = 'email'") == [("sent",)]


@pytest.mark.parametrize("where", ["tick", "deliver"])
def test_what_a_killed_process_was_at_is_done_by_another(office: Running, where: str) -> None:
    duty = office.duty
    duty.county.address("w1", EMAIL)
    kill_in_the_midst(office, where)
    duty.pass_time(minutes=10)  # a lease has run out
    duty.gateways = {"email": (email := Sending())}
    with office.at_work():
        assert until(lambda: email.sent and duty.waiting() == 0)
        some_turns()
    assert [one[0] for one in duty.inbox()] == ["s1"]
    assert len(email.sent) == len(set(email.sent)) == 1
    outcomes = duty.rows("SELECT outcome FROM attempts WHERE channel = 'email' ORDER BY number")
    assert outcomes == ([("sent",)] if where == "tick" else [("lost",), ("sent",)])


class Sending:
    """A channel that takes everything."""

    name, counts_only = "email", False

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, message: Outgoing) -> Outcome:
        self.sent.append(str(message.message_id))
        return SENT

    def close(self) -> None:
        """Nothing is open."""


def kill_in_the_midst(office: Running, where: str) -> None:
    """Another process runs the engine, and is killed when it has come into the midst of a job."""
    duty = office.duty
    an_engine(office.engine, duty)  # what it needs is there
    command = [sys.executable, "-m", "tests.notifications.stuck", office.engine, where]
    told = {
        "url": duty.database.url.render_as_string(hide_password=False),
        "ring": duty.county.ring.text,
        "now": duty.now.isoformat(),
    }
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(told) + "\n")
        process.stdin.flush()
        lines = (line for line in process.stdout if "under way" in line)
        assert next(lines, None), "it ended by itself"
        process.send_signal(signal.SIGKILL)


# ------------------------------------------------------------------ the same tests


def test_the_same_tests_are_there_for_each_engine() -> None:
    """A test that was written for one engine only hid that the other one told everybody twice."""
    tests = {name: each for name, each in globals().items() if name.startswith("test_")}
    for_none = [name for name, each in tests.items() if "office" not in signature(each).parameters]
    assert for_none == ["test_the_same_tests_are_there_for_each_engine"]
    assert [param.values[0] for param in BOTH] == list(NAMES)
    assert "pytestmark" not in globals()
    marks = [mark for each in tests.values() for mark in getattr(each, "pytestmark", ())]
    assert {mark.name for mark in marks} <= {"parametrize"}, "one that is skipped for some engine"
    assert all("office" not in mark.args[0] for mark in marks), "one that names its engine itself"
    assert len(tests) > 11
