"""A measure's term and its clock (domain.md D2-D6)."""

import pytest

from tests.histories import DAY, Diary, at, day, order_isolation, order_recovery, reach, suspend
from workflow.rules.measures import Absence, Measure, Stop


def community(reported: str = "2023-03-20", ordered: str = "2023-03-12") -> Diary:
    """A community detox whose term began with the report-in."""
    diary, _ = at("assessing", day("2023-02-06"))
    diary.record(ordered, "addiction_determined", finding="addicted")
    diary.record(ordered, "community_detox_ordered", decision_no="D-1", served_on=ordered)
    return diary.record(reported, "reported_in")


def isolation(decided: str = "2023-03-12") -> Diary:
    """An isolation decided on a day."""
    diary, _ = at("assessing", day(decided) - 40 * DAY)
    order_isolation(diary, day(decided))
    return diary


def measure(diary: Diary, on: str) -> Measure:
    """The measure in force."""
    found = diary.case(on).running()
    assert found is not None
    return found


def ends_on(diary: Diary, on: str) -> str:
    """The last day of the term in force, as known on a day."""
    return str(measure(diary, on).ends_on(day(on)))


def test_a_community_term_starts_with_the_report_in_and_includes_it() -> None:
    assert ends_on(community(), "2023-04-01") == "2026-03-19"


def test_before_the_report_in_there_is_no_end() -> None:
    diary, on = at("community_ordered")
    assert diary.case(on).measures[0].ends_on(on) is None


def test_an_isolation_term_starts_with_the_decision() -> None:
    assert ends_on(isolation("2023-03-12"), "2023-04-01") == "2025-03-11"


def test_a_recovery_lasts_as_long_as_its_order_says() -> None:
    diary, on = at("isolation", day("2023-01-02"))
    on = reach(diary, "follow_up", on)
    order_recovery(diary, on, months=6)
    diary.record("2023-08-31", "reported_in")
    assert ends_on(diary, "2023-09-01") == "2024-02-29"


def test_a_suspension_moves_the_end_from_its_first_day_to_the_resumption() -> None:
    diary = community()
    suspend(diary, day("2023-06-01"))
    diary.record("2023-06-11", "resumed")
    assert ends_on(diary, "2023-07-01") == "2026-03-29"


def test_while_a_suspension_lasts_today_is_counted() -> None:
    diary = community()
    suspend(diary, day("2023-06-01"))
    assert ends_on(diary, "2023-06-01") == "2026-03-20"
    assert ends_on(diary, "2023-06-10") == "2026-03-29"


def test_two_suspensions_add_up() -> None:
    diary = community()
    for first, until in (("2023-06-01", "2023-06-11"), ("2024-01-01", "2024-01-21")):
        suspend(diary, day(first))
        diary.record(until, "resumed")
    assert ends_on(diary, "2024-02-01") == "2026-04-18"


def test_custody_before_the_report_in_moves_no_term() -> None:
    diary, _ = at("assessing", day("2023-02-06"))
    diary.record("2023-03-12", "addiction_determined", finding="addicted")
    diary.record("2023-03-12", "community_detox_ordered", decision_no="D-1", served_on="2023-03-12")
    suspend(diary, day("2023-03-14"))
    diary.record("2023-03-18", "resumed").record("2023-03-20", "reported_in")
    assert ends_on(diary, "2023-04-01") == "2026-03-19"


def test_an_escape_stops_the_clock_until_the_return() -> None:
    diary = isolation().record("2023-06-01", "escaped")
    assert ends_on(diary, "2023-06-10") == "2025-03-21"
    diary.record("2023-07-01", "recaptured")
    assert ends_on(diary, "2023-08-01") == "2025-04-10"


def test_a_medical_release_does_not_stop_the_clock() -> None:
    diary = isolation().record("2023-06-01", "medical_release")
    assert ends_on(diary, "2023-08-01") == "2025-03-11"
    diary.record("2023-09-01", "medical_return")
    assert ends_on(diary, "2023-10-01") == "2025-03-11"


def test_a_sentence_in_a_facility_does_not_stop_the_clock() -> None:
    diary = isolation().record("2023-06-01", "terminated", reason="imprisoned", document_no="T-1")
    assert diary.stage("2023-08-01") == "isolation"
    assert ends_on(diary, "2023-08-01") == "2025-03-11"


def test_an_escape_after_the_end_moves_nothing() -> None:
    diary = isolation().record("2025-03-20", "escaped")
    assert ends_on(diary, "2025-04-20") == "2025-03-11"


def test_days_served_in_isolation_are_taken_off_the_community_term() -> None:
    diary = isolation("2023-03-12")
    values = {"decision_no": "C-1", "served_on": "2023-06-12"}
    diary.record("2023-06-12", "changed_to_community_detox", **values)
    diary.record("2023-06-20", "reported_in")
    served = (day("2023-06-12") - day("2023-03-12")).days
    full = day("2026-06-19")
    assert (full - day(ends_on(diary, "2023-07-01"))).days == served == 92


def test_days_escaped_were_not_served() -> None:
    diary = isolation("2023-03-12")
    diary.record("2023-04-01", "escaped").record("2023-04-11", "recaptured")
    values = {"decision_no": "C-1", "served_on": "2023-06-12"}
    diary.record("2023-06-12", "changed_to_community_detox", **values)
    diary.record("2023-06-20", "reported_in")
    assert (day("2026-06-19") - day(ends_on(diary, "2023-07-01"))).days == 82


def test_where_nothing_is_left_of_the_community_term_follow_up_begins() -> None:
    diary = isolation("2020-03-12")
    diary.record("2022-02-01", "extension_proposed")
    values = {"kind": "extension", "outcome": "approved", "served_on": "2022-02-05"}
    diary.record("2022-02-05", "term_decided", ends_on="2023-03-11", **values)
    change = {"decision_no": "C-1", "served_on": "2023-03-15"}
    diary.record("2023-03-15", "changed_to_community_detox", **change)
    assert diary.stage("2023-03-15") == "follow_up"


def test_an_approved_early_release_sets_the_end_with_the_stops_already_in_it() -> None:
    diary = isolation("2023-03-12")
    diary.record("2024-03-12", "early_release_proposed")
    values = {"kind": "early_release", "outcome": "approved", "served_on": "2024-03-15"}
    diary.record("2024-03-15", "term_decided", ends_on="2024-04-30", **values)
    assert ends_on(diary, "2024-03-14") == "2025-03-11"
    assert ends_on(diary, "2024-03-15") == "2024-04-30"


def test_an_escape_after_an_extension_moves_the_extended_end() -> None:
    diary = isolation("2023-03-12")
    diary.record("2023-05-01", "escaped").record("2023-05-11", "recaptured")
    diary.record("2025-02-01", "extension_proposed")
    values = {"kind": "extension", "outcome": "approved", "served_on": "2025-02-05"}
    diary.record("2025-02-05", "term_decided", ends_on="2025-09-30", **values)
    assert ends_on(diary, "2025-03-01") == "2025-09-30"
    diary.record("2025-04-01", "escaped").record("2025-04-06", "recaptured")
    assert ends_on(diary, "2025-05-01") == "2025-10-05"


def test_a_grid_day_and_its_real_day_lead_to_each_other() -> None:
    diary = community()
    suspend(diary, day("2023-06-01"))
    diary.record("2023-06-11", "resumed")
    found, on = measure(diary, "2023-07-01"), day("2023-07-01")
    assert found.real(day("2023-05-31"), on) == day("2023-05-31")
    assert found.real(day("2023-06-01"), on) == day("2023-06-11")
    assert found.unstopped(day("2023-06-11"), on) == day("2023-06-01")
    assert found.unstopped(day("2023-06-05"), on) == day("2023-06-01")
    assert found.unstopped(day("2023-05-31"), on) == day("2023-05-31")


def test_an_absence_from_home_ends_the_day_before_a_suspension() -> None:
    diary = community().record("2023-05-30", "left")
    suspend(diary, day("2023-06-01"))
    absence = measure(diary, "2023-06-05").absences[0]
    assert (absence.last, absence.back) == (day("2023-05-31"), None)


def test_an_absence_from_home_ends_the_day_before_the_measure_does() -> None:
    diary = community().record("2026-03-10", "left")
    absence = diary.case("2026-04-01").measures[0].absences[0]
    assert absence.last == day("2026-03-19")


@pytest.mark.parametrize(("on", "dates"), [("2024-05-01", 1), ("2024-05-03", 3), ("2024-06-01", 4)])
def test_the_dates_of_an_absence_count_as_they_pass(on: str, dates: int) -> None:
    fact = community().case("2023-04-01").of("reported_in")[0]
    absence = Absence(fact, day("2024-05-01"), False, None, last=day("2024-05-04"))
    assert absence.dates(day(on)) == dates


def test_a_stop_without_an_end_counts_today() -> None:
    assert Stop(day("2024-05-01")).length(day("2024-05-01")) == 1
    assert Stop(day("2024-05-01"), day("2024-05-01")).length(day("2024-06-01")) == 0
