"""An office whose people are told: some in their inbox, some by a channel that leads out of the program first."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Engine, exists, func, select

from tests import builders
from tests.builders import DAY
from tests.chaos.workplaces import OFFICES, Place, Site
from tests.counties import BEGUN, County
from workflow.services.clock import Instant
from workflow.services.rotating import take_up
from workflow.store import cases, stamps
from workflow.store.keyring import KeyRing
from workflow.store.message_items import PLANNED_THROUGH
from workflow.store.notices import OF
from workflow.store.tables import MessageItemRow, MessageRow, NoticeRow, table_of
from workflow.store.unit_of_work import UnitOfWork

FIRST = date(2024, 3, 4)
TOLD = FIRST + 18 * DAY
"""The first day on which somebody is told something."""
CASES = 18
PEOPLE: dict[str, tuple[str, str, Any]] = {
    "w1": ("north", "community_worker", "worker"),
    "w2": ("north", "community_worker", "worker"),
    "w3": ("south", "community_worker", "worker"),
    "s1": ("north", "supervisor", "supervisor"),
    "s2": ("south", "supervisor", "supervisor"),
    "c1": ("county", "county_office", "county"),
}
OUTSIDE = ("w2", "w3", "s1")
"""Who wants to be told elsewhere before the inbox."""
MESSAGES, ITEMS, NOTICES = table_of(MessageRow), table_of(MessageItemRow), table_of(NoticeRow)


def furnish(place: Place, address: str) -> None:
    """People, and cases in community detox that were opened a day apart."""
    builders._numbers = count(1)  # two offices are to have the same events
    (place.folder / "attachments").mkdir()
    place.keys.create(KeyRing.parse(_ring(place)).text)
    site = Site(place)
    county = County(site.engine, ring=site.ring)
    site.send(lambda uow: take_up(uow, BEGUN))
    for name, level, parent in OFFICES:
        county.add_office(name, level, parent)
    for handle, (office, role, of) in PEOPLE.items():
        county.add_worker(handle, office, role)
        county.account(handle, of)
        if handle in OUTSIDE:
            county.address(handle, {"webhook": address})
    for number in range(CASES):
        at, worker = (("north", "w1"), ("north", "w2"), ("south", "w3"))[number % 3]
        county.in_detox(at, f"某{number}", FIRST - number * DAY, [worker])
    site.engine.dispose()


def rests(engine: Engine, day: date, now: Instant) -> bool:
    """Whether a day was swept and planned, and nothing waits whose time has come."""
    with UnitOfWork(engine, reading=True) as uow:
        through = [
            stamps.read(uow.session, name) for name in (cases.SWEPT_THROUGH, PLANNED_THROUGH)
        ]
        if any(one is None or one < day.isoformat() for one in through):
            return False
        due = cases.next_due(uow.session)
        told = exists().where(*(ITEMS.c[name] == NOTICES.c[name] for name in OF))
        untold = select(func.count()).select_from(NOTICES).where(~told)
        soon = now.now + timedelta(minutes=45)
        waiting = select(func.count()).select_from(MESSAGES).where(MESSAGES.c.next_at <= soon)
        left = [uow.session.execute(query).scalar_one() for query in (untold, waiting)]
    return (due is None or due > day) and left == [0, 0]


def _ring(place: Place) -> str:
    """One ring for both offices, so that what is sealed can be compared."""
    shared = place.folder.parent / "shared.keys"
    if not shared.exists():
        shared.write_text(KeyRing.generate().text)
    return shared.read_text()
