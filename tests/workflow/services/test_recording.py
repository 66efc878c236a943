"""Recording: taken whole or refused whole, once however often it is sent, and nothing half-written."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event as hooks

from tests.builders import (
    BORN,
    CASE,
    DAY,
    PERSON,
    Office,
    an_office,
    detected,
    new_event,
    positive,
    to_order,
)
from workflow.rules.errors import Conflict, Invalid, NotFound, Refused
from workflow.services.case_files import load
from workflow.services.packs import PackRefused
from workflow.services.recording import NewEvent
from workflow.store import cases

FIRST = date(2024, 1, 8)
ORDER = date(2024, 1, 20)
OTHER = UUID(int=7)
EVERYTHING = (
    "people",
    "cases",
    "events",
    "obligations",
    "stays",
    "notices",
)


@pytest.fixture
def office() -> Iterator[Office]:
    with an_office(filled=fill) as found:
        yield found


def fill(office: Office) -> None:
    office.open(FIRST)


def everything(office: Office) -> dict[str, list[tuple[Any, ...]]]:
    """All that the tables hold."""
    return {table: sorted(office.rows(f"SELECT * FROM {table}"), key=str) for table in EVERYTHING}  # noqa: S608


def ordered(office: Office) -> None:
    """As far as an order of community detox, each event on its day."""
    for new in to_order(FIRST, ORDER):
        office.record(new.happened_on, new)


# ------------------------------------------------------------------ opening


def test_the_birth_date_is_the_first_event(office: Office) -> None:
    (only,) = office.rows("SELECT seq, name, happened_on FROM events")
    assert only == (1, "person_registered", "2024-01-08")
    (shown,) = office.view(FIRST).events
    assert shown.fields == {"born": "1985-11-11"}


def test_without_a_birth_date_nothing_happened_yet() -> None:
    with an_office() as office:
        office.open(FIRST, born=None)
        assert office.rows("SELECT * FROM events") == []
        assert office.view(FIRST).stage == "new"


def test_opening_twice_is_harmless(office: Office) -> None:
    before = everything(office)
    office.open(FIRST + DAY)
    assert everything(office) == before


def test_a_case_id_belongs_to_one_person(office: Office) -> None:
    with pytest.raises(Conflict) as refused:
        office.open(FIRST, person_id=OTHER)
    assert refused.value.code == "case_id_conflict"
    assert office.rows("SELECT count(*) FROM people") == [(1,)]


def test_a_person_has_one_open_case(office: Office) -> None:
    with pytest.raises(Refused) as refused:
        office.open(FIRST, case_id=OTHER)
    assert refused.value.code == "another_case_open"
    assert office.rows("SELECT count(*) FROM cases") == [(1,)]


def test_a_case_after_an_end_is_linked_to_the_one_before(office: Office) -> None:
    office.record(FIRST, detected(FIRST))
    office.record(FIRST, new_event("entry_voided", FIRST, reason="twin", approved_by="s1"))
    office.open(FIRST, case_id=OTHER)
    with office.uow() as uow:
        after = cases.find(uow.session, OTHER)
    assert after is not None
    assert after.follows_id == CASE
    assert office.rows("SELECT count(*) FROM people") == [(1,)]


def test_an_unknown_pack_opens_nothing() -> None:
    with an_office() as office:
        with pytest.raises(PackRefused):
            office.open(FIRST, policy="atlantis")
        assert not any(everything(office).values())


# ------------------------------------------------------------------ taking a request


def test_a_request_is_taken_and_counted(office: Office) -> None:
    result = office.record(FIRST, detected(FIRST), positive(FIRST))
    assert [rec.event.name for rec in result.events] == ["detected", "test_taken"]
    assert [rec.seq for rec in result.events] == [2, 3]
    assert (result.version, result.already_known) == (1, False)
    assert office.record(FIRST, detected_again := new_event("visited", FIRST)).version == 2
    assert detected_again.id


def test_who_and_when_travel_in_the_envelope(office: Office) -> None:
    at = datetime(2024, 1, 8, 1, 30, tzinfo=UTC)
    office.record(FIRST + DAY, replace(detected(FIRST, at=at), captured_at=at))
    row = office.rows(
        "SELECT happened_on, happened_at, captured_at, recorded_on, recorded_at, recorded_by"
        " FROM events WHERE name = 'detected'"
    )
    happened = "2024-01-08 01:30:00.000000"
    assert row == [
        ("2024-01-08", happened, happened, "2024-01-09", "2024-01-09 00:30:00.000000", "w1")
    ]


def test_what_an_act_closes_is_written_into_it(office: Office) -> None:
    ordered(office)
    (report_in,) = office.record(date(2024, 1, 25), new_event("reported_in", "2024-01-25")).events
    assert report_in.closes == (("report_in", "m1/1"),)
    with office.uow() as uow:
        (held,) = [r for r in load(uow, CASE).recorded if r.id == report_in.id]
    assert (held.closes, held.openings) == (report_in.closes, report_in.openings)
    (row,) = office.rows("SELECT closed_on, closed_by FROM obligations WHERE kind = 'report_in'")
    assert row == ("2024-01-25", report_in.id)


def test_a_replacement_keeps_the_place_of_what_it_replaces(office: Office) -> None:
    ordered(office)
    office.record(date(2024, 1, 25), new_event("reported_in", "2024-01-25", id="wrong"))
    void = new_event("event_voided", "2024-02-01", event_id="wrong", reason="day", approved_by="s1")
    office.record(date(2024, 2, 1), void, new_event("reported_in", "2024-01-24", id="right"))
    ranks = dict(office.rows("SELECT id, rank FROM events WHERE name = 'reported_in'"))
    (seq,) = office.rows("SELECT seq FROM events WHERE id = 'wrong'")[0]
    assert ranks == {"wrong": -1, "right": seq}
    agreements = office.rows("SELECT occurrence FROM obligations WHERE kind = 'sign_agreement'")
    assert agreements == [("m1/1",)]


def test_the_next_tick_looks_at_it_again(office: Office) -> None:
    ordered(office)
    office.tick(ORDER)
    ((waiting,),) = office.rows("SELECT next_change_on FROM cases")
    assert waiting > ORDER.isoformat()
    office.record(ORDER + DAY, new_event("visited", ORDER + DAY))
    assert office.rows("SELECT next_change_on FROM cases") == [((ORDER + DAY).isoformat(),)]


def test_a_day_that_already_waits_is_kept(office: Office) -> None:
    """Moved on to today, the rungs of the days that were missed would never be told."""
    office.record(FIRST + 3 * DAY, detected(FIRST))
    assert office.rows("SELECT next_change_on FROM cases") == [(FIRST.isoformat(),)]


# ------------------------------------------------------------------ sent twice


def test_sending_it_twice_gives_the_earlier_answer(office: Office) -> None:
    request = (detected(FIRST), positive(FIRST))
    first = office.record(FIRST, *request)
    before = everything(office)
    again = office.record(FIRST + DAY, *request, expected_version=0)
    assert again.already_known
    assert again.events == first.events
    assert again.version == first.version
    assert everything(office) == before


def changed(new: NewEvent) -> dict[str, NewEvent]:
    at = datetime(2024, 1, 8, 4, tzinfo=UTC)
    return {
        "event": replace(new, event=new_event("visited", FIRST).event),
        "field": replace(new, event=replace(new.event, note="another")),
        "day": replace(new, happened_on=FIRST - DAY),
        "instant": replace(new, happened_at=at),
        "capture": replace(new, captured_at=at),
        "approval": replace(new, approved_by="s1"),
    }


@pytest.mark.parametrize("what", ["event", "field", "day", "instant", "capture", "approval"])
def test_an_id_means_one_thing(office: Office, what: str) -> None:
    new = detected(FIRST)
    office.record(FIRST, new)
    with pytest.raises(Conflict) as refused:
        office.record(FIRST, changed(new)[what])
    assert refused.value.code == "event_id_conflict"
    assert refused.value.facts["id"] == new.id


def test_an_id_belongs_to_one_case(office: Office) -> None:
    new = detected(FIRST)
    office.record(FIRST, new)
    office.open(FIRST, case_id=OTHER, person_id=OTHER)
    with pytest.raises(Conflict):
        office.record(FIRST, new, case_id=OTHER)


def test_half_of_an_earlier_request_is_not_sent_again_with_something_new(office: Office) -> None:
    """Taken for new, a replacement would lose the void that it came with."""
    new = detected(FIRST)
    office.record(FIRST, new)
    before = everything(office)
    with pytest.raises(Conflict) as refused:
        office.record(FIRST, new, positive(FIRST))
    assert refused.value.facts["id"] == new.id
    assert everything(office) == before


def test_sent_from_four_threads_at_once_it_is_recorded_once(tmp_path: Path) -> None:
    """A phone that lost the answer sends again while the first sending is still under way."""
    request = (detected(FIRST), positive(FIRST))
    with an_office(shared_in=tmp_path) as office:
        office.open(FIRST)
        with ThreadPoolExecutor(4) as pool:
            sent = [pool.submit(office.record, FIRST, *request) for _ in range(4)]
            results = [each.result() for each in sent]
        assert sorted(result.already_known for result in results) == [False, True, True, True]
        assert {result.version for result in results} == {1}
        assert office.rows("SELECT count(*) FROM events") == [(3,)]


# ------------------------------------------------------------------ refused


def test_a_request_is_refused_whole(office: Office) -> None:
    before = everything(office)
    with pytest.raises(Refused) as refused:
        office.record(FIRST, detected(FIRST), new_event("reported_in", FIRST))
    assert refused.value.code == "not_from_here"
    assert everything(office) == before


def test_who_saw_an_older_version_is_told(office: Office) -> None:
    office.record(FIRST, detected(FIRST), expected_version=0)
    with pytest.raises(Conflict) as refused:
        office.record(FIRST, positive(FIRST), expected_version=0)
    assert refused.value.code == "version_conflict"
    assert refused.value.facts["actual"] == 1


def test_there_is_no_such_case(office: Office) -> None:
    with pytest.raises(NotFound):
        office.record(FIRST, detected(FIRST), case_id=OTHER)


AT = datetime(2024, 1, 8, 4, tzinfo=UTC)
SLIPS: dict[str, tuple[NewEvent, ...]] = {
    "nothing": (),
    "an id twice": (detected(FIRST, id="a"), positive(FIRST, id="a")),
    "no id": (replace(detected(FIRST), id=""),),
    "a long id": (replace(detected(FIRST), id="x" * 65),),
    "another day": (detected(FIRST - DAY, at=AT),),
    "no offset": (detected(FIRST, at=AT.replace(tzinfo=None)),),
    "captured without offset": (replace(detected(FIRST), captured_at=AT.replace(tzinfo=None)),),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_refused_before_any_rule_is_asked(office: Office, slip: str) -> None:
    with pytest.raises(Invalid):
        office.record(FIRST, *SLIPS[slip])


def test_an_instant_counts_by_the_day_of_the_office(office: Office) -> None:
    """Half past midnight in Shanghai is still the day before in UTC."""
    at = datetime(2024, 1, 7, 16, 30, tzinfo=UTC)
    assert office.record(FIRST, detected(FIRST, at=at)).version == 1


# ------------------------------------------------------------------ killed half-way


class KilledError(Exception):
    """Stands for a process that ends between two statements."""


def statements_of(office: Office, kill_at: int, *request: NewEvent) -> int:
    """Record, and be killed before the nth statement; gives back how many there were."""
    seen = 0

    def count(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == kill_at:
            raise KilledError

    hooks.listen(office.engine, "before_cursor_execute", count)
    try:
        office.record(ORDER, *request)
    finally:
        hooks.remove(office.engine, "before_cursor_execute", count)
    return seen


def test_killed_before_any_statement_it_leaves_nothing() -> None:
    """Between the event and its obligations lay a moment in which nobody owed anything."""
    order = to_order(FIRST, ORDER)
    with an_office() as office:
        office.open(FIRST, born=BORN, person_id=PERSON)
        for new in order[:-1]:
            office.record(new.happened_on, new)
        before = everything(office)
        nth = 1
        while True:
            try:
                statements = statements_of(office, nth, order[-1])
            except KilledError:
                assert everything(office) == before
                nth += 1
            else:
                break
        assert nth > statements >= 6
        assert office.view(ORDER, CASE).stage == "community_ordered"
