"""The question behind a worklist: it is answered by the index that stands in its order, whatever its shape."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from tests.builders import RING, new_database
from tests.counties import named
from tests.databases import plain
from workflow.store import worklists
from workflow.store.reach import Reach
from workflow.store.unit_of_work import UnitOfWork

pytestmark = pytest.mark.databases("sqlite", "postgres")

TODAY = date(2024, 1, 8)
OFFICES = Reach(frozenset({named("north"), named("south")}), helper="w1")
LAST = (TODAY, named("case"), "visit", "m1/w01")


def plan_of(engine: Engine, reach: Reach, **asked: Any) -> str:
    """How the database means to answer."""
    heard: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, words: str, values: Any, *___: Any) -> None:
        heard.append((words, values))

    event.listen(engine, "before_cursor_execute", note)
    with UnitOfWork(engine, RING, reading=True) as uow:
        assert list(worklists.owed(uow.session, reach, TODAY, TODAY, limit=31, **asked)) == []
        words, values = heard[-1]
        explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
        connection = uow.session.connection()
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL enable_seqscan = off"))
            connection.execute(text("SET LOCAL enable_sort = off"))
        driver: Any = connection.connection.driver_connection
        found = driver.cursor().execute(explain + words, values).fetchall()
    return "\n".join(str(plain(row[-1])) for row in found)


def test_an_offices_list_is_read_in_the_order_of_its_index() -> None:
    engine = new_database()
    for after in (None, LAST):
        plan = plan_of(engine, OFFICES, after=after)
        assert "ix_obligations_owing" in plan
        assert "SCAN obligations" not in plan
        assert "Seq Scan on obligations" not in plan


def test_a_chairs_list_is_read_by_the_chairs() -> None:
    engine = new_database()
    plan = plan_of(engine, Reach(helper="d1"))
    assert "ix_chairs_helper" in plan
    assert "ix_obligations_standing" in plan


def test_every_shape_can_be_asked() -> None:
    engine = new_database()
    reaches = (OFFICES, Reach(unplaced=True), Reach(helper="d1"), Reach())
    for reach, handles, after in product(reaches, (None, ["w1", "w2"]), (None, LAST)):
        with UnitOfWork(engine, RING, reading=True) as uow:
            found = worklists.owed(
                uow.session, reach, TODAY, TODAY, limit=3, handles=handles, after=after
            )
            assert list(found) == []
