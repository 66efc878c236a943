"""What no longer stands is taken out of what nobody has seen yet, and leaves a trace; what was seen stays told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time

import pytest

from notifications.withdrawing import left_standing
from tests.builders import DAY, new_database, new_event
from tests.counties import named, way_to_detox
from tests.notifications.counties import Telling, a_telling_county, case_of
from workflow.rules.telling import exit_undone
from workflow.services.clock import Instant
from workflow.services.recording import NewEvent
from workflow.services.staffing import withdraw_leave
from workflow.store import notices

__all__ = ["new_database"]

FIRST = date(2024, 3, 4)
ORDERED = FIRST + 12 * DAY
REPORTED = FIRST + 17 * DAY
NEXT = REPORTED + DAY
MIDNIGHT, EARLY, MORNING = time(0, 5), time(7), time(8, 30)


def planned(county: Telling, workers: Sequence[str] = ("w1",)) -> None:
    """Somebody has reported in, and the worker is to be told at half past eight that the agreement is due."""
    county.in_detox("north", "甲", FIRST, workers)
    county.live(NEXT, MIDNIGHT)


def taken_out(county: Telling, kind: str = "sign_agreement") -> list[tuple[str, str | None]]:
    """Whose items of a kind there are, and why each was taken out."""
    rows = county.rows(
        "SELECT i.kind, m.recipient, i.withdrawn_because FROM messages m"
        " JOIN message_items i ON i.message_id = m.id"
    )
    return sorted(((who, why) for of, who, why in rows if of == kind), key=str)


def waiting(county: Telling, recipient: str) -> list[tuple[bool, bool]]:
    """Of each message of somebody, whether it waits and whether it was withdrawn."""
    rows = county.rows(
        "SELECT recipient, next_at IS NOT NULL, withdrawn_at IS NOT NULL FROM messages"
    )
    return [(bool(waits), bool(withdrawn)) for who, waits, withdrawn in rows if who == recipient]


def events(name: str) -> list[NewEvent]:
    """What is recorded between planning and sending."""
    day = NEXT
    return {
        "signed": [new_event("agreement_signed", day)],
        "excused": [
            new_event(
                "obligation_excused",
                day,
                approved_by="s1",
                kind="sign_agreement",
                occurrence="m1/1",
                reason="r",
            )
        ],
        "suspended": [new_event("suspended", day, reason="detained", document_no="D-2")],
        "died": [new_event("died", day)],
    }[name]


@pytest.mark.parametrize(
    ("what", "because"),
    [
        ("signed", "closed"),
        ("excused", "withdrawn"),
        ("suspended", "held"),
        ("died", "ended"),
    ],
)
def test_what_no_longer_stands_is_taken_out_and_its_message_withdrawn(
    what: str, because: str
) -> None:
    with a_telling_county() as county:
        planned(county)
        county.record(NEXT, *events(what), case_id=case_of("甲"))
        county.withdraw(NEXT, EARLY)
        assert taken_out(county) == [("w1", because)]
        assert waiting(county, "w1") == [(False, True)]
        assert county.withdraw(NEXT, EARLY) == 0


def test_while_the_person_is_in_hospital_nobody_is_told_that_they_are_to_report_in() -> None:
    with a_telling_county() as county:
        county.open_at("north", "甲", FIRST)
        for day, request in way_to_detox(FIRST, "t", ["w1"]):
            if day < REPORTED:
                county.record(day, *request, case_id=case_of("甲"))
        week_before = ORDERED + 9 * DAY
        county.tick_through(ORDERED, week_before - DAY)
        county.plan(week_before - DAY)
        county.live(week_before, MIDNIGHT)
        assert taken_out(county, "report_in") == [("w1", None)]
        ill = new_event(
            "circumstance_recorded", week_before, kind="hospital", from_=str(week_before)
        )
        county.record(week_before, ill, case_id=case_of("甲"))
        county.withdraw(week_before, EARLY)
        assert taken_out(county, "report_in") == [("w1", "held")]


def test_what_somebody_has_seen_stays_as_it_was_told() -> None:
    with a_telling_county() as county:
        planned(county)
        county.fix(Instant.on(NEXT).now)
        county.record(NEXT, *events("signed"), case_id=case_of("甲"))
        assert county.withdraw(NEXT, time(9)) == 0
        assert taken_out(county) == [("w1", None)]


def test_a_message_with_something_left_goes_out_without_what_was_taken_out() -> None:
    with a_telling_county() as county:
        county.in_detox("north", "乙", FIRST, ["w1"])
        planned(county)
        county.record(NEXT, *events("signed"), case_id=case_of("甲"))
        assert county.withdraw(NEXT, EARLY) == 1
        assert taken_out(county) == [("w1", "closed"), ("w1", None)]
        assert waiting(county, "w1") == [(True, False)]


def test_whoever_says_i_know_is_not_reminded_to_say_so() -> None:
    with a_telling_county() as county:
        planned(county)
        assigned = new_event("helper_assigned", NEXT, role="community_doctor", helper="w2")
        county.record(NEXT, assigned, case_id=case_of("甲"))
        county.live(NEXT, time(6))
        assert taken_out(county, "acknowledge_assignment") == [("w2", None)]
        known = new_event("assignment_acknowledged", NEXT, role="community_doctor")
        county.record(NEXT, known, case_id=case_of("甲"))
        county.withdraw(NEXT, EARLY)
        assert taken_out(county, "acknowledge_assignment") == [("w2", "acknowledged")]


def test_what_is_due_later_now_is_told_when_that_day_comes() -> None:
    with a_telling_county() as county:
        county.in_detox("north", "甲", FIRST, ["w1"])
        due = REPORTED + 7 * DAY
        county.tick_through(REPORTED, due - DAY)
        county.plan(due - DAY)
        county.fix(Instant.on(due).now)
        county.live(due, MIDNIGHT)
        assert taken_out(county)[-1] == ("w1", None)
        before = len(taken_out(county))
        recorded = county.rows("SELECT id FROM events WHERE name = 'reported_in'")[0][0]
        reason = {"event_id": recorded, "reason": "the day was wrong"}
        voided = new_event("event_voided", due, approved_by="s1", **reason)
        again = new_event("reported_in", due - DAY)
        county.record(due, voided, again, case_id=case_of("甲"))
        county.withdraw(due, EARLY)
        assert [why for _, why in taken_out(county)].count("dated_anew") == 1
        county.live(due + 7 * DAY)
        assert len(taken_out(county)) > before


@pytest.mark.parametrize("weekend", [date(2024, 3, 30), date(2024, 4, 4)])
def test_a_rung_told_before_days_off_for_a_day_among_them_is_not_taken_for_another(
    weekend: date,
) -> None:
    with a_telling_county() as county:
        first = weekend - 29 * DAY
        county.in_detox("north", "甲", first, ["w1"])
        for number in range(17, 45):
            county.live(first + number * DAY, MIDNIGHT)
        assert {why for _, why in taken_out(county, "visit")} == {None}
        assert {why for _, why in taken_out(county, "sign_agreement")} == {None}


def test_who_left_the_chair_before_the_digest_is_not_told_but_who_took_it() -> None:
    with a_telling_county() as county:
        planned(county)
        taken = new_event("helper_assigned", NEXT, role="community_worker", helper="w2")
        county.record(NEXT, taken, case_id=case_of("甲"))
        county.withdraw(NEXT, EARLY)
        county.plan(NEXT, EARLY)
        assert taken_out(county) == [("w1", "reassigned"), ("w2", None)]
        back = new_event("helper_assigned", NEXT, role="community_worker", helper="w1")
        county.record(NEXT, back, case_id=case_of("甲"))
        county.withdraw(NEXT, EARLY)
        county.plan(NEXT, EARLY)
        assert taken_out(county) == [("w1", None), ("w2", "reassigned")]
        assert waiting(county, "w1") == [(True, False)]


def test_who_goes_on_leave_before_the_digest_is_spared() -> None:
    with a_telling_county() as county:
        planned(county)
        county.leave("w1", NEXT, NEXT + DAY, "w2")
        county.withdraw(NEXT, EARLY)
        county.plan(NEXT, EARLY)
        assert taken_out(county) == [("w1", "reassigned"), ("w2", None)]


def deputed(county: Telling) -> None:
    """The worker is away, and their deputy is to be told for them."""
    county.in_detox("north", "甲", FIRST, ["w1"])
    county.leave("w1", NEXT, NEXT + 5 * DAY, "w2")
    county.live(NEXT, MIDNIGHT)
    assert taken_out(county) == [("w2", None)]


def test_a_deputy_stays_told_and_so_does_theirs() -> None:
    with a_telling_county() as county:
        deputed(county)
        assert county.withdraw(NEXT, EARLY) == 0
        county.leave("w2", NEXT, NEXT + DAY, "w3")
        for _ in range(2):
            county.withdraw(NEXT, EARLY)
            county.plan(NEXT, EARLY)
            assert taken_out(county) == [("w2", "reassigned"), ("w3", None)]


def test_when_the_chair_moves_the_deputy_of_who_left_it_is_spared() -> None:
    with a_telling_county() as county:
        deputed(county)
        taken = new_event("helper_assigned", NEXT, role="community_worker", helper="w3")
        county.record(NEXT, taken, case_id=case_of("甲"))
        county.withdraw(NEXT, EARLY)
        county.plan(NEXT, EARLY)
        assert taken_out(county) == [("w2", "reassigned"), ("w3", None)]


def test_when_who_was_away_is_back_their_deputy_is_spared() -> None:
    with a_telling_county() as county:
        deputed(county)
        with county.uow() as uow:
            leave_id = named(f"leave w1 {NEXT}")
            withdraw_leave(uow, leave_id=leave_id, clock=Instant.on(NEXT, EARLY), by="root")
        county.withdraw(NEXT, EARLY)
        county.plan(NEXT, EARLY)
        assert taken_out(county) == [("w1", None), ("w2", "reassigned")]


def test_what_the_person_has_to_hear_stands_whatever_is_owed() -> None:
    with a_telling_county() as county:
        planned(county)
        with county.uow() as uow:
            told = [(case_of("甲"), exit_undone(NEXT))]
            notices.add_new(uow.session, told, Instant.on(NEXT, EARLY).now)
        county.plan(NEXT, EARLY)
        county.withdraw(NEXT, EARLY)
        assert taken_out(county, "exit_undone") == [("w1", None)]


def test_whoever_fixes_some_messages_takes_out_of_these_alone() -> None:
    with a_telling_county() as county:
        planned(county)
        county.record(NEXT, *events("died"), case_id=case_of("甲"))
        mine = county.rows("SELECT id FROM messages WHERE recipient = 's1'")
        assert mine
        with county.uow() as uow:
            assert left_standing(uow, Instant.on(NEXT).now, []) == []
        assert taken_out(county) == [("w1", None)]
        with county.uow() as uow:
            ids = county.ids("w1")
            assert left_standing(uow, Instant.on(NEXT).now, ids) == []
        assert taken_out(county) == [("w1", "ended")]
        assert waiting(county, "w1") == [(True, False)]
