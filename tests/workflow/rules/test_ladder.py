"""The ladder (domain.md section 9): on which day which role is told."""

from dataclasses import replace
from typing import Any

import pytest

from tests.histories import DAYS, PACK, day
from workflow.rules.case import Fact
from workflow.rules.ladder import Step, ladder, ladder_of
from workflow.rules.obligations.owed import Obligation

BY = Fact("reported_in", day("2024-06-03"), 0, "community_detox", None)


def owed(opens: str, due: str, kind: str = "sign_agreement", **changes: Any) -> Obligation:
    """An obligation of a kind with these two days."""
    rule = PACK.obligations[kind]
    plain = Obligation(kind, "m1/1", day(opens), day(due), rule.owner, rule, BY, day(due))
    plain.nominal_days = rule.nominal_days or 0
    return replace(plain, **changes)


def rungs(one: Obligation, through: str) -> list[tuple[str, str, str]]:
    """Day, label and recipients, up to a day."""
    found: list[Step] = ladder(one, PACK, DAYS, day(through))
    return [(str(step.on), step.label, " ".join(step.to)) for step in found]


# ------------------------------------------------------------------ which ladder


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("sign_agreement", "standard"),
        ("report_in", "standard"),
        ("routine_test", "standard"),
        ("decide_objection", "short"),
        ("legality_review", "short"),
        ("notify_family", "short"),
        ("facility_transfer", "standard"),
    ],
)
def test_the_nominal_period_in_the_pack_chooses_the_ladder(kind: str, name: str) -> None:
    assert ladder_of(owed("2024-06-03", "2024-06-10", kind), PACK) is PACK.ladders[name]


def test_rolling_does_not_make_a_short_period_long() -> None:
    one = owed("2024-09-29", "2024-10-08", "decide_objection")
    assert ladder_of(one, PACK) is PACK.ladders["short"]


# ------------------------------------------------------------------ the standard ladder


def test_the_standard_ladder() -> None:
    one = owed("2024-05-06", "2024-06-19", "report_in")
    assert rungs(one, "2024-07-10") == [
        ("2024-06-12", "-7", "community_worker"),
        ("2024-06-18", "-1", "community_worker"),
        ("2024-06-19", "0", "community_worker"),
        ("2024-06-20", "+1", "community_worker"),
        ("2024-06-24", "+3", "community_worker supervisor"),
        ("2024-06-26", "+7", "county_office"),
        ("2024-07-03", "+14", "county_office"),
        ("2024-07-10", "+21", "county_office"),
    ]


def test_the_county_hears_every_week_four_times_and_then_every_thirty_days() -> None:
    one = owed("2024-05-06", "2024-06-19", "report_in")
    labels = [label for _, label, _ in rungs(one, "2024-10-31")]
    assert labels[5:] == ["+7", "+14", "+21", "+28", "+35", "+65", "+95", "+125"]


def test_rungs_before_the_opening_are_skipped() -> None:
    one = owed("2024-06-17", "2024-06-20")
    assert list(rungs(one, "2024-06-20")) == [
        ("2024-06-19", "-1", "community_worker"),
        ("2024-06-20", "0", "community_worker"),
    ]


def test_nothing_is_told_beyond_the_day_that_was_asked_for() -> None:
    assert rungs(owed("2024-06-17", "2024-06-27"), "2024-06-19") == []


# ------------------------------------------------------------------ days off


def test_a_rung_before_the_due_day_moves_back_to_a_working_day() -> None:
    one = owed("2024-06-03", "2024-06-17")
    assert rungs(one, "2024-06-17") == [
        ("2024-06-07", "-7", "community_worker"),
        ("2024-06-14", "-1", "community_worker"),
        ("2024-06-17", "0", "community_worker"),
    ]


def test_it_never_moves_before_the_opening_and_is_then_told_on_that_day() -> None:
    one = owed("2024-06-08", "2024-06-16", "visit")
    assert rungs(one, "2024-06-12")[0] == ("2024-06-08", "-7", "community_worker")


def test_a_due_day_on_a_holiday_is_told_on_the_working_day_before() -> None:
    one = owed("2024-09-02", "2024-10-02", "visit")
    assert [r[:2] for r in rungs(one, "2024-10-09")] == [
        ("2024-09-25", "-7"),
        ("2024-09-30", "0"),
        ("2024-10-08", "+3"),
        ("2024-10-09", "+7"),
    ]


def test_of_rungs_that_fall_on_one_day_only_the_last_is_told() -> None:
    one = owed("2024-06-01", "2024-06-16", "visit")
    assert ("2024-06-14", "0", "community_worker") in rungs(one, "2024-06-16")
    assert not [r for r in rungs(one, "2024-06-16") if r[1] == "-1"]


def test_a_rung_after_the_due_day_moves_on_to_a_working_day() -> None:
    one = owed("2024-06-03", "2024-06-14")
    assert ("2024-06-17", "+3", "community_worker supervisor") in rungs(one, "2024-06-18")
    assert not [r for r in rungs(one, "2024-06-18") if r[1] == "+1"]


def test_statutory_duties_are_told_on_the_day_working_or_not() -> None:
    one = owed("2024-10-02", "2024-10-03", "notify_family")
    assert [r[:2] for r in rungs(one, "2024-10-06")] == [
        ("2024-10-02", "opening"),
        ("2024-10-03", "0"),
        ("2024-10-04", "+1"),
        ("2024-10-06", "+3"),
    ]


# ------------------------------------------------------------------ the short ladder


def test_the_short_ladder() -> None:
    one = owed("2024-06-17", "2024-06-20", "decide_objection")
    assert rungs(one, "2024-06-28") == [
        ("2024-06-17", "opening", "community_police"),
        ("2024-06-20", "0", "community_police"),
        ("2024-06-21", "+1", "community_police supervisor"),
        ("2024-06-24", "+3", "county_office"),
    ]
    assert rungs(one, "2024-07-04")[-1] == ("2024-07-01", "+10", "county_office")


def test_where_the_supervisor_owes_it_they_are_told_once() -> None:
    one = owed("2024-06-17", "2024-06-20", "legality_review")
    assert rungs(one, "2024-06-21")[-1] == ("2024-06-21", "+1", "supervisor")
