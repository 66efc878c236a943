"""Counting towards a serious breach (domain.md D9, CD-09 to CD-11)."""

import pytest

from tests.histories import Diary, at, day, order_community, suspend
from workflow.rules import breaches

BREACH = "breach_review"


def community() -> Diary:
    """A community detox since 20 March 2023."""
    diary, _ = at("assessing", day("2023-02-06"))
    order_community(diary, day("2023-03-12"))
    return diary.record("2023-03-20", "reported_in")


def shown(diary: Diary, on: str) -> tuple[int, int, int]:
    """The counters on a day: missed tests, departures, days away."""
    case = diary.case(on)
    found = breaches.counters(case.running(), day(on), case.pack.thresholds)
    return found["tests_missed"], found["departures"], found["days_away"]


def away(diary: Diary, first: str, last: str, *, reported: bool = False) -> Diary:
    """Out on one day and back on another."""
    return diary.record(first, "left", written_report=reported).record(last, "returned")


def missed(diary: Diary, *days: str) -> Diary:
    """Tests missed after a served notice."""
    for on in days:
        diary.record(on, "test_missed", reason="evaded", notice_served_on=on)
    return diary


def three_departures() -> Diary:
    """Three unreported absences of three dates each, the third from 5 June 2023."""
    diary = away(community(), "2023-04-03", "2023-04-05")
    away(diary, "2023-05-03", "2023-05-05")
    return away(diary, "2023-06-05", "2023-06-07")


# ------------------------------------------------------------------ missed tests


def test_a_missed_test_counts_after_a_served_notice() -> None:
    diary = missed(community(), "2023-05-05")
    assert shown(diary, "2023-05-04") == (0, 0, 0)
    assert shown(diary, "2023-05-05") == (1, 0, 0)


def test_without_a_served_notice_a_missed_test_does_not_count() -> None:
    assert shown(
        community().record("2023-05-05", "test_missed", reason="evaded"), "2023-05-05"
    ) == (
        0,
        0,
        0,
    )


def test_a_notice_served_after_the_day_does_not_make_it_count() -> None:
    diary = community()
    diary.record("2023-05-05", "test_missed", reason="evaded", notice_served_on="2023-05-06")
    assert shown(diary, "2023-05-10") == (0, 0, 0)


def test_the_notice_of_the_appointment_of_that_day_makes_it_count() -> None:
    diary = community()
    appointment = diary.draft(
        "2023-05-05", "test_scheduled", purpose="routine", notice_served_on="2023-05-01"
    )
    diary.request(appointment, on="2023-05-01")
    diary.record("2023-05-05", "test_missed", reason="evaded")
    assert shown(diary, "2023-05-05") == (1, 0, 0)


def test_an_accepted_excuse_keeps_a_missed_test_out_of_the_count() -> None:
    diary = community()
    values = {"reason": "evaded", "notice_served_on": "2023-05-01", "excuse": "accepted"}
    diary.record("2023-05-05", "test_missed", **values)
    assert shown(diary, "2023-05-05") == (0, 0, 0)


def test_the_third_missed_test_opens_a_review_on_its_day() -> None:
    diary = missed(community(), "2023-04-05", "2023-05-05")
    assert diary.owed("2023-05-05", BREACH) == []
    missed(diary, "2023-06-05")
    review = diary.one("2023-06-05", BREACH)
    assert (str(review.opens_on), str(review.due_on)) == ("2023-06-05", "2023-06-08")


# ------------------------------------------------------------------ departures


def test_two_dates_are_no_departure() -> None:
    assert shown(away(community(), "2023-05-03", "2023-05-04"), "2023-05-10") == (0, 0, 0)


def test_a_written_report_made_before_is_no_departure() -> None:
    diary = away(community(), "2023-05-03", "2023-05-23", reported=True)
    assert shown(diary, "2023-06-01") == (0, 0, 0)


def test_a_departure_counts_when_its_third_date_has_come_and_its_dates_as_they_pass() -> None:
    diary = community().record("2023-05-03", "left")
    assert shown(diary, "2023-05-04") == (0, 0, 0)
    assert shown(diary, "2023-05-05") == (0, 1, 3)
    assert shown(diary, "2023-05-20") == (0, 1, 18)


def test_the_third_departure_opens_a_review_on_its_third_date() -> None:
    review = three_departures().one("2023-06-07", BREACH)
    assert str(review.opens_on) == "2023-06-07"


def test_an_absence_that_a_suspension_ends_stops_counting_the_day_before() -> None:
    diary = community().record("2023-05-29", "left")
    suspend(diary, day("2023-06-01"))
    assert shown(diary, "2023-06-20") == (0, 1, 3)


# ------------------------------------------------------------------ days away


def test_thirty_days_away_are_not_more_than_thirty() -> None:
    diary = community().record("2023-05-01", "left")
    assert diary.owed("2023-05-30", BREACH) == []
    assert shown(diary, "2023-05-30") == (0, 1, 30)


def test_the_thirty_first_day_away_opens_a_review() -> None:
    diary = community().record("2023-05-01", "left")
    assert str(diary.one("2023-05-31", BREACH).opens_on) == "2023-05-31"


def test_days_away_add_up_over_departures() -> None:
    diary = away(community(), "2023-04-01", "2023-04-20")
    away(diary, "2023-05-01", "2023-05-15")
    assert shown(diary, "2023-06-01") == (0, 2, 35)
    assert str(diary.one("2023-06-01", BREACH).opens_on) == "2023-05-11"


def test_a_new_departure_counts_for_the_days_only_from_its_third_date() -> None:
    diary = away(community(), "2023-04-01", "2023-04-30")
    diary.record("2023-05-10", "left")
    assert diary.owed("2023-05-11", BREACH) == []
    assert str(diary.one("2023-05-12", BREACH).opens_on) == "2023-05-12"


# ------------------------------------------------------------------ answers


def test_a_report_needs_the_threshold_the_explanation_and_a_second_person() -> None:
    diary = missed(community(), "2023-04-05", "2023-05-05")
    ground = {"ground": "refused_or_evaded_tests"}
    heard = {**ground, "explanation": "was ill, nobody asked"}
    assert diary.refused("2023-05-06", "breach_reported", approved=True, **heard) == (
        "threshold_not_reached"
    )
    missed(diary, "2023-06-05")
    assert diary.refused("2023-06-06", "breach_reported", approved=True, **ground) == (
        "explanation_missing"
    )
    assert diary.refused("2023-06-06", "breach_reported", **heard) == "approval_missing"
    diary.record("2023-06-06", "breach_reported", approved=True, **heard)
    assert diary.state("2023-06-06", BREACH) == "done"


def test_a_report_shows_on_in_the_counters_but_cannot_be_made_twice() -> None:
    diary = missed(community(), "2023-04-05", "2023-05-05", "2023-06-05")
    values = {"ground": "refused_or_evaded_tests", "explanation": "heard", "approved": True}
    diary.record("2023-06-06", "breach_reported", **values)
    assert shown(diary, "2023-06-07") == (3, 0, 0)
    assert diary.refused("2023-06-07", "breach_reported", **values) == "threshold_not_reached"


def test_after_a_report_a_new_review_needs_as_many_new_ones() -> None:
    diary = missed(community(), "2023-04-05", "2023-05-05", "2023-06-05")
    values = {"ground": "refused_or_evaded_tests", "explanation": "heard", "approved": True}
    diary.record("2023-06-06", "breach_reported", **values)
    missed(diary, "2023-07-05", "2023-08-05")
    assert diary.standing("2023-08-05", BREACH) == []
    missed(diary, "2023-09-05")
    assert diary.standing("2023-09-05", BREACH) == ["m1/2"]


def test_a_dismissal_spends_what_was_counted() -> None:
    diary = three_departures()
    diary.record("2023-06-08", "breach_dismissed", reason="work far away", approved=True)
    assert shown(diary, "2023-06-09") == (0, 0, 0)
    assert diary.state("2023-06-09", BREACH) == "done"


def test_a_dismissal_without_a_ground_answers_every_open_review() -> None:
    diary = missed(three_departures(), "2023-06-08", "2023-06-09", "2023-06-10")
    assert len(diary.standing("2023-06-10", BREACH)) == 2
    diary.record("2023-06-11", "breach_dismissed", reason="settled", approved=True)
    assert diary.standing("2023-06-11", BREACH) == []


def test_a_dismissal_of_one_ground_leaves_the_other_open() -> None:
    diary = missed(three_departures(), "2023-06-08", "2023-06-09", "2023-06-10")
    values = {"ground": "unauthorised_departures", "reason": "work", "approved": True}
    diary.record("2023-06-11", "breach_dismissed", **values)
    assert len(diary.standing("2023-06-11", BREACH)) == 1
    assert shown(diary, "2023-06-11") == (3, 0, 0)


@pytest.mark.parametrize("ground", [None, "days_away"])
def test_nothing_is_dismissed_where_no_review_is_open(ground: str | None) -> None:
    diary = community()
    values = {"reason": "nothing", "approved": True, "ground": ground}
    assert diary.refused("2023-06-11", "breach_dismissed", **values) == "no_open_review"


def test_a_new_measure_counts_from_nothing() -> None:
    diary = three_departures()
    number = diary.case("2023-06-08").measures[0].decision_no
    diary.record("2023-06-08", "decision_revoked", decision_no=number)
    order_community(diary, day("2023-06-12"))
    diary.record("2023-06-14", "reported_in")
    assert shown(diary, "2023-06-15") == (0, 0, 0)
    assert diary.standing("2023-06-15", BREACH) == []
