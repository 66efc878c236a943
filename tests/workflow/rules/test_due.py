"""The one definition of due (domain.md section 8): a state is a pure function of dates and a day."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.histories import PACK, at, day
from workflow.rules.case import Fact
from workflow.rules.due import OWED, STATES, state
from workflow.rules.obligations.owed import Obligation

BY = Fact("reported_in", day("2024-06-03"), 0, "community_detox", None)


def owed(**changes: Any) -> Obligation:
    """Open on 3 June 2024, due on 10 June."""
    plain = Obligation(
        kind="sign_agreement",
        occurrence="m1/1",
        opens_on=day("2024-06-03"),
        due_on=day("2024-06-10"),
        owner="community_worker",
        rule=PACK.obligations["sign_agreement"],
        opened_by=BY,
        raw_due_on=day("2024-06-10"),
    )
    return replace(plain, **changes)


def fact(on: str) -> Fact:
    """Something that happened on a day."""
    return Fact("agreement_signed", day(on), 1, "community_detox", None)


@pytest.mark.parametrize(
    ("on", "wanted"),
    [
        ("2024-06-02", "upcoming"),
        ("2024-06-03", "open"),
        ("2024-06-09", "open"),
        ("2024-06-10", "due_today"),
        ("2024-06-11", "overdue"),
        ("2034-06-11", "overdue"),
    ],
)
def test_while_it_stands_only_the_day_decides(on: str, wanted: str) -> None:
    assert state(owed(), day(on)) == wanted


def test_what_opens_and_is_due_on_one_day_is_due_today() -> None:
    one = owed(due_on=day("2024-06-03"))
    assert state(one, day("2024-06-03")) == "due_today"


@pytest.mark.parametrize(
    ("closed", "wanted"),
    [("2024-06-03", "done"), ("2024-06-10", "done"), ("2024-06-11", "done_late")],
)
def test_late_is_what_happened_after_the_due_day_whenever_it_was_entered(
    closed: str, wanted: str
) -> None:
    for on in ("2024-06-11", "2025-01-01"):
        assert state(owed(closed_by=fact(closed)), day(on)) == wanted


@pytest.mark.parametrize(
    ("ended", "wanted"),
    [("2024-06-05", "withdrawn"), ("2024-06-10", "withdrawn"), ("2024-06-11", "lapsed")],
)
def test_what_ends_before_its_due_day_passed_is_withdrawn_else_lapsed(
    ended: str, wanted: str
) -> None:
    assert state(owed(ended_on=day(ended)), day("2024-07-01")) == wanted


def test_what_was_done_stays_done_whatever_ended_later() -> None:
    one = owed(closed_by=fact("2024-06-05"), ended_on=day("2024-06-06"))
    assert state(one, day("2024-07-01")) == "done"


def test_missed_and_excused_have_their_own_words() -> None:
    assert state(owed(missed_by=fact("2024-06-05")), day("2024-07-01")) == "missed"
    assert state(owed(excused_by=fact("2024-06-05")), day("2024-07-01")) == "withdrawn"
    assert state(owed(withdrawn=True), day("2024-06-04")) == "withdrawn"


def test_held_from_the_first_day_of_the_stop() -> None:
    one = owed(held_since=day("2024-06-05"))
    assert state(one, day("2024-06-04")) == "open"
    assert state(one, day("2024-06-05")) == "held"


def test_every_state_speaks_both_languages() -> None:
    assert set(STATES) >= OWED
    for word, means in STATES.items():
        assert means.en, word
        assert any("\u4e00" <= letter <= "\u9fff" for letter in means.zh), word


def test_each_day_of_an_obligation_has_one_state_and_they_come_in_order() -> None:
    days = [date(2024, 6, 1) + timedelta(days=n) for n in range(20)]
    seen = list(dict.fromkeys(state(owed(), on) for on in days))
    assert seen == ["upcoming", "open", "due_today", "overdue"]


def test_a_case_without_events_owes_nothing() -> None:
    diary, on = at("detected")
    assert diary.owed(on - timedelta(days=1)) == []
