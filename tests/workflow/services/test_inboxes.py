"""An inbox holds what was delivered to its owner, newest first; a code leads to a case within reach, and reading is noted once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.builders import DAY
from tests.counties import BEGUN, County, a_county, named
from tests.messages import delivered, message
from workflow.rules.case_codes import case_code
from workflow.rules.errors import NotFound
from workflow.services.callers import Caller
from workflow.services.clock import Instant
from workflow.services.inboxes import Letter, inbox_of, mark_read, unread_of
from workflow.store.reach import NOTHING, Reach

pytestmark = pytest.mark.databases("sqlite", "postgres")
TODAY = BEGUN + 30 * DAY
NOON = Instant.on(TODAY).now + timedelta(hours=4)
CONTENT = {"fixed": True}


def caller(handle: str, reach: Reach = NOTHING) -> Caller:
    nobody = UUID(int=0)
    return Caller(
        nobody, nobody, handle, "worker", None, reach, frozenset(), False, "browser", NOON
    )


def notice(case_id: UUID) -> tuple[Any, ...]:
    return (case_id, "visit", "m1/w01", TODAY, "community_worker")


@pytest.fixture
def county() -> Iterator[County]:
    """Three letters for w1, one a day, about a case of the north and one of the south; one for w2."""
    with a_county(filled=_fill) as found:
        yield found


def _fill(county: County) -> None:
    north, south = county.open_at("north", "甲", BEGUN), county.open_at("south", "乙", BEGUN)
    for n, day in enumerate((TODAY - 2 * DAY, TODAY - DAY, TODAY)):
        items = [notice(north), notice(south)] if n == 2 else []
        sent = message(county, f"w1 {n}", day, items, sent_at=NOON, content=CONTENT)
        delivered(county, sent, Instant.on(day).now)
    other = message(county, "w2", TODAY, [], recipient="w2", sent_at=NOON, content=CONTENT)
    delivered(county, other, NOON)


def inbox(county: County, who: Caller, **asked: Any) -> list[Letter]:
    with county.uow() as uow:
        return inbox_of(uow, who, **{"limit": 10, **asked})


def test_it_holds_ones_own_the_newest_first_page_by_page(county: County) -> None:
    whole = inbox(county, caller("w1"))
    assert [one.for_day for one in whole] == [TODAY, TODAY - DAY, TODAY - 2 * DAY]
    assert inbox(county, caller("w1"), limit=2, after=whole[0].place) == whole[1:]
    assert [one.id for one in inbox(county, caller("w2"))] != [whole[0].id]
    assert inbox(county, caller("w3")) == []


def test_a_code_leads_to_its_case_as_far_as_it_is_within_reach_today(county: County) -> None:
    north = named("case 甲")
    found = inbox(county, caller("w1", county.reach("north")))[0]
    assert found.cases == {case_code(north): north}
    assert inbox(county, caller("w1"))[0].cases == {}


def test_when_it_was_first_read_stays(county: County) -> None:
    me, newest = caller("w1"), inbox(county, caller("w1"))[0]
    for minutes in (0, 5):
        later = Instant.at(NOON + timedelta(minutes=minutes))
        with county.uow() as uow:
            assert mark_read(uow, me, newest.id, later).read_at == NOON
    with county.uow() as uow:
        assert unread_of(uow, me) == 2
    assert newest.id not in [one.id for one in inbox(county, me, unread=True)]


def test_nobody_reads_or_marks_what_is_anothers(county: County) -> None:
    theirs = inbox(county, caller("w1"))[0]
    with pytest.raises(NotFound), county.uow() as uow:
        mark_read(uow, caller("w2"), theirs.id, Instant.at(NOON))
    assert inbox(county, caller("w1"))[0].read_at is None
