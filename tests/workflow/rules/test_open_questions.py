"""Each open question of domain.md section 10 is one setting, and turning it turns the rule."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from tests.histories import Diary, at
from workflow.rules.exits import exit_day


def turned(diary: Diary, **settings: Any) -> None:
    """Put the diary under a pack with these settings."""
    diary.pack = replace(diary.pack, settings=replace(diary.pack.settings, **settings))


def test_a_missed_test_counts_only_after_a_served_notice_unless_the_pack_says_otherwise() -> None:
    for needed, counted in ((True, 0), (False, 1)):
        diary, on = at("community_detox")
        turned(diary, missed_test_needs_notice=needed)
        later = on + timedelta(days=3)
        diary.record(later, "test_missed", reason="refused")
        measure = diary.case(later).measure
        assert measure is not None
        assert len(measure.missed) == counted


def test_after_a_sentence_time_left_asks_for_a_decision_unless_the_pack_says_otherwise() -> None:
    for back, stage in ((True, "assessing"), (False, "follow_up")):
        diary, on = at("community_detox")
        turned(diary, sentence_returns_to_decision=back)
        diary.record(on + timedelta(days=9), "terminated", reason="imprisoned", document_no="X")
        diary.record(on + timedelta(days=99), "sentence_ended")
        assert diary.case(on + timedelta(days=99)).stage == stage


def test_a_recovery_counts_from_its_report_in_unless_the_pack_says_otherwise() -> None:
    ends: list[date | None] = []
    for at_service in (False, True):
        diary, on = at("recovery_ordered")
        turned(diary, recovery_starts_at_service=at_service)
        measure = diary.case(on).measure
        assert measure is not None
        diary.record(measure.served_on + timedelta(days=8), "reported_in")
        started = diary.case(measure.served_on + timedelta(days=8)).measure
        assert started is not None
        ends.append(started.ends_on(on))
    assert ends[0] is not None
    assert ends[1] is not None
    assert 7 <= (ends[0] - ends[1]).days <= 9


def test_a_reported_breach_bars_the_exit_unless_the_pack_says_otherwise() -> None:
    for bars in (True, False):
        diary, on = at("community_detox")
        turned(diary, breach_bars_exit=bars)
        for n in range(3):
            away = on + timedelta(days=10 + 20 * n)
            diary.record(away, "left", written_report=False)
            diary.record(away + timedelta(days=4), "returned")
        told = on + timedelta(days=70)
        diary.record(
            told,
            "breach_reported",
            approved=True,
            ground="unauthorised_departures",
            explanation="heard",
        )
        case = diary.case(told)
        assert case.barred() is bars
        assert (exit_day(case, told).day is None) is bars
