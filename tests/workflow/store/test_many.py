"""Many rows at once: each statement does on both databases what it says, and keeps values as their columns do."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DataError

from tests import databases
from tests.databases import new_database
from workflow.store.many import FEW, Deleting, Inserting, ManyRows, Updating, Values
from workflow.store.tables import CalendarOverrideRow, PackRow, StampRow, table_of
from workflow.store.unit_of_work import UnitOfWork

DAYS, STAMPS = table_of(CalendarOverrideRow), table_of(StampRow)
AT = datetime(2024, 1, 8, 0, 30, 0, 5, tzinfo=UTC)
COLUMNS = tuple(column.name for column in DAYS.c)


def a_day(number: int, **values: Any) -> Values:
    row = {
        "id": UUID(int=number),
        "day": date(2024, 1, number),
        "is_working": number % 2 == 0,
        "name": f"日{number}",
        "recorded_at": AT,
        "recorded_by": "w1",
        "withdrawn_at": None,
        "withdrawn_by": None,
        **values,
    }
    return tuple(row[name] for name in COLUMNS)


@pytest.fixture
def uow() -> Iterator[UnitOfWork]:
    engine = new_database()
    with UnitOfWork(engine) as found:
        yield found
    databases.drop(engine)


def held(uow: UnitOfWork) -> list[Values]:
    return [tuple(row) for row in uow.session.execute(select(DAYS).order_by(DAYS.c.day))]


def test_what_is_inserted_is_what_a_core_statement_inserts(uow: UnitOfWork) -> None:
    rows = [a_day(1), a_day(2, withdrawn_at=AT, withdrawn_by="w2")]
    assert Inserting(DAYS, COLUMNS).run(uow.session, rows) == 2
    third = dict(zip(COLUMNS, a_day(3), strict=True))
    uow.session.execute(insert(DAYS), [third])
    assert held(uow) == [*rows, a_day(3)]


def test_one_row_is_handed_over_by_its_names_and_said_to_be_new_once(uow: UnitOfWork) -> None:
    adding = Inserting(DAYS, COLUMNS, known_stay=True)
    row = dict(reversed(list(zip(COLUMNS, a_day(1), strict=True))))
    assert adding.run_one(uow.session, row)
    assert not adding.run_one(uow.session, {**row, "name": "别的"})
    assert held(uow) == [a_day(1)]


@pytest.mark.parametrize("number", [1, FEW, FEW + 1, 3 * FEW])
def test_however_many_there_are_they_are_kept_alike(uow: UnitOfWork, number: int) -> None:
    """A few go to PostgreSQL a row at a time, more as arrays."""
    taken = [{"withdrawn_at": AT, "withdrawn_by": "w2"}, {}]
    rows = [a_day(n, **taken[n % 2]) for n in range(1, number + 1)]
    assert Inserting(DAYS, COLUMNS).run(uow.session, rows) == number
    assert held(uow) == rows
    changing = Updating(DAYS, ("id", "is_working", "withdrawn_by"), keys=1)
    others = [
        (UUID(int=n), n % 3 == 0, taken[n % 2].get("withdrawn_by")) for n in range(1, number + 1)
    ]
    assert changing.run(uow.session, others) == number
    changed = [(UUID(int=n), row[2], row[-1]) for n, row in enumerate(held(uow), 1)]
    assert changed == others
    assert Deleting(DAYS, ("id", "day")).run(uow.session, [row[:2] for row in rows]) == number
    assert held(uow) == []


def test_of_nothing_no_statement_is_made(uow: UnitOfWork) -> None:
    class Never(ManyRows):
        pass

    assert Never(DAYS, COLUMNS).run(uow.session, []) == 0


def test_rows_that_are_known_stay(uow: UnitOfWork) -> None:
    adding = Inserting(DAYS, COLUMNS, known_stay=True)
    assert adding.run(uow.session, [a_day(1)]) == 1
    assert adding.run(uow.session, [a_day(1, name="another"), a_day(2)]) == 1
    assert held(uow) == [a_day(1), a_day(2)]


def test_rows_that_are_known_get_other_values(uow: UnitOfWork) -> None:
    putting = Inserting(STAMPS, ("key", "value"), over=("key",))
    putting.run(uow.session, [("a", "1"), ("b", "2")])
    putting.run(uow.session, [("b", "3"), ("c", "4")])
    found = uow.session.execute(select(STAMPS.c.key, STAMPS.c.value).order_by(STAMPS.c.key))
    assert [tuple(row) for row in found if len(row.key) == 1] == [
        ("a", "1"),
        ("b", "3"),
        ("c", "4"),
    ]


def test_rows_are_found_by_their_first_columns(uow: UnitOfWork) -> None:
    Inserting(DAYS, COLUMNS).run(uow.session, [a_day(1), a_day(2), a_day(3)])
    changing = Updating(DAYS, ("id", "day", "name", "withdrawn_at"), keys=2)
    right, wrong = (UUID(int=1), date(2024, 1, 1)), (UUID(int=2), date(2024, 1, 1))
    assert changing.run(uow.session, [(*right, "x", AT), (*wrong, "y", AT)]) == 1
    assert held(uow) == [a_day(1, name="x", withdrawn_at=AT), a_day(2), a_day(3)]
    taking = Deleting(DAYS, ("id", "day"))
    assert taking.run(uow.session, [(UUID(int=3), date(2024, 1, 3)), wrong]) == 1
    assert held(uow) == [a_day(1, name="x", withdrawn_at=AT), a_day(2)]


@pytest.mark.databases("postgres", why="SQLite keeps a text of any length")
def test_a_text_that_is_too_long_is_refused_and_not_cut_off(uow: UnitOfWork) -> None:
    long = a_day(1, recorded_by="w" * 65)
    with pytest.raises(DataError, match="too long"):
        Inserting(DAYS, COLUMNS).run(uow.session, [long])
    uow.session.rollback()


def test_an_update_empties_what_it_is_told_to_and_leaves_rows_that_have_a_value(
    uow: UnitOfWork,
) -> None:
    names = ("id", "name")
    update = Updating(
        DAYS, names, keys=1, emptied=("withdrawn_at", "withdrawn_by"), only_without="withdrawn_by"
    )
    rows = [a_day(1, withdrawn_at=AT), a_day(2, withdrawn_at=AT, withdrawn_by="w2")]
    Inserting(DAYS, COLUMNS).run(uow.session, rows)
    assert update.run(uow.session, [(UUID(int=1), "甲"), (UUID(int=2), "乙")]) == 1
    assert held(uow) == [a_day(1, name="甲"), rows[1]]


def test_documents_are_kept_as_they_are(uow: UnitOfWork) -> None:
    packs = table_of(PackRow)
    columns = ("name", "digest", "content", "recorded_at")
    contents: list[dict[str, Any]] = [{"词": 'a "quoted" \\ {word}', "n": [1, None]}, {}]
    rows = [(f"p{n}", b"d", content, AT) for n, content in enumerate(contents)]
    assert Inserting(packs, columns).run(uow.session, rows) == 2
    query = select(packs.c.content).order_by(packs.c.name)
    assert uow.session.execute(query).scalars().all() == contents
