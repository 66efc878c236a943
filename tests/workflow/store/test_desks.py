"""The desk counts what an office owes by the index of it, and not by going through everybody's."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from tests.counties import a_county
from workflow.store.desks import by_owner

FIRST = date(2024, 1, 8)


@pytest.mark.databases("sqlite", why="PostgreSQL plans a table by how small it is")
def test_what_an_office_owes_is_found_by_the_index_of_it() -> None:
    asked: list[tuple[str, Any]] = []
    with a_county() as county:
        county.in_detox("north", "甲", FIRST, ("w1",))
        event.listen(county.engine, "before_cursor_execute", lambda *args: asked.append(args[2:4]))
        with county.uow() as uow:
            assert by_owner(uow.session, county.reach("north"), date(2024, 3, 5))
        ((statement, values),) = [each for each in asked if "late_0" in each[0]]
        with county.engine.connect() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    (way,) = [row.detail for row in plan if "obligations" in row.detail]
    assert "ix_obligations_owing (office_id=?" in way
