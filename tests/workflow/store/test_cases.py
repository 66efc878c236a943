"""The queries about cases: which are due, and who was first."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.builders import RING, new_database
from workflow.store import cases, people
from workflow.store.people import Profile
from workflow.store.statements import carry_out
from workflow.store.unit_of_work import UnitOfWork

FIRST, SECOND, THIRD = (UUID(int=n) for n in range(1, 4))
NOW = datetime(2024, 3, 1, tzinfo=UTC)
MARCH = [date(2024, 3, day) for day in range(1, 5)]


def waits(case_id: UUID, next_change_on: date | None) -> tuple[object, ...]:
    return (case_id, None, next_change_on, None, None)


@pytest.fixture
def uow() -> Iterator[UnitOfWork]:
    """Three cases: one waits since 3 March, one since 1 March, one for nothing."""
    with UnitOfWork(new_database(), RING) as found:
        for case_id, day in ((FIRST, 3), (SECOND, 1), (THIRD, 2)):
            people.add(found.session, RING, case_id, Profile(), NOW)
            cases.add(
                found.session,
                case_id,
                person_id=case_id,
                policy="cn-national",
                team="recorded",
                opened_on=date(2024, 3, day),
            )
        cases.set_dates(found.session, [waits(THIRD, None)])
        yield found


def test_those_that_wait_longest_come_first(uow: UnitOfWork) -> None:
    first, second = (MARCH[2], FIRST), (MARCH[0], SECOND)
    assert cases.due_on(uow.session, MARCH[2]) == [second, first]
    assert cases.due_on(uow.session, MARCH[2], 1) == [second]
    assert cases.due_on(uow.session, MARCH[2], after=second) == [first]
    assert cases.due_on(uow.session, MARCH[1]) == [second]
    assert cases.due_on(uow.session, date(2024, 2, 29)) == []


def test_the_next_day_on_which_one_is_due(uow: UnitOfWork) -> None:
    assert cases.next_due(uow.session) == MARCH[0]
    cases.set_dates(uow.session, [waits(FIRST, None), waits(SECOND, None)])
    assert cases.next_due(uow.session) is None


def record(uow: UnitOfWork, seen: int) -> bool:
    order = cases.to_count(FIRST, seen, chain=b"c", dates=(None, MARCH[0], None, None))
    return carry_out(uow.session, [order]) == [1]


def test_only_who_saw_the_present_version_may_record(uow: UnitOfWork) -> None:
    assert record(uow, 0)
    assert not record(uow, 0)
    assert record(uow, 1)


def test_a_due_case_is_found_by_an_index(uow: UnitOfWork) -> None:
    """A day with nothing due must cost the same with a million cases as with a thousand."""
    explain = "EXPLAIN QUERY PLAN"
    if uow.session.get_bind().dialect.name == "postgresql":
        explain = "EXPLAIN"
        uow.session.execute(text("SET LOCAL enable_seqscan = off"))  # as if there were a million
    due = "SELECT id FROM cases WHERE next_change_on <= '2024-03-01'"
    assert "ix_cases_next_change_on" in str(uow.session.execute(text(f"{explain} {due}")).all())
