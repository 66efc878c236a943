"""The three years (domain.md section 7): anchors, the projected day, the floor, the bar, the end."""

import pytest

from tests.histories import (
    DAY,
    Diary,
    at,
    confirm,
    day,
    find,
    order_community,
    order_isolation,
    order_recovery,
    release,
    start_treatment,
)
from workflow.rules.exits import exit_day


def exit_on(diary: Diary, on: str) -> tuple[str | None, bool]:
    """The exit day as shown on a day, and whether it is only projected."""
    found = exit_day(diary.case(on), day(on))
    return (str(found.day) if found.day else None, found.projected)


def assessed() -> Diary:
    """Detected on 6 February 2023, use of that day confirmed on 10 February."""
    diary = Diary().record("2023-02-06", "detected", source="inspection")
    confirm(diary, day("2023-02-06"))
    return diary


def community() -> Diary:
    """A community detox from 20 March 2023."""
    diary = assessed()
    order_community(diary, day("2023-03-12"))
    return diary.record("2023-03-20", "reported_in")


def breached() -> Diary:
    """A community detox whose exit is barred since 20 July 2023."""
    diary = community()
    for month in ("04", "05", "06"):
        values = {"reason": "evaded", "notice_served_on": f"2023-{month}-01"}
        diary.record(f"2023-{month}-05", "test_missed", **values)
    values = {"ground": "refused_or_evaded_tests", "explanation": "heard"}
    return diary.record("2023-07-20", "breach_reported", approved=True, **values)


# ------------------------------------------------------------------ projected


def test_from_the_day_of_detection_the_exit_is_projected() -> None:
    diary = Diary().record("2023-02-06", "detected", source="inspection")
    assert exit_on(diary, "2023-02-06") == ("2026-02-06", True)


def test_while_the_report_in_is_awaited_its_due_day_is_projected() -> None:
    diary = assessed()
    order_community(diary, day("2023-03-12"))
    assert exit_on(diary, "2023-03-15") == ("2026-03-27", True)


def test_in_a_facility_the_planned_end_is_projected() -> None:
    diary = assessed()
    order_isolation(diary, day("2023-03-12"))
    assert exit_on(diary, "2023-04-01") == ("2028-03-11", True)


# ------------------------------------------------------------------ anchors


def test_without_addiction_the_years_run_from_the_detection_or_a_later_use() -> None:
    diary = assessed().record("2023-02-11", "addiction_determined", finding="not_addicted")
    assert exit_on(diary, "2023-02-12") == ("2026-02-06", False)


def test_no_measure_runs_from_the_detection() -> None:
    diary = assessed()
    find(diary, day("2023-02-11"))
    diary.record("2023-02-15", "no_measure_decided", decision_no="N-1")
    assert exit_on(diary, "2023-02-16") == ("2026-02-06", False)


def test_a_community_detox_runs_from_its_report_in_but_not_before_its_end() -> None:
    assert exit_on(community(), "2023-04-01") == ("2026-03-20", False)


def test_a_release_begins_the_years() -> None:
    diary = assessed()
    order_isolation(diary, day("2023-03-12"))
    release(diary, day("2025-03-11"))
    assert exit_on(diary, "2025-03-12") == ("2028-03-11", False)


def test_the_report_in_of_a_recovery_is_no_anchor() -> None:
    diary = assessed()
    order_isolation(diary, day("2023-03-12"))
    release(diary, day("2025-03-11"))
    order_recovery(diary, day("2025-03-20"), months=12)
    diary.record("2025-04-01", "reported_in")
    assert exit_on(diary, "2025-05-01") == ("2028-03-11", False)


def test_a_recovery_of_three_years_puts_the_floor_under_the_exit() -> None:
    diary = assessed()
    order_isolation(diary, day("2023-03-12"))
    release(diary, day("2025-03-11"))
    order_recovery(diary, day("2025-03-20"), months=36)
    diary.record("2025-04-01", "reported_in")
    assert exit_on(diary, "2025-05-01") == ("2028-04-01", False)


def test_a_change_to_community_detox_runs_from_its_service_not_from_the_later_report_in() -> None:
    diary = assessed()
    order_isolation(diary, day("2023-03-12"))
    values = {"decision_no": "C-1", "served_on": "2023-06-12"}
    diary.record("2023-06-12", "changed_to_community_detox", **values)
    diary.record("2023-07-30", "reported_in")
    assert exit_on(diary, "2023-08-01")[0] == "2026-06-12"


def test_the_end_of_a_sentence_begins_the_years_anew() -> None:
    diary, _ = at("follow_up", day("2023-02-06"))
    diary.record("2024-01-10", "terminated", reason="imprisoned", document_no="T-1")
    assert exit_on(diary, "2024-02-01") == (None, False)
    diary.record("2024-12-10", "sentence_ended")
    assert exit_on(diary, "2024-12-11") == ("2027-12-10", False)


def test_the_end_of_treatment_begins_the_years_anew() -> None:
    diary = assessed()
    start_treatment(diary, day("2023-02-15"))
    assert exit_on(diary, "2023-03-01") == (None, False)
    diary.record("2023-08-15", "voluntary_treatment_ended", outcome="completed")
    assert exit_on(diary, "2023-08-16") == ("2026-08-15", False)


def test_who_seeks_help_from_follow_up_is_not_set_back() -> None:
    diary, _ = at("follow_up", day("2023-02-06"))
    before = exit_on(diary, "2023-06-01")
    start_treatment(diary, day("2023-06-02"))
    diary.record("2023-09-02", "voluntary_treatment_ended", outcome="completed")
    assert exit_on(diary, "2023-09-03") == before


def test_a_lapsed_order_runs_from_its_lapse() -> None:
    diary = assessed()
    order_community(diary, day("2023-03-12"))
    diary.record("2023-06-01", "order_lapsed", decision_no="L-1", reason="withdrawn")
    assert exit_on(diary, "2023-06-02") == ("2026-06-01", False)


def test_a_use_begins_the_years_on_the_day_of_the_test() -> None:
    diary = community()
    confirm(diary, day("2023-09-04"))
    assert exit_on(diary, "2023-09-10") == ("2026-09-04", False)


def test_a_use_whose_day_is_known_begins_them_on_that_day() -> None:
    diary = community()
    values = {"method": "on_site", "sample": "hair", "result": "positive", "purpose": "routine"}
    diary.record("2024-09-04", "test_taken", test_id="h1", **values)
    diary.record("2024-09-10", "use_confirmed", test_id="h1", used_on="2024-06-15")
    assert exit_on(diary, "2024-09-11") == ("2027-06-15", False)


def test_three_years_from_29_february_end_on_the_28th() -> None:
    diary = Diary().record("2024-02-29", "detected", source="inspection")
    assert exit_on(diary, "2024-02-29") == ("2027-02-28", True)


def test_a_revoked_measure_counts_for_no_anchor_and_no_floor() -> None:
    diary = community()
    number = diary.case("2023-04-01").measures[0].decision_no
    diary.record("2023-06-01", "decision_revoked", decision_no=number)
    diary.record("2023-06-05", "no_measure_decided", decision_no="N-1")
    assert exit_on(diary, "2023-06-06") == ("2026-02-06", False)


def test_a_terminated_measure_puts_no_floor_under_the_exit() -> None:
    diary = assessed()
    order_isolation(diary, day("2023-03-12"))
    release(diary, day("2025-03-11"))
    order_recovery(diary, day("2025-03-20"), months=36)
    diary.record("2025-04-01", "reported_in")
    diary.record("2025-04-10", "terminated", reason="imprisoned", document_no="T-1")
    diary.record("2025-04-20", "sentence_ended")
    diary.record("2025-04-25", "no_measure_decided", decision_no="N-1")
    assert exit_on(diary, "2025-04-26") == ("2028-04-20", False)


# ------------------------------------------------------------------ the end itself


def test_control_ends_on_the_exit_day() -> None:
    diary = community()
    assert diary.stage("2026-03-19") == "community_detox"
    case = diary.case("2026-03-20")
    assert (case.stage, str(case.ended_on)) == ("exited", "2026-03-20")


def test_an_unresolved_positive_holds_the_exit_until_the_day_it_is_resolved() -> None:
    diary, _ = at("follow_up", day("2023-02-06"))
    last = exit_day(diary.case("2023-06-01"), day("2023-06-01")).day
    assert last is not None
    values = {"method": "on_site", "sample": "urine", "result": "positive", "purpose": "voluntary"}
    diary.record(last - 2 * DAY, "test_taken", test_id="late", **values)
    assert diary.stage(last + 10 * DAY) == "follow_up"
    diary.record(last + 12 * DAY, "use_dismissed", test_id="late", reason="medication")
    assert diary.stage(last + 11 * DAY) == "follow_up"
    assert diary.stage(last + 12 * DAY) == "exited"


def test_treatment_over_the_exit_day_ends_control_on_its_last_day() -> None:
    diary, _ = at("follow_up", day("2023-02-06"))
    last = exit_day(diary.case("2023-06-01"), day("2023-06-01")).day
    assert last is not None
    start_treatment(diary, last - 5 * DAY)
    diary.record(last + 30 * DAY, "voluntary_treatment_ended", outcome="completed")
    case = diary.case(last + 30 * DAY)
    assert (case.stage, case.ended_on) == ("exited", last + 30 * DAY)


# ------------------------------------------------------------------ the bar


def test_a_reported_breach_bars_the_exit_until_it_is_lifted() -> None:
    diary = breached()
    assert exit_on(diary, "2023-08-01") == (None, False)
    assert diary.stage("2027-01-01") == "follow_up"
    diary.record("2027-01-05", "exit_bar_lifted", reason="years without use", approved=True)
    assert diary.stage("2027-01-05") == "exited"


def test_a_bar_lifted_in_time_leaves_the_exit_day() -> None:
    diary = breached()
    diary.record("2024-01-05", "exit_bar_lifted", reason="settled", approved=True)
    assert exit_on(diary, "2024-01-06") == ("2026-03-20", False)


def test_lifting_needs_a_bar_and_a_second_person() -> None:
    values = {"reason": "settled"}
    assert community().refused("2023-08-01", "exit_bar_lifted", approved=True, **values) == (
        "exit_not_barred"
    )
    assert breached().refused("2023-08-01", "exit_bar_lifted", **values) == "approval_missing"


def test_the_bar_of_a_revoked_measure_is_gone() -> None:
    diary = breached()
    number = diary.case("2023-08-01").measures[0].decision_no
    diary.record("2023-08-02", "decision_revoked", decision_no=number)
    assert not diary.case("2023-08-02").barred()


@pytest.mark.parametrize("stage", ["serving_sentence", "voluntary_treatment", "closed"])
def test_there_is_no_exit_day_in_these_stages(stage: str) -> None:
    diary, on = at(stage)
    assert exit_day(diary.case(on), on).day is None


def test_the_exit_day_as_it_was_stays_when_control_has_ended() -> None:
    diary, on = at("exited")
    case = diary.case(on)
    assert exit_day(case, on).day == case.ended_on
