"""The record of a case: order, voids, replacements (domain.md section 2)."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from tests.histories import at, day, event
from workflow.rules.history import Recorded, history_of, in_order, ranked

CHINA = timezone(timedelta(hours=8))


def rec(name: str, on: str, seq: int, hour: int | None = None, **values: object) -> Recorded:
    """A recorded event; `hour` is its instant on that day, where it is known."""
    at = None
    if hour is not None:
        civil = day(on)
        at = datetime(civil.year, civil.month, civil.day, hour, tzinfo=CHINA)
    return Recorded(f"e{seq}", event(name, **values), day(on), day(on), seq, at=at)


def ids(found: object) -> list[str]:
    """The ids in order."""
    return [r.id for r in found]  # type: ignore[attr-defined]


def test_the_day_it_happened_goes_before_the_order_of_recording() -> None:
    late = rec("visited", "2024-05-01", 2)
    early = rec("visited", "2024-05-02", 1)
    assert ids(in_order([early, late])) == ["e2", "e1"]


def test_on_one_day_the_order_of_recording_holds() -> None:
    assert ids(in_order([rec("visited", "2024-05-01", n) for n in (3, 1, 2)])) == ["e1", "e2", "e3"]


def test_where_both_have_an_instant_the_instant_decides() -> None:
    found = in_order([rec("visited", "2024-05-01", 1, 15), rec("team_met", "2024-05-01", 2, 9)])
    assert ids(found) == ["e2", "e1"]


def test_an_event_without_an_instant_keeps_its_place_by_recording() -> None:
    found = in_order(
        [
            rec("visited", "2024-05-01", 1, 15),
            rec("plan_made", "2024-05-01", 2),
            rec("team_met", "2024-05-01", 3, 9),
        ]
    )
    assert ids(found) == ["e3", "e2", "e1"]


def test_instants_are_compared_across_offsets() -> None:
    utc = Recorded(
        "utc",
        event("visited"),
        day("2024-05-01"),
        day("2024-05-01"),
        1,
        at=datetime(2024, 5, 1, 3, 0, tzinfo=UTC),
    )
    assert ids(in_order([utc, rec("team_met", "2024-05-01", 2, 10)])) == ["e2", "utc"]


@given(st.permutations(range(6)))
def test_the_order_does_not_depend_on_how_the_list_came(places: list[int]) -> None:
    recs = [rec("visited", f"2024-05-0{1 + n // 2}", n, 8 + n if n % 2 else None) for n in range(6)]
    assert ids(in_order([recs[n] for n in places])) == ids(in_order(recs))


def test_a_voided_event_and_its_void_leave_the_history() -> None:
    void = rec("event_voided", "2024-05-03", 2, event_id="e1", reason="wrong person")
    history = history_of([rec("visited", "2024-05-01", 1), void])
    assert ids(history.standing) == ["e2"]
    assert ids(history.ghosts) == ["e1"]


def test_a_replacement_takes_over_the_place_of_what_it_replaces() -> None:
    old, other = rec("moved", "2024-05-01", 1, to_office="a"), rec("visited", "2024-05-01", 2)
    void = rec("event_voided", "2024-05-03", 3, event_id="e1", reason="wrong office")
    new = rec("moved", "2024-05-02", 4, to_office="b")
    request = ranked([void, new], [old, other])
    assert [r.place for r in request] == [3, 1]
    assert history_of([old, other, *request]).ghosts == ()


def test_the_nth_of_a_type_replaces_the_nth_voided_of_that_type() -> None:
    first, second = (rec("visited", f"2024-05-0{n}", n) for n in (1, 2))
    voids = [
        rec("event_voided", "2024-05-03", n + 2, event_id=f"e{n}", reason="error") for n in (2, 1)
    ]
    new = [rec("visited", "2024-05-03", n) for n in (5, 6)]
    assert [r.place for r in ranked([*voids, *new], [first, second])] == [4, 3, 2, 1]


def test_a_request_without_a_void_ranks_nothing() -> None:
    request = [rec("visited", "2024-05-01", 1)]
    assert ranked(request, []) == request


def test_a_voided_opening_that_nothing_replaced_keeps_its_number() -> None:
    diary, on = at("community_detox", day("2024-03-04"))
    diary.record(on, "moved", to_office="north", id="first")
    diary.record(on, "moved", to_office="south", id="second")
    assert [o.occurrence for o in diary.owed(on, "forward_file")] == ["m1/1", "m1/2"]
    diary.void(on, "first")
    assert [o.occurrence for o in diary.owed(on, "forward_file")] == ["m1/2"]


def test_a_replaced_opening_keeps_the_number_of_what_it_replaced() -> None:
    diary, on = at("community_detox", day("2024-03-04"))
    diary.record(on, "moved", to_office="north", id="first")
    diary.record(on, "moved", to_office="south", id="second")
    diary.void(on, "first", diary.draft(on, "moved", to_office="east", id="third"))
    found = {o.occurrence: o.opened_by.event.to_office for o in diary.owed(on, "forward_file")}
    assert found == {"m1/1": "east", "m1/2": "south"}


def test_occurrences_go_by_recording_not_by_the_day_it_happened() -> None:
    diary, on = at("community_detox", day("2024-03-04"))
    diary.record(on + timedelta(days=9), "moved", to_office="north")
    diary.record(on + timedelta(days=2), "moved", to_office="south", late=on + timedelta(days=10))
    found = {
        o.occurrence: o.opened_by.event.to_office
        for o in diary.owed(on + timedelta(days=10), "forward_file")
    }
    assert found == {"m1/1": "north", "m1/2": "south"}


def test_a_voided_order_keeps_the_ordinal_of_its_measure() -> None:
    diary, on = at("assessing", day("2024-03-04"))
    diary.record(on, "addiction_determined", finding="addicted")
    diary.record(on, "community_detox_ordered", decision_no="D-1", served_on=on, id="wrong")
    diary.void(on, "wrong")
    diary.record(on, "community_detox_ordered", decision_no="D-2", served_on=on)
    assert diary.one(on, "report_in").occurrence == "m2/1"
