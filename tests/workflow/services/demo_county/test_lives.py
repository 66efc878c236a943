"""The lives of the demo county hold on whatever day they are told, and leave no screen empty. No database: rules alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from workflow.rules.case import Case
from workflow.rules.due import state
from workflow.rules.events import PersonRegistered
from workflow.rules.fold import fold
from workflow.rules.history import Recorded, history_of
from workflow.rules.judging import judge
from workflow.rules.plan import KINDS, plan
from workflow.rules.stages import STAGES
from workflow.services.calendars import work_days
from workflow.services.clock import Instant
from workflow.services.demo_county.cast import cast, life_of, lives
from workflow.services.demo_county.invented import colleagues, person
from workflow.services.demo_county.life import Deed, Life, Setting
from workflow.services.demo_county.loading import LIVED
from workflow.services.packs import load_pack
from workflow.services.recording import recorded_as

TODAYS = [
    date(2024, 2, 29),  # a day that three years ago did not exist
    date(2025, 10, 1),  # eight days on which no office works begin
    date(2025, 10, 9),  # ... and are over
    date(2026, 2, 23),  # the last day of the Spring Festival's nine
    date(2025, 8, 31),
    date(2026, 11, 26),
    date(2028, 3, 1),  # beyond what the State Council has announced
]
REASONS = ("no_use_found", "treatment_ended", "deceased", "transferred_out", "entry_error")
SHOWN = frozenset({"open", "due_today", "overdue"})


def setting(today: date) -> Setting:
    days = work_days()
    return Setting(today, days.on_or_after(today - LIVED), load_pack("cn-national"), days)


def lived_to(life: Life) -> Case:
    """The case as its requests leave it, each judged on its day; what the rules refuse fails the test."""
    born = PersonRegistered(born=life.person.born)
    known = [Recorded("born", born, life.person.born, life.setting.live_on, 0)]
    for request in life.requests():
        clock = Instant.on(request.recorded_on)
        known += judged(life, known, request.deeds, clock)
    for deed in life.asked:  # what waits for an approval would be possible with it
        judged(life, known, [replace(deed, approved_by="s1")], Instant.on(deed.recorded_on))
    return fold(history_of(known), life.setting.pack, life.setting.days, life.today)


def judged(
    life: Life, known: Sequence[Recorded], deeds: Sequence[Deed], clock: Instant
) -> Sequence[Recorded]:
    new = [
        recorded_as(replace(deed.new_event, approved_by=deed.approved_by), n, clock, deed.by)
        for n, deed in enumerate(deeds, start=len(known))
    ]
    return judge(known, new, life.setting.pack, life.setting.days, clock.today).events


@pytest.mark.parametrize("today", TODAYS, ids=str)
def test_every_life_holds_on_any_day_and_every_stage_is_there(today: date) -> None:
    cases = [lived_to(life) for life in lives(setting(today))]
    stages = Counter(case.stage for case in cases)
    assert len(cases) == 120
    assert {stage: stages[stage] for stage in STAGES if stages[stage] < 2} == {}
    reasons = Counter(case.end_reason for case in cases if case.stage == "closed")
    assert {reason: reasons[reason] for reason in REASONS if reasons[reason] < 2} == {}
    check_what_is_owed(cases, today)
    check_the_stories(cases, today)


def check_what_is_owed(cases: list[Case], today: date) -> None:
    """Something is overdue for each rung of the ladder, most is in time, and every kind can be seen."""
    owed = [one for case in cases for one in plan(case) if state(one, today) in SHOWN]
    late = [(today - one.due_on).days for one in owed if one.due_on < today]
    assert any(days <= 2 for days in late)
    assert any(3 <= days <= 6 for days in late)
    assert any(days >= 7 for days in late)
    assert len(late) < len(owed) / 3
    seen = {one.kind for one in owed}
    kinds = {kind for names in KINDS.values() for kind in names}
    assert kinds - seen == set()


def check_the_stories(cases: list[Case], today: date) -> None:
    """What the README tells of three people is so on any day."""
    pregnant, unsigned, to_visit = (cases[number - 1] for number in (11, 27, 36))
    following = min((one for one in plan(to_visit) if one.stands()), key=lambda one: one.due_on)
    assert following.key == ("visit", "m1/w10")
    assert state(following, today) == "open"
    assert pregnant.holds("pregnant", today)
    assert (pregnant.stage, pregnant.finding) == ("assessing", "seriously_addicted")
    agreement = next(one for one in plan(unsigned) if one.kind == "sign_agreement")
    assert agreement.stands()
    assert (today - agreement.due_on).days >= 4


def test_the_same_day_gives_the_same_county_and_the_next_one_moves_with_it() -> None:
    def told(today: date) -> list[Deed]:
        numbers = (20, 41, 70, 100)
        lives = [life_of(number, cast()[number - 1], setting(today)) for number in numbers]
        return [deed for life in lives for deed in life.deeds]

    def begun(today: date) -> list[timedelta]:
        return [today - deed.on for deed in told(today) if deed.event.name == "detected"]

    day = date(2026, 11, 25)
    assert told(day) == told(day)
    apart = zip(begun(day), begun(day + timedelta(days=1)), strict=True)
    assert all(abs(one - other) < timedelta(days=6) for one, other in apart)


def test_nothing_is_told_of_today_or_of_days_before_the_birth() -> None:
    for life in lives(setting(date(2026, 11, 26))):
        assert all(life.person.born < deed.on < life.today for deed in life.deeds)
        assert all(deed.on <= deed.recorded_on < life.today for deed in life.deeds)


def test_whoever_approves_is_a_second_member_of_the_staff() -> None:
    roles = {one.handle: one.chair for one in colleagues()}
    approved = [deed for deed in every_deed() if deed.approved_by]
    assert len(approved) >= 6
    for deed in approved:
        assert roles[deed.approved_by or ""] == "supervisor"
        assert deed.by != deed.approved_by


def test_people_are_told_apart_by_name_and_know_their_age() -> None:
    today = date(2024, 2, 29)
    people = [person(number, today) for number in range(1, len(cast()) + 1)]
    assert len({one.name for one in people}) == len(people)
    minor = person(9, today, age=15)
    assert 15 * 365 < (today - minor.born).days < 16 * 366
    assert {one.helpers["community_worker"] for one in people} == {f"w{n}" for n in range(1, 7)}


def every_deed() -> Iterator[Deed]:
    for life in lives(setting(date(2026, 11, 26))):
        yield from life.deeds
