"""Turns: who names the same waits until the other has ended, and then sees what that one wrote."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier, Event

import pytest
from sqlalchemy import Engine

from tests import databases
from tests.databases import new_database
from workflow.store import stamps, turns
from workflow.store.unit_of_work import UnitOfWork, in_one_go

PATIENCE_S = 30.0


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    found = new_database(shared_in=tmp_path)
    yield found
    databases.drop(found)


def put_once(uow: UnitOfWork) -> bool:
    """Whether it was not there, and is now."""
    turns.take(uow.session, "a key", "another name")
    is_new = stamps.read(uow.session, "a key") is None
    if is_new:
        stamps.put(uow.session, "a key", "put")
    return is_new


def test_of_many_who_find_nothing_there_one_is_the_first(engine: Engine) -> None:
    together = Barrier(6)

    def ask() -> bool:
        together.wait(PATIENCE_S)
        with UnitOfWork(engine) as uow:
            return put_once(uow)

    with ThreadPoolExecutor(6) as pool:
        answers = [one.result(PATIENCE_S) for one in [pool.submit(ask) for _ in range(6)]]
    assert sorted(answers) == [False] * 5 + [True]


def test_a_turn_that_came_to_nothing_is_the_next_ones(engine: Engine) -> None:
    with UnitOfWork(engine) as uow:
        assert put_once(uow)
        uow.session.rollback()
    with UnitOfWork(engine) as uow:
        assert put_once(uow)


def test_names_in_any_order_let_nobody_wait_for_each_other(engine: Engine) -> None:
    together = Barrier(4)

    def take(number: int) -> None:
        names = [f"name {n}" for n in range(8)]
        together.wait(PATIENCE_S)
        for _ in range(20):
            in_one_go(
                lambda: UnitOfWork(engine),
                lambda uow: turns.take(uow.session, *names[:: 1 if number % 2 else -1]),
                times=1,
            )

    with ThreadPoolExecutor(4) as pool:
        for one in [pool.submit(take, number) for number in range(4)]:
            one.result(PATIENCE_S)


@pytest.mark.databases("postgres", why="SQLite has one writer, whatever he names")
def test_who_names_something_else_does_not_wait() -> None:
    engine, taken = new_database(), Event()
    with UnitOfWork(engine) as uow, ThreadPoolExecutor(1) as pool:
        turns.take(uow.session, "one")

        def other() -> None:
            with UnitOfWork(engine) as another:
                turns.take(another.session, "two")
                taken.set()

        pool.submit(other)
        assert taken.wait(PATIENCE_S)


def test_a_day_is_raised_and_never_lowered(engine: Engine) -> None:
    for day, stands in ((5, 5), (3, 5), (9, 9)):
        with UnitOfWork(engine) as uow:
            stamps.raise_to(uow.session, "a day", date(2024, 1, day))
            assert stamps.read(uow.session, "a day") == f"2024-01-0{stands}"
