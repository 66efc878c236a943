"""By when the person must report in (domain.md CD-03, CR-03, open question 2; section 8)."""

import pytest

from tests.histories import Diary, at, day, find, suspend


def ordered(served: str = "2024-06-17") -> Diary:
    """A community order served on a day."""
    diary, _ = at("assessing", day("2024-02-05"))
    find(diary, day(served))
    values = {"decision_no": "D-1", "served_on": served}
    return diary.record(served, "community_detox_ordered", **values)


def due(diary: Diary, on: str) -> str:
    """The last day in time, as known on a day."""
    return str(diary.one(on, "report_in").due_on)


def test_fifteen_days_from_service() -> None:
    assert due(ordered(), "2024-06-18") == "2024-07-02"


def test_the_last_day_rolls_over_the_national_holiday() -> None:
    assert due(ordered("2024-09-18"), "2024-09-20") == "2024-10-08"


def test_nobody_reports_in_before_the_service() -> None:
    diary, _ = at("assessing", day("2024-02-05"))
    find(diary, day("2024-06-17"))
    values = {"decision_no": "D-1", "served_on": "2024-06-20"}
    diary.record("2024-06-17", "community_detox_ordered", **values)
    assert diary.refused("2024-06-18", "reported_in") == "not_served_yet"
    diary.record("2024-06-20", "reported_in")


def test_late_is_late_and_never_refused() -> None:
    diary = ordered().record("2024-12-02", "reported_in")
    assert diary.state("2024-12-02", "report_in") == "done_late"
    assert diary.stage("2024-12-02") == "community_detox"


def test_days_in_custody_are_taken_out() -> None:
    diary = ordered()
    suspend(diary, day("2024-06-20"))
    diary.record("2024-06-30", "resumed")
    assert due(diary, "2024-07-01") == "2024-07-12"


def test_while_custody_lasts_today_is_counted_and_nothing_is_told() -> None:
    diary = ordered()
    suspend(diary, day("2024-06-20"))
    assert due(diary, "2024-06-20") == "2024-07-03"
    assert diary.state("2024-08-20", "report_in") == "held"
    assert [n for n in diary.told("2024-08-20", "report_in") if n[0] > "2024-06-20"] == []


def test_days_in_hospital_are_taken_out() -> None:
    diary = ordered()
    values = {"kind": "hospital", "from_on": "2024-06-20", "until": "2024-06-30"}
    diary.record("2024-06-20", "circumstance_recorded", **values)
    assert due(diary, "2024-07-01") == "2024-07-12"


def test_custody_and_hospital_on_the_same_days_count_once() -> None:
    diary = ordered()
    suspend(diary, day("2024-06-20"))
    values = {"kind": "hospital", "from_on": "2024-06-25", "until": "2024-07-02"}
    diary.record("2024-06-25", "circumstance_recorded", **values)
    diary.record("2024-06-30", "resumed")
    assert due(diary, "2024-07-03") == "2024-07-15"


def test_custody_after_the_period_takes_nothing_out() -> None:
    diary = ordered()
    suspend(diary, day("2024-07-10"))
    diary.record("2024-07-20", "resumed")
    assert due(diary, "2024-07-21") == "2024-07-02"
    assert diary.state("2024-07-21", "report_in") == "overdue"


def test_a_move_before_the_report_in_starts_the_period_anew() -> None:
    diary = ordered().record("2024-06-25", "moved", to_office="north")
    found = diary.one("2024-06-25", "report_in")
    assert (str(found.opens_on), str(found.due_on)) == ("2024-06-25", "2024-07-10")
    assert diary.owed("2024-06-25", "report_in_after_move") == []
    assert diary.standing("2024-06-25", "forward_file") == ["m1/1"]


def test_a_recovery_has_the_same_period() -> None:
    diary, on = at("isolation", day("2023-01-02"))
    diary.record(on, "released", proof_no="P-1")
    values = {"decision_no": "R-1", "served_on": "2024-06-17", "months": 12}
    diary.record("2024-06-17", "community_recovery_ordered", **values)
    assert due(diary, "2024-06-18") == "2024-07-02"


# ------------------------------------------------------------------ after it


def test_a_welfare_contact_is_owed_the_day_after_and_again_on_each_contact() -> None:
    diary = ordered()
    assert diary.owed("2024-07-02", "welfare_contact") == []
    first = diary.one("2024-07-03", "welfare_contact")
    assert (str(first.opens_on), str(first.due_on)) == ("2024-07-03", "2024-07-08")
    diary.record("2024-07-04", "welfare_contacted")
    assert diary.state("2024-07-04", "welfare_contact", "m1/1") == "done"
    assert diary.standing("2024-07-04", "welfare_contact") == ["m1/2"]
    diary.record("2024-07-05", "reported_in")
    assert diary.standing("2024-07-05", "welfare_contact") == []


def test_three_months_overdue_a_supervisor_looks_every_thirty_days() -> None:
    diary = ordered()
    assert not [o for o in diary.owed("2024-10-01", "stage_review") if o.stands()]
    assert str(diary.owed("2024-10-02", "stage_review")[-1].opens_on) == "2024-10-02"


@pytest.mark.parametrize(
    ("on", "values", "code"),
    [
        ("2024-07-02", {"explanation": "none"}, "report_in_not_overdue"),
        ("2024-07-03", {}, "explanation_missing"),
        ("2024-07-03", {"explanation": "afraid", "approved": False}, "approval_missing"),
    ],
)
def test_a_refusal_is_recorded_only_overdue_asked_and_approved(
    on: str, values: dict[str, object], code: str
) -> None:
    approved = bool(values.pop("approved", True))
    assert ordered().refused(on, "refusal_recorded", approved=approved, **values) == code


def test_a_written_declaration_is_a_refusal_at_once() -> None:
    values = {"written_declaration": True, "approved": True}
    diary = ordered().record("2024-06-18", "refusal_recorded", **values)
    assert diary.case("2024-06-18").measures[0].refusals


# ------------------------------------------------------------------ after a move


def test_after_a_move_in_term_one_report_in_is_owed_at_the_new_office() -> None:
    diary = ordered().record("2024-06-24", "reported_in")
    assert diary.refused("2024-06-25", "reported_in") == "already_reported_in"
    diary.record("2024-07-01", "moved", to_office="north")
    found = diary.one("2024-07-01", "report_in_after_move")
    assert str(found.due_on) == "2024-07-16"
    diary.record("2024-07-10", "reported_in")
    assert diary.state("2024-07-10", "report_in_after_move") == "done"
    assert diary.standing("2024-07-10", "sign_agreement") == ["m1/1", "m1/2"]
    assert [o.occurrence for o in diary.owed("2024-07-10", "make_plan")] == ["m1/1"]


def test_a_later_move_withdraws_the_unfulfilled_report_in() -> None:
    diary = ordered().record("2024-06-24", "reported_in")
    diary.record("2024-07-01", "moved", to_office="north")
    diary.record("2024-07-20", "moved", to_office="south")
    assert diary.state("2024-07-20", "report_in_after_move", "m1/1") == "withdrawn"
    assert diary.standing("2024-07-20", "report_in_after_move") == ["m1/2"]
    assert diary.standing("2024-07-20", "forward_file") == ["m1/1", "m1/2"]
