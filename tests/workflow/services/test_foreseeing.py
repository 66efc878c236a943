"""Foreseeing: a case moved on by its outlook is what folding it gives, and it is folded where it must be."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.builders import CASE, DAY, Office, an_office, live, new_event, to_order
from tests.tampering import Hand, named, unguard, verify
from workflow.rules.workdays import WorkDays
from workflow.services import outlooks
from workflow.services.calendars import work_days_with
from workflow.services.foreseeing import foresee
from workflow.services.packs import load_pack
from workflow.services.projecting import project
from workflow.services.scenario_files import read_scenario
from workflow.services.sweeping import dawn

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
FIRST = date(2024, 1, 8)
ORDER = date(2024, 1, 20)
REPORTED = date(2024, 1, 25)
COMPUTED = ("obligations", "sightings", "stays", "chairs", "rungs", "notices")


class Watched(Office):
    """An office that notes down on which days a case was folded."""

    folded: list[date]


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    with watched(monkeypatch) as found:
        yield found


@contextmanager
def watched(monkeypatch: pytest.MonkeyPatch, *, forgetful: bool = False) -> Iterator[Watched]:
    """Another office; a forgetful one knows no outlook. Of several the last one is watched."""
    with an_office() as made:
        found = Watched(made.engine)
        found.folded = []

        def noted(uow: Any, files: Any, packs: Any, days: Any, on: date, **more: Any) -> Any:
            found.folded.append(on)
            return project(uow, files, packs, days, on, **more)

        def asked(uow: Any, rows: Any, *others: Any) -> Any:
            return ([], rows, 0) if forgetful else foresee(uow, rows, *others)

        monkeypatch.setattr("workflow.services.sweeping.project", noted)
        monkeypatch.setattr("workflow.services.sweeping.foresee", asked)
        yield found


def in_detox(office: Watched, through: date = REPORTED + DAY) -> None:
    """A case in community detox, swept up to a day."""
    office.open(FIRST)
    acts = ("reported_in", "agreement_signed", "plan_made")
    for new in (*to_order(FIRST, ORDER), *(new_event(name, REPORTED) for name in acts)):
        office.record(new.happened_on, replace(new, id=new.event.name))
    office.tick_through(REPORTED - DAY, through)
    office.folded.clear()


def window_day(office: Office, after: date) -> date:
    """The first day after one on which a window opens or has passed its due day, and no more."""
    days = office.rows(
        "SELECT opens_on, due_on FROM obligations WHERE is_window AND closed_on IS NULL"
    )
    opening = [date.fromisoformat(opens) for opens, _ in days]
    passed = [date.fromisoformat(due) + DAY for _, due in days]
    return min(day for day in (*opening, *passed) if day > after)


def picture(office: Office) -> dict[str, list[tuple[object, ...]]]:
    found = {table: sorted(map(repr, office.rows(f"SELECT * FROM {table}"))) for table in COMPUTED}  # noqa: S608
    dates = "projected_on, next_change_on, ended_on, team_since"
    return {**found, "cases": office.rows(f"SELECT {dates} FROM cases")}  # type: ignore[dict-item]  # noqa: S608


# ------------------------------------------------------------------ the same


@pytest.mark.parametrize("file", ["07-move.yaml"])
def test_a_life_is_the_same_with_outlooks_and_without(
    office: Watched, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = read_scenario(SCENARIOS / file)
    live(office, scenario, every_day=False)
    folded = len(office.folded)
    with watched(monkeypatch, forgetful=True) as other:
        live(other, scenario, every_day=False)
        assert picture(office) == picture(other)
        assert folded < len(other.folded)


def test_a_window_that_opens_is_written_and_told_without_opening_an_event(office: Watched) -> None:
    in_detox(office)
    day = window_day(office, REPORTED + DAY)
    office.damage("detected", "{}")  # whoever opened it would fail
    report = office.tick(day)
    assert (report.cases, report.failures) == (1, ())
    assert office.folded == []
    assert office.rows("SELECT projected_on FROM cases") == [(day.isoformat(),)]


@pytest.mark.parametrize("missed", [0, 1, 12])
def test_days_that_were_missed_are_caught_up_alike(
    office: Watched, missed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_detox(office)
    day = window_day(office, REPORTED + DAY) + missed * DAY
    office.tick(day)
    assert office.folded == []
    with watched(monkeypatch, forgetful=True) as other:
        in_detox(other)
        other.tick(day)
        assert other.folded == [day]
        assert picture(office) == picture(other)


# ------------------------------------------------------------------ folded where it must be


def test_what_was_recorded_since_is_folded(office: Watched) -> None:
    in_detox(office)
    office.record(REPORTED + 2 * DAY, new_event("visited", REPORTED + 2 * DAY))
    office.tick(REPORTED + 2 * DAY)
    assert office.folded == [REPORTED + 2 * DAY]


def test_another_calendar_is_another_basis(office: Watched) -> None:
    in_detox(office)
    day = window_day(office, REPORTED + DAY)
    office.calendar = work_days_with({date(2024, 12, 2): False}, {})
    office.tick(day)
    assert office.folded == [day]


def test_another_pack_is_another_basis(office: Watched) -> None:
    in_detox(office)
    day = window_day(office, REPORTED + DAY)
    office.packs = lambda name: replace(load_pack(name), lineage=("elsewhere",))
    office.tick(day)
    assert office.folded == [day]


def test_other_rules_are_another_basis(office: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a release no case is moved on by what an older one foresaw."""
    in_detox(office)
    day = window_day(office, REPORTED + DAY)
    monkeypatch.setattr(outlooks, "_rules", lambda: b"of the next release")
    office.tick(day)
    assert office.folded == [day]


@pytest.mark.databases("none")
def test_a_calendar_that_does_not_say_which_it_is_makes_none() -> None:
    nameless = WorkDays([], first=FIRST, last=FIRST, official_years=())
    assert outlooks.basis_of(b"chain", "recorded", load_pack("cn-national"), nameless) is None


@pytest.mark.parametrize("content", ["", "[]", "[1, 2, true, {}, [], [[1]]]", "[[[["])
def test_an_outlook_that_cannot_be_read_is_none(office: Watched, content: str) -> None:
    in_detox(office)
    day = window_day(office, REPORTED + DAY)
    hand = Hand(office.engine, "outlooks")
    hand.change(hand.rows()[0], content=content)
    assert office.tick(day).failures == ()
    assert office.folded == [day]
    assert named(office) == []


def test_a_day_that_began_before_its_sweep_is_folded_for_it(office: Watched) -> None:
    in_detox(office)
    day = window_day(office, REPORTED + DAY)
    dawn(office.uow, packs=office.packs, calendar=office.calendar, day=day)
    office.tick(day)
    assert office.folded == [day, day]
    assert named(office) == []


# ------------------------------------------------------------------ verified


def test_verify_finds_what_was_foreseen_right_and_names_an_outlook_that_is_not(
    office: Watched,
) -> None:
    in_detox(office)
    assert named(office) == []
    office.tick(window_day(office, REPORTED + DAY))
    assert office.folded == []
    assert named(office) == []
    unguard(office.engine)
    hand = Hand(office.engine, "outlooks")
    (row,) = hand.rows()
    wrong = row["content"].replace('"community_worker"', '"community_doctor"')
    hand.change(row, content=wrong)
    (found,) = verify(office).findings
    assert (found.fault, found.table, found.columns) == ("mutated", "outlooks", ("content",))
    assert found.key == {"case_id": str(CASE)}
    hand.change(row, content=row["content"], basis=b"another")
    assert named(office) == []  # nobody goes by it
