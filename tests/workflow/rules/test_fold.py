"""fold: the history of a case -> the case on a day (domain.md sections 2, 4 and 5)."""

import pytest

from tests.histories import (
    DAY,
    Diary,
    at,
    confirm,
    day,
    order_community,
    order_isolation,
    reach,
    suspend,
)


def ways(diary: Diary, on: str) -> list[tuple[str, str]]:
    """The stages with their first days."""
    return [(str(stay.first), stay.stage) for stay in diary.case(on).stays]


def community() -> Diary:
    """A community detox from 20 March 2023 to 19 March 2026."""
    diary, _ = at("assessing", day("2023-02-06"))
    order_community(diary, day("2023-03-12"))
    return diary.record("2023-03-20", "reported_in")


# ------------------------------------------------------------------ days


def test_what_happens_later_is_left_out() -> None:
    diary = community()
    assert diary.stage("2023-03-19") == "community_ordered"
    assert diary.stage("2023-03-20") == "community_detox"


def test_a_case_without_events_is_new() -> None:
    assert Diary().stage("2023-03-19") == "new"


def test_an_appointment_ahead_may_be_recorded_and_counts_from_its_day() -> None:
    diary = community()
    diary.record("2023-05-02", "test_scheduled", purpose="routine", late="2023-05-02")
    ahead = diary.draft("2023-06-02", "test_scheduled", purpose="routine")
    diary.request(ahead, on="2023-05-02")
    assert len(diary.case("2023-05-03").of("test_scheduled")) == 1


# ------------------------------------------------------------------ engine events


def test_a_term_ends_by_itself_on_the_day_after_its_last_day() -> None:
    diary = community()
    assert diary.stage("2026-03-19") == "community_detox"
    case = diary.case("2026-03-20")
    assert [fact.name for fact in case.engine] == ["term_expired", "control_ended"]
    assert ways(diary, "2026-03-20")[-2:] == [("2026-03-20", "follow_up"), ("2026-03-20", "exited")]


def test_term_expired_comes_before_what_is_recorded_for_that_day() -> None:
    diary = community()
    assert diary.refused("2026-03-20", "suspended", reason="detained", document_no="S-1") == (
        "not_from_here"
    )
    diary.record("2026-03-20", "voluntary_treatment_started")
    assert ways(diary, "2026-03-20")[-2:] == [
        ("2026-03-20", "follow_up"),
        ("2026-03-20", "voluntary_treatment"),
    ]


def test_control_ended_comes_after_what_is_recorded_for_that_day() -> None:
    diary, on = at("follow_up", day("2023-02-01"))
    exit_on = diary.case(on).exits[-1].exit_on
    assert exit_on is not None
    assert diary.stage(exit_on) == "exited"
    diary.record(exit_on, "visited")
    diary.record(exit_on, "voluntary_treatment_started")
    assert diary.stage(exit_on) == "voluntary_treatment"
    assert diary.refused(exit_on + DAY, "moved", to_office="north") == "not_from_here"


def test_after_the_end_of_control_nothing_goes_on() -> None:
    diary, on = at("exited")
    assert diary.refused(on, "visited") == "not_from_here"
    assert diary.refused(on, "detected", source="inspection") == "not_from_here"


def test_a_suspended_term_does_not_end() -> None:
    diary = community()
    suspend(diary, day("2026-03-01"))
    assert diary.stage("2026-04-30") == "community_suspended"
    diary.record("2026-05-01", "resumed")
    assert diary.stage("2026-05-19") == "community_detox"
    assert ("2026-05-20", "follow_up") in ways(diary, "2026-05-20")


def test_a_resumption_on_the_suspensions_own_day_moves_nothing() -> None:
    diary = community()
    suspend(diary, day("2023-06-01"))
    diary.record("2023-06-01", "resumed")
    assert ("2026-03-20", "follow_up") in ways(diary, "2026-03-20")


def test_a_term_that_ran_out_in_a_facility_waits_for_the_release() -> None:
    diary, on = at("isolation", day("2020-01-06"))
    assert diary.stage(on + 900 * DAY) == "isolation"


def test_a_late_suspension_moves_an_expiry_that_the_engine_had_applied() -> None:
    diary = community()
    assert diary.stage("2026-03-25") == "exited"
    diary.record("2026-03-15", "suspended", reason="detained", document_no="S-1", late="2026-03-25")
    assert diary.stage("2026-03-25") == "community_suspended"


# ------------------------------------------------------------------ moves


def test_treatment_by_agreement_without_use_is_closed_and_nobody_is_controlled() -> None:
    diary = Diary().record("2024-03-01", "voluntary_treatment_started", institution="H1")
    diary.record("2024-06-01", "voluntary_treatment_ended", outcome="completed")
    case = diary.case("2024-06-01")
    assert (case.stage, case.end_reason) == ("closed", "treatment_ended")


def test_treatment_after_a_confirmed_use_ends_in_follow_up() -> None:
    diary, on = at("voluntary_treatment")
    diary.record(on, "voluntary_treatment_ended", outcome="left")
    assert diary.stage(on) == "follow_up"


def test_use_confirmed_leads_to_the_finding_and_forgets_an_earlier_one() -> None:
    diary, on = at("follow_up")
    diary.record(on, "test_scheduled", purpose="routine")
    on = confirm(diary, on)
    assert (diary.stage(on), diary.case(on).finding) == ("assessing", None)


def test_use_confirmed_in_care_leaves_the_stage() -> None:
    diary, on = at("community_detox")
    on = confirm(diary, on)
    assert diary.stage(on) == "community_detox"


def test_a_finding_without_addiction_leads_to_follow_up() -> None:
    diary, on = at("assessing")
    diary.record(on, "addiction_determined", finding="not_addicted")
    assert diary.stage(on) == "follow_up"


@pytest.mark.parametrize("stage", ["community_ordered", "recovery_ordered"])
def test_custody_before_the_report_in_leaves_the_stage(stage: str) -> None:
    diary, on = at(stage)
    suspend(diary, on + DAY)
    assert diary.stage(on + DAY) == stage
    assert diary.refused(on + 2 * DAY, "reported_in") == "in_custody"
    diary.record(on + 3 * DAY, "resumed").record(on + 4 * DAY, "reported_in")
    assert diary.stage(on + 4 * DAY) in ("community_detox", "recovery")


@pytest.mark.parametrize(
    "stage", ["detected", "voluntary_treatment", "community_suspended", "recovery", "follow_up"]
)
def test_a_sentence_ends_the_community_measure(stage: str) -> None:
    diary, on = at(stage)
    diary.record(on, "terminated", reason="imprisoned", document_no="T-1")
    case = diary.case(on)
    assert case.stage == "serving_sentence"
    assert case.running() is None


def test_after_a_sentence_the_measure_that_had_time_left_is_decided_anew() -> None:
    diary = community()
    diary.record("2024-01-10", "terminated", reason="imprisoned", document_no="T-1")
    diary.record("2024-12-10", "sentence_ended")
    assert diary.stage("2024-12-10") == "assessing"
    assert diary.state("2024-12-10", "decide_measure", "m1/1") == "open"


def test_after_a_sentence_a_case_without_use_is_detected_again() -> None:
    diary, on = at("detected")
    diary.record(on, "terminated", reason="imprisoned", document_no="T-1")
    diary.record(on + 300 * DAY, "sentence_ended")
    assert diary.stage(on + 300 * DAY) == "detected"


def test_after_a_sentence_in_follow_up_follow_up_goes_on() -> None:
    diary, on = at("follow_up")
    diary.record(on, "terminated", reason="imprisoned", document_no="T-1")
    diary.record(on + 300 * DAY, "sentence_ended")
    assert diary.stage(on + 300 * DAY) == "follow_up"


def test_a_use_that_no_decision_answered_waits_through_the_sentence() -> None:
    diary, on = at("assessing")
    diary.record(on, "terminated", reason="imprisoned", document_no="T-1")
    diary.record(on + 300 * DAY, "sentence_ended")
    assert diary.stage(on + 300 * DAY) == "assessing"


@pytest.mark.parametrize(
    ("event", "values", "reason"),
    [
        ("died", {}, "deceased"),
        ("transferred_out", {"to_agency": "A", "receipt_no": "Q-1"}, "transferred_out"),
        ("entry_voided", {"reason": "twice", "approved": True}, "entry_error"),
    ],
)
def test_a_case_closes_for_other_reasons(event: str, values: dict[str, str], reason: str) -> None:
    diary, on = at("community_suspended")
    diary.record(on, event, **values)
    case = diary.case(on)
    assert (case.stage, case.end_reason, case.running()) == ("closed", reason, None)


def test_use_not_found_closes_a_detection_without_a_standing_positive() -> None:
    diary, on = at("detected")
    diary.record(on, "use_not_found")
    case = diary.case(on)
    assert (case.stage, case.end_reason) == ("closed", "no_use_found")


# ------------------------------------------------------------------ revocations


def test_a_revoked_community_order_leads_back_to_assessing() -> None:
    diary = community()
    number = diary.case("2023-06-01").measures[0].decision_no
    diary.record("2023-06-01", "decision_revoked", decision_no=number)
    case = diary.case("2023-06-01")
    assert case.stage == "assessing"
    assert case.measures[0].revoked
    assert diary.state("2023-06-01", "decide_measure", "m0/2") == "open"


def test_a_revoked_isolation_takes_the_community_measure_up_again_as_if_suspended() -> None:
    diary = community()
    order_isolation(diary, day("2023-06-01"))
    ordered = diary.case("2023-07-01").measures[-1]
    diary.record("2023-07-15", "decision_revoked", decision_no=ordered.decision_no)
    case = diary.case("2023-07-15")
    assert case.stage == "community_detox"
    measure = case.running()
    assert measure is not None
    stood = day("2023-07-15") - ordered.order.on
    assert measure.ends_on(day("2023-08-01")) == day("2026-03-19") + stood


def test_later_measures_end_as_superseded_with_a_revocation() -> None:
    diary, on = at("isolation")
    number = diary.case(on).measures[0].decision_no
    on = reach(diary, "recovery", on)
    diary.record(on, "decision_revoked", decision_no=number)
    assert [m.how for m in diary.case(on).measures] == ["revoked", "superseded"]
    assert diary.stage(on) == "assessing"


def test_in_a_sentence_a_revocation_leaves_the_stage() -> None:
    diary = community()
    number = diary.case("2023-04-01").measures[0].decision_no
    diary.record("2023-06-01", "terminated", reason="imprisoned", document_no="T-1")
    diary.record("2023-07-01", "decision_revoked", decision_no=number)
    assert diary.stage("2023-07-01") == "serving_sentence"


def test_a_decision_is_revoked_once_and_must_be_of_this_case() -> None:
    diary = community()
    number = diary.case("2023-04-01").measures[0].decision_no
    assert diary.refused("2023-06-01", "decision_revoked", decision_no="X-9") == "unknown_decision"
    diary.record("2023-06-01", "decision_revoked", decision_no=number)
    again = diary.refused("2023-06-02", "decision_revoked", decision_no=number)
    assert again == "already_revoked"


# ------------------------------------------------------------------ late entries


def test_an_act_that_a_later_entry_leaves_outside_its_stage_stays_and_closes_nothing_more() -> None:
    diary = community().record("2023-06-10", "agreement_signed", id="act")
    diary.record("2023-06-05", "suspended", reason="detained", document_no="S-1", late="2023-06-20")
    assert diary.case("2023-06-20").of("agreement_signed")[0].out
    assert diary.state("2023-06-20", "sign_agreement") == "done_late"


def test_an_act_for_a_day_whose_stage_does_not_allow_it_is_refused() -> None:
    diary = community()
    suspend(diary, day("2023-06-05"))
    diary.record("2023-07-05", "resumed")
    refused = diary.refused("2023-06-10", "left", late="2023-07-06")
    assert refused == "not_from_here"
