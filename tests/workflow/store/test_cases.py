"""The queries about cases: which are due, and who was first."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import Engine

from tests.builders import new_database
from workflow.store import cases, people
from workflow.store.unit_of_work import UnitOfWork

PERSON, FIRST, SECOND, THIRD = (UUID(int=n) for n in range(1, 5))


@pytest.fixture
def uow() -> Iterator[UnitOfWork]:
    """Three cases: one waits since 3 March, one since 1 March, one for nothing."""
    engine: Engine = new_database()
    with UnitOfWork(engine) as found:
        people.add(found.session, PERSON, born=None, name=None)
        for case_id, day in ((FIRST, 3), (SECOND, 1), (THIRD, 2)):
            cases.add(
                found.session,
                case_id,
                person_id=PERSON,
                policy="cn-national",
                team="recorded",
                opened_on=date(2024, 3, day),
            )
        cases.set_dates(found.session, THIRD, next_change_on=None)
        yield found
    engine.dispose()


def test_those_that_wait_longest_come_first(uow: UnitOfWork) -> None:
    assert cases.due_on(uow.session, date(2024, 3, 3)) == [SECOND, FIRST]
    assert cases.due_on(uow.session, date(2024, 3, 2)) == [SECOND]
    assert cases.due_on(uow.session, date(2024, 2, 29)) == []


def test_the_next_day_on_which_one_is_due(uow: UnitOfWork) -> None:
    assert cases.next_due(uow.session) == date(2024, 3, 1)
    for case_id in (FIRST, SECOND):
        cases.set_dates(uow.session, case_id, next_change_on=None)
    assert cases.next_due(uow.session) is None


def test_only_who_saw_the_present_version_may_raise_it(uow: UnitOfWork) -> None:
    assert cases.raise_version(uow.session, FIRST, 0)
    assert not cases.raise_version(uow.session, FIRST, 0)
    assert cases.raise_version(uow.session, FIRST, 1)


def test_a_due_case_is_found_by_an_index(uow: UnitOfWork) -> None:
    """A day with nothing due must cost the same with a million cases as with a thousand."""
    plan = uow.session.connection().exec_driver_sql(
        "EXPLAIN QUERY PLAN SELECT id FROM cases WHERE next_change_on <= '2024-03-01'"
    )
    assert "ix_cases_next_change_on" in str(plan.all())
