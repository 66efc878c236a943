"""Verifying: a life that nobody tampered with is right at every step, in bounded memory, while others go on working."""

import gc
import sqlite3
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.builders import DAY, Office, an_office, live, new_event
from tests.databases import new_database
from tests.tampering import REPORTED, Hand, copies, lived, named, verify
from workflow.services.modes import move_clock, stamp
from workflow.services.recording import RecordedResult
from workflow.services.scenario_files import read_scenario
from workflow.services.sweeping import RunReport
from workflow.services.worked_cases import load_worked_cases, worked_cases

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
SWEPT = REPORTED + DAY


class Watched(Office):
    """An office that is verified after every recording and every run."""

    steps = 0

    def record(self, on: date, *request: Any, **more: Any) -> RecordedResult:
        done = super().record(on, *request, **more)
        self.look()
        return done

    def tick(self, on: date) -> RunReport:
        done = super().tick(on)
        self.look()
        return done

    def look(self) -> None:
        self.steps += 1
        assert verify(self).findings == ()


@pytest.fixture
def office() -> Iterator[Office]:
    with an_office(filled=lived) as found:
        yield found


# ------------------------------------------------------------------ what nobody tampered with


@pytest.mark.parametrize("file", ["09-team.yaml", "10-void-and-rerun.yaml"])
def test_a_life_is_right_at_every_step(file: str) -> None:
    office = Watched(new_database())
    live(office, read_scenario(SCENARIOS / file), every_day=False)
    assert office.steps > 5


@pytest.mark.slow
@pytest.mark.parametrize("file", ["02-late-report-in.yaml", "more/late-entry-collapses.yaml"])
def test_a_life_is_right_on_every_day(file: str) -> None:
    office = Watched(new_database())
    scenario = read_scenario(SCENARIOS / file)
    live(office, scenario)
    assert office.steps > (scenario.until - scenario.recs[0].recorded_on).days


def test_days_that_were_missed_leave_it_right(office: Office) -> None:
    office.record(SWEPT + 10 * DAY, new_event("visited", SWEPT + 10 * DAY))
    assert named(office) == []
    office.tick(SWEPT + 40 * DAY)
    assert named(office) == []


def test_a_run_for_a_day_that_is_over_leaves_it_right(office: Office) -> None:
    """An operator who runs the days after a holiday one by one, while others record on today."""
    today = SWEPT + 10 * DAY
    office.record(today, new_event("visited", today))
    for day in (SWEPT + DAY, SWEPT + 2 * DAY, today):
        office.tick(day)
        assert named(office) == []


@pytest.mark.databases("sqlite", why="it damages an index of the file")
def test_a_row_that_an_index_lacks_is_found(tmp_path: Path) -> None:
    """Its table is whole, so that its case verifies; the sweep, which asks the index, would never come to it."""
    with an_office(tmp_path / "guitu.db", filled=lived) as office:
        assert named(office) == []
        office.engine.dispose()
        with closing(sqlite3.connect(tmp_path / "guitu.db")) as other:
            other.execute("PRAGMA writable_schema = ON")
            other.execute(
                "UPDATE sqlite_master SET sql = 'CREATE INDEX ix_cases_next_change_on ON cases (version)'"
                " WHERE name = 'ix_cases_next_change_on'"
            )
            other.commit()
        found = {key for one in verify(office).findings for key in one.key.values()}
        assert any("missing from index ix_cases_next_change_on" in key for key in found)


def test_an_empty_database_is_right() -> None:
    with an_office() as office:
        verdict = verify(office)
        assert (verdict.is_clean, verdict.cases, verdict.events, verdict.people) == (True, 0, 0, 0)


@pytest.mark.slow
def test_a_demo_is_right_when_its_days_dawn() -> None:
    office = Office(new_database())
    with office.uow() as uow:
        stamp(uow, "demo")
    packs, calendar = office.packs, office.calendar
    found = worked_cases()[:4]
    day = load_worked_cases(office.uow, packs=packs, calendar=calendar, found=found)
    assert verify(office).cases == 4
    assert named(office) == []
    for to in (day, day + DAY, day + 40 * DAY):
        move_clock(office.uow, to, packs=packs, calendar=calendar)
        assert named(office) == []
        office.tick(to)
        assert named(office) == []


# ------------------------------------------------------------------ how it goes about it


def test_it_tells_how_far_it_is(office: Office) -> None:
    copies(office, 5)
    told: list[tuple[int, int]] = []
    verify(office, passed=lambda done, total: told.append((done, total)), at_once=2)
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert {total for _, total in told} == {told[-1][0]}


def test_others_go_on_working_meanwhile(office: Office) -> None:
    """Each page is one moment: what is recorded between two of them makes no difference."""
    copies(office, 4)
    cases = [row["id"] for row in Hand(office.engine, "cases").rows()]
    days = iter(SWEPT + n * DAY for n in range(1, 100))

    def work(done: int, total: int) -> None:
        day = next(days)
        for case_id in cases:
            office.record(day, new_event("visited", day), case_id=case_id)
        office.tick(day)

    verdict = verify(office, passed=work, at_once=1)
    assert (verdict.cases, verdict.findings) == (5, ())
    assert named(office) == []


def test_others_record_at_the_same_time(tmp_path: Path) -> None:
    """A page holds what several statements read: one that saw two moments would find what is not there."""
    with an_office(shared_in=tmp_path, filled=lived) as office:
        copies(office, 3)
        cases = [row["id"] for row in Hand(office.engine, "cases").rows()]
        done = Event()

        def work() -> None:
            day = SWEPT
            while not done.is_set():
                day += DAY
                for case_id in cases:
                    office.record(day, new_event("visited", day), case_id=case_id)
                office.tick(day)

        with ThreadPoolExecutor(1) as pool:
            working = pool.submit(work)
            for at_once in (1, 2, 4, 4, 4):
                assert verify(office, at_once=at_once).findings == ()
            done.set()
            working.result()


def test_it_changes_nothing(office: Office) -> None:
    tables = ("cases", "events", "obligations", "rungs", "runs", "stamps", "people")
    before = [Hand(office.engine, table).rows() for table in tables]
    verify(office)
    assert [Hand(office.engine, table).rows() for table in tables] == before


def tidy(done: int, total: int) -> None:
    gc.collect()


def peak(office: Office, cases: int) -> int:
    """The most bytes that were held at once, without what only waits to be collected."""
    gc.collect()
    gc.freeze()  # what a whole run of tests holds need not be gone through at every page
    tracemalloc.start()
    try:
        verdict = verify(office, at_once=10, passed=tidy)
        assert (verdict.cases, verdict.found) == (cases, 0)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.unfreeze()


@pytest.mark.slow
@pytest.mark.databases("sqlite", why="it measures the memory of this process")
def test_four_times_the_cases_take_no_more_memory(tmp_path: Path) -> None:
    with an_office(tmp_path / "guitu.db", filled=lived) as office:
        copies(office, 39)
        verify(office)  # what is loaded or kept for good is there by now
        few = peak(office, 40)
        copies(office, 120)
        assert peak(office, 160) < 1.3 * few
