"""The queue of a phone for tests: what it brings, what the server answers, and who decides on what waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tests.builders import DAY, new_event
from tests.counties import County, a_county, named
from tests.phones import Phone, caller, phone_of
from workflow.rules.access import grant_of
from workflow.rules.remits import remit_of
from workflow.services import quarantine
from workflow.services.clock import Instant
from workflow.services.quarantine import Brought
from workflow.services.queues import Answer, Bringing, Queued, take
from workflow.services.staffing import end_posting
from workflow.store.proposals import Stretch

FIRST = date(2024, 1, 8)
TODAY = date(2024, 3, 5)
CLOCK = Instant.on(TODAY)
ALL = Stretch(50)
NAMES = ("甲", "乙", "丙")
REASON = "MARK-77aa 同事已经记录"


def case_of(name: str) -> UUID:
    return named(f"case {name}")


def _cases(county: County) -> None:
    for n, name in enumerate(NAMES):
        county.in_detox("north", name, FIRST + n * DAY)
    county.tick(TODAY - DAY)


@contextmanager
def the_county() -> Iterator[County]:
    """Three people of the north, whom w1 carries."""
    with a_county(filled=_cases) as found:
        yield found


def bring(phone: Phone, *items: Queued, clock: Instant = CLOCK) -> list[Answer]:
    """What the server answers to a phone that brings these."""
    who = caller(phone.county, phone.secret, clock, phone.wall)
    grant = grant_of(who.role, "sync", "record")
    assert grant is not None
    remit, county = remit_of(grant, who.handle), phone.county
    proposes = grant_of(who.role, "proposal", "propose") is not None
    bringing = Bringing(county.uow, county.packs, county.calendar, clock, who, remit, proposes)
    return take(bringing, list(items))


def outcomes(answers: Sequence[Answer]) -> list[str]:
    """What became of each request, in a word."""
    return [each.outcome for each in answers]


def visit(
    n: int,
    name: str = "甲",
    on: date = TODAY,
    *,
    expected_version: int | None = None,
    **said: Any,
) -> Queued:
    """The nth visit, in a request of its own."""
    event = new_event("visited", on, id=f"v{n}", note=f"第{n}次", **said)
    return Queued(named(f"item {n}"), case_of(name), (event,), expected_version)


def recorded(county: County) -> Counter[str]:
    """How often each event stands in the record."""
    return Counter(row[0] for row in county.rows("SELECT id FROM events"))


def waiting(county: County, office: str = "north") -> list[Brought]:
    """What lies in quarantine for who leads an office."""
    with county.uow() as uow:
        return quarantine.waiting_for(uow, ALL, county.reach(office))


def decide(county: County, work: Any, item: Queued, by: str = "s1", **more: Any) -> Any:
    """A person decides on what lies in quarantine."""
    tools = {"packs": county.packs, "calendar": county.calendar}
    given = {"clock": CLOCK, "by": by, "reach": county.reach("north"), **more}
    with county.uow() as uow:
        return work(uow, item.id, **given, **(tools if work is quarantine.record_brought else {}))


def lose_reach(county: County) -> None:
    """W1 leaves the north, and somebody else sits in each of their chairs."""
    with county.uow() as uow:
        posting, last = named("post w1"), TODAY - DAY
        end_posting(uow, posting_id=posting, last_on=last, clock=CLOCK, by="root")
    for name in NAMES:
        seat = new_event("helper_assigned", TODAY, role="community_worker", helper="w2")
        county.record(TODAY, seat, case_id=case_of(name))


def excuse(n: int, occurrence: str = "m1/w02") -> Queued:
    """The nth obligation excused, which somebody else has to approve."""
    said: dict[str, Any] = {"kind": "visit", "occurrence": occurrence, "reason": "住院"}
    event = new_event("obligation_excused", TODAY, id=f"x{n}", **said)
    return Queued(named(f"excuse {n}"), case_of("甲"), (event,))


def proposal(county: County, decide: Any, item: Queued, **more: Any) -> Any:
    """A person decides on what was proposed."""
    with county.uow() as uow:
        given = {"clock": CLOCK, "by": "s1", "reach": county.reach("north"), **more}
        return decide(uow, item.id, **given)


@pytest.fixture
def county() -> Iterator[County]:
    with the_county() as found:
        yield found


@pytest.fixture
def phone(county: County) -> Phone:
    """Of w1, who carries the people of the north."""
    found = phone_of(county, "w1", "worker", CLOCK)
    found.pull(TODAY)
    return found
