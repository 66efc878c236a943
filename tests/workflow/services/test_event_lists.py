"""What was entered, in the order in which it was: cut into pages, voided ones marked, out of reach unknown."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.builders import CASE, DAY, PERSON, Office, an_office, new_event
from tests.tampering import REPORTED, lived
from workflow.rules.errors import NotFound, Refused
from workflow.services.clock import Instant
from workflow.services.event_lists import EventEntry, events_of
from workflow.services.people import shred_person
from workflow.store.reach import NOTHING, Reach

TODAY = REPORTED + DAY


@pytest.fixture
def office() -> Iterator[Office]:
    with an_office() as found:
        lived(found)
        found.record(TODAY, new_event("visited", TODAY, id="wrong", note="甲"))
        void = new_event("event_voided", TODAY, id="void", event_id="wrong", reason="记错")
        found.record(TODAY, void, new_event("visited", TODAY - DAY, id="right", note="乙"))
        yield found


def listed(
    office: Office, limit: int = 50, after: int = 0, by: str | None = None
) -> list[EventEntry]:
    with office.uow() as uow:
        return events_of(uow, CASE, limit=limit, after=after, by=by)


def test_all_are_there_in_the_order_of_recording(office: Office) -> None:
    found = listed(office)
    assert [one.seq for one in found] == list(range(1, len(found) + 1))
    assert [(one.id, one.voided) for one in found[-3:]] == [
        ("wrong", True),
        ("void", False),
        ("right", False),
    ]
    assert [(one.fields.get("note"), one.entered_late) for one in found[-1:]] == [("乙", True)]
    assert next(one for one in found if one.event == "reported_in").closes


def test_pages_follow_each_other_and_know_what_is_voided_later(office: Office) -> None:
    whole = listed(office)
    assert listed(office, 3) + listed(office, 50, whole[2].seq) == whole
    (wrong,) = listed(office, 1, whole[-4].seq)
    assert (wrong.id, wrong.voided) == ("wrong", True)


def test_of_one_person_only_what_they_recorded(office: Office) -> None:
    office.by = "w2"
    office.record(TODAY, new_event("visited", TODAY, id="other"))
    assert [one.id for one in listed(office, by="w2")] == ["other"]


def test_out_of_reach_there_is_no_such_case(office: Office) -> None:
    with office.uow() as uow:
        for reach in (NOTHING, Reach(helper="z9")):
            with pytest.raises(NotFound):
                events_of(uow, CASE, limit=50, reach=reach)
        assert events_of(uow, CASE, limit=50, reach=Reach(unplaced=True))


def test_of_somebody_who_was_shredded_nothing_is_read(office: Office) -> None:
    office.record(TODAY, new_event("died", TODAY))
    with office.uow() as uow:
        shred_person(uow, PERSON, clock=Instant.on(TODAY), by="a1")
    with pytest.raises(Refused) as refused:
        listed(office)
    assert refused.value.code == "key_shredded"
