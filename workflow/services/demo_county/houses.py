"""The offices and staff of the demo county as they are set up: opened, posted, and some of them on leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from types import MappingProxyType

from workflow.rules.access import AccountRole
from workflow.rules.terms import DAY, add_months
from workflow.services.clock import Instant
from workflow.services.demo_accounts import ADMINISTRATOR, DemoAccount
from workflow.services.demo_county.invented import (
    Colleague,
    House,
    colleagues,
    county,
    division,
    named,
    townships,
)
from workflow.services.demo_county.life import Life, Setting
from workflow.services.offices import open_office
from workflow.services.staffing import add_staff, post, record_leave
from workflow.store.unit_of_work import UnitOfWork, UnitsOfWork

COUNTY_OFFICER = "c1"
OLDEST_MONTHS = 12 * 9
"""Offices and postings reach back beyond every history that is entered."""
BEFORE_ALL = time(8)


def open_houses(uow_factory: UnitsOfWork, lives: Sequence[Life], setting: Setting) -> None:
    """Everything that must be there before the first person is entered, on the morning on which the county goes live."""
    since = add_months(setting.live_on, -OLDEST_MONTHS)
    clock = Instant.on(setting.live_on, BEFORE_ALL)
    with uow_factory() as uow:
        _open(uow, county(), "county", None, since, clock)
        for house in townships():
            _open(uow, house, "township", county(), since, clock)
        for one in (*colleagues(), *_families(lives)):
            _employ(uow, one, since, clock)


def _families(lives: Iterable[Life]) -> list[Colleague]:
    """Those of the families who sit in a team; the list of staff knows everybody who helps."""
    seated = {getattr(deed.event, "helper", None) for life in lives for deed in life.deeds}
    return [life.person.family for life in lives if life.person.family.handle in seated]


def _open(
    uow: UnitOfWork, house: House, level: str, above: House | None, since: date, clock: Instant
) -> None:
    open_office(
        uow,
        office_id=house.id,
        division=division(),
        level=level,
        name=house.name,
        parent_id=above.id if above else None,
        on=since,
        clock=clock,
        by=ADMINISTRATOR,
    )


def _employ(uow: UnitOfWork, one: Colleague, since: date, clock: Instant) -> None:
    add_staff(
        uow,
        staff_id=one.id,
        handle=one.handle,
        name=one.name,
        phone=None,
        clock=clock,
        by=ADMINISTRATOR,
    )
    post(
        uow,
        posting_id=named(f"posting {one.handle}"),
        staff_id=one.id,
        office_id=named(f"office {one.office}"),
        role=one.chair,
        first_on=since,
        clock=clock,
        by=ADMINISTRATOR,
    )


# ------------------------------------------------------------------ who may log in

ROLES: Mapping[str, AccountRole] = MappingProxyType(
    {"county_office": "county", "supervisor": "supervisor", "community_worker": "worker"}
)
"""Everybody else on the staff list helps from a chair."""


def accounts_of(lives: Sequence[Life]) -> list[DemoAccount]:
    """One for each of the staff, for some of the families, and for those who see to the house and look over it."""
    people = (*colleagues(), *_families_of_late(lives))
    return [
        DemoAccount(ADMINISTRATOR, "administrator"),
        DemoAccount("auditor", "auditor"),
        DemoAccount("integration", "integration", office_id=county().id),
        *(DemoAccount(one.handle, ROLES.get(one.chair, "helper")) for one in people),
    ]


def _families_of_late(lives: Sequence[Life]) -> list[Colleague]:
    """Of each township the one of a family who was asked last."""
    asked = {
        getattr(deed.event, "helper", ""): deed.recorded_on for life in lives for deed in life.deeds
    }
    known = sorted(_families(lives), key=lambda one: (asked[one.handle], one.handle))
    last = {one.office: one for one in known}
    return [last[house.key] for house in townships() if house.key in last]


# ------------------------------------------------------------------ leave


@dataclass(frozen=True, slots=True)
class Leave:
    """Who is away from when to when, in days from the demo's today, and who stands in; it was recorded the day before."""

    handle: str
    first: int
    last: int
    deputy: str | None

    def recorded_on(self, setting: Setting) -> date:
        """The day on which the county office wrote it down."""
        return setting.today + timedelta(days=self.first) - DAY


LEAVES = (
    Leave("w2", -60, -52, "w1"),
    Leave("w4", -3, 5, "w3"),
    Leave("x4", -1, 8, None),
)
"""Of the workers one is away these days, with a deputy; of legal aid nobody is there, so that the supervisors hear instead."""


def go_on_leave(uow: UnitOfWork, leave: Leave, setting: Setting, clock: Instant) -> None:
    """The county office records a leave."""
    record_leave(
        uow,
        leave_id=named(f"leave {leave.handle} {leave.first}"),
        staff_id=named(f"staff {leave.handle}"),
        first_on=setting.today + timedelta(days=leave.first),
        last_on=setting.today + timedelta(days=leave.last),
        deputy_id=named(f"staff {leave.deputy}") if leave.deputy else None,
        clock=clock,
        by=COUNTY_OFFICER,
    )
