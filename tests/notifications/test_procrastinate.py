"""The queue of the workers: apart from our tables, made once, and never in the way of who uses it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from structlog.testing import capture_logs

from notifications.engines.procrastinate import DELIVER, TICK, Crew, Distant, Kicks, cron
from notifications.engines.procrastinate_schema import install
from tests.counties import County
from tests.notifications.duties import (
    TOLD,
    Duty,
    a_duty,
    an_engine,
    some_turns,
    with_accounts,
)
from tests.notifications.test_engines import Running, kill_in_the_midst
from tests.waiting import until
from tests.workflow.services.test_county_sweeps import fill as fill_two_counties
from workflow.rules.errors import Refused
from workflow.store.engine import make_engine
from workflow.store.tables import Row
from workflow.store.unit_of_work import UnitOfWork

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.databases("postgres", why="no other database has the queue"),
]


@pytest.fixture
def duty() -> Iterator[Duty]:
    with a_duty() as found:
        install(found.database)
        yield found


def queued(duty: Duty) -> list[tuple[Any, ...]]:
    return duty.rows(
        "SELECT task_name, queueing_lock, args FROM procrastinate.procrastinate_jobs ORDER BY id"
    )


# ------------------------------------------------------------------ the schema


def test_it_is_made_once(duty: Duty) -> None:
    with duty.uow() as uow:
        Kicks().put(uow, TICK)
    assert not install(duty.database)
    assert len(queued(duty)) == 1


def test_a_release_of_the_library_that_needs_another_one_gets_it(duty: Duty) -> None:
    with duty.uow() as uow:
        Kicks().put(uow, TICK)
        connection = uow.session.connection()
        connection.exec_driver_sql("COMMENT ON SCHEMA procrastinate IS 'guitu 2.0.0'")
    assert install(duty.database)
    assert queued(duty) == []


def test_somebody_elses_is_not_touched(duty: Duty) -> None:
    with duty.uow() as uow:
        connection = uow.session.connection()
        connection.exec_driver_sql("COMMENT ON SCHEMA procrastinate IS 'theirs'")
    with pytest.raises(Refused) as told:
        install(duty.database)
    assert told.value.code == "queue_schema_taken"
    assert queued(duty) == []


@pytest.mark.databases("none")
def test_it_needs_postgresql() -> None:
    with pytest.raises(Refused) as told:
        install(make_engine("sqlite://"))
    assert told.value.code == "queue_needs_postgresql"


def test_alembic_finds_nothing_to_change_beside_the_queue(duty: Duty) -> None:
    with duty.database.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), Row.metadata)
    assert [one for one in found if "procrastinate" in str(one)] == []


# ------------------------------------------------------------------ kicks


def test_a_kick_is_forgotten_with_the_transaction_that_put_it(duty: Duty) -> None:
    kicks = Kicks()
    with suppress(ZeroDivisionError), duty.uow() as uow:
        kicks.put(uow, DELIVER)
        assert 1 / 0
    assert queued(duty) == []
    with duty.uow() as uow:
        kicks.put(uow, DELIVER)
    assert queued(duty) == [(DELIVER, None, {})]


def test_a_second_one_of_a_name_is_left_out_and_spoils_nothing(duty: Duty) -> None:
    kicks = Kicks()
    with duty.uow() as uow:
        for _ in range(2):
            kicks.put(uow, TICK, once=TICK)
        assert uow.session.connection().exec_driver_sql("SELECT count(*) FROM cases").scalar() == 1
    assert queued(duty) == [(TICK, TICK, {})]


def test_a_queue_that_is_gone_stops_nobody(duty: Duty) -> None:
    with duty.uow() as uow:
        uow.session.connection().exec_driver_sql("DROP SCHEMA procrastinate CASCADE")
    with capture_logs() as logs:
        planned = duty.jobs().tick(Kicks().deliver).planned
    assert planned["messages"] == 2
    assert [one["event"] for one in logs if one["log_level"] == "warning"] == ["kick_failed"]
    assert duty.waiting() == 2


def test_planning_kicks_in_its_own_transaction(duty: Duty) -> None:
    duty.jobs().tick(Kicks().deliver)
    assert queued(duty) == [(DELIVER, None, {})]
    duty.jobs().tick(Kicks().deliver)
    assert len(queued(duty)) == 1


def test_a_server_that_leaves_the_jobs_to_workers_only_says_when(duty: Duty) -> None:
    server = Distant(duty.uow)
    for _ in range(2):
        server.start()
    server.stop()
    assert queued(duty) == [(TICK, TICK, {})]
    assert duty.runs() == []


# ------------------------------------------------------------------ workers


def test_a_morning_is_shared_county_by_county_and_comes_to_the_same(duty: Duty) -> None:
    def filled(county: County) -> None:
        with_accounts(county)
        fill_two_counties(county)

    with a_duty(filled=filled) as several:
        several.set(TOLD)
        engine = an_engine("worker", several)
        engine.start()
        try:
            assert until(lambda: several.runs("sweep") and several.waiting() == 0)
            some_turns()
        finally:
            engine.stop()
        assert len(several.runs("county_sweep")) == 2
        with a_duty(filled=filled) as other:
            other.set(TOLD)
            other.jobs().tick()
            other.jobs().deliver()
            assert several.items() == other.items()


def test_what_a_killed_worker_was_at_is_taken_over(duty: Duty) -> None:
    kill_in_the_midst(Running("worker", duty), "tick")
    assert [job for job, *_ in under_way(duty)] == [TICK]
    with capture_logs() as logs:
        crew = an_engine("worker", duty)
        crew.start()
        try:
            assert until(lambda: not under_way(duty) and len(duty.inbox()) == 2)
        finally:
            crew.stop()
    taken = [one["job"] for one in logs if one["event"] == "job_taken_over"]
    assert TICK in taken  # beside it whatever the new one was slow at


def under_way(duty: Duty) -> list[tuple[Any, ...]]:
    """The ticks that some worker is at, or was when it died."""
    return duty.rows(
        "SELECT task_name FROM procrastinate.procrastinate_jobs"
        " WHERE status = 'doing' AND task_name = 'tick'"
    )


def test_a_database_that_is_away_stops_nobody_from_starting(duty: Duty) -> None:
    away = make_engine(duty.database.url.set(host="127.0.0.1", port=1, query={}))
    with capture_logs() as logs:
        Distant(lambda: UnitOfWork(away)).start()
    assert [one["event"] for one in logs] == ["kick_failed"]


def test_whatever_ends_a_worker_it_begins_anew_and_says_what_it_was(
    duty: Duty, monkeypatch: pytest.MonkeyPatch
) -> None:
    lives = Crew._one_life
    ended: list[int] = []

    def one_life(self: Crew) -> None:
        if not ended:
            ended.append(1)
            raise RuntimeError("甲 is on the list")
        lives(self)

    monkeypatch.setattr(Crew, "_one_life", one_life)
    with capture_logs() as logs:
        crew = an_engine("worker", duty)
        crew.start()
        try:
            assert until(lambda: len(duty.inbox()) == 2)
        finally:
            crew.stop()
    assert [one for one in logs if one["event"] == "worker_failed"] == [
        {"event": "worker_failed", "error": "RuntimeError", "log_level": "error"}
    ]


@pytest.mark.databases("none")
@pytest.mark.parametrize(
    ("seconds", "line"),
    [
        (1, "* * * * * */1"),
        (15, "* * * * * */15"),
        (60, "*/1 * * * *"),
        (90, "*/1 * * * *"),
        (300, "*/5 * * * *"),
        (7200, "0 */2 * * *"),
        (86400, "0 */23 * * *"),
    ],
)
def test_seconds_become_a_line_of_cron(seconds: float, line: str) -> None:
    assert cron(seconds) == line
