"""The ledger of a case: who was told what, when, by which channel; what was withdrawn in time told nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.builders import DAY
from tests.counties import BEGUN, County, a_county, named
from tests.messages import delivered, message, tried, withdrawn
from workflow.rules.errors import NotFound
from workflow.services.clock import Instant
from workflow.services.disclosures import Disclosure, disclosures_of
from workflow.store.reach import NOTHING, Reach

pytestmark = pytest.mark.databases("sqlite", "postgres")
TODAY = BEGUN + 30 * DAY
MORNING = Instant.on(TODAY).now
CASE = named("case 甲")


def notice(case_id: UUID, kind: str = "visit") -> tuple[Any, ...]:
    return (case_id, kind, "m1/w01", TODAY, "community_worker")


@pytest.fixture
def county() -> Iterator[County]:
    with a_county(filled=_fill) as found:
        yield found


def _fill(county: County) -> None:
    county.open_at("north", "甲", BEGUN)
    county.open_at("south", "乙", BEGUN)


def ledger(county: County, reach: Reach | None, **asked: Any) -> list[Disclosure]:
    with county.uow() as uow:
        return disclosures_of(uow, CASE, reach=reach, **{"limit": 10, **asked})


def test_each_attempt_stands_in_it_with_its_channel_and_outcome(county: County) -> None:
    sent = message(county, "a", TODAY, [notice(CASE), notice(named("case 乙"))])
    tried(county, sent, 2, "email", MORNING, "again")
    delivered(county, sent, MORNING + timedelta(minutes=5))
    (found,) = ledger(county, county.reach("north"))
    assert [(one.channel, one.outcome, one.code) for one in found.attempts] == [
        ("inbox", "sent", None),
        ("email", "again", "timeout"),
    ]
    assert [(one.kind, one.told_to, one.because) for one in found.told] == [
        ("visit", "community_worker", "chair")
    ]
    assert (found.recipient, found.channel) == ("w1", "inbox")


def test_what_was_never_tried_or_was_withdrawn_in_time_told_nobody(county: County) -> None:
    message(county, "waits", TODAY, [notice(CASE)])
    gone = message(county, "gone", TODAY, [notice(CASE, "report_in")])
    withdrawn(county, gone, MORNING)
    tried(county, gone, 1, "email", MORNING, "again")
    assert ledger(county, None) == []


def test_what_was_withdrawn_after_an_attempt_may_have_told_somebody(county: County) -> None:
    """The other side may have taken it before it fell silent; a ledger that leaves it out would hide it."""
    late = message(county, "late", TODAY, [notice(CASE)])
    tried(county, late, 1, "email", MORNING, "again")
    withdrawn(county, late, MORNING + timedelta(minutes=1))
    (found,) = ledger(county, None)
    assert len(found.told) == 1


def test_its_pages_join_the_newest_day_first(county: County) -> None:
    for n in range(4):
        on = TODAY + (n // 2) * DAY
        sent = message(county, f"m{n}", on, [notice(CASE, f"kind{n}")])
        tried(county, sent, 1, "email", MORNING, "sent")
    whole = ledger(county, None)
    assert [one.for_day for one in whole] == [TODAY + DAY] * 2 + [TODAY] * 2
    assert ledger(county, None, limit=3) + ledger(county, None, after=whole[2].place) == whole


@pytest.mark.parametrize("reach", [NOTHING, Reach(frozenset({named("south")}))])
def test_what_is_out_of_reach_answers_like_what_is_not_there(county: County, reach: Reach) -> None:
    with pytest.raises(NotFound):
        ledger(county, reach)
