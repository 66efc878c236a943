"""What a reader is shown of one case and of all, on a day, without anything being written."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from tests.builders import BORN, DAY, Office, an_office, detected, new_event, to_order
from workflow.rules.errors import NotFound
from workflow.services.case_lists import overview
from workflow.services.clock import Instant
from workflow.services.views import OverviewRow

FIRST = date(2024, 1, 8)
ORDER = date(2024, 1, 20)
REPORTED = date(2024, 1, 25)
OTHER = UUID(int=7)


@pytest.fixture
def office() -> Iterator[Office]:
    """A case in community detox, with a team of its own: a worker who has said "I know", and three empty chairs."""
    with an_office(filled=fill) as found:
        yield found


def fill(office: Office) -> None:
    office.open(FIRST, team="recorded")
    for new in to_order(FIRST, ORDER):
        office.record(new.happened_on, new)
    worker = "community_worker"
    office.record(ORDER, new_event("helper_assigned", ORDER, helper="w1", role=worker))
    office.record(ORDER, new_event("assignment_acknowledged", ORDER, role=worker))
    office.record(REPORTED, new_event("reported_in", REPORTED, id="report-in"))
    office.tick(REPORTED)


def rows(office: Office, on: date) -> list[OverviewRow]:
    with office.uow() as uow:
        return overview(uow, Instant.on(on))


# ------------------------------------------------------------------ one case


def test_the_way_with_its_days(office: Office) -> None:
    view = office.view(REPORTED)
    assert view.stage == "community_detox"
    assert [(s.on.isoformat(), s.stage, s.event) for s in view.stages] == [
        ("2024-01-08", "detected", "detected"),
        ("2024-01-12", "assessing", "use_confirmed"),
        ("2024-01-20", "community_ordered", "community_detox_ordered"),
        ("2024-01-25", "community_detox", "reported_in"),
    ]


def test_terms_and_exit(office: Office) -> None:
    view = office.view(REPORTED)
    (term,) = view.terms
    assert (term.measure, term.starts_on) == ("community_detox", REPORTED)
    assert view.ends_on == term.ends_on == date(2027, 1, 24)
    assert (view.exit_on, view.exit_projected, view.exit_barred) == (
        date(2027, 1, 25),
        False,
        False,
    )
    assert office.view(ORDER).exit_projected


def test_who_the_case_is_about(office: Office) -> None:
    view = office.view(REPORTED)
    assert (view.name, view.policy, view.version) == ("某甲", "cn-national@2026.11", 8)
    assert (view.opened_on, view.ended_on, view.on) == (FIRST, None, REPORTED)


def test_counters(office: Office) -> None:
    assert office.view(REPORTED).counters == {"tests_missed": 0, "departures": 0, "days_away": 0}


def test_the_team_and_its_gaps(office: Office) -> None:
    team = office.view(REPORTED).team
    (chair,) = team.chairs
    assert (chair.role, chair.helper) == ("community_worker", "w1")
    assert (chair.assigned_on, chair.acknowledged_on) == (ORDER, ORDER)
    assert team.empty == ("community_police", "community_doctor", "family")
    assert (team.waived, team.suggested) == ((), ())


def test_needs_suggest_roles(office: Office) -> None:
    waived = new_event("chair_waived", REPORTED, role="family", reason="none left")
    office.record(REPORTED, new_event("needs_reviewed", REPORTED, needs=["no_work"]), waived)
    team = office.view(REPORTED).team
    assert team.suggested == (("employment", "no_work"),)
    assert team.waived == ("family",)
    assert "family" not in team.empty


def test_before_an_order_no_chair_counts_as_empty(office: Office) -> None:
    assert office.view(FIRST).team.empty == ()


def test_an_obligation_says_what_it_is_and_why(office: Office) -> None:
    view = office.view(REPORTED)
    found = {(one.kind, one.state): one for one in view.obligations}
    assert found["report_in", "done"].closed_on == REPORTED
    sign = found["sign_agreement", "open"]
    assert (sign.occurrence, sign.due_on, sign.owner, sign.told) == (
        "m1/1",
        date(2024, 2, 1),
        "community_worker",
        "community_worker",
    )
    assert (sign.basis, bool(sign.source)) == ("practice", True)
    assert sign.label.zh
    assert sign.source in sign.why.zh
    assert sign.source in sign.why.en
    assert sign.why.zh != sign.told_because.zh


def test_while_a_chair_is_empty_the_supervisor_is_told(office: Office) -> None:
    office.record(REPORTED, new_event("helper_released", REPORTED, role="community_worker"))
    view = office.view(REPORTED)
    (sign,) = [one for one in view.obligations if one.kind == "sign_agreement"]
    assert (sign.owner, sign.told) == ("community_worker", "supervisor")


def test_the_next_step_is_what_is_due_first(office: Office) -> None:
    step = office.view(REPORTED).next_step
    assert step is not None
    assert (step.kind, step.state) == ("assemble_team", "open")


def test_where_nothing_is_open_the_next_step_is_what_opens_first() -> None:
    with an_office() as office:
        office.open(FIRST)
        office.record(FIRST, detected(FIRST))
        office.record(FIRST, new_event("voluntary_treatment_started", FIRST))
        step = office.view(FIRST).next_step
        assert step is not None
        assert step.kind == "stage_review"


def test_the_timeline_tells_recorded_and_derived(office: Office) -> None:
    after = date(2027, 2, 1)
    lines = office.view(after).events
    assert [line.event for line in lines[:3]] == ["person_registered", "detected", "test_taken"]
    assert lines[0].fields == {"born": BORN.isoformat()}
    assert [line.on for line in lines] == sorted(line.on for line in lines)
    derived = [(line.event, line.on) for line in lines if line.id is None]
    assert derived == [
        ("term_expired", date(2027, 1, 25)),
        ("control_ended", date(2027, 1, 25)),
    ]


def test_a_voided_entry_stays_readable(office: Office) -> None:
    void = new_event("event_voided", REPORTED, event_id="report-in", reason="the day before")
    office.record(REPORTED, void, new_event("reported_in", REPORTED - DAY, id="right"))
    lines = {line.id: line for line in office.view(REPORTED).events}
    assert lines["report-in"].voided
    assert not lines["right"].voided
    assert lines["right"].entered_late


def test_days_without_signal_are_no_lateness(office: Office) -> None:
    """Written down at the door and sent three days later: it was not entered late."""
    at = datetime(2024, 1, 26, 3, tzinfo=UTC)
    day = date(2024, 1, 26)
    at_the_door = replace(new_event("visited", day, id="door"), captured_at=at)
    office.record(day + 3 * DAY, at_the_door, new_event("visited", day, id="desk"))
    lines = {line.id: line for line in office.view(day + 3 * DAY).events}
    assert not lines["door"].entered_late
    assert lines["desk"].entered_late


def test_what_lies_ahead_is_on_the_timeline(office: Office) -> None:
    ahead = REPORTED + 10 * DAY
    scheduled = new_event("test_scheduled", ahead, purpose="routine", id="ahead")
    office.record(REPORTED, scheduled)
    assert [line.on for line in office.view(REPORTED).events if line.id == "ahead"] == [ahead]


def test_notices_are_shown_as_they_were_told(office: Office) -> None:
    office.tick(date(2024, 1, 26))
    view = office.view(date(2024, 1, 26))
    told = [(n.on, n.rung, n.role, n.to) for n in view.notices if n.kind == "assemble_team"]
    assert told == [
        (REPORTED, "-7", "supervisor", "supervisor"),  # of the 22nd, on which nothing ticked
        (date(2024, 1, 26), "-1", "supervisor", "supervisor"),
    ]


def test_moves_say_what_is_possible(office: Office) -> None:
    offers = {offer.event: offer for offer in office.view(REPORTED).moves}
    assert offers["agreement_signed"].possible
    released = offers["released"]
    assert not released.possible
    assert released.error is not None
    assert released.error.code == "not_from_here"


def test_looking_writes_nothing(office: Office) -> None:
    tables = ("obligations", "cases", "stays")
    before = [office.rows(f"SELECT * FROM {table}") for table in tables]  # noqa: S608
    office.view(date(2025, 1, 1))
    assert [office.rows(f"SELECT * FROM {table}") for table in tables] == before  # noqa: S608


def test_there_is_no_such_case(office: Office) -> None:
    with pytest.raises(NotFound):
        office.view(FIRST, OTHER)


# ------------------------------------------------------------------ all cases


def test_the_list_names_stage_next_step_and_what_is_overdue(office: Office) -> None:
    late = date(2024, 2, 3)
    office.tick_through(REPORTED, late)
    (row,) = rows(office, late)
    view = office.view(late)
    assert (row.name, row.stage, row.since) == ("某甲", "community_detox", REPORTED)
    assert row.overdue == sum(one.state == "overdue" for one in view.obligations) > 0
    assert row.next_step is not None
    assert view.next_step is not None
    assert (row.next_step.kind, row.next_step.state) == (view.next_step.kind, "overdue")


def test_the_list_agrees_with_the_case_day_by_day(office: Office) -> None:
    for on in (REPORTED + days * DAY for days in range(0, 60, 5)):
        office.tick_through(on - 5 * DAY, on)
        (row,) = rows(office, on)
        view = office.view(on)
        assert row.stage == view.stage, on
        assert row.overdue == sum(one.state == "overdue" for one in view.obligations), on
        step, shown = row.next_step, view.next_step
        assert step is not None, on
        assert shown is not None, on
        assert (step.due_on, step.state) == (shown.due_on, shown.state), on
        assert step.owner == shown.owner, on


def test_what_is_held_is_neither_next_nor_overdue(office: Office) -> None:
    detained = new_event("suspended", REPORTED, reason="detained", document_no="X-1")
    office.record(REPORTED, detained)
    (row,) = rows(office, date(2024, 2, 20))
    assert row.stage == "community_suspended"
    kinds = {one.kind for one in office.view(date(2024, 2, 20)).obligations if one.state == "held"}
    assert "sign_agreement" in kinds
    assert row.next_step is not None
    assert row.next_step.kind not in kinds


def test_a_case_in_which_nothing_happened_is_listed(office: Office) -> None:
    office.open(REPORTED, case_id=OTHER, person_id=OTHER, born=None)
    row = rows(office, REPORTED)[1]
    assert (row.case_id, row.name, row.stage, row.since) == (
        OTHER,
        f"某{OTHER.hex[-4:]}",
        "new",
        REPORTED,
    )
    assert (row.next_step, row.overdue) == (None, 0)
