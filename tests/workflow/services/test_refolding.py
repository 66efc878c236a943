"""Refolding: each computed row that was changed, taken away or put in is named, and no row that is right."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest

from tests.builders import CASE, DAY, Office, an_office, new_event
from tests.tampering import (
    REPORTED,
    Hand,
    Row,
    hand_in,
    lived,
    named,
    other,
    unguard,
    verify,
)
from workflow.rules.pack import Pack, Span
from workflow.services.calendar_days import set_day, withdraw_day
from workflow.services.clock import Instant
from workflow.services.packs import load_pack
from workflow.services.pinning import re_pin
from workflow.services.refolding import DERIVED
from workflow.services.sweeping import dawn

SWEPT = REPORTED + DAY


@pytest.fixture
def office() -> Iterator[Office]:
    with an_office(filled=fill) as found:
        unguard(found.engine)
        yield found


def fill(office: Office) -> None:
    lived(office)
    assert named(office) == []


def data_of(hand: Hand) -> list[str]:
    return [column.name for column in hand.table.columns if not column.primary_key]


def case_row(office: Office) -> Row:
    (row,) = Hand(office.engine, "cases").rows()
    return row


# ------------------------------------------------------------------ rows

SPECIAL: Row = {"office_id": UUID(int=1), "closed_by": "elsewhere", "helper": "w9", "measure": 3}
"""Another value of a column that may be empty and holds no day."""


def test_a_changed_column_is_named(office: Office) -> None:
    for table in DERIVED:
        for column in data_of(Hand(office.engine, table)):
            with hand_in(office, table) as hand:
                row = hand.rows()[-1]
                hand.change(row, **{column: SPECIAL.get(column, other(row[column]))})
                (found,) = verify(office).findings
            assert (found.fault, found.table, found.columns) == ("mutated", table, (column,))
            key = {part.name: str(row[part.name]) for part in hand.table.primary_key.columns}
            assert found.key == key


def test_a_row_that_was_taken_away_is_named(office: Office) -> None:
    for table in DERIVED:
        with hand_in(office, table) as hand:
            rows = hand.rows()
            assert rows
            for row in rows:
                hand.take(row)
                assert named(office) == [("missing", table, ())]
                hand.put(row)


def test_a_row_that_was_put_in_is_named(office: Office) -> None:
    new: dict[str, Row] = {
        "obligations": {"occurrence": "m9/9"},
        "stays": {"position": 9},
        "chairs": {"role": "school"},
        "rungs": {"told_on": date(2024, 1, 30)},
    }
    for table in DERIVED:
        with hand_in(office, table) as hand:
            hand.put({**hand.rows()[0], **new[table]})
            (found,) = verify(office).findings
        assert (found.fault, found.table) == ("surplus", table)
        assert found.key.items() >= {name: str(value) for name, value in new[table].items()}.items()


def test_a_row_under_another_key_is_missing_and_too_much(office: Office) -> None:
    with hand_in(office, "stays") as hand:
        hand.change(hand.rows()[-1], position=7)
        assert named(office) == [("missing", "stays", ()), ("surplus", "stays", ())]


def test_a_changed_date_of_a_case_is_named(office: Office) -> None:
    for column in ("next_change_on", "ended_on", "team_since", "version"):
        with hand_in(office, "cases") as hand:
            row = case_row(office)
            hand.change(row, **{column: other(row[column])})
            assert named(office) == [("mutated", "cases", (column,))]


def test_rows_of_another_day_than_the_case_says_are_named(office: Office) -> None:
    for day in (None, REPORTED - DAY, REPORTED + 20 * DAY):
        with hand_in(office, "cases") as hand:
            hand.change(case_row(office), projected_on=day)
            assert named(office)


def test_a_case_that_nobody_ever_projected_has_no_rows(office: Office) -> None:
    office.open(SWEPT, case_id=UUID(int=5), person_id=UUID(int=6))
    assert named(office) == []
    with hand_in(office, "chairs") as hand:
        hand.put({**hand.rows()[0], "case_id": UUID(int=5)})
        assert named(office) == [("surplus", "chairs", ())]


def test_an_obligation_that_was_seen_open_was_seen(office: Office) -> None:
    with hand_in(office, "sightings") as hand:
        hand.take(hand.rows()[0])
        assert named(office) == [("missing", "sightings", ())]


def test_one_case_that_cannot_be_folded_hides_no_other(office: Office) -> None:
    lived(office, case_id=UUID(int=5), person_id=UUID(int=6))
    with hand_in(office, "cases") as cases, hand_in(office, "stays") as stays:
        cases.change(next(row for row in cases.rows() if row["id"] == CASE), team="nonsense")
        pins = Hand(office.engine, "pins").rows()
        assert len(pins) == 2
        stays.take(next(row for row in stays.rows() if row["case_id"] == UUID(int=5)))
        assert ("missing", "stays", ()) in named(office)


def test_a_pack_that_cannot_be_read_is_told_with_the_case(office: Office) -> None:
    with hand_in(office, "cases") as cases, hand_in(office, "pins") as pins:
        cases.change(cases.rows()[0], policy="nowhere")
        pins.change(pins.rows()[0], pack="nowhere")
        (found,) = verify(office).findings
        assert (found.fault, found.table, found.because) == ("unreadable", "cases", "PackRefused")


# ------------------------------------------------------------------ what waits to be looked at


LATER = REPORTED + 3 * DAY
MORE_TIME = load_pack("cn-national")
RULE = MORE_TIME.obligations["make_plan"]
assert RULE.due is not None
MORE_TIME = replace(
    MORE_TIME,
    id="county",
    obligations={
        **MORE_TIME.obligations,
        "make_plan": replace(RULE, due=Span(RULE.due.amount + 9, RULE.due.unit)),
    },
)


def packs(name: str) -> Pack:
    return MORE_TIME if name.startswith("county") else load_pack(name)


@pytest.fixture
def waiting() -> Iterator[Office]:
    """The same, in an office that sets days itself and has a pack of its own."""
    with an_office() as found:
        found.packs = packs
        found.calendar = None  # type: ignore[assignment]
        lived(found)
        yield found


def due_on(office: Office, kind: str) -> date:
    row = next(row for row in Hand(office.engine, "obligations").rows() if row["kind"] == kind)
    day: date = row["due_on"]
    return day


def close(office: Office, day: date, on: date) -> UUID:
    override_id = uuid4()
    clock = Instant.on(on)
    with office.uow() as uow:
        set_day(uow, override_id=override_id, day=day, is_working=False, clock=clock, by="a1")
    return override_id


@pytest.mark.parametrize("on", [SWEPT, LATER], ids=["the same day", "days later"])
def test_rows_from_before_a_day_was_set_are_right_until_the_sweep(
    waiting: Office, on: date
) -> None:
    due = due_on(waiting, "sign_agreement")
    close(waiting, due, on)
    assert case_row(waiting)["next_change_on"] == min(on, SWEPT + DAY)
    assert named(waiting) == []
    waiting.tick(on)
    assert due_on(waiting, "sign_agreement") > due
    assert named(waiting) == []


def test_what_was_set_and_taken_back_leaves_it_right(waiting: Office) -> None:
    day = close(waiting, due_on(waiting, "sign_agreement"), LATER)
    waiting.record(LATER, new_event("visited", LATER))
    assert named(waiting) == []
    with waiting.uow() as uow:
        withdraw_day(uow, override_id=day, clock=Instant.on(LATER + DAY), by="a1")
    assert named(waiting) == []
    waiting.tick(LATER + DAY)
    assert named(waiting) == []


@pytest.mark.parametrize("on", [SWEPT, LATER], ids=["the same day", "days later"])
def test_rows_of_the_pack_before_are_right_until_the_sweep(waiting: Office, on: date) -> None:
    due = due_on(waiting, "make_plan")
    with waiting.uow() as uow:
        re_pin(uow, CASE, "county", packs=packs, clock=Instant.on(on), by="a1")
    assert named(waiting) == []
    waiting.tick(on)
    assert due_on(waiting, "make_plan") > due
    assert named(waiting) == []


def test_rows_that_no_pack_and_no_calendar_explains_are_named(waiting: Office) -> None:
    with waiting.uow() as uow:
        re_pin(uow, CASE, "county", packs=packs, clock=Instant.on(LATER), by="a1")
    unguard(waiting.engine)
    with hand_in(waiting, "stays") as hand:
        hand.take(hand.rows()[0])
        assert ("missing", "stays", ()) in named(waiting)


def test_a_case_that_nobody_will_look_at_again_is_named(waiting: Office) -> None:
    """The day was set, and the case was not put down for it: its rows stay as they were before."""
    before = case_row(waiting)
    close(waiting, due_on(waiting, "sign_agreement"), LATER)
    unguard(waiting.engine)
    Hand(waiting.engine, "cases").change(case_row(waiting), next_change_on=before["next_change_on"])
    wrong = named(waiting)
    assert ("mutated", "obligations", ("due_on",)) in wrong


def test_an_early_next_day_that_nothing_explains_is_named(office: Office) -> None:
    with hand_in(office, "cases") as hand:
        hand.change(case_row(office), next_change_on=SWEPT - DAY)
        assert ("surplus", "rungs", ()) in named(office)
        hand.change(case_row(office), next_change_on=SWEPT + DAY)
        assert named(office) == [("mutated", "cases", ("next_change_on",))]


def test_a_day_that_only_dawned_is_right(office: Office) -> None:
    day = case_row(office)["next_change_on"]
    dawn(office.uow, packs=office.packs, calendar=office.calendar, day=day)
    assert case_row(office)["projected_on"] == day
    assert named(office) == []
    office.tick(day)
    assert named(office) == []


def test_rungs_that_wait_for_the_sweep_are_too_much_before_it(office: Office) -> None:
    rungs = Hand(office.engine, "rungs").rows()
    office.record(SWEPT, new_event("visited", SWEPT))
    assert named(office) == []
    with hand_in(office, "rungs") as hand:
        hand.put(*rungs)
        assert named(office) == [("surplus", "rungs", ())] * len(rungs)
