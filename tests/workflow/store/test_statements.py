"""Statements handed to the driver together: they answer, count, fail and are heard of as SQLAlchemy's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import IntegrityError

from tests import databases
from tests.builders import RING, new_database
from workflow.store import cases, chairs, obligations, people, stamps
from workflow.store.obligations import OBLIGATIONS
from workflow.store.people import Profile
from workflow.store.reach import Reach
from workflow.store.statements import Statement, ask, carry_out
from workflow.store.tables import PersonRow, table_of
from workflow.store.unit_of_work import UnitOfWork

CASE, OTHER, OFFICE = (UUID(int=n) for n in (1, 2, 3))
DAY = date(2024, 2, 29)
NOW = datetime(2024, 3, 1, 23, 59, 59, 999_999, tzinfo=UTC)


@pytest.fixture
def uow() -> Iterator[UnitOfWork]:
    """Two cases."""
    engine = new_database()
    with UnitOfWork(engine, RING) as found:
        for case_id in (CASE, OTHER):
            people.add(found.session, RING, case_id, Profile(), NOW)
            cases.add(
                found.session,
                case_id,
                person_id=case_id,
                policy="cn-national",
                team="recorded",
                opened_on=DAY,
            )
        yield found
    databases.drop(engine)


def owed(occurrence: str, **more: Any) -> tuple[Any, ...]:
    plain = {"opens_on": DAY, "due_on": DAY, "owner": "w", "opened_by": "e1", "paused": False}
    values = {"withdrawn": True, "nominal_days": 3, "is_window": False, **plain, **more}
    return (CASE, "visit", occurrence, *(values.get(name) for name in obligations.DATA))


def seat(role: str) -> dict[str, Any]:
    unasked = {"acknowledge_by": None, "acknowledged_on": DAY}
    return {"case_id": CASE, "role": role, "helper": None, "since": DAY, **unasked}


def taken(role: str) -> tuple[Any, ...]:
    return tuple(seat(role)[name] for name in chairs.COLUMNS)


def test_rows_are_what_sqlalchemy_gives(uow: UnitOfWork) -> None:
    """Ids, dates, truths, bytes and nothing at all are kept otherwise on each database."""
    carry_out(
        uow.session,
        [obligations.to_add([owed("a"), owed("b", measure=1)]), *chairs.to_put([], [taken("w")])],
    )
    query = select(OBLIGATIONS).order_by(OBLIGATIONS.c.occurrence)
    found, one, (case, *_) = ask(
        uow.session, [(Statement(query), {}), chairs.of(CASE), cases.to_write(CASE)]
    )
    assert [row._asdict() for row in found] == [
        dict(row._mapping) for row in uow.session.execute(query)
    ]
    assert [row._asdict() for row in one] == [seat("w")]
    (known,) = uow.session.execute(select(cases.CASES).where(cases.CASES.c.id == CASE))
    assert {**known._mapping, "swept_through": None} == case._asdict()


def test_instants_come_back_as_they_went(uow: UnitOfWork) -> None:
    table = table_of(PersonRow)
    ((row,),) = ask(
        uow.session, [(Statement(select(table.c.registered_at).where(table.c.id == CASE)), {})]
    )
    assert row.registered_at == NOW


def test_the_scope_of_a_caller_is_part_of_the_words(uow: UnitOfWork) -> None:
    for reach, number in ((None, 1), (Reach(), 0), (Reach(frozenset({OFFICE, OTHER}), "h"), 0)):
        assert len(ask(uow.session, [cases.to_write(CASE, reach)])[0]) == number


def test_each_order_tells_how_many_rows_it_touched(uow: UnitOfWork) -> None:
    touched = carry_out(
        uow.session,
        [
            obligations.to_add([owed("a"), owed("b")]),
            obligations.to_add([]),
            obligations.to_change([owed("a", owner="x")]),
            obligations.to_remove([(CASE, "visit", "none")]),
            obligations.to_remove([(CASE, "visit", "a"), (CASE, "visit", "b")]),
        ],
    )
    assert touched == [2, 0, 1, 0, 2]


def test_one_that_fails_leaves_as_sqlalchemys_error_and_shows_no_value(uow: UnitOfWork) -> None:
    twice = obligations.to_add([owed("secret")])
    with pytest.raises(IntegrityError) as failed:
        carry_out(uow.session, [twice, obligations.to_add([owed("other")]), twice, twice])
    assert "secret" not in str(failed.value)
    uow.session.rollback()
    assert not list(obligations.of_cases(uow.session, [CASE]))


@pytest.mark.databases("postgres", why="on SQLite a refused statement ends no transaction")
def test_who_passes_over_an_error_keeps_nothing(uow: UnitOfWork) -> None:
    engine = uow.session.get_bind()
    assert isinstance(engine, Engine)
    with pytest.raises(RuntimeError):
        pass_over(engine)
    assert stamps.read(uow.session, "mode") is None


def pass_over(engine: Engine) -> None:
    with UnitOfWork(engine) as uow:
        stamps.put(uow.session, "mode", "kept")
        with suppress(IntegrityError):
            carry_out(uow.session, [*chairs.to_put([], [taken("w")]), *chairs.to_put([CASE], [])])


def test_who_listens_hears_of_each_before_and_after(uow: UnitOfWork) -> None:
    heard: list[str] = []
    connection = uow.session.connection()

    def hear(when: str) -> Any:
        def note(_: Any, cursor: Any, words: str, values: Any, context: Any, many: bool) -> None:
            heard.append(f"{when} {words.split()[0]}")

        return note

    for name in ("before", "after"):
        event.listen(connection.engine, f"{name}_cursor_execute", hear(name))
    carry_out(
        uow.session,
        [obligations.to_add([owed("a"), owed("b")]), obligations.to_remove([(CASE, "x", "y")])],
    )
    assert heard == ["before INSERT", "after INSERT", "before DELETE", "after DELETE"]
