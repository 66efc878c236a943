"""The rows about databases: what they measure is what they say, at the smallest size. What it costs, they say themselves."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bench import p2, p3
from bench.counties import DUE, YOUNG, County, due_courses, request_of, settle, young_courses
from bench.multitudes import EMPTY, TOLD, fill
from bench.stores import PostgresServer, SqliteFiles, Store
from tests import databases
from workflow.services import sweeping
from workflow.services.clock import Instant
from workflow.services.sweeping import sweep
from workflow.store import cases, rungs
from workflow.store.keyring import KeyRing

pytestmark = pytest.mark.slow

WRITTEN = ("events", "cases", "obligations", "sightings", "stays", "chairs", "rungs", "notices")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Where databases of one kind are made: files here, or the server of the tests."""
    if request.param == "sqlite":
        return SqliteFiles(tmp_path)
    return PostgresServer(databases.server()["url"])


@pytest.fixture
def county(store: Store) -> Iterator[County]:
    """An empty county."""
    found = County.at(store.new(), KeyRing.generate())
    yield found
    store.drop(found.engine)


def rows(engine: Engine, table: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        found = connection.exec_driver_sql(f"SELECT * FROM {table}").all()  # noqa: S608
    return sorted((tuple(row) for row in found), key=repr)


@contextmanager
def watched(engine: Engine, asked: list[tuple[str, Any]]) -> Iterator[None]:
    """Collects what a database is asked within it."""

    def note(connection: Any, cursor: Any, words: str, values: Any, *more: Any) -> None:
        asked.append((words, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", note)


def explained(engine: Engine, words: str, values: Any) -> str:
    """How the database goes about it."""
    ask = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    with engine.connect() as connection:
        found = connection.exec_driver_sql(f"{ask} {words}", values).all()
    return "\n".join(str(row[-1]) for row in found)


def test_p2_measures_on_both(store: Store) -> None:
    found = p2.measured([store], p2.Size(courses=2, rounds=1, writers=2, each=1))
    assert [figure.name for figure in found.figures] == [f"{store.name}_rate", f"{store.name}_p99"]
    assert all(sample > 0 for figure in found.figures for sample in figure.samples)


def test_the_bare_driver_writes_the_same_rows(store: Store, county: County) -> None:
    courses = young_courses(2, 2)
    ids = settle(county, [course[:YOUNG] for course in courses], 1)
    requests = [p2._round(ids, courses, number) for number in range(2)]
    ours, theirs = store.copy(county.engine), store.copy(county.engine)
    before = rows(theirs, "events")
    statements = p2._written(County.at(ours, county.ring), requests)
    bare = store.bare(theirs)
    write = p2._replay(store, bare)
    for of_round in statements:
        for one in of_round:
            write(one)
    bare.close()
    assert len(rows(ours, "events")) == len(before) + 4
    for table in WRITTEN:
        assert rows(theirs, table) == rows(ours, table)
    for engine in (ours, theirs):
        store.drop(engine)


def test_p3_measures_on_both(store: Store) -> None:
    size = p3.Size(courses=1, copies=2, rounds=1, days=1, few=100, many=200)
    found = p3.measured([store], size)
    kinds = ("project", "tell", "idle", "idle_growth")
    assert [figure.name for figure in found.figures] == [f"{store.name}_{kind}" for kind in kinds]
    assert all(sample > 0 for figure in found.figures for sample in figure.samples)


def test_what_is_recorded_is_what_the_course_brings(county: County) -> None:
    (course,) = young_courses(1, 3)
    (case_id,) = settle(county, [course[:YOUNG]], 1)
    for rec in course[YOUNG:]:
        county.record(request_of(case_id, rec))
    with county.uow() as uow:
        row = cases.find(uow.session, case_id)
    assert row is not None
    assert row.version == YOUNG + 3
    assert row.projected_on == course[-1].on


@pytest.mark.parametrize(("ahead", "at_once"), [(10_000, 200), (3, 2), (1, 1)])
def test_each_case_of_a_due_county_is_swept_and_changes(
    county: County, monkeypatch: pytest.MonkeyPatch, ahead: int, at_once: int
) -> None:
    """However many are asked for at a time, and however many go into one transaction."""
    monkeypatch.setattr(sweeping, "AHEAD", ahead)
    monkeypatch.setattr(sweeping, "AT_ONCE", at_once)
    ids = settle(county, due_courses(2), 2)
    county.swept_before(DUE)
    packs, clock = county.packs, Instant.on(DUE)
    report = sweep(county.uow, packs=packs, calendar=None, clock=clock)
    assert (report.cases, report.failures) == (len(ids), ())
    assert report.rows >= 2 * len(ids)
    assert sweep(county.uow, packs=packs, calendar=None, clock=clock).rows == 0


def test_of_a_multitude_one_in_a_hundred_is_told_a_day(county: County) -> None:
    fill(county.engine, 1_000)
    yesterday = timedelta(days=1)
    with county.uow() as uow:
        for day in (TOLD, EMPTY - yesterday):
            at = Instant.on(day).now
            assert rungs.tell_due(uow.session, day, day - yesterday, at) == 10
            assert rungs.tell_due(uow.session, day, day - yesterday, at) == 0
        assert rungs.tell_due(uow.session, EMPTY, EMPTY - yesterday, Instant.on(EMPTY).now) == 0
        assert cases.due_on(uow.session, EMPTY, 1) == []


def test_what_a_sweep_asks_a_multitude_goes_by_an_index(county: County) -> None:
    """Without it a day with nothing due costs more in a large county than in a small one."""
    fill(county.engine, 20_000)
    asked: list[tuple[str, Any]] = []
    with county.uow() as uow, watched(county.engine, asked):
        for missed in (1, 9):
            told_through, day = EMPTY - timedelta(days=1), EMPTY + timedelta(days=missed - 1)
            rungs.tell_due(uow.session, day, told_through, Instant.on(day).now)
        rungs.next_day(uow.session, EMPTY)
        cases.due_on(uow.session, EMPTY, 200)
        cases.next_due(uow.session)
        uow.session.rollback()
    questions = [each for each in asked if not each[0].startswith("BEGIN")]
    assert len(questions) == 5
    for words, values in questions:
        plan = explained(county.engine, words, values)
        assert "ix_rungs_told_on" in plan or "ix_cases_next_change_on" in plan
        assert "Seq Scan" not in plan
        assert "SCAN" not in plan
