"""What is told on a day (domain.md section 9)."""

from tests.histories import Diary, at, day, find, order_isolation, suspend


def ordered(served: str = "2024-06-17") -> Diary:
    """A community order served on a day, reported in on none."""
    diary, _ = at("assessing", day("2024-02-05"))
    find(diary, day(served))
    values = {"decision_no": "D-1", "served_on": served}
    return diary.record(served, "community_detox_ordered", **values)


def test_the_rungs_of_an_unanswered_order() -> None:
    assert ordered().told("2024-07-31", "report_in") == [
        ("2024-06-25", "-7", "community_worker"),
        ("2024-07-01", "-1", "community_worker"),
        ("2024-07-02", "0", "community_worker"),
        ("2024-07-03", "+1", "community_worker"),
        ("2024-07-05", "+3", "community_worker"),
        ("2024-07-05", "+3", "supervisor"),
        ("2024-07-09", "+7", "county_office"),
        ("2024-07-16", "+14", "county_office"),
        ("2024-07-23", "+21", "county_office"),
        ("2024-07-30", "+28", "county_office"),
    ]


def test_a_days_records_come_before_its_digest() -> None:
    diary = ordered().record("2024-07-01", "reported_in")
    assert diary.told("2024-07-31", "report_in") == [("2024-06-25", "-7", "community_worker")]


def test_nothing_is_told_of_what_is_held() -> None:
    diary = ordered().record("2024-06-24", "reported_in")
    suspend(diary, day("2024-06-26"))
    assert diary.told("2024-12-31", "sign_agreement") == [("2024-06-24", "-7", "community_worker")]
    assert diary.told("2024-12-31", "routine_test") == []


def test_after_the_resumption_only_rungs_still_to_come_are_told() -> None:
    diary = ordered().record("2024-06-24", "reported_in")
    suspend(diary, day("2024-06-26"))
    diary.record("2024-07-26", "resumed")
    assert diary.told("2024-08-02", "sign_agreement") == [
        ("2024-06-24", "-7", "community_worker"),
        ("2024-07-30", "-1", "community_worker"),
        ("2024-07-31", "0", "community_worker"),
        ("2024-08-01", "+1", "community_worker"),
    ]


def test_of_several_overdue_windows_only_the_newest_climbs() -> None:
    diary = ordered().record("2024-06-24", "reported_in")
    found = diary.life("2024-09-30").told
    told = [(n.on, n.occurrence) for n in found if n.kind == "routine_test"]
    assert {o for on, o in told if day("2024-09-02") <= on <= day("2024-09-10")} == {"m1/w02"}
    assert {o for on, o in told if on > day("2024-09-23")} == {"m1/w03"}
    late = diary.owed("2024-09-30", "routine_test")
    assert [o.occurrence for o in late if o.stands() and o.due_on < day("2024-09-30")] == [
        *("m1/w01", "m1/w02", "m1/w03")
    ]


def test_a_late_entry_collapses_to_one_told_on_the_day_of_recording() -> None:
    diary, _ = at("assessing", day("2024-02-05"))
    find(diary, day("2024-06-17"))
    values = {"decision_no": "D-1", "served_on": "2024-06-17"}
    diary.record("2024-06-17", "community_detox_ordered", late="2024-07-08", **values)
    assert diary.told("2024-07-10", "report_in") == [
        ("2024-07-08", "+3", "community_worker"),
        ("2024-07-08", "+3", "supervisor"),
        ("2024-07-09", "+7", "county_office"),
    ]


def test_an_empty_chair_is_never_told_but_the_supervisor_is() -> None:
    diary = ordered()
    diary.team = "recorded"
    assert diary.told("2024-07-02", "report_in") == [
        ("2024-06-25", "-7", "supervisor"),
        ("2024-07-01", "-1", "supervisor"),
        ("2024-07-02", "0", "supervisor"),
    ]


def test_who_stands_for_two_roles_of_a_rung_is_told_once() -> None:
    diary = ordered()
    diary.team = "recorded"
    assert diary.told("2024-07-05", "report_in")[-1] == ("2024-07-05", "+3", "supervisor")
    assert len([n for n in diary.told("2024-07-05", "report_in") if n[1] == "+3"]) == 1


def test_the_family_is_told_of_an_isolation_on_a_holiday_too() -> None:
    diary, _ = at("assessing", day("2024-08-05"))
    order_isolation(diary, day("2024-10-02"))
    assert diary.told("2024-10-04", "notify_family") == [
        ("2024-10-02", "opening", "community_police"),
        ("2024-10-03", "0", "community_police"),
        ("2024-10-04", "+1", "community_police"),
        ("2024-10-04", "+1", "supervisor"),
    ]


def test_days_in_hospital_are_quiet_for_the_report_in() -> None:
    diary = ordered()
    values = {"kind": "hospital", "from_on": "2024-06-20", "until": "2024-06-30"}
    diary.record("2024-06-20", "circumstance_recorded", **values)
    assert diary.told("2024-07-05", "report_in") == [("2024-07-05", "-7", "community_worker")]


def test_each_notice_names_the_role_of_the_rung_and_who_stands_behind_it() -> None:
    diary = ordered()
    diary.team = "recorded"
    first = next(n for n in diary.life("2024-07-02").told if n.kind == "report_in")
    assert (first.role, first.to, first.occurrence) == ("community_worker", "supervisor", "m1/1")
