"""
Eight at once: threads on a SQLite file, processes on PostgreSQL. Nothing is lost, nothing is there twice,
and whoever meets another one gets an answer, never an error of the database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from threading import Event
from time import sleep
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from tests import databases
from tests.builders import DAY, RING, detected, new_event
from tests.busy_days import CASE, CLOCK, OTHER, TODAY, YOUNG, live, open_one, visit
from tests.counties import a_county, named
from tests.crowds import CROWD, DONE, PATIENCE_S, Crowd, Desk, Job, a_crowd
from tests.failpoints import Original
from tests.persons import number as identity_number
from tests.pictures import Picture, picture
from workflow.rules.pack import Pack
from workflow.services.calendar_days import set_day
from workflow.services.clock import Instant
from workflow.services.handing_over import hand_over, hand_over_caseload
from workflow.services.people import register_person
from workflow.services.proposals import approve, decline, propose
from workflow.services.rotating import take_up
from workflow.services.staffing import add_staff
from workflow.services.sweeping import sweep
from workflow.services.verifying import verify
from workflow.store.people import Profile
from workflow.store.unit_of_work import UnitOfWork, in_one_go

pytestmark = [pytest.mark.databases("none"), pytest.mark.slow]

FIRST = TODAY - 20 * DAY


@dataclass
class Hall:
    """A county on a database, and the crowd that is let in."""

    engine: Engine
    crowd: Crowd

    def at_once(self, job: Job, *args: Any) -> list[Any]:
        """What each of the crowd gave back."""
        return self.crowd.at_once(self.engine, RING, job, *args)

    def picture(self) -> Picture:
        return picture(self.engine, RING)

    def rows(self, table: str, **having: Any) -> list[dict[str, Any]]:
        """The rows of a table in which some columns are so."""
        found = [dict(row) for row in self.picture().rows[table]]
        return [row for row in found if having.items() <= row.items()]

    def see_that_all_is_well(self) -> None:
        """Every row is what the events come to, folded anew; every chain holds."""
        packs = Desk(self.engine, RING).packs
        found = verify(self.reading, packs=packs, calendar=None)
        assert found.is_clean, found.findings

    def reading(self) -> UnitOfWork:
        return UnitOfWork(self.engine, RING, reading=True)


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def kind(request: pytest.FixtureRequest) -> databases.Kind:
    found: databases.Kind = request.param
    return found


@pytest.fixture(scope="module")
def crowd(kind: databases.Kind) -> Iterator[Crowd]:
    with a_crowd(kind, __name__) as found:
        yield found


@pytest.fixture(scope="module")
def original(kind: databases.Kind) -> Iterator[Original]:
    """Two cases in detox and six young ones, in two offices, and a third office; ticked the day before."""
    with databases.on(kind), a_county() as county:
        county.add_office("east", "township", "county")
        county.in_detox("north", "甲", FIRST, ["w1"])
        county.in_detox("south", "乙", FIRST + DAY, ["w3", "w1"])
        for n, name in enumerate(YOUNG):
            county.open_at(("north", "south", "east")[n % 3], name, FIRST)
            county.record(
                TODAY - DAY, detected(TODAY - (n + 1) * DAY), case_id=named(f"case {name}")
            )
        for n in range(2):
            with county.uow() as uow:
                second = Profile(name=f"另一行{n}")
                register_person(
                    uow, person_id=named(f"row {n}"), profile=second, clock=CLOCK, by="w1"
                )
        county.tick(TODAY - DAY)
        yield Original(county.engine)


@pytest.fixture
def hall(original: Original, crowd: Crowd) -> Iterator[Hall]:
    with original.copy() as engine:
        yield Hall(engine, crowd)


# ------------------------------------------------------------------ one case


def record_own(desk: Desk, case_id: UUID) -> list[str]:
    """Four visits, each a request of its own."""
    requests = [[visit(f"{desk.number}/{n}")] for n in range(4)]
    return [desk.outcome(partial(desk.recorded, case_id, TODAY, request)) for request in requests]


def test_all_record_on_one_case_and_everything_is_there_once(hall: Hall) -> None:
    before = hall.rows("cases", id=CASE)[0]["version"]
    assert hall.at_once(record_own, CASE) == [[DONE] * 4] * CROWD
    events = hall.rows("events", case_id=CASE)
    assert sorted(row["seq"] for row in events) == list(range(1, len(events) + 1))
    ids = Counter(row["id"] for row in events)
    assert [ids[f"{n}/{m}"] for n in range(CROWD) for m in range(4)] == [1] * 4 * CROWD
    assert hall.rows("cases", id=CASE)[0]["version"] == before + 4 * CROWD
    hall.see_that_all_is_well()


def record_the_same(desk: Desk, case_id: UUID) -> list[bool]:
    """The same requests as everybody, one of them of two events; whether each was known already."""
    requests = [[visit("same 0")], [visit("same 1"), visit("same 2")], [visit("same 3")]]
    return [
        in_one_go(desk.uow, partial(desk.recorded, case_id, TODAY, request)).already_known
        for request in requests
    ]


def test_the_same_sent_by_all_is_there_once_and_the_others_are_told(hall: Hall) -> None:
    answers = hall.at_once(record_the_same, CASE)
    for request in zip(*answers, strict=True):
        assert sorted(request) == [False] + [True] * (CROWD - 1)
    ids = Counter(row["id"] for row in hall.rows("events", case_id=CASE))
    assert [ids[f"same {n}"] for n in range(4)] == [1] * 4
    hall.see_that_all_is_well()


def record_as_seen(desk: Desk, case_id: UUID, version: int) -> str:
    new = visit(f"{desk.number}")
    return desk.outcome(partial(desk.recorded, case_id, TODAY, [new], expected_version=version))


def test_of_all_who_saw_the_same_version_one_wins(hall: Hall) -> None:
    before = hall.rows("cases", id=CASE)[0]["version"]
    answers = Counter(hall.at_once(record_as_seen, CASE, before))
    assert answers == {DONE: 1, "version_conflict": CROWD - 1}
    assert hall.rows("cases", id=CASE)[0]["version"] == before + 1


def record_on_two(desk: Desk) -> str:
    """Two cases in one transaction, every other time the other way about."""

    def both(uow: UnitOfWork) -> None:
        for case_id in (CASE, OTHER) if desk.number % 2 else (OTHER, CASE):
            desk.recorded(case_id, TODAY, [visit(f"{desk.number} of {case_id}")], uow)

    return desk.outcome(both)


def test_who_waits_for_each_other_is_told_or_begun_anew(hall: Hall) -> None:
    """What was answered is on both cases, what was not is on neither."""
    answers = hall.at_once(record_on_two)
    assert DONE in answers
    assert set(answers) <= {DONE, "transactions_collided"}
    answered = [number for number, answer in enumerate(answers) if answer == DONE]
    for case_id in (CASE, OTHER):
        ids = sorted(row["id"] for row in hall.rows("events", case_id=case_id))
        found = [one for one in ids if one.endswith(f" of {case_id}")]
        assert found == [f"{number} of {case_id}" for number in answered]
    hall.see_that_all_is_well()


def hand_over_once(desk: Desk) -> list[str]:
    """One case to another office; one caseload to another worker; the receipt."""

    def one(uow: UnitOfWork) -> None:
        more: Any = {"packs": desk.packs, "calendar": None, "clock": CLOCK, "by": "s1"}
        hand_over(uow, CASE, named("south"), **more)

    def all_of_w1(uow: UnitOfWork) -> None:
        more: Any = {"packs": desk.packs, "calendar": None, "clock": CLOCK, "by": "s1"}
        hand_over_caseload(uow, named(f"hand-over {desk.number}"), "w1", "w2", **more)

    return [desk.outcome(one), desk.outcome(all_of_w1)]


def test_a_case_is_handed_over_once_and_a_caseload_too(hall: Hall) -> None:
    cases, caseloads = zip(*hall.at_once(hand_over_once), strict=True)
    assert Counter(cases) == {DONE: 1, "already_there": CROWD - 1}
    assert set(caseloads) == {DONE}
    assert len(hall.rows("placements", case_id=CASE)) == 2
    taken = [row for row in hall.rows("events") if row["name"] == "helper_assigned"]
    assert len([row for row in taken if row["recorded_on"] == TODAY]) == 2
    hall.see_that_all_is_well()


def decide_once(desk: Desk, proposal_id: UUID) -> str:
    """Half of them approve, half decline."""
    if desk.number % 2:
        return desk.outcome(
            lambda uow: decline(
                uow, proposal_id, reason="材料不全", clock=CLOCK, by=f"s{desk.number}"
            )
        )
    more: Any = {"packs": desk.packs, "calendar": None, "clock": CLOCK, "by": f"s{desk.number}"}
    return desk.outcome(lambda uow: approve(uow, proposal_id, **more))


def test_of_all_who_decide_on_a_proposal_one_does(hall: Hall) -> None:
    proposal_id, desk = named("a proposal"), Desk(hall.engine, RING)
    wanted: dict[str, Any] = {"kind": "visit", "occurrence": "m1/w01", "reason": "住院"}
    request = [new_event("obligation_excused", TODAY, id="excused", **wanted)]
    more: Any = {"packs": desk.packs, "calendar": None, "clock": CLOCK, "by": "w1"}
    assert desk.outcome(lambda uow: propose(uow, proposal_id, CASE, request, **more)) == DONE
    answers = hall.at_once(decide_once, proposal_id)
    assert Counter(answers) == {DONE: 1, "proposal_decided": CROWD - 1}
    (row,) = hall.rows("proposals")
    assert row["decided_by"] == f"s{answers.index(DONE)}"
    recorded = hall.rows("events", id="excused")
    assert [one["approved_by"] for one in recorded] == (
        [row["decided_by"]] if row["outcome"] == "approved" else []
    )
    hall.see_that_all_is_well()


# ------------------------------------------------------------------ the sweep


def sweep_once(desk: Desk, day: date) -> tuple[int, int]:
    report = desk.swept(day)
    return report.notices, len(report.failures)


def test_sweeps_at_once_tell_each_rung_once(original: Original, hall: Hall) -> None:
    """On a day after days that were missed: the rows are those that one sweep writes."""
    day = TODAY + 7 * DAY
    with original.copy() as engine:
        told = Desk(engine, RING).swept(day).notices
        alone = picture(engine, RING)
    answers = hall.at_once(sweep_once, day)
    assert sum(notices for notices, _ in answers) == told > 0
    assert {failures for _, failures in answers} == {0}
    together = hall.picture()
    assert together.without("runs") == alone.without("runs"), together.difference(alone)
    assert all(row["ended_at"] for row in hall.rows("runs"))
    hall.see_that_all_is_well()


def sweep_of_its_own(desk: Desk) -> int:
    return len(desk.swept(TODAY + (desk.number % 4) * DAY).failures)


def test_sweeps_of_different_days_leave_the_last_day_told(hall: Hall) -> None:
    assert hall.at_once(sweep_of_its_own) == [0] * CROWD
    assert hall.rows("stamps", key="swept_through")[0]["value"] == (TODAY + 3 * DAY).isoformat()
    hall.see_that_all_is_well()


def test_a_day_that_is_set_while_a_case_is_swept_is_not_lost(hall: Hall) -> None:
    """The sweep has read the calendar of before, and is to look at the case again all the same."""
    desk, swept_by = Desk(hall.engine, RING), Event()

    def packs(name: str) -> Pack:
        swept_by.set()
        sleep(0.3)  # meanwhile the day is set, or waits to be
        return desk.packs(name)

    def a_sweep() -> None:
        sweep(desk.uow, packs=packs, calendar=None, clock=Instant.on(TODAY + DAY))

    desk.outcome(partial(desk.recorded, CASE, TODAY, [visit("a visit")]))
    with ThreadPoolExecutor(1) as pool:
        sweeping = pool.submit(a_sweep)
        assert swept_by.wait(PATIENCE_S)
        day: dict[str, Any] = {"override_id": named("a day"), "day": TODAY + 2 * DAY}
        clock = Instant.on(TODAY + DAY)
        desk.outcome(lambda uow: set_day(uow, **day, is_working=False, clock=clock, by="root"))
        sweeping.result(PATIENCE_S)
    (case,) = hall.rows("cases", id=CASE)
    assert case["next_change_on"] <= TODAY + DAY
    hall.see_that_all_is_well()


# ------------------------------------------------------------------ opening and registering


def test_the_same_case_opened_by_all_is_opened_once(hall: Hall) -> None:
    """A phone that sends again before it has an answer: person, case and registration are there once."""
    assert hall.at_once(open_one, "a case", "a person") == [DONE] * CROWD
    assert len(hall.rows("events", case_id=named("a case"))) == 1
    hall.see_that_all_is_well()


def test_the_same_case_of_a_known_person_is_opened_once(hall: Hall) -> None:
    assert hall.at_once(open_one, "a case", "row 0") == [DONE] * CROWD
    assert len(hall.rows("pins", case_id=named("a case"))) == 1
    hall.see_that_all_is_well()


@pytest.mark.parametrize("person", ["a new person", "row 0"])
def test_of_all_who_open_a_case_for_one_person_one_wins(hall: Hall, person: str) -> None:
    answers = Counter(hall.at_once(open_one, "a case of *", person))
    assert answers == {DONE: 1, "another_case_open": CROWD - 1}
    hall.see_that_all_is_well()


def test_a_pack_that_all_need_for_the_first_time_is_kept_once(hall: Hall) -> None:
    assert hall.at_once(open_one, "a case of *", "person *", "shanghai") == [DONE] * CROWD
    kept = [row["name"] for row in hall.rows("packs")]
    assert len([name for name in kept if name.startswith("shanghai@")]) == 1
    hall.see_that_all_is_well()


def register_one(desk: Desk, person: str, name: str, identity_no: str) -> str:
    person, name = (text.replace("*", str(desk.number)) for text in (person, name))
    profile = Profile(name=name, identity_no=identity_no)
    return desk.outcome(
        lambda uow: register_person(
            uow, person_id=named(person), profile=profile, clock=CLOCK, by="w1"
        )
    )


def test_the_same_person_registered_by_all_is_there_once(hall: Hall) -> None:
    answers = hall.at_once(register_one, "a person", "某人", identity_number())
    assert answers == [DONE] * CROWD


def test_a_number_that_all_register_at_once_is_caught(hall: Hall) -> None:
    """Each asks whether somebody has it before anybody has."""
    answers = Counter(hall.at_once(register_one, "person *", "某人 *", identity_number()))
    assert answers == {DONE: 1, "possible_duplicate": CROWD - 1}


def add_one(desk: Desk, handle: str) -> list[str]:
    """The same member of staff as all, and one of the same handle."""

    def added(staff_id: str, handle: str) -> str:
        more: Any = {"name": "某工作人员", "phone": None, "clock": CLOCK, "by": "root"}
        return desk.outcome(
            lambda uow: add_staff(uow, staff_id=named(staff_id), handle=handle, **more)
        )

    return [added("w9", "w9"), added(f"another {desk.number}", handle)]


def test_staff_whom_all_add_at_once_are_there_once(hall: Hall) -> None:
    same, others = zip(*hall.at_once(add_one, "w10"), strict=True)
    assert set(same) == {DONE}
    assert Counter(others) == {DONE: 1, "handle_taken": CROWD - 1}


def take_up_the_ring(desk: Desk) -> str:
    return desk.outcome(lambda uow: take_up(uow, TODAY))


def test_servers_that_begin_at_once_take_the_ring_up_once(hall: Hall) -> None:
    assert hall.at_once(take_up_the_ring) == [DONE] * CROWD
    assert len([row for row in hall.rows("stamps") if row["key"].startswith("key_check:")]) == 1


# ------------------------------------------------------------------ everything at once


REFUSALS = {
    "hand over": {"already_there"},
    "caseload": {"already_assigned"},
    "moved": {"already_there"},
    "merge": {"already_merged", "merge_in_circle", "both_have_open_cases"},
    "open": {"another_case_open"},
    "attach": {"attachment_id_conflict"},
}


@pytest.mark.parametrize("seed", range(3))
def test_everything_at_once_gives_answers_and_leaves_all_well(hall: Hall, seed: int) -> None:
    together: Counter[str] = sum(hall.at_once(live, seed), Counter())
    for outcome in together:
        name, _, code = outcome.partition(": ")
        assert code == DONE or code in REFUSALS.get(name, ()), together
    recorded = [row["id"] for row in hall.rows("events") if row["id"].startswith("batch")]
    assert len(set(recorded)) == len(recorded) == together["batch: done"]
    hall.see_that_all_is_well()
    Desk(hall.engine, RING).swept(TODAY)
    hall.see_that_all_is_well()
    told = [tuple(row.items()) for row in hall.rows("notices")]
    assert len(set(told)) == len(told)
