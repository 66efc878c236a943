"""plan: what is owed, from when to when, by which role (domain.md sections 2 and 8, D4-D6)."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.histories import (
    PACK,
    Diary,
    at,
    change_to_community,
    confirm,
    day,
    find,
    order_community,
    order_isolation,
    release,
    start_treatment,
    suspend,
)
from workflow.rules.due import state
from workflow.rules.plan import KINDS, plan

POSITIVE = {"method": "on_site", "sample": "urine", "result": "positive", "purpose": "detection"}


# ------------------------------------------------------------------ scenes, with their days


def detected() -> Diary:
    """Detected on Monday 3 June 2024, with a positive test told that day."""
    diary = Diary().record("2024-06-03", "detected", source="inspection")
    return diary.record("2024-06-03", "test_taken", test_id="t1", **POSITIVE)


def objected() -> Diary:
    """The person objects on Wednesday 5 June 2024."""
    return detected().record("2024-06-05", "test_objected", test_id="t1")


def assessing() -> Diary:
    """Use is confirmed on Friday 7 June 2024."""
    return detected().record("2024-06-07", "use_confirmed", test_id="t1")


def found() -> Diary:
    """The finding of 7 June 2024 says addicted."""
    return assessing().record("2024-06-07", "addiction_determined", finding="addicted")


def treated() -> Diary:
    """Treatment by agreement from 1 March 2024."""
    return Diary().record("2024-03-01", "voluntary_treatment_started", institution="H1")


def community() -> Diary:
    """Community detox from 20 March 2023 to 19 March 2026."""
    diary, _ = at("assessing", day("2023-02-06"))
    order_community(diary, day("2023-03-12"))
    return diary.record("2023-03-20", "reported_in")


def moved() -> Diary:
    """To another office on Saturday 1 July 2023."""
    return community().record("2023-07-01", "moved", to_office="north")


def away() -> Diary:
    """Away with a written report, to be back on Sunday 9 July 2023."""
    values = {"written_report": True, "return_on": "2023-07-09"}
    return community().record("2023-07-01", "left", **values)


def suspended() -> Diary:
    """Detained from 1 July 2023."""
    diary = community()
    suspend(diary, day("2023-07-01"))
    return diary


def used() -> Diary:
    """Use confirmed on Friday 7 July 2023 during the community detox."""
    diary = community()
    assert confirm(diary, day("2023-07-03")) == day("2023-07-07")
    return diary


def barred() -> Diary:
    """A breach reported on 20 July 2023."""
    diary = community()
    for month in ("04", "05", "06"):
        values = {"reason": "evaded", "notice_served_on": f"2023-{month}-01"}
        diary.record(f"2023-{month}-05", "test_missed", **values)
    values = {"ground": "refused_or_evaded_tests", "explanation": "heard"}
    return diary.record("2023-07-20", "breach_reported", approved=True, **values)


def isolated() -> Diary:
    """Isolation from 12 March 2023 to 11 March 2025."""
    diary, _ = at("assessing", day("2023-02-06"))
    order_isolation(diary, day("2023-03-12"))
    return diary


def proposed() -> Diary:
    """Early release is proposed on 12 March 2024."""
    return isolated().record("2024-03-12", "early_release_proposed")


def medical() -> Diary:
    """Treated outside from 31 January 2024."""
    return isolated().record("2024-01-31", "medical_release")


def released() -> Diary:
    """Released on the last day of the term, Tuesday 11 March 2025."""
    diary = isolated()
    release(diary, day("2025-03-11"))
    return diary


def released_early() -> Diary:
    """Released on 5 June 2024 without a decision."""
    diary = isolated()
    release(diary, day("2024-06-05"))
    return diary


def dead() -> Diary:
    """Closed on 20 June 2023."""
    return community().record("2023-06-20", "died")


def sent() -> Diary:
    """The record update went out on Monday 23 March 2026."""
    return community().record("2026-03-23", "record_update_sent")


def positive_later() -> Diary:
    """A positive routine test told on 3 July 2023 in community detox."""
    return community().record("2023-07-03", "test_taken", test_id="r1", **POSITIVE)


Scene = Callable[[], Diary]
TABLE: list[tuple[str, Scene, str, str, str, str, str]] = [
    ("decide_objection", objected, "2024-06-05", "m0/1", "2024-06-05", "2024-06-11", "community_police"),
    ("determine_addiction", assessing, "2024-06-07", "m0/1", "2024-06-07", "2024-06-11", "community_police"),
    ("decide_measure", found, "2024-06-07", "m0/1", "2024-06-07", "2024-06-14", "community_police"),
    ("stage_review", detected, "2024-06-04", "m0/1", "2024-06-03", "2024-06-11", "supervisor"),
    ("stage_review", treated, "2024-03-02", "m0/1", "2024-03-01", "2024-06-03", "supervisor"),
    ("stage_review", suspended, "2023-07-02", "m1/1", "2023-07-01", "2023-07-31", "supervisor"),
    ("resolve_positive", positive_later, "2023-07-04", "m1/1", "2023-07-03", "2023-07-13", "community_police"),
    ("close_file", dead, "2023-06-20", "m1/1", "2023-06-20", "2023-06-27", "supervisor"),
    ("legality_review", released_early, "2024-06-05", "m1/1", "2024-06-05", "2024-06-11", "supervisor"),
    ("sign_agreement", community, "2023-03-20", "m1/1", "2023-03-20", "2023-03-27", "community_worker"),
    ("make_plan", community, "2023-03-20", "m1/1", "2023-03-20", "2023-04-04", "community_worker"),
    ("routine_test", community, "2023-03-20", "m1/w01", "2023-03-20", "2023-04-19", "community_worker"),
    ("routine_test", community, "2024-05-01", "m1/w13", "2024-03-20", "2024-05-19", "community_worker"),
    ("visit", community, "2025-05-01", "m1/w19", "2025-03-20", "2025-06-19", "community_worker"),
    ("team_meeting", community, "2023-03-20", "m1/w01", "2023-03-20", "2023-06-19", "supervisor"),
    ("review_needs", community, "2023-03-20", "m1/w01", "2023-03-20", "2023-09-19", "community_worker"),
    ("return_from_leave", away, "2023-07-01", "m1/1", "2023-07-01", "2023-07-09", "community_worker"),
    ("report_in_after_move", moved, "2023-07-01", "m1/1", "2023-07-01", "2023-07-17", "community_worker"),
    ("forward_file", moved, "2023-07-01", "m1/1", "2023-07-01", "2023-07-05", "community_worker"),
    ("report_use", used, "2023-07-07", "m1/1", "2023-07-07", "2023-07-10", "community_worker"),
    ("send_papers", community, "2026-01-20", "m1/1", "2026-02-17", "2026-03-10", "community_worker"),
    ("end_notice", community, "2026-03-20", "m1/1", "2026-03-20", "2026-03-27", "community_police"),
    ("notify_family", isolated, "2023-03-12", "m1/1", "2023-03-12", "2023-03-13", "community_police"),
    ("facility_transfer", isolated, "2023-03-12", "m1/1", "2023-03-12", "2023-09-12", "supervisor"),
    ("one_year_evaluation", isolated, "2024-02-12", "m1/1", "2024-03-12", "2024-04-11", "supervisor"),
    ("pre_expiry_evaluation", isolated, "2024-12-12", "m1/1", "2025-01-10", "2025-02-09", "supervisor"),
    ("decide_term", proposed, "2024-03-12", "m1/1", "2024-03-12", "2024-03-19", "community_police"),
    ("plan_handover", isolated, "2025-01-12", "m1/1", "2025-02-09", "2025-03-08", "community_worker"),
    ("meet_at_gate", isolated, "2025-02-12", "m1/1", "2025-03-08", "2025-03-11", "community_worker"),
    ("confirm_release", isolated, "2025-03-12", "m1/1", "2025-03-12", "2025-03-12", "community_police"),
    ("receive_handover_file", released, "2025-03-11", "m1/1", "2025-03-11", "2025-03-14", "community_worker"),
    ("medical_review", medical, "2024-03-01", "m1/w02", "2024-02-29", "2024-03-30", "community_doctor"),
    ("prepare_exit", community, "2025-12-01", "m1/1", "2025-12-20", "2026-03-13", "community_worker"),
    ("send_record_update", community, "2026-03-20", "m1/1", "2026-03-20", "2026-03-27", "supervisor"),
    ("confirm_record_update", sent, "2026-03-23", "m1/1", "2026-03-23", "2026-04-22", "supervisor"),
    ("review_exit_bar", barred, "2023-07-20", "m1/1", "2023-07-20", "2024-07-22", "supervisor"),
    ("visit", released, "2025-03-12", "f1/w01", "2025-03-11", "2025-06-10", "community_worker"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "scene", "on", "occurrence", "opens", "due", "owner"),
    TABLE,
    ids=[f"{row[0]}-{row[3]}-{row[1].__name__}" for row in TABLE],
)
def test_each_kind_opens_is_due_and_owned_as_the_table_says(
    kind: str, scene: Scene, on: str, occurrence: str, opens: str, due: str, owner: str
) -> None:
    one = scene().one(on, kind, occurrence)
    assert (str(one.opens_on), str(one.due_on), one.owner) == (opens, due, owner)


def test_every_kind_of_the_pack_has_a_planner() -> None:
    assert {kind for kinds in KINDS.values() for kind in kinds} == set(PACK.obligations)


# ------------------------------------------------------------------ details of single kinds


def test_where_the_hour_of_service_is_known_the_24_hours_run_from_it() -> None:
    diary, _ = at("assessing", day("2023-02-06"))
    find(diary, day("2023-03-12"))
    at_night = "2023-03-11T23:30:00+08:00"
    values = {"decision_no": "I-1", "ground": "serious_addiction", "facility": "F1"}
    days = {"decided_on": "2023-03-11", "served_on": "2023-03-11", "served_at": at_night}
    diary.record("2023-03-12", "isolation_ordered", **values, **days)
    assert str(diary.one("2023-03-12", "notify_family").due_on) == "2023-03-12"


def test_a_positive_in_detection_is_asked_for_only_when_the_stage_is_left_with_it() -> None:
    diary = detected()
    assert diary.owed("2024-06-20", "resolve_positive") == []
    start_treatment(diary, day("2024-06-20"))
    one = diary.one("2024-06-20", "resolve_positive")
    assert (str(one.opens_on), str(one.due_on)) == ("2024-06-20", "2024-07-01")


def test_a_further_test_opens_none_and_its_negative_result_resolves_the_first() -> None:
    diary = positive_later().record("2023-07-04", "test_objected", test_id="r1")
    diary.record("2023-07-05", "objection_decided", test_id="r1", outcome="granted")
    values = {**POSITIVE, "method": "laboratory", "result": "negative", "of": "r1"}
    diary.record("2023-07-08", "test_taken", test_id="r2", **values)
    assert str(diary.one("2023-07-08", "resolve_positive").closed_on) == "2023-07-08"


def test_a_decision_that_is_open_is_not_opened_again() -> None:
    diary = found().record("2024-06-09", "addiction_determined", finding="seriously_addicted")
    assert diary.standing("2024-06-09", "decide_measure") == ["m0/1"]


def test_an_approved_early_release_opens_the_gate_at_once_and_drops_the_old_end() -> None:
    diary = proposed()
    values = {"kind": "early_release", "outcome": "approved", "served_on": "2024-03-15"}
    diary.record("2024-03-15", "term_decided", ends_on="2024-04-30", **values)
    gate = diary.one("2024-03-15", "meet_at_gate")
    assert (str(gate.opens_on), str(gate.due_on)) == ("2024-03-15", "2024-04-30")
    handover = diary.one("2024-03-15", "plan_handover")
    assert (str(handover.opens_on), str(handover.due_on)) == ("2024-03-31", "2024-04-27")


def test_what_would_have_been_due_before_the_decision_is_not_owed() -> None:
    diary = proposed()
    values = {"kind": "early_release", "outcome": "approved", "served_on": "2024-03-15"}
    diary.record("2024-03-15", "term_decided", ends_on="2024-03-20", **values)
    assert diary.owed("2024-03-15", "pre_expiry_evaluation") == []


def test_an_exit_day_that_moves_ends_the_open_preparation_and_opens_another() -> None:
    diary = community()
    confirm(diary, day("2026-01-05"))
    on = "2026-01-12"
    assert diary.state(on, "prepare_exit", "m1/1") == "withdrawn"
    assert [str(o.opens_on) for o in diary.owed("2028-11-01", "prepare_exit")][-1] == "2028-10-07"


# ------------------------------------------------------------------ D4: the clock stands still


def test_what_is_open_or_to_come_shifts_before_rolling() -> None:
    diary = community()
    suspend(diary, day("2023-03-23"))
    diary.record("2023-04-01", "resumed")
    assert str(diary.one("2023-04-01", "make_plan").due_on) == "2023-04-13"
    assert str(diary.one("2023-04-01", "sign_agreement").due_on) == "2023-04-06"


def test_what_was_overdue_keeps_its_date() -> None:
    diary = community()
    suspend(diary, day("2023-03-28"))
    diary.record("2023-04-28", "resumed")
    assert str(diary.one("2023-04-28", "sign_agreement").due_on) == "2023-03-27"


def test_a_window_already_running_keeps_its_start_and_later_ones_move() -> None:
    diary = community()
    suspend(diary, day("2023-05-01"))
    diary.record("2023-05-11", "resumed")
    windows = {
        o.occurrence: (str(o.opens_on), str(o.due_on))
        for o in diary.owed("2023-05-12", "routine_test")
    }
    assert windows["m1/w01"] == ("2023-03-20", "2023-04-19")
    assert windows["m1/w02"] == ("2023-04-20", "2023-05-29")
    assert windows["m1/w03"] == ("2023-05-30", "2023-06-29")


def test_a_window_that_opens_on_the_suspensions_first_day_moves() -> None:
    diary = community()
    suspend(diary, day("2023-04-20"))
    diary.record("2023-04-30", "resumed")
    found = diary.one("2023-05-01", "routine_test", "m1/w02")
    assert (str(found.opens_on), str(found.due_on)) == ("2023-04-30", "2023-05-29")
    assert str(diary.one("2023-05-01", "routine_test", "m1/w01").due_on) == "2023-04-19"


def test_all_that_ends_with_the_measure_is_held_but_the_stage_review_is_not() -> None:
    diary, on = suspended(), "2023-07-05"
    states = {o.kind: state(o, day(on)) for o in diary.owed(on) if o.stands()}
    for kind in ("routine_test", "visit", "team_meeting", "review_needs", "make_plan"):
        assert states[kind] == "held", kind
    assert states["stage_review"] == "open"


def test_the_papers_of_the_term_are_reckoned_anew_from_the_moved_end() -> None:
    diary = community()
    suspend(diary, day("2026-03-01"))
    diary.record("2026-03-31", "resumed")
    papers = diary.one("2026-04-01", "send_papers")
    assert (str(papers.opens_on), str(papers.due_on)) == ("2026-02-17", "2026-04-09")


def test_an_escape_shifts_the_evaluations_but_not_the_transfer() -> None:
    diary = isolated().record("2023-05-01", "escaped").record("2023-05-31", "recaptured")
    assert str(diary.one("2023-06-01", "facility_transfer").due_on) == "2023-09-12"
    assert str(diary.one("2024-03-12", "one_year_evaluation").opens_on) == "2024-04-11"


def test_a_deadline_beyond_a_shortened_term_is_cut_at_its_end() -> None:
    diary = isolated()
    change_to_community(diary, day("2025-03-11"))
    diary.record("2026-03-05", "reported_in")
    assert str(diary.case("2026-03-05").measures[-1].ends_on(day("2026-03-05"))) == "2027-03-05"
    assert str(diary.one("2026-03-05", "make_plan").due_on) == "2026-03-20"


# ------------------------------------------------------------------ levels


def test_a_support_level_changes_the_visits_from_the_next_window_on() -> None:
    diary = community().record("2023-04-10", "support_level_set", level="low")
    windows = [(str(o.opens_on), str(o.due_on)) for o in diary.owed("2023-09-01", "visit")]
    assert windows[:3] == [
        ("2023-03-20", "2023-04-19"),
        ("2023-04-20", "2023-05-19"),
        ("2023-05-20", "2023-07-19"),
    ]


def test_follow_up_visits_count_anew_from_each_entry() -> None:
    diary = released()
    start_treatment(diary, day("2025-07-01"))
    diary.record("2025-09-01", "voluntary_treatment_ended", outcome="completed")
    windows = {o.occurrence: str(o.opens_on) for o in diary.owed("2025-12-15", "visit")}
    assert windows["f1/w02"] == "2025-06-11"
    assert (windows["f2/w01"], windows["f2/w02"]) == ("2025-09-01", "2025-12-01")


# ------------------------------------------------------------------ ends


def test_what_ends_with_the_measure_is_withdrawn_or_lapsed() -> None:
    diary = community()
    order_isolation(diary, day("2023-04-25"))
    on = "2023-05-05"
    assert diary.state(on, "routine_test", "m1/w01") == "lapsed"
    assert diary.state(on, "routine_test", "m1/w02") == "withdrawn"
    assert diary.state(on, "sign_agreement") == "lapsed"


def test_some_duties_outlive_the_measure_and_the_case() -> None:
    diary = used().record("2023-07-08", "moved", to_office="north").record("2023-07-08", "died")
    owed = {o.kind for o in diary.owed("2023-07-09") if o.stands()}
    assert owed == {"report_use", "forward_file", "close_file"}
    assert diary.stage("2023-07-09") == "closed"
    diary.record("2023-07-10", "file_forwarded").record("2023-07-10", "use_reported")


def test_what_the_case_owed_ends_with_it() -> None:
    diary = objected().record("2024-06-06", "died")
    assert diary.state("2024-06-07", "decide_objection") == "withdrawn"


def test_a_revoked_order_takes_back_what_it_opened_and_is_not_done() -> None:
    diary = community().record("2023-03-22", "agreement_signed")
    number = diary.case("2023-03-22").measures[0].decision_no
    diary.record("2023-06-01", "decision_revoked", decision_no=number)
    assert diary.state("2023-06-02", "sign_agreement") == "done"
    assert diary.state("2023-06-02", "make_plan") == "withdrawn"
    assert diary.state("2023-06-02", "routine_test", "m1/w01") == "withdrawn"


# ------------------------------------------------------------------ the horizon


def test_the_horizon_lists_what_opens_within_sixty_days() -> None:
    on = day("2023-04-01")
    owed = community().owed(on)
    assert max(o.opens_on for o in owed) <= on + timedelta(days=60)
    assert len(community().owed(on, "routine_test")) == 3


def test_a_farther_day_can_be_asked_for() -> None:
    assert len(community().owed("2023-04-01", "routine_test", "2026-03-19")) == 12 + 6 + 4


def test_an_open_case_always_has_its_nearest_coming_step() -> None:
    diary, on = isolated(), "2023-10-02"
    diary.record("2023-03-12", "family_notified").record("2023-09-01", "facility_transferred")
    coming = [o for o in diary.owed(on) if o.stands()]
    assert [o.kind for o in coming] == ["one_year_evaluation"]


def test_only_some_kinds_can_be_asked_for() -> None:
    case = community().case("2023-04-01")
    assert {o.kind for o in plan(case, kinds={"visit", "make_plan"})} == {"visit", "make_plan"}


def test_the_plan_comes_in_order_of_opening() -> None:
    opens = [o.opens_on for o in community().owed("2024-04-01")]
    assert opens == sorted(opens)


def test_asking_twice_changes_nothing() -> None:
    case = community().case("2024-04-01")
    first = [(o.key, o.opens_on, o.due_on, o.closed_on) for o in plan(case)]
    assert [(o.key, o.opens_on, o.due_on, o.closed_on) for o in plan(case)] == first
