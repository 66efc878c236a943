"""Which act closes what, and that done work stays done (domain.md sections 2 and 8)."""

from tests.histories import DAY, Diary, at, day, order_community, suspend


def community() -> Diary:
    """A community detox since 20 March 2024: monthly windows from the 20th to the 19th."""
    diary, _ = at("assessing", day("2024-02-05"))
    order_community(diary, day("2024-03-12"))
    return diary.record("2024-03-20", "reported_in")


def take_test(diary: Diary, on: str, **values: object) -> Diary:
    """A routine test, negative."""
    plain = {"method": "on_site", "sample": "urine", "result": "negative", "purpose": "routine"}
    return diary.record(on, "test_taken", test_id=f"r{len(diary.recs)}", **{**plain, **values})


def done(diary: Diary, on: str, kind: str) -> dict[str, str]:
    """The occurrences of a kind that are closed, with their closing day."""
    return {o.occurrence: str(o.closed_on) for o in diary.owed(on, kind) if o.closed_on}


# ------------------------------------------------------------------ matching


def test_an_act_closes_the_window_that_contains_its_day() -> None:
    diary = take_test(community(), "2024-05-02")
    assert done(diary, "2024-05-03", "routine_test") == {"m1/w02": "2024-05-02"}


def test_a_second_act_in_a_window_closes_the_oldest_overdue_one() -> None:
    diary = take_test(take_test(community(), "2024-06-21"), "2024-06-25")
    assert done(diary, "2024-06-30", "routine_test") == {
        "m1/w04": "2024-06-21",
        "m1/w01": "2024-06-25",
    }
    assert diary.state("2024-06-30", "routine_test", "m1/w01") == "done_late"
    assert diary.state("2024-06-30", "routine_test", "m1/w02") == "overdue"


def test_the_event_may_name_the_occurrence_instead() -> None:
    diary = take_test(community(), "2024-06-25", occurrence="m1/w02")
    assert done(diary, "2024-06-30", "routine_test") == {"m1/w02": "2024-06-25"}


def test_an_occurrence_that_is_not_owed_is_refused() -> None:
    diary = community()
    refused = diary.refused("2024-03-25", "visited", occurrence="m1/w09")
    assert refused == "occurrence_not_owed"


def test_an_act_before_the_opening_closes_nothing() -> None:
    diary, _ = at("assessing", day("2024-02-05"))
    order_community(diary, day("2024-03-12"))
    diary.record("2024-03-15", "visited").record("2024-03-20", "reported_in")
    assert done(diary, "2024-03-25", "visit") == {}


def test_the_first_and_the_last_day_of_a_window_belong_to_it() -> None:
    first = take_test(community(), "2024-04-20")
    assert done(first, "2024-05-30", "routine_test") == {"m1/w02": "2024-04-20"}
    last = take_test(community(), "2024-05-19")
    assert done(last, "2024-05-30", "routine_test") == {"m1/w02": "2024-05-19"}


def test_only_a_routine_test_closes_a_routine_window() -> None:
    diary = take_test(community(), "2024-05-02", purpose="voluntary")
    assert done(diary, "2024-05-03", "routine_test") == {}


def test_a_missed_test_ends_its_window_as_missed_and_a_later_test_does_not_undo_it() -> None:
    diary = community().record("2024-05-02", "test_missed", reason="evaded")
    assert diary.state("2024-05-03", "routine_test", "m1/w02") == "missed"


def test_one_report_in_closes_both_report_ins() -> None:
    diary = community().record("2024-05-02", "moved", to_office="north")
    diary.record("2024-05-05", "reported_in")
    assert done(diary, "2024-05-06", "report_in_after_move") == {"m1/1": "2024-05-05"}


def test_a_review_closes_one_and_opens_the_next() -> None:
    diary = community()
    suspend(diary, day("2024-05-02"))
    diary.record("2024-05-20", "stage_reviewed")
    found = [o for o in diary.owed("2024-05-21", "stage_review") if o.measure is not None]
    assert [(str(o.opens_on), str(o.closed_on)) for o in found] == [
        ("2024-05-02", "2024-05-20"),
        ("2024-05-20", "None"),
    ]


def test_an_excuse_withdraws_one_and_only_what_may_be_excused() -> None:
    diary = community()
    visit = {"kind": "visit", "occurrence": "m1/w01", "reason": "agreed", "approved": True}
    diary.record("2024-04-01", "obligation_excused", **visit)
    assert diary.state("2024-04-02", "visit", "m1/w01") == "withdrawn"
    assert diary.refused("2024-04-02", "obligation_excused", **visit) == "not_owed"
    unknown = {**visit, "kind": "dance"}
    assert diary.refused("2024-04-02", "obligation_excused", **unknown) == "unknown_obligation"
    ordered, on = at("community_ordered")
    report = {**visit, "kind": "report_in", "occurrence": "m1/1"}
    assert ordered.refused(on, "obligation_excused", **report) == "never_excused"


def test_an_excuse_needs_a_second_person() -> None:
    visit = {"kind": "visit", "occurrence": "m1/w01", "reason": "agreed"}
    assert community().refused("2024-04-01", "obligation_excused", **visit) == "approval_missing"


# ------------------------------------------------------------------ what was done stays done


def test_what_an_act_closed_is_written_into_it() -> None:
    diary = take_test(community(), "2024-05-02")
    assert diary.recs[-1].closes == (("routine_test", "m1/w02"),)


def test_a_late_suspension_moves_windows_but_takes_nothing_from_done_work() -> None:
    diary = take_test(community(), "2024-05-02")
    values = {"reason": "detained", "document_no": "S-1"}
    diary.record("2024-03-25", "suspended", late="2024-06-01", **values)
    diary.record("2024-04-25", "resumed", late="2024-06-01")
    assert done(diary, "2024-06-02", "routine_test") == {"m1/w02": "2024-05-02"}
    assert diary.recs[-1].closes == ()


def test_an_earlier_act_entered_late_takes_nothing_from_a_recorded_one() -> None:
    diary = take_test(community(), "2024-05-02")
    take_test(diary, "2024-04-25", late="2024-05-10")
    assert done(diary, "2024-05-10", "routine_test") == {
        "m1/w01": "2024-04-25",
        "m1/w02": "2024-05-02",
    }


def test_a_voided_act_gives_back_what_it_closed() -> None:
    diary = take_test(community(), "2024-05-02")
    diary.void("2024-05-03", diary.recs[-1].id)
    assert done(diary, "2024-05-04", "routine_test") == {}


def test_what_was_closed_by_a_suspensions_first_day_keeps_its_dates() -> None:
    diary = community().record("2024-03-22", "agreement_signed")
    suspend(diary, day("2024-03-23"))
    diary.record("2024-04-02", "resumed")
    assert str(diary.one("2024-04-03", "sign_agreement").due_on) == "2024-03-27"
    assert str(diary.one("2024-04-03", "make_plan").due_on) == "2024-04-15"


def test_entered_late_is_not_done_late() -> None:
    diary = take_test(community(), "2024-04-18", late="2024-05-30")
    assert diary.state("2024-05-30", "routine_test", "m1/w01") == "done"


def test_an_act_closes_nothing_that_it_opened_itself() -> None:
    diary, on = at("detected")
    diary.record(on + DAY, "stage_reviewed")
    assert len(diary.standing(on + DAY, "stage_review")) == 1


def test_medical_reviews_are_closed_by_the_doctor_alone() -> None:
    diary, on = at("isolation_medical")
    diary.record(on + 3 * DAY, "visited", by_role="community_worker")
    assert done(diary, str(on + 3 * DAY), "medical_review") == {}
    diary.record(on + 4 * DAY, "visited", by_role="community_doctor")
    assert list(done(diary, str(on + 4 * DAY), "medical_review")) == ["m1/w01"]


def test_a_number_once_closed_is_never_given_to_another_opening() -> None:
    diary, _ = at("assessing", day("2024-02-05"))
    order_community(diary, day("2024-06-17"))
    diary.record("2024-07-04", "welfare_contacted")
    diary.record("2024-07-01", "reported_in", late="2024-07-05")
    diary.record("2024-08-01", "contact_lost")
    assert len(diary.standing("2024-08-02", "welfare_contact")) == 1


def test_a_late_revocation_does_not_reopen_what_an_act_resolved() -> None:
    diary, on = at("isolation", day("2024-03-04"))
    number = diary.case(on).measures[0].decision_no
    values = {"method": "on_site", "sample": "urine", "result": "positive", "purpose": "routine"}
    diary.record(on + 30 * DAY, "test_taken", test_id="r1", **values)
    diary.record(on + 40 * DAY, "use_dismissed", test_id="r1", reason="medication")
    today = on + 50 * DAY
    diary.record(on + 20 * DAY, "decision_revoked", decision_no=number, late=today)
    found = diary.owed(today, "resolve_positive")
    assert [o.closed_on for o in found] == [on + 40 * DAY]


def test_after_a_void_no_two_openings_have_one_number() -> None:
    diary, on = at("follow_up", day("2024-02-05"))
    written = [
        *("contact_lost", "contact_restored", "contact_lost", "welfare_contacted"),
        *("contact_restored", "welfare_contacted", "contact_lost", "contact_restored"),
    ]
    for n, name in enumerate(written):
        diary.record(on + 10 * n * DAY, name, id=f"c{n}")
    today = on + 100 * DAY
    diary.void(today, "c1")
    keys = [one.key for one in diary.owed(today)]
    assert sorted(keys) == sorted(set(keys))
