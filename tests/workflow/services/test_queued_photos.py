"""The photos of what a phone brought: they come behind it, whatever became of it and wherever its case is now."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.attachments import photo
from tests.builders import DAY, new_event
from tests.counties import County, named
from tests.phones import Phone, caller, phone_of
from tests.queues import (
    CLOCK,
    REASON,
    TODAY,
    bring,
    case_of,
    decide,
    excuse,
    lose_reach,
    outcomes,
    proposal,
    recorded,
    visit,
)
from tests.queues import county as county
from tests.queues import phone as phone
from workflow.rules.errors import NotFound
from workflow.services import quarantine
from workflow.services.attaching import attach
from workflow.services.proposals import decline
from workflow.services.queues import Queued

pytestmark = pytest.mark.databases("sqlite", "postgres")


def attached(phone: Phone, item: Queued, event_id: str, kept: UUID) -> str | None:
    """Which event of the record, or to come, a photo belongs to that a phone sends behind this request."""
    who = caller(phone.county, phone.secret, CLOCK, phone.wall)
    with phone.county.uow() as uow:
        found = attach(
            uow,
            None,
            attachment_id=kept,
            case_id=item.case_id,
            content=photo(),
            file_name="家访.jpg",
            clock=CLOCK,
            by=who.handle,
            event_id=event_id,
            request_id=item.id,
            reach=who.reach,
        )
    return found.entry.event_id


def test_a_photo_comes_behind_what_lies_in_quarantine(county: County, phone: Phone) -> None:
    other = phone_of(county, "w3", "worker", CLOCK)
    lose_reach(county)
    item, first = visit(1), named("photo 1")
    with pytest.raises(NotFound):
        attached(phone, item, "v1", first)
    assert outcomes(bring(phone, item)) == ["quarantined"]
    assert [attached(phone, item, "v1", first) for _ in range(2)] == ["v1", "v1"]
    for whose, event_id in ((phone, "v2"), (other, "v1")):
        with pytest.raises(NotFound):
            attached(whose, item, event_id, named("photo 2"))
    decide(county, quarantine.record_brought, item)
    assert attached(phone, item, "v1", named("photo 3")) == "v1"


def test_a_photo_comes_behind_what_was_recorded_before_the_case_was_lost(
    county: County, phone: Phone
) -> None:
    county.by = "w2"
    county.record(TODAY, *visit(2).events, case_id=case_of("甲"))
    item = visit(1)
    assert outcomes(bring(phone, item)) == ["accepted"]
    lose_reach(county)
    assert [attached(phone, item, "v1", named("photo 1")) for _ in range(2)] == ["v1", "v1"]
    other = phone_of(county, "w3", "worker", CLOCK)
    for whose, event_id in ((phone, "v2"), (other, "v1")):
        with pytest.raises(NotFound):
            attached(whose, item, event_id, named("photo 2"))


def test_a_photo_of_what_was_turned_down_hangs_on_no_other_event_of_its_id(
    county: County, phone: Phone
) -> None:
    county.by = "w2"
    county.record(TODAY, *visit(1, on=TODAY - DAY).events, case_id=case_of("甲"))
    item, other = visit(1), excuse(1, "m1/w03")
    assert outcomes(bring(phone, item, other)) == ["conflict", "proposed"]
    decide(county, quarantine.dismiss, item, reason=REASON)
    proposal(county, decline, other, reason="请先走访")
    theirs = new_event("visited", TODAY, id="x1")
    county.record(TODAY, theirs, case_id=case_of("甲"))
    for turned_down, event_id in ((item, "v1"), (other, "x1")):
        with pytest.raises(NotFound):
            attached(phone, turned_down, event_id, named(f"photo {event_id}"))


def test_a_photo_of_what_was_turned_down_is_not_taken(county: County, phone: Phone) -> None:
    lose_reach(county)
    item = visit(1)
    bring(phone, item)
    decide(county, quarantine.dismiss, item, reason=REASON)
    with pytest.raises(NotFound):
        attached(phone, item, "v1", named("photo"))


def test_a_photo_goes_with_its_event_where_that_gets_another_id(
    county: County, phone: Phone
) -> None:
    county.by = "w2"
    county.record(TODAY, *visit(1, on=TODAY - DAY).events, case_id=case_of("甲"))
    item = visit(1)
    assert outcomes(bring(phone, item)) == ["conflict"]
    goes_with = attached(phone, item, "v1", named("photo"))
    assert goes_with != "v1"
    decide(county, quarantine.record_brought, item)
    assert recorded(county)[str(goes_with)] == 1


def test_a_photo_comes_behind_what_waits_for_an_approval(county: County, phone: Phone) -> None:
    item = excuse(1)
    bring(phone, item)
    assert attached(phone, item, "x1", named("photo 1")) == "x1"
    proposal(county, decline, item, reason="请先走访")
    with pytest.raises(NotFound):
        attached(phone, item, "x1", named("photo 2"))
