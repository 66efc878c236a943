"""The tick: what a rehearsal gives, once however often it runs, caught up when missed, stopped by nobody."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from tests.builders import (
    CASE,
    DAY,
    Office,
    an_office,
    detected,
    live,
    new_event,
    positive,
    to_order,
)
from workflow.rules.due import state
from workflow.services import sweeping
from workflow.services.clock import Instant
from workflow.services.packs import load_pack
from workflow.services.rehearsal_reports import rehearse
from workflow.services.scenario_files import Scenario, read_scenario

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
FIRST = date(2024, 1, 8)
ORDER = date(2024, 1, 20)
DUE = date(2024, 2, 4)
BAD = UUID(int=13)


@pytest.fixture
def office() -> Iterator[Office]:
    """A case whose order was served, so that the report-in is owed until 4 February; ticked that day."""
    with an_office(filled=fill) as found:
        yield found


def fill(office: Office) -> None:
    office.open(FIRST)
    for new in to_order(FIRST, ORDER):
        office.record(new.happened_on, new)
        office.tick(new.happened_on)


def told(office: Office, kind: str = "report_in") -> list[tuple[str, str, str]]:
    return [
        (day, rung, to)
        for day, rung, to, of in office.rows(
            "SELECT told_on, rung, told_to, kind FROM notices ORDER BY told_on, told_to"
        )
        if of == kind
    ]


# ------------------------------------------------------------------ as a rehearsal


def same_as_rehearsed(office: Office, scenario: Scenario, *, every_day: bool) -> None:
    life = rehearse(scenario, office.calendar)
    refused = live(office, scenario, every_day=every_day)
    view = office.view(scenario.until)
    assert view.stage == life.case.stage
    assert [(s.on, s.stage) for s in view.stages] == [(s.first, s.stage) for s in life.case.stays]
    assert [
        (o.kind, o.occurrence, o.opens_on, o.due_on, o.closed_on, o.state) for o in view.obligations
    ] == [
        (o.kind, o.occurrence, o.opens_on, o.due_on, o.closed_on, state(o, scenario.until))
        for o in life.owed
    ]
    assert {(n.on, n.kind, n.occurrence, n.rung, n.role, n.to) for n in view.notices} == {
        (n.on, n.kind, n.occurrence, n.rung, n.role, n.to) for n in life.told
    }
    assert [error.code for error in refused] == [turned.error.code for turned in life.refused]
    assert office.rows("SELECT * FROM run_failures") == []


WORKED = sorted(path.name for path in SCENARIOS.glob("*.yaml"))
DAY_BY_DAY = [
    "02-late-report-in.yaml",
    "09-team.yaml",
    "10-void-and-rerun.yaml",
    "more/late-entry-collapses.yaml",
    "more/only-the-newest-window-climbs.yaml",
]


@pytest.mark.parametrize("file", [*WORKED, "more/told-exit-is-undone-with-approval.yaml"])
def test_it_gives_what_a_rehearsal_gives(file: str) -> None:
    """Every worked case, recorded and swept from one day on which something is due to the next."""
    with an_office() as office:
        same_as_rehearsed(office, read_scenario(SCENARIOS / file), every_day=False)


@pytest.mark.parametrize("file", DAY_BY_DAY)
def test_lived_day_by_day_it_gives_the_same(file: str) -> None:
    with an_office() as office:
        same_as_rehearsed(office, read_scenario(SCENARIOS / file), every_day=True)


# ------------------------------------------------------------------ safe to run twice


def test_a_second_run_of_the_day_tells_nothing_again(office: Office) -> None:
    office.tick_through(ORDER, DUE)
    before = office.rows("SELECT * FROM notices")
    again = office.tick(DUE)
    assert (again.cases, again.notices, again.rows) == (0, 0, 0)
    assert office.rows("SELECT * FROM notices") == before


def test_looked_at_again_on_the_day_it_tells_only_what_is_new(office: Office) -> None:
    office.tick_through(ORDER, DUE)
    before = told(office)
    office.record(DUE, new_event("visited", DUE))
    assert office.tick(DUE).cases == 1
    assert told(office) == before


def test_two_machines_that_tick_at_once_tell_it_once(office: Office) -> None:
    """Both saw the case waiting; the second finds it done inside its transaction."""
    office.record(date(2024, 2, 1), new_event("visited", "2024-02-01"))
    clock = Instant.on(date(2024, 2, 2))
    run = sweeping._Run(office.uow, load_pack, office.calendar, clock)
    with office.uow() as uow:
        assert sweeping._sweep_cases(uow, [CASE], run)[0] == 1
    with office.uow() as uow:
        assert sweeping._sweep_cases(uow, [CASE], run) == (0, 0)


def test_what_was_closed_that_day_is_not_told(office: Office) -> None:
    office.tick_through(ORDER, DUE - DAY)
    office.record(DUE, new_event("reported_in", DUE))
    office.tick(DUE)
    assert DUE.isoformat() not in {day for day, _, _ in told(office)}


# ------------------------------------------------------------------ late and missed


def test_days_that_were_missed_are_told_once(office: Office) -> None:
    """The rungs -7, -1, 0, +1 and +3 lay in the missed days: one notice to each who is on the last of them."""
    late = date(2024, 2, 8)
    office.tick(late)
    assert told(office) == [
        ("2024-02-08", "+3", "community_worker"),
        ("2024-02-08", "+3", "supervisor"),
    ]


def test_after_catching_up_the_ladder_goes_on(office: Office) -> None:
    office.tick(date(2024, 2, 1))
    office.tick_through(date(2024, 2, 1), date(2024, 2, 5))
    assert told(office) == [
        ("2024-02-01", "-7", "community_worker"),
        ("2024-02-02", "-1", "community_worker"),
        ("2024-02-04", "0", "community_worker"),
        ("2024-02-05", "+1", "community_worker"),
    ]


def test_a_record_in_the_missed_days_hides_none_of_them(office: Office) -> None:
    late = date(2024, 2, 1)
    office.record(late, new_event("visited", late))
    office.tick(late)
    assert told(office) == [("2024-02-01", "-7", "community_worker")]


def test_what_became_known_in_the_missed_days_is_told(office: Office) -> None:
    """Entered late on the 27th with all its rungs behind it; nothing ticked until the 28th."""
    office.tick(date(2024, 1, 26))
    office.record(date(2024, 1, 27), positive(date(2024, 1, 12), test_id="t2"))
    office.tick(date(2024, 1, 28))
    assert told(office, "resolve_positive")[-2:] == [
        ("2024-01-28", "+3", "community_police"),
        ("2024-01-28", "+3", "supervisor"),
    ]


def test_a_case_that_was_never_looked_at_is_caught_up() -> None:
    with an_office() as office:
        office.open(FIRST)
        office.record(FIRST, detected(FIRST))
        office.tick(date(2024, 1, 18))
        assert [day for day, _, _ in told(office, "stage_review")] == ["2024-01-18"]


# ------------------------------------------------------------------ what a run leaves


def test_a_run_is_written_down(office: Office) -> None:
    report = office.tick(date(2024, 1, 26))
    (row,) = office.rows(
        "SELECT kind, for_day, started_at, ended_at, counts FROM runs WHERE for_day = '2024-01-26'"
    )
    assert row[:4] == (
        "sweep",
        "2024-01-26",
        "2024-01-26 00:30:00.000000",
        "2024-01-26 00:30:00.000000",
    )
    counts = {"cases": 0, "notices": 1, "rows": 0, "failures": 0}
    assert json.loads(row[4]) == counts
    assert (report.cases, report.notices, report.failures) == (0, 1, ())


def test_the_end_of_a_run_is_asked_for_at_the_end(office: Office) -> None:
    at = datetime(2024, 1, 26, 0, 31, tzinfo=UTC)
    sweeping.sweep(
        office.uow,
        packs=load_pack,
        calendar=office.calendar,
        clock=Instant.on(date(2024, 1, 26)),
        ended=lambda: at,
    )
    ends = office.rows("SELECT ended_at FROM runs WHERE for_day = '2024-01-26'")
    assert ends == [("2024-01-26 00:31:00.000000",)]


def test_a_day_with_nothing_due_touches_no_case(office: Office) -> None:
    before = office.rows("SELECT * FROM cases")
    report = office.tick(ORDER + DAY)
    assert (report.cases, report.notices, report.rows) == (0, 0, 0)
    assert office.rows("SELECT * FROM cases") == before


def test_a_case_that_ended_and_owes_nothing_is_left_alone() -> None:
    with an_office() as office:
        office.open(FIRST)
        office.record(FIRST, detected(FIRST))
        office.record(FIRST, new_event("died", FIRST))
        office.tick(FIRST)
        assert office.rows("SELECT next_change_on FROM cases") != [
            (None,)
        ]  # its file is to be closed
        office.record(FIRST + DAY, new_event("papers_sent", FIRST + DAY, for_="closing"))
        office.tick(FIRST + DAY)
        assert office.rows("SELECT next_change_on FROM cases") == [(None,)]


# ------------------------------------------------------------------ one bad case


@pytest.fixture
def with_a_bad_one(office: Office) -> Office:
    """Beside the good case one whose record was damaged, and which waits longer."""
    office.open(FIRST, case_id=BAD, person_id=BAD)
    office.damage("detected", '{"source": "张三丰 told us"}', case_id=BAD)
    return office


def test_one_bad_case_stops_nobody(with_a_bad_one: Office) -> None:
    report = with_a_bad_one.tick(date(2024, 1, 26))
    assert report.notices == 1
    assert [failure.case_id for failure in report.failures] == [BAD]
    assert told(with_a_bad_one) == [("2024-01-26", "-7", "community_worker")]


def test_a_failure_is_written_down_without_what_somebody_wrote(with_a_bad_one: Office) -> None:
    with_a_bad_one.tick(date(2024, 1, 26))
    ((case_id, error),) = with_a_bad_one.rows("SELECT case_id, error FROM run_failures")
    assert UUID(case_id) == BAD
    assert error.startswith("Invalid:unreadable_event at read_json:")
    assert "张三丰" not in error


def test_a_bad_case_waits_until_it_is_mended(with_a_bad_one: Office) -> None:
    for day in (date(2024, 1, 26), date(2024, 1, 27)):
        assert len(with_a_bad_one.tick(day).failures) == 1
    waiting = dict(with_a_bad_one.rows("SELECT id, next_change_on FROM cases"))
    assert waiting[BAD.hex] == FIRST.isoformat()


def test_living_many_days_a_bad_case_stops_nobody(with_a_bad_one: Office) -> None:
    with_a_bad_one.tick_through(date(2024, 1, 25), date(2024, 2, 2))
    assert [day for day, _, _ in told(with_a_bad_one)] == ["2024-01-26", "2024-02-02"]


def test_whoever_waits_is_told_how_far_it_is(office: Office) -> None:
    for number in range(3):
        office.open(ORDER, case_id=UUID(int=100 + number), person_id=UUID(int=200 + number))
    told: list[tuple[int, int]] = []
    sweeping.sweep(
        office.uow,
        packs=load_pack,
        calendar=office.calendar,
        clock=Instant.on(DUE),
        passed=lambda done, total: told.append((done, total)),
    )
    assert told == [(3, 3)]
