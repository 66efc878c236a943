"""Pages of cases: what belongs to no case is named wherever it lies, and a row that is none of ours hides no other."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest

from tests.builders import CASE, PERSON, Office, an_office, new_event
from tests.tampering import REPORTED, Hand, hand_in, lived, named, unguard, verify
from workflow.services.case_pages import OF_CASES
from workflow.services.clock import Instant
from workflow.services.people import shred_person
from workflow.services.proposals import propose
from workflow.services.quarantine import keep

LOW, HIGH = UUID(int=5), UUID(int=2**127)
FILLED = [name for name in OF_CASES if name not in ("placements", "attachments")]
WITH_IDS = {"proposals": {"id": UUID(int=9)}, "quarantine": {"id": UUID(int=9)}}
"""What a row of another case needs beside the case's id."""


@pytest.fixture
def office() -> Iterator[Office]:
    """Two cases, so that there is an id before, between and behind them."""
    with an_office(filled=fill) as found:
        unguard(found.engine)
        yield found


def fill(office: Office) -> None:
    lived(office)
    lived(office, case_id=HIGH, person_id=UUID(int=6))
    wanted: dict[str, Any] = {"kind": "make_plan", "occurrence": "m1/1", "reason": "住院"}
    with office.uow() as uow:
        propose(
            uow,
            UUID(int=8),
            CASE,
            [new_event("obligation_excused", REPORTED, **wanted)],
            packs=office.packs,
            calendar=office.calendar,
            clock=Instant.on(REPORTED),
            by="w1",
        )
        keep(
            uow,
            UUID(int=7),
            CASE,
            [new_event("visited", REPORTED)],
            why="conflict",
            code="version_conflict",
            clock=Instant.on(REPORTED),
            by="w1",
        )


def test_every_case_is_in_one_page(office: Office) -> None:
    root = verify(office).root
    for at_once in (1, 2, 100):
        verdict = verify(office, at_once=at_once)
        assert (verdict.cases, verdict.events, verdict.found) == (2, 18, 0)
        assert verdict.root == root


def test_rows_without_a_case_are_named(office: Office) -> None:
    """Before the first case, between two, and behind the last."""
    places = ((LOW, 1), (UUID(int=CASE.int + 1), 100), (UUID(int=2**128 - 1), 1))
    for table in FILLED:
        for case_id, at_once in places:
            with hand_in(office, table) as hand:
                hand.put({**hand.rows()[0], "case_id": case_id, **WITH_IDS.get(table, {})})
                (found,) = verify(office, at_once=at_once).findings
            assert (found.fault, found.table) == ("orphaned", table)
            key = WITH_IDS.get(table, {"case_id": case_id})
            assert found.key.items() >= {name: str(value) for name, value in key.items()}.items()


def test_all_that_is_left_of_a_database_without_cases_is_named(office: Office) -> None:
    with hand_in(office, "cases") as hand:
        for row in hand.rows():
            hand.take(row)
        verdict = verify(office, most=5)
        left = sum(len(Hand(office.engine, table).rows()) for table in FILLED)
        assert (verdict.found, len(verdict.findings), verdict.cases) == (left, 5, 0)


def test_a_case_without_its_person_is_named(office: Office) -> None:
    with hand_in(office, "people") as hand:
        hand.take(next(row for row in hand.rows() if row["id"] == PERSON))
        wrong = named(office)
        assert ("orphaned", "cases", ("person_id",)) in wrong
        assert ("orphaned", "data_keys", ()) in wrong


def test_of_somebody_who_was_shredded_the_chain_is_still_checked(office: Office) -> None:
    office.record(REPORTED, new_event("died", REPORTED))
    with office.uow() as uow:
        shred_person(uow, PERSON, clock=Instant.on(REPORTED), by="a1")
    verdict = verify(office)
    assert (verdict.found, verdict.shredded, verdict.cases) == (0, 1, 2)
    with hand_in(office, "events") as hand:
        hand.take(next(row for row in hand.rows() if row["case_id"] == CASE and row["seq"] == 3))
        assert named(office) == [("chain_broken", "events", ())]
    with hand_in(office, "stays") as hand:
        hand.put({**hand.rows()[0], "case_id": LOW})
        assert named(office) == [("orphaned", "stays", ())]


def test_a_key_that_does_not_open_is_told_once(office: Office) -> None:
    """Not once more for each of the events that it seals."""
    with hand_in(office, "data_keys") as hand:
        row = next(row for row in hand.rows() if row["owner_id"] == PERSON)
        hand.change(row, wrapped=b"x")
        verdict = verify(office)
        (found,) = verdict.findings
        assert (found.fault, found.table) == ("unreadable", "data_keys")
        assert verdict.shredded == 0


# ------------------------------------------------------------------ SQLite keeps whatever is written

ILL_TYPED = [
    ("cases", "opened_on", "never"),
    ("cases", "next_change_on", 7),
    ("cases", "person_id", "nobody"),
    ("events", "happened_on", "never"),
    ("events", "sealed", "text"),
    ("events", "recorded_at", "soon"),
    ("obligations", "due_on", "never"),
    ("obligations", "due_on", 20240204),
    ("stays", "first_on", ""),
    ("rungs", "told_on", "never"),
    ("notices", "told_on", "never"),
    ("sightings", "known_on", "never"),
    ("pins", "recorded_at", "soon"),
    ("people", "merged_into", "nobody"),
    ("people", "registered_at", "soon"),
]


@pytest.mark.databases("sqlite", why="every other database keeps to its types")
def test_a_value_that_is_none_of_its_column_is_named(office: Office) -> None:
    for table, column, value in ILL_TYPED:
        with written(office, table, column, value):
            said = repr(findings := verify(office).findings)
        assert ("unreadable", table) in {(one.fault, one.table) for one in findings}
        assert "never" not in said or column == "told_on"
        assert "nobody" not in said
    assert verify(office).is_clean


@pytest.mark.databases("sqlite", why="every other database keeps to its types")
def test_an_id_that_is_none_is_named_and_not_repeated(office: Office) -> None:
    for table, column in (("cases", "id"), ("people", "id"), ("stays", "case_id")):
        with written(office, table, column, "李四"):
            for at_once in (1, 100):
                verdict = verify(office, at_once=at_once)
                assert table in {one.table for one in verdict.findings}
                assert "李四" not in repr(verdict)


@contextmanager
def written(office: Office, table: str, column: str, value: object) -> Iterator[None]:
    """Within it a row of a table holds a value that was written by SQL alone."""
    last = f"WHERE rowid = (SELECT max(rowid) FROM {table})"  # noqa: S608 (our names)
    change = f"UPDATE {table} SET {column} = ? {last}"  # noqa: S608
    with office.engine.begin() as connection:
        before = connection.exec_driver_sql(f"SELECT {column} FROM {table} {last}").scalar()  # noqa: S608
        connection.exec_driver_sql(change, (value,))
    try:
        yield
    finally:
        with office.engine.begin() as connection:
            connection.exec_driver_sql(change, (before,))
