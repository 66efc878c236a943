"""
What holds for every history (domain.md sections 1, 2, 8): shown on generated ones.

A walk starts at some stage and wanders on by whatever the judge accepts; `disturb` enters events
late and voids others. The rows of the stage table are covered in test_stage_coverage.
"""

import random
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.histories import DAY, DAYS, FIRST, Diary, at, voided
from tests.walks import REACHABLE, SEEDS, Step, disturb, steps, walks, wander
from tests.workflow.rules.test_stage_coverage import EDGES, edges_of
from workflow.rules.breaches import counters
from workflow.rules.case import Case
from workflow.rules.due import OWED, state
from workflow.rules.events import FIXED_ROLES, OFFICE_ROLES
from workflow.rules.exits import exit_day
from workflow.rules.fold import fold
from workflow.rules.history import Recorded, history_of
from workflow.rules.obligations.owed import Obligation
from workflow.rules.plan import plan
from workflow.rules.stages import ENDED, STAGES
from workflow.rules.team import told

Walk = tuple[Diary, date]
pytestmark = pytest.mark.slow  # the dearest of the rules; `make test` runs it

QUICK = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
FEW = settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
LATE = st.builds(steps, SEEDS, st.integers(0, 8))


def row(one: Obligation, on: date, *, key: bool = True) -> tuple[Any, ...]:
    """All that a reader sees of an obligation."""
    dates = (one.opens_on, one.due_on, one.closed_on, state(one, on), one.owner)
    return (one.kind, one.occurrence, *dates) if key else (one.kind, *dates)


def rows(found: list[Obligation], on: date, *, key: bool = True) -> Counter[tuple[Any, ...]]:
    """What is owed, order aside."""
    return Counter(row(one, on, key=key) for one in found)


def picture(case: Case, *, key: bool = True) -> tuple[Any, ...]:
    """All that a reader sees of a case on its day."""
    on, limits = case.on, case.pack.thresholds
    return (
        case.stage,
        [(stay.stage, stay.first, stay.until) for stay in case.stays],
        [(m.kind, m.starts_on, m.ends_on(on), m.how) for m in case.measures],
        [counters(m, on, limits) for m in case.measures],
        exit_day(case, on),
        [(name, len(facts)) for name, facts in sorted(case.facts.items())],
        rows(plan(case), on, key=key),
    )


def refolded(recs: list[Recorded], diary: Diary, on: date) -> Case:
    """The case of these records, in a list of their own."""
    return fold(history_of(recs), diary.pack, DAYS, on, team=diary.team)


# ------------------------------------------------------------------ what the generator reaches


def test_generated_histories_reach_every_stage(capsys: pytest.CaptureFixture[str]) -> None:
    stages: Counter[str] = Counter()
    edges: Counter[tuple[str, str, str]] = Counter()

    @settings(max_examples=150, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    @given(walks())
    def walk(found: Walk) -> None:
        case = found[0].case(found[1] + 1500 * DAY)  # so that terms and the three years run out
        stages.update({stay.stage for stay in case.stays})
        edges.update(edges_of(case))

    walk()
    shown = " ".join(f"{name} {stages[name]}" for name in STAGES)
    with capsys.disabled():
        sys.stdout.write(f"\ngenerated histories: {len(stages)} of {len(STAGES)} stages: {shown}\n")
        sys.stdout.write(f"generated histories: {len(edges)} of {len(EDGES)} rows of the table\n")
    assert set(stages) == set(STAGES)


# ------------------------------------------------------------------ same facts, same answer


@QUICK
@given(walks())
def test_the_same_history_gives_the_same_case(found: Walk) -> None:
    diary, on = found
    assert picture(diary.case(on)) == picture(refolded([*diary.recs], diary, on))


@QUICK
@given(walks(), st.randoms(use_true_random=False))
def test_the_order_of_the_list_does_not_matter(found: Walk, chance: random.Random) -> None:
    diary, on = found
    mixed = [*diary.recs]
    chance.shuffle(mixed)
    assert picture(refolded(mixed, diary, on)) == picture(diary.case(on))


@QUICK
@given(walks(), st.randoms(use_true_random=False))
def test_recording_days_in_another_order_changes_nothing_but_the_numbers_in_keys(
    found: Walk, chance: random.Random
) -> None:
    diary, on = found
    plain = [
        replace(rec, closes=None) for rec in diary.recs if rec.event.name != "obligation_excused"
    ]
    days = sorted({rec.on for rec in plain})
    chance.shuffle(days)
    order = sorted(plain, key=lambda rec: (days.index(rec.on), rec.seq))
    other = [replace(rec, seq=n) for n, rec in enumerate(order)]
    mine = picture(refolded(plain, diary, on), key=False)
    assert picture(refolded(other, diary, on), key=False) == mine


ACTS: list[tuple[int, str, dict[str, Any]]] = [
    (3, "visited", {}),
    (5, "team_met", {}),
    (7, "needs_reviewed", {"needs": ["hardship"]}),
    (9, "agreement_signed", {}),
    (11, "plan_made", {}),
    (13, "assistance_given", {"need": "work"}),
    (15, "left", {}),
    (16, "support_level_set", {"level": "high"}),
]


@QUICK
@given(st.permutations(ACTS), st.integers(16, 90))
def test_independent_acts_recorded_in_any_order_leave_the_same_case(
    order: list[tuple[int, str, dict[str, Any]]], later: int
) -> None:
    start, on = at("community_detox", FIRST)
    today = on + timedelta(days=later)
    one, other = start.copy(), start.copy()
    for diary, acts in ((one, ACTS), (other, order)):
        for back, name, values in acts:
            diary.record(on + timedelta(days=back), name, late=today, **values)
    assert picture(one.case(today)) == picture(other.case(today))


# ------------------------------------------------------------------ recomputing changes nothing


@QUICK
@given(walks(most=15))
def test_what_the_judge_answered_is_what_recomputing_finds(found: Walk) -> None:
    diary, _ = found
    again = Diary(team=diary.team)
    for rec in diary.recs:
        accepted = again.request(replace(rec, closes=None))
        case = again.case(accepted.case.on)
        assert rows(plan(case), case.on) == rows(accepted.owed, case.on)
        assert case.stage == accepted.case.stage


@QUICK
@given(walks(most=15))
def test_recording_the_same_again_writes_the_same_into_each_event(found: Walk) -> None:
    diary, on = found
    life = diary.life(on)
    assert life.refused == []
    assert life.recorded == diary.recs
    assert picture(life.case) == picture(diary.case(on))


@FEW
@given(walks(most=8), st.integers(0, 60))
def test_jumping_gives_what_living_each_day_gives(found: Walk, more: int) -> None:
    diary, on = found
    if not diary.recs:
        return
    until = min(on + timedelta(days=more), diary.recs[0].on + 420 * DAY)
    jumped, lived = diary.life(until), diary.life(until, every_day=True)
    assert jumped.told == lived.told
    assert picture(jumped.case) == picture(lived.case)
    assert [turned.rec.id for turned in jumped.refused] == [t.rec.id for t in lived.refused]


@QUICK
@given(walks())
def test_a_plan_without_closed_windows_is_the_unclosed_part_of_the_plan(found: Walk) -> None:
    diary, on = found
    whole = [one for one in plan(diary.case(on)) if one.closed_by is None]
    short = [one for one in plan(diary.case(on), whole=False) if one.closed_by is None]
    assert rows(short, on) == rows(whole, on)


# ------------------------------------------------------------------ what was done stays done


def matter(one: Obligation) -> tuple[str, ...]:
    """What an obligation is about, whatever its key: its window, else what opened it and for what."""
    opener = one.opened_by.rec.id if one.opened_by.rec else one.opened_by.name
    return (*one.key, "window") if one.window else (one.kind, opener, one.ref, str(one.opens_on))


def closed_by(diary: Diary, on: date) -> dict[tuple[str, ...], str]:
    """What is done by a record into which it was written, with that record."""
    return {
        matter(one): one.closed_by.rec.id
        for one in diary.owed(on)
        if one.closed_by is not None
        and one.closed_by.rec is not None
        and one.key in (one.closed_by.rec.closes or ())
    }


@QUICK
@given(walks(), LATE)
def test_what_a_standing_act_closed_is_never_reopened(found: Walk, later: list[Step]) -> None:
    diary, on = found
    if not diary.recs:
        return
    for step in later:
        before = closed_by(diary, on)
        disturb(diary, on, [step])
        gone = {voided(rec) for rec in diary.recs}
        for one in diary.owed(on):
            act = before.get(matter(one))
            if act is not None and act not in gone:
                assert state(one, on) in ("done", "done_late"), f"{one.key} is reopened"


@QUICK
@given(walks(), LATE)
def test_an_act_closes_nothing_that_was_opened_by_a_later_recording(
    found: Walk, later: list[Step]
) -> None:
    """Dates may move past the act that closed it (done stays done); another opening may not take it over."""
    diary, on = found
    if not diary.recs:
        return
    disturb(diary, on, later)
    for one in diary.owed(on):
        act = one.closed_by.rec if one.closed_by else None
        written = act is not None and one.key in (act.closes or ())
        if act is not None and written and one.opened_by.rec is not None:
            assert one.opened_by.place <= act.seq or one.opens_on <= act.on, one.key


@FEW
@given(walks(most=15), st.integers(0, 120))
def test_what_was_done_is_not_told_again(found: Walk, more: int) -> None:
    diary, on = found
    if not diary.recs:
        return
    life = diary.life(min(on, diary.recs[0].on + 700 * DAY) + timedelta(days=more))
    done = {key: rec.recorded_on for rec in life.recorded for key in rec.closes or ()}
    for notice in life.told:
        closed = done.get((notice.kind, notice.occurrence))
        assert closed is None or notice.on < closed, notice


@FEW
@given(walks(most=12), st.integers(0, 120))
def test_nothing_is_told_twice_on_one_day(found: Walk, more: int) -> None:
    diary, on = found
    if not diary.recs:
        return
    life = diary.life(min(on, diary.recs[0].on + 700 * DAY) + timedelta(days=more))
    seen = Counter((n.on, n.kind, n.occurrence, n.to) for n in life.told)
    assert [notice for notice, times in seen.items() if times > 1] == []


# ------------------------------------------------------------------ no one falls through


ROLES = {*FIXED_ROLES, *OFFICE_ROLES, "psychologist"}


def assert_somebody_is_at_it(diary: Diary, on: date) -> None:
    """An open case has something open or to come, with an owner, and somebody is told."""
    case = diary.case(on)
    if not case.open:
        return
    live = [o for o in plan(case) if state(o, on) in OWED or state(o, on) == "upcoming"]
    assert live, f"nothing is owed in {case.stage} on {on}"
    for one in live:
        assert one.owner in ROLES, one.kind
        assert told(case, one.owner, on)[0], one.kind


@pytest.mark.parametrize("stage", REACHABLE)
def test_each_day_of_half_a_year_in_a_stage_has_a_next_step(stage: str) -> None:
    if stage == "new":
        return
    diary, on = at(stage)
    for n in range(180):
        assert_somebody_is_at_it(diary, on + timedelta(days=n))


@QUICK
@given(walks(), st.lists(st.integers(0, 900), max_size=12))
def test_on_every_day_an_open_case_has_a_next_step(found: Walk, later: list[int]) -> None:
    diary, on = found
    if not diary.recs:
        return
    days = {rec.on for rec in diary.recs} | {rec.on + DAY for rec in diary.recs}
    for each in sorted(days | {on + timedelta(days=n) for n in later}):
        assert_somebody_is_at_it(diary, each)


@QUICK
@given(walks(), LATE)
def test_keys_are_unique_and_nothing_is_due_before_it_opens(found: Walk, later: list[Step]) -> None:
    diary, on = found
    if not diary.recs:
        return
    disturb(diary, on, later)
    owed = diary.owed(on)
    keys = Counter(one.key for one in owed)
    assert [key for key, times in keys.items() if times > 1] == []
    assert [one.key for one in owed if one.due_on < one.opens_on] == []


# ------------------------------------------------------------------ the end is the end


@QUICK
@given(walks(), SEEDS)
def test_an_ended_case_stays_ended_whatever_is_recorded_after(found: Walk, seed: int) -> None:
    diary, on = found
    if diary.stage(on) == "new":
        return
    if diary.stage(on) not in ENDED:
        diary.record(on, "died")
    case = diary.case(on)
    last = wander(diary, on + DAY, steps(seed, 5))
    for day in (on, last, last + 400 * DAY, last + 4000 * DAY):
        later = diary.case(day)
        assert (later.stage, later.ended_on) == (case.stage, case.ended_on)


@QUICK
@given(walks())
def test_days_that_pass_move_a_case_only_by_the_engine(found: Walk) -> None:
    diary, on = found
    stays = diary.case(on).stays
    later = diary.case(on + 500 * DAY).stays
    assert [(s.stage, s.first) for s in later[: len(stays)]] == [(s.stage, s.first) for s in stays]
    assert {s.by.name for s in later[len(stays) :]} <= {"term_expired", "control_ended"}
