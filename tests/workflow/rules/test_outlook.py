"""The outlook: for as long as it holds it tells what folding and planning the case anew would tell."""

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.histories import DAY, FIRST, Diary, at
from tests.walks import REACHABLE, SEEDS, Step, disturb, steps, wander
from workflow.rules.case import Case, Fact
from workflow.rules.changes import next_change
from workflow.rules.history import history_of
from workflow.rules.measures import Measure
from workflow.rules.obligations.owed import Obligation
from workflow.rules.outlook import (
    STEADY,
    Outlook,
    next_change_within,
    outlook_of,
    owed_on,
    plan_ahead,
)
from workflow.rules.pack import ObligationRule
from workflow.rules.plan import plan
from workflow.rules.telling import Key, Notice, Teller, coming, notices, teller_of

FAR = timedelta(days=120)


def shown(one: Obligation) -> tuple[Any, ...]:
    """All of an obligation, its facts by their name and place."""
    return tuple(_plain(getattr(one, field.name)) for field in fields(one))


def _plain(value: Any) -> Any:
    if isinstance(value, Fact):
        return value.name, value.on, value.place
    if isinstance(value, Measure):
        return value.ordinal
    return value.kind if isinstance(value, ObligationRule) else value


def known(owed: list[Obligation], on: date) -> dict[Key, date]:
    return {one.key: one.opens_on for one in owed if one.opens_on <= on}


def outlook(diary: Diary, case: Case) -> Outlook | None:
    near, ahead = plan_ahead(case, case.on + FAR)
    assert list(map(shown, near)) == list(map(shown, plan(case)))
    history, seen = history_of(diary.recs), known(near, case.on)
    return outlook_of(case, history, (near, ahead), seen, case.on + FAR)


def told(teller: Teller, owed: list[Obligation], on: date, before: date) -> list[Notice]:
    """What is told on a day, and from then on until another."""
    return notices(teller, owed, on, known(owed, on)) + coming(teller, owed, on, before)


def assert_it_holds(diary: Diary, ahead: Outlook, first: Case, on: date) -> bool:
    """Whether it still says something of a day, which is then what folding the case for it says."""
    owed = owed_on(ahead, diary.pack, on)
    if owed is None:
        return False
    case = diary.case(on)
    whole = plan(case)
    assert list(map(shown, owed)) == [shown(one) for one in whole if one.stands()]
    gone = {shown(one) for one in plan(first) if not one.stands()}
    assert {shown(one) for one in whole if not one.stands()} == gone
    assert [s.stage for s in case.stays] == [s.stage for s in first.stays]
    assert (case.ended_on, ahead.team) == (first.ended_on, teller_of(case).team)
    following = next_change(case, whole, on, rungs=False)
    assert next_change_within(ahead, owed, diary.pack, on) == following
    teller = Teller(diary.pack, case.days, ahead.team)
    assert told(teller, owed, on, following) == told(teller_of(case), whole, on, following)
    return True


STEPS = st.builds(steps, SEEDS, st.integers(0, 6))
LATER = st.lists(st.integers(0, 70), min_size=4, max_size=8)


@settings(max_examples=90, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(STEADY)), STEPS, STEPS, st.integers(0, 60), LATER)
def test_while_it_holds_it_is_what_folding_anew_gives(
    stage: str, way: list[Step], late: list[Step], first: int, days: list[int]
) -> None:
    """Whatever was recorded before, late entries and voids included."""
    diary, on = at(stage)
    on = wander(diary, on, way)
    disturb(diary, on, late)
    case = diary.case(on + first * DAY)
    ahead = outlook(diary, case)
    if ahead is not None:
        for number in days:
            assert_it_holds(diary, ahead, case, case.on + number * DAY)


@pytest.mark.parametrize(
    ("stage", "acts"),
    [
        ("community_detox", ["agreement_signed", "plan_made"]),
        ("recovery", ["agreement_signed", "plan_made"]),
        ("follow_up", []),
    ],
)
def test_in_a_steady_stage_it_holds_for_weeks(stage: str, acts: list[str]) -> None:
    diary, on = at(stage)
    for name in acts:
        diary.record(on, name)
    case = diary.case(on + 45 * DAY)
    ahead = outlook(diary, case)
    assert ahead is not None
    days = [case.on + timedelta(days=number) for number in range(60)]
    assert sum(assert_it_holds(diary, ahead, case, day) for day in days) >= 25


@pytest.mark.parametrize("stage", [stage for stage in REACHABLE if stage not in STEADY])
def test_elsewhere_each_day_may_bring_something_else(stage: str) -> None:
    diary, on = at(stage)
    assert outlook(diary, diary.case(on)) is None


def in_detox() -> tuple[Diary, date]:
    diary, on = at("community_detox", FIRST)
    assert outlook(diary, diary.case(on)) is not None
    return diary, on


HOSPITAL = {"kind": "hospital", "from_on": FIRST}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("left", {}),
        ("suspended", {"reason": "detained", "document_no": "X-1"}),
        ("circumstance_recorded", HOSPITAL),
    ],
)
def test_while_something_lasts_there_is_none(name: str, values: dict[str, Any]) -> None:
    """Each day that it lasts is counted."""
    diary, on = in_detox()
    diary.record(on + DAY, name, **values)
    assert outlook(diary, diary.case(on + DAY)) is None


def test_what_was_recorded_for_a_later_day_lies_ahead() -> None:
    diary, on = in_detox()
    diary.record(on + 5 * DAY, "visited")
    assert outlook(diary, diary.case(on)) is None
    assert outlook(diary, diary.case(on + 5 * DAY)) is not None


def test_it_ends_with_the_first_day_that_may_change_the_case() -> None:
    diary, on = at("community_detox", FIRST)
    ahead = outlook(diary, diary.case(on))
    assert ahead is not None
    assert owed_on(ahead, diary.pack, ahead.until - DAY) is not None
    assert owed_on(ahead, diary.pack, ahead.until) is None


def test_it_says_nothing_beyond_its_reach() -> None:
    diary, on = at("community_detox", FIRST)
    ahead = outlook(diary, diary.case(on))
    assert ahead is not None
    near = replace(ahead, until=date.max, through=on + timedelta(days=70))
    horizon = diary.pack.settings.horizon_days
    assert owed_on(near, diary.pack, near.through - timedelta(days=horizon)) is not None
    assert owed_on(near, diary.pack, near.through - timedelta(days=horizon - 1)) is None
