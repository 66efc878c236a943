"""What may be recorded and what is refused, with which code (domain.md sections 2, 5 and 6)."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from tests.histories import (
    DAY,
    DAYS,
    Diary,
    at,
    confirm,
    day,
    find,
    order_community,
    order_isolation,
    reach,
    suspend,
)
from workflow.rules import stages
from workflow.rules.errors import WouldOrphan
from workflow.rules.judging import judge

POSITIVE: dict[str, Any] = {
    "method": "on_site",
    "sample": "urine",
    "result": "positive",
    "purpose": "detection",
}
LAB = {**POSITIVE, "method": "laboratory"}


def detected() -> Diary:
    """Detected on Monday 3 June 2024 with a positive test of that day."""
    diary = Diary().record("2024-06-03", "detected", source="inspection")
    return diary.record("2024-06-03", "test_taken", test_id="t1", **POSITIVE)


def isolation(**values: Any) -> dict[str, Any]:
    """The fields of an isolation order of a day."""
    plain = {"decision_no": "I-1", "facility": "F1", "ground": "serious_addiction"}
    on = values.pop("on")
    return {**plain, "decided_on": on, "served_on": on, **values}


# ------------------------------------------------------------------ days and requests


def test_nothing_that_has_not_happened_yet_is_recorded() -> None:
    diary = detected()
    ahead = replace(diary.draft("2024-06-10", "visited"), recorded_on=day("2024-06-04"))
    assert diary.refused_request(ahead) == "not_yet_happened"


def test_the_engines_events_are_never_accepted() -> None:
    diary, on = at("community_detox")
    assert diary.refused(on, "term_expired") == "derived_by_engine"
    diary, on = at("follow_up")
    assert diary.refused(on, "control_ended") == "derived_by_engine"


def test_a_request_is_taken_or_refused_whole() -> None:
    diary = detected()
    fine = diary.draft("2024-06-04", "visited", id="fine")
    wrong = diary.draft("2024-06-04", "returned", id="wrong")
    assert diary.refused_request(fine, wrong) == "not_from_here"
    assert [rec.event.name for rec in diary.recs][-1] == "test_taken"


def test_a_refusal_carries_the_facts_of_its_sentence() -> None:
    diary = detected()
    with pytest.raises(Exception, match="not_from_here") as refusal:
        diary.record("2024-06-04", "reported_in")
    facts = refusal.value.facts  # type: ignore[attr-defined]
    assert (facts["event"], facts["stage"]) == ("reported_in", "detected")
    assert "community_ordered" in facts["allowed"]


# ------------------------------------------------------------------ late entries


def test_a_late_move_that_makes_a_recorded_move_impossible_is_refused_naming_both() -> None:
    diary, on = at("community_detox", day("2024-03-04"))
    suspend(diary, on + 20 * DAY)
    late = diary.draft(
        on + 10 * DAY, "suspended", late=on + 25 * DAY, reason="detained", document_no="S"
    )
    with pytest.raises(WouldOrphan) as refusal:
        diary.request(late)
    facts = refusal.value.facts
    assert (facts["new"], facts["new_on"]) == ("suspended", on + 10 * DAY)
    assert (facts["event"], facts["on"]) == ("suspended", on + 20 * DAY)
    assert facts["because"] == "not_from_here"


def test_the_machine_moves_what_is_new_and_the_table_what_was_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def heard(case: Any, event: str, target: str) -> None:
        asked.append(event)
        stages.replay(case, event, target)

    diary, on = at("community_detox")
    monkeypatch.setattr(stages, "move", heard)
    suspend(diary, on)
    assert asked == ["suspended"]


def test_a_late_act_lands_in_its_place() -> None:
    diary, on = at("community_detox", day("2024-03-04"))
    diary.record(on + 40 * DAY, "visited")
    diary.record(on + 10 * DAY, "visited", late=on + 50 * DAY)
    assert [f.on for f in diary.case(on + 50 * DAY).of("visited")] == [
        on + 10 * DAY,
        on + 40 * DAY,
    ]


def test_a_late_suspension_and_resumption_fit_between_recorded_acts() -> None:
    diary, on = at("community_detox", day("2024-03-04"))
    diary.record(on + 15 * DAY, "left", id="act")
    values = {"reason": "detained", "document_no": "S"}
    diary.record(on + 10 * DAY, "suspended", late=on + 50 * DAY, **values)
    diary.record(on + 20 * DAY, "resumed", late=on + 50 * DAY)
    assert diary.case(on + 50 * DAY).of("left")[0].out


def test_a_late_pregnancy_does_not_undo_a_recorded_isolation_silently() -> None:
    diary, on = at("isolation", day("2024-03-04"))
    values = {"kind": "pregnant", "from_on": on - 30 * DAY}
    refused = diary.refused(on - 30 * DAY, "circumstance_recorded", late=on + 30 * DAY, **values)
    assert refused == "would_orphan"


# ------------------------------------------------------------------ voids


def test_a_void_by_the_recorder_on_the_same_day_needs_nobody_else() -> None:
    diary = detected().record("2024-06-04", "visited", id="wrong")
    diary.record("2024-06-04", "event_voided", event_id="wrong", reason="other person")
    assert diary.case("2024-06-04").of("visited") == []


def test_a_later_void_or_one_by_another_needs_a_supervisor() -> None:
    diary = detected().record("2024-06-04", "visited", id="wrong")
    values = {"event_id": "wrong", "reason": "other person"}
    assert diary.refused("2024-06-05", "event_voided", **values) == "approval_missing"
    assert diary.refused("2024-06-04", "event_voided", by="worker-2", **values) == (
        "approval_missing"
    )
    diary.record("2024-06-05", "event_voided", approved=True, **values)


def test_what_is_unknown_voided_or_a_void_is_not_voided() -> None:
    diary = detected().record("2024-06-04", "visited", id="wrong")
    values = {"reason": "error", "approved": True}
    assert diary.refused("2024-06-05", "event_voided", event_id="x", **values) == "unknown_event"
    diary.void("2024-06-05", "wrong")
    assert diary.refused("2024-06-05", "event_voided", event_id="wrong", **values) == (
        "already_voided"
    )
    assert diary.refused("2024-06-05", "event_voided", event_id="v-wrong", **values) == (
        "void_of_void"
    )


def test_a_void_that_would_orphan_a_move_goes_with_a_replacement() -> None:
    diary, on = at("community_detox", day("2024-03-04"))
    order, served, today = diary.recs[-2], on - 3 * DAY, on + 30 * DAY
    void = diary.draft(today, "event_voided", approved=True, event_id=order.id, reason="day")
    assert diary.refused_request(void) == "would_orphan"
    values: dict[str, Any] = {
        "decision_no": "D-9",
        "served_on": served,
        "late": today,
        "id": "right",
    }
    diary.void(today, order.id, diary.draft(served, "community_detox_ordered", **values))
    found = diary.one(today, "report_in")
    assert (found.occurrence, found.opens_on) == ("m1/1", served)


# ------------------------------------------------------------------ an exit that was told


def test_an_exit_told_to_the_person_is_undone_only_with_a_document_and_a_second_person() -> None:
    diary, on = at("follow_up", day("2021-02-01"))
    exit_on = diary.case(on).exits[-1].exit_on
    assert exit_on is not None
    diary.record(exit_on - 20 * DAY, "papers_sent", for_what="exit")
    today, late = exit_on + 10 * DAY, exit_on - 5 * DAY
    values: dict[str, Any] = {"reason": "imprisoned", "late": today}
    undone = {**values, "document_no": "T-1"}
    bare = replace(diary.draft(late, "voluntary_treatment_started", late=today))
    assert diary.refused_request(bare) == "exit_told_needs_document"
    assert diary.refused(late, "terminated", **undone) == "exit_told_needs_approval"
    diary.record(late, "terminated", approved=True, **undone)
    assert diary.stage(today) == "serving_sentence"


# ------------------------------------------------------------------ tests and use


def test_use_is_not_confirmed_while_the_objection_window_runs() -> None:
    diary = detected()
    assert diary.refused("2024-06-06", "use_confirmed", test_id="t1") == "objection_window_open"
    diary.record("2024-06-07", "use_confirmed", test_id="t1")


def test_the_window_runs_from_the_day_the_person_was_told_and_over_the_dragon_boat_festival() -> (
    None
):
    diary = Diary().record("2024-06-03", "detected", source="inspection")
    diary.record("2024-06-03", "test_taken", test_id="t1", told_on="2024-06-05", **LAB)
    assert diary.refused("2024-06-11", "use_confirmed", test_id="t1") == "objection_window_open"
    assert diary.refused("2024-06-12", "test_objected", test_id="t1") == "objection_window_over"
    diary.record("2024-06-12", "use_confirmed", test_id="t1")


def test_an_undecided_objection_and_an_outstanding_further_test_hold_the_finding() -> None:
    diary = detected().record("2024-06-05", "test_objected", test_id="t1")
    assert diary.refused("2024-06-20", "use_confirmed", test_id="t1") == "objection_undecided"
    diary.record("2024-06-07", "objection_decided", test_id="t1", outcome="granted")
    assert diary.refused("2024-06-20", "use_confirmed", test_id="t1") == "further_test_outstanding"
    diary.record("2024-06-12", "test_taken", test_id="t2", of="t1", **LAB)
    diary.record("2024-06-12", "use_confirmed", test_id="t1")
    assert diary.stage("2024-06-12") == "assessing"


def test_a_refused_objection_leaves_the_result() -> None:
    diary = detected().record("2024-06-05", "test_objected", test_id="t1")
    diary.record("2024-06-07", "objection_decided", test_id="t1", outcome="refused")
    diary.record("2024-06-07", "use_confirmed", test_id="t1")


def test_a_negative_further_test_clears_the_first() -> None:
    diary = detected().record("2024-06-05", "test_objected", test_id="t1")
    diary.record("2024-06-07", "objection_decided", test_id="t1", outcome="granted")
    diary.record("2024-06-12", "test_taken", test_id="t2", of="t1", **{**LAB, "result": "negative"})
    assert diary.refused("2024-06-20", "use_confirmed", test_id="t1") == "test_cleared"
    diary.record("2024-06-20", "use_not_found")
    assert diary.stage("2024-06-20") == "closed"


@pytest.mark.parametrize(
    ("event", "values", "code"),
    [
        ("test_objected", {"test_id": "none"}, "unknown_test"),
        ("objection_decided", {"test_id": "t1", "outcome": "granted"}, "no_objection"),
        ("test_taken", {"test_id": "t1", **POSITIVE}, "test_id_taken"),
        ("test_taken", {"test_id": "t9", "of": "none", **LAB}, "unknown_test"),
        ("test_taken", {"test_id": "t9", "told_on": "2024-06-01", **LAB}, "told_before_test"),
        ("use_not_found", {}, "positive_stands"),
    ],
)
def test_what_tests_and_objections_refuse(event: str, values: dict[str, Any], code: str) -> None:
    assert detected().refused("2024-06-05", event, **values) == code


def test_an_objection_comes_once_and_never_against_a_recheck() -> None:
    diary = Diary().record("2024-06-03", "detected", source="inspection")
    diary.record("2024-06-03", "test_taken", test_id="t1", **LAB)
    diary.record("2024-06-05", "test_objected", test_id="t1")
    assert diary.refused("2024-06-06", "test_objected", test_id="t1") == "already_objected"
    diary.record("2024-06-06", "objection_decided", test_id="t1", outcome="granted")
    recheck = {**POSITIVE, "method": "recheck", "of": "t1"}
    diary.record("2024-06-10", "test_taken", test_id="t2", **recheck)
    assert diary.refused("2024-06-11", "test_objected", test_id="t2") == "recheck_is_final"
    again = {"test_id": "t1", "outcome": "refused"}
    assert diary.refused("2024-06-11", "objection_decided", **again) == "objection_already_decided"


def test_a_negative_confirmed_or_dismissed_result_is_not_confirmed() -> None:
    diary = detected().record(
        "2024-06-04", "test_taken", test_id="n", **{**LAB, "result": "negative"}
    )
    assert diary.refused("2024-06-20", "use_confirmed", test_id="n") == "result_negative"
    diary.record("2024-06-07", "use_confirmed", test_id="t1")
    assert diary.refused("2024-06-20", "use_confirmed", test_id="t1") == "use_already_confirmed"
    assert diary.refused("2024-06-20", "use_dismissed", test_id="t1", reason="x") == (
        "use_already_confirmed"
    )
    other = detected().record("2024-06-05", "use_dismissed", test_id="t1", reason="medication")
    assert other.refused("2024-06-20", "use_confirmed", test_id="t1") == "test_dismissed"


# ------------------------------------------------------------------ orders


def test_a_community_order_needs_the_finding() -> None:
    diary, on = at("assessing")
    values = {"decision_no": "D-1", "served_on": on}
    assert diary.refused(on, "community_detox_ordered", **values) == "finding_missing"


def test_each_ground_of_isolation_belongs_to_its_stages_and_facts() -> None:
    diary, on = at("assessing")
    find(diary, on, "addicted")
    assert diary.refused(on, "isolation_ordered", **isolation(on=on)) == "ground_not_met"
    ground = "serious_breach"
    refused = diary.refused(on, "isolation_ordered", **isolation(on=on, ground=ground))
    assert refused == "ground_not_from_here"
    order_community(diary, on)
    ground = "refused_community_detox"
    refused = diary.refused(on, "isolation_ordered", **isolation(on=on, ground=ground))
    assert refused == "ground_not_met"


def test_use_before_the_report_in_is_no_use_during_the_measure() -> None:
    diary, on = at("community_ordered", day("2024-03-04"))
    diary.record(on, "test_taken", test_id="t8", **POSITIVE)
    diary.record(on + DAY, "reported_in").record(on + 9 * DAY, "use_confirmed", test_id="t8")
    values = isolation(on=on + 9 * DAY, ground="used_during_community_detox")
    assert diary.refused(on + 9 * DAY, "isolation_ordered", **values) == "ground_not_met"


def test_a_hair_sample_proves_use_during_the_measure_only_with_the_day_of_use() -> None:
    diary, on = at("community_detox", day("2024-03-04"))
    on = confirm(diary, on + 60 * DAY, sample="hair")
    values = isolation(on=on, ground="used_during_community_detox")
    assert diary.refused(on, "isolation_ordered", **values) == "ground_not_met"


@pytest.mark.parametrize("kind", ["pregnant", "nursing"])
def test_nobody_pregnant_or_nursing_is_isolated(kind: str) -> None:
    diary, on = at("assessing")
    find(diary, on)
    diary.record(on, "circumstance_recorded", kind=kind)
    assert diary.refused(on, "isolation_ordered", **isolation(on=on)) == "isolation_barred"


def test_nursing_protects_for_one_year() -> None:
    diary, on = at("assessing", day("2024-03-04"))
    find(diary, on)
    diary.record(on, "circumstance_recorded", kind="nursing", from_on="2023-06-01")
    diary.record("2024-06-01", "isolation_ordered", **isolation(on="2024-06-01"))


def test_under_sixteen_a_named_reviewer_is_needed() -> None:
    diary, on = at("assessing", day("2024-03-04"))
    diary.record(on, "person_registered", born="2008-06-01")
    find(diary, on)
    assert diary.refused(on, "isolation_ordered", **isolation(on=on)) == "minor_review_missing"
    reviewed = isolation(on=on, minor_review="dr-li")
    diary.copy().record(on, "isolation_ordered", **reviewed)
    diary.record("2024-06-01", "isolation_ordered", **isolation(on="2024-06-01"))


def test_reality_comes_first_with_an_approval_and_is_reviewed() -> None:
    diary, on = at("assessing")
    find(diary, on)
    diary.record(on, "circumstance_recorded", kind="pregnant")
    values = isolation(on=on, contrary_to="CI-02", document_no="X-1")
    assert diary.refused(on, "isolation_ordered", **values) == "approval_missing"
    diary.record(on, "isolation_ordered", approved=True, **values)
    assert diary.stage(on) == "isolation"
    assert len(diary.standing(on, "legality_review")) == 1


def test_contrary_to_never_lifts_the_ground() -> None:
    diary, on = at("assessing")
    find(diary, on, "addicted")
    values = isolation(on=on, contrary_to="CI-02", document_no="X-1")
    assert diary.refused(on, "isolation_ordered", approved=True, **values) == "ground_not_met"


def test_a_recovery_follows_a_release_for_one_to_36_months() -> None:
    diary, on = at("follow_up")
    values = {"decision_no": "R-1", "served_on": on, "months": 12}
    assert diary.refused(on, "community_recovery_ordered", **values) == "no_release_before"
    diary, on = at("isolation")
    on = reach(diary, "follow_up", on)
    for months in (0, 37):
        values = {"decision_no": "R-1", "served_on": on, "months": months}
        assert diary.refused(on, "community_recovery_ordered", **values) == "months_out_of_range"


# ------------------------------------------------------------------ custody, terms and contact


def test_custody_before_the_report_in_begins_and_ends_once() -> None:
    diary, on = at("community_ordered")
    assert diary.refused(on, "resumed") == "not_in_custody"
    suspend(diary, on)
    values = {"reason": "arrested", "document_no": "S-2"}
    assert diary.refused(on + DAY, "suspended", **values) == "already_in_custody"


def test_early_release_is_proposed_after_a_year_and_never_after_an_escape() -> None:
    diary, _ = at("assessing", day("2022-12-05"))
    order_isolation(diary, day("2023-03-12"))
    assert diary.refused("2024-03-11", "early_release_proposed") == "early_release_too_soon"
    escaped = diary.copy().record("2023-06-01", "escaped").record("2023-06-02", "recaptured")
    assert escaped.refused("2024-06-12", "early_release_proposed") == (
        "no_early_release_after_escape"
    )
    diary.record("2024-03-12", "early_release_proposed")
    assert diary.refused("2024-03-13", "early_release_proposed") == "proposal_outstanding"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"kind": "extension", "ends_on": "2026-01-01"}, "no_proposal"),
        ({"kind": "early_release"}, "end_missing"),
        ({"kind": "early_release", "ends_on": "2024-03-14"}, "end_before_service"),
        ({"kind": "early_release", "ends_on": "2025-03-11"}, "end_not_earlier"),
    ],
)
def test_an_early_release_is_decided_within_its_bounds(values: dict[str, Any], code: str) -> None:
    diary, _ = at("assessing", day("2022-12-05"))
    order_isolation(diary, day("2023-03-12"))
    diary.record("2024-03-12", "early_release_proposed")
    full = {"outcome": "approved", "served_on": "2024-03-15", **values}
    assert diary.refused("2024-03-15", "term_decided", **full) == code


@pytest.mark.parametrize(
    ("ends_on", "code"), [("2025-03-11", "end_not_later"), ("2026-03-12", "extension_too_long")]
)
def test_an_extension_lengthens_the_term_by_a_year_at_most(ends_on: str, code: str) -> None:
    diary, _ = at("assessing", day("2022-12-05"))
    order_isolation(diary, day("2023-03-12"))
    diary.record("2025-02-03", "extension_proposed")
    values = {"kind": "extension", "outcome": "approved", "served_on": "2025-02-05"}
    assert diary.refused("2025-02-05", "term_decided", ends_on=ends_on, **values) == code
    diary.record("2025-02-05", "term_decided", ends_on="2026-03-11", **values)


def test_contact_is_lost_and_restored_in_turn() -> None:
    diary, on = at("follow_up")
    assert diary.refused(on, "contact_restored") == "contact_not_lost"
    diary.record(on, "contact_lost")
    assert diary.refused(on, "contact_lost") == "contact_already_lost"
    diary.record(on + DAY, "contact_restored")


def test_nobody_leaves_twice_or_returns_unleft() -> None:
    diary, on = at("community_detox")
    assert diary.refused(on, "returned") == "not_away"
    assert diary.refused(on, "left", return_on=on - DAY) == "return_before_leaving"
    diary.record(on, "left")
    assert diary.refused(on, "left") == "already_away"


def test_papers_are_recorded_only_where_their_obligation_is_owed() -> None:
    diary, on = at("community_detox")
    assert diary.refused(on, "file_forwarded") == "not_owed"
    diary.record(on, "moved", to_office="north").record(on, "file_forwarded")
    assert diary.refused(on, "file_forwarded") == "not_owed"


def test_instants_decide_on_one_day_whatever_was_recorded_first() -> None:
    diary = detected()
    china = timezone(timedelta(hours=8))
    noon = datetime(2024, 6, 5, 12, tzinfo=china)
    objected = replace(diary.draft("2024-06-05", "test_objected", test_id="t1", id="o"), at=noon)
    later = noon + timedelta(hours=2)
    decided = diary.draft(
        "2024-06-05", "objection_decided", test_id="t1", outcome="granted", id="d"
    )
    diary.request(objected)
    diary.request(replace(decided, at=later))
    first = replace(decided, at=noon - timedelta(hours=1), id="early", seq=99)
    with pytest.raises(Exception, match="no_objection"):
        judge(detected().recs, [first], diary.pack, DAYS, day("2024-06-05"), team="standing")
