"""Projecting: rows of dates under natural keys, written by difference, rebuilt by anybody."""

from collections.abc import Iterator
from datetime import date

import pytest

from tests.builders import CASE, DAY, Office, an_office, detected, new_event, to_order
from workflow.rules.errors import Invalid, NotFound
from workflow.services.case_files import CaseFile, load
from workflow.services.packs import load_pack
from workflow.services.projecting import Projection, project
from workflow.store import obligations

FIRST = date(2024, 1, 8)
ORDER = date(2024, 1, 20)
REPORTED = date(2024, 1, 25)


@pytest.fixture
def office() -> Iterator[Office]:
    """A case in community detox."""
    with an_office(filled=fill) as found:
        yield found


def fill(office: Office) -> None:
    office.open(FIRST)
    for new in to_order(FIRST, ORDER):
        office.record(new.happened_on, new)
    office.record(REPORTED, new_event("reported_in", REPORTED, id="report-in"))


def case_file(office: Office) -> CaseFile:
    with office.uow() as uow:
        return load(uow, CASE)


def projected(office: Office, on: date) -> tuple[Projection, int]:
    """What projecting the case for a day gives, and how many rows it writes."""
    with office.uow() as uow:
        (found,), written = project(uow, [load(uow, CASE)], load_pack, office.calendar, on)
        return found, written


def test_what_is_loaded_is_what_was_recorded(office: Office) -> None:
    first = REPORTED + DAY
    result = office.record(first, new_event("agreement_signed", first), new_event("visited", first))
    assert case_file(office).recorded[-2:] == result.events


def test_there_is_no_such_case() -> None:
    with an_office() as office, pytest.raises(NotFound):
        case_file(office)


def test_a_second_run_writes_nothing(office: Office) -> None:
    projected(office, REPORTED)
    assert projected(office, REPORTED)[1] == 0
    later = date(2024, 6, 1)
    assert projected(office, later)[1] > 0
    assert projected(office, later)[1] == 0


def test_a_day_on_which_nothing_opens_writes_nothing(office: Office) -> None:
    """A row that held a state would have to be written each midnight."""
    office.tick_through(REPORTED, date(2024, 1, 30))
    tables = ("cases", "obligations", "stays", "chairs", "rungs", "sightings")
    before = [office.rows(f"SELECT * FROM {table}") for table in tables]  # noqa: S608
    office.tick(date(2024, 1, 31))
    assert [office.rows(f"SELECT * FROM {table}") for table in tables] == before  # noqa: S608


def test_what_lost_its_reason_loses_its_row(office: Office) -> None:
    assert office.rows("SELECT kind FROM obligations WHERE kind = 'make_plan'")
    void = new_event("event_voided", REPORTED, event_id="report-in", reason="never came")
    office.record(REPORTED, void)
    assert office.rows("SELECT kind FROM obligations WHERE kind = 'make_plan'") == []
    (row,) = office.rows("SELECT closed_on FROM obligations WHERE kind = 'report_in'")
    assert row == (None,)


SIGHTINGS = "SELECT kind || occurrence, known_on FROM sightings"


def test_since_when_an_obligation_is_known_stays(office: Office) -> None:
    """It is the day on which late rungs were told in one; moved, they would be told again."""
    before = dict(office.rows(SIGHTINGS))
    assert before["make_planm1/1"] == "2024-01-25"
    projected(office, date(2024, 2, 20))
    after = dict(office.rows(SIGHTINGS))
    assert after.items() >= before.items()


def test_what_fell_away_and_came_back_is_known_since_the_first_time(office: Office) -> None:
    """Two late entries of one day: after the first a term owed nothing, after the second all of it was told again."""
    since = dict(office.rows(SIGHTINGS))
    held = office.rows("SELECT kind, occurrence FROM obligations")
    projected(office, REPORTED)
    with office.uow() as uow:
        obligations.remove(uow.session, [(CASE, kind, occurrence) for kind, occurrence in held])
    assert projected(office, REPORTED)[1] == len(held)
    assert dict(office.rows(SIGHTINGS)) == since


def test_what_lies_ahead_is_not_known_yet(office: Office) -> None:
    opens = office.rows(
        "SELECT opens_on FROM obligations o WHERE NOT EXISTS (SELECT 1 FROM sightings s "
        "WHERE s.kind = o.kind AND s.occurrence = o.occurrence)"
    )
    assert opens
    assert all(day > REPORTED.isoformat() for (day,) in opens)


def test_the_way_is_kept_with_its_days(office: Office) -> None:
    way = office.rows("SELECT position, stage, first_on FROM stays ORDER BY position")
    assert way == [
        (1, "detected", "2024-01-08"),
        (2, "assessing", "2024-01-12"),
        (3, "community_ordered", "2024-01-20"),
        (4, "community_detox", "2024-01-25"),
    ]


def test_a_corrected_day_moves_the_way(office: Office) -> None:
    void = new_event("event_voided", REPORTED, event_id="report-in", reason="the day before")
    office.record(REPORTED, void, new_event("reported_in", REPORTED - DAY))
    assert office.rows("SELECT first_on FROM stays WHERE position > 3") == [("2024-01-24",)]


def test_the_day_of_the_end_is_kept(office: Office) -> None:
    assert office.rows("SELECT ended_on FROM cases") == [(None,)]
    died = new_event("died", REPORTED, id="died")
    office.record(REPORTED, died)
    assert office.rows("SELECT ended_on FROM cases") == [("2024-01-25",)]
    office.record(REPORTED, new_event("event_voided", REPORTED, event_id="died", reason="alive"))
    assert office.rows("SELECT ended_on FROM cases") == [(None,)]


DAMAGED = {
    "a payload that lacks what it needs": ("detected", "{}", 1),
    "a payload that is no mapping": ("detected", "[]", 1),
    "a name that nobody knows": ("vanished", "{}", 1),
    "a version of a later release": ("visited", "{}", 9),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_an_event_that_cannot_be_read_is_named_as_such(office: Office, damage: str) -> None:
    name, payload, version = DAMAGED[damage]
    office.damage(name, payload, version=version)
    with pytest.raises(Invalid) as refused:
        case_file(office)
    assert refused.value.code == "unreadable_event"


def test_a_case_in_which_nothing_happened_waits_for_nothing() -> None:
    with an_office() as office:
        office.open(FIRST)
        assert projected(office, FIRST)[0].next_change_on is None
        office.record(FIRST, detected(FIRST))
        assert projected(office, FIRST)[0].next_change_on is not None
