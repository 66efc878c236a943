"""The one definition of due: Python and SQL agree with the vectors, which the phone must meet too."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from tests.builders import CASE, an_office
from workflow.rules.due import OWED, State, state_of
from workflow.store.due_sql import overdue_on, owed_on
from workflow.store.tables import ObligationRow, table_of

VECTORS = json.loads(
    (Path(__file__).resolve().parents[3] / "docs" / "vectors" / "due.json").read_text("utf-8")
)["vectors"]
OBLIGATIONS = table_of(ObligationRow)
DATES = ("opens_on", "due_on", "closed_on", "missed_on", "excused_on", "ended_on", "held_since")


def dates_of(vector: dict[str, Any]) -> dict[str, Any]:
    """The row's own columns of a vector."""
    found = {name: vector[name] and date.fromisoformat(vector[name]) for name in DATES}
    return {**found, "withdrawn": vector["withdrawn"]}


def by_sql(session: Session, rows: list[tuple[date, dict[str, Any]]]) -> list[tuple[bool, bool]]:
    """What the database says of each row on its day: that it is owed, that it is overdue."""
    fixed = {"case_id": CASE, "kind": "visit", "owner": "community_worker", "opened_by": "e1"}
    more = {"paused": False, "nominal_days": 7, "is_window": False}
    session.execute(
        insert(OBLIGATIONS),
        [{**fixed, **more, "occurrence": str(n), **row} for n, (_, row) in enumerate(rows)],
    )
    return [
        (row.owed, row.overdue)
        for n, (day, _) in enumerate(rows)
        for row in session.execute(_asked(day).where(OBLIGATIONS.c.occurrence == str(n)))
    ]


def _asked(day: date) -> Select[bool, bool]:
    return select(owed_on(day).label("owed"), overdue_on(day).label("overdue"))


def said_of(state: str) -> tuple[bool, bool]:
    """What a question asks of a state: whether it is owed, and whether it is overdue."""
    return state in OWED, state == "overdue"


@pytest.mark.databases("none")
def test_python_agrees_with_the_vectors() -> None:
    for vector in VECTORS:
        found = state_of(date.fromisoformat(vector["on"]), **dates_of(vector))
        assert found == vector["state"], vector["name"]


def test_sql_agrees_with_the_vectors() -> None:
    rows = [(date.fromisoformat(vector["on"]), dates_of(vector)) for vector in VECTORS]
    with an_office() as office:
        office.open(date(2026, 1, 5), person_id=UUID(int=1))
        with office.uow() as uow:
            found = by_sql(uow.session, rows)
    told = {vector["name"]: state for vector, state in zip(VECTORS, found, strict=True)}
    assert told == {vector["name"]: said_of(vector["state"]) for vector in VECTORS}


@pytest.mark.databases("none")
def test_the_vectors_show_every_state() -> None:
    assert {vector["state"] for vector in VECTORS} == set(get_args(State))


START = date(2026, 3, 1)
a_day = st.integers(0, 12).map(lambda n: START + timedelta(days=n))
maybe = st.none() | a_day
a_row = st.fixed_dictionaries(
    {"opens_on": a_day, "due_on": a_day, "withdrawn": st.booleans()}
    | dict.fromkeys(("closed_on", "missed_on", "excused_on", "ended_on", "held_since"), maybe)
)


def test_python_and_sql_agree_on_any_dates() -> None:
    with an_office() as office:
        office.open(START)

        @given(st.lists(st.tuples(a_day, a_row), min_size=1, max_size=12))
        def agree(rows: list[tuple[date, dict[str, Any]]]) -> None:
            uow = office.uow()
            with uow:
                found = by_sql(uow.session, rows)
                uow.session.rollback()
            assert found == [said_of(state_of(day, **row)) for day, row in rows]

        agree()
