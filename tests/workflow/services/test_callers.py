"""Whoever calls reaches what their role and the postings of the day give them, and nothing of yesterday."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from tests.accounts import PASSWORD, House
from tests.builders import DAY
from tests.counties import County, a_county, named
from workflow.rules.access import ROLES, AccountRole
from workflow.services.accounts import NewAccount, create_account
from workflow.services.callers import Caller
from workflow.services.clock import Instant
from workflow.services.offices import close_office
from workflow.services.staffing import end_posting, post
from workflow.store.reach import NOTHING, Reach

pytestmark = pytest.mark.databases("sqlite", "postgres")
TODAY = date(2026, 3, 2)


@pytest.fixture
def county() -> Iterator[County]:
    with a_county() as found:
        found.add_worker("c1", "county", "county_office")
        found.add_worker("p1", "north", "community_police")
        yield found


def caller(county: County, handle: str, role: AccountRole, office: str | None = None) -> Caller:
    """The caller behind a login today, or behind a token of an integration."""
    from workflow.services.sessions import NewToken, issue_token

    house = House(county.engine)
    is_robot = role == "integration"
    new = NewAccount(
        uuid4(),
        handle,
        role,
        None if is_robot else PASSWORD,
        must_change=False,
        office_id=named(office) if office else None,
    )
    with county.uow() as uow:
        create_account(uow, new, passwords=house.passwords, clock=house.clock, by="a0")
    if is_robot:
        token = house.do(issue_token, new.id, NewToken(uuid4(), "接口", 1), house.now)
        return house.caller(token, "token")
    return house.caller(house.log_in(handle))


def offices(*names: str) -> frozenset[UUID]:
    return frozenset(named(name) for name in names)


def test_who_works_in_an_office_reaches_it_and_all_below(county: County) -> None:
    found = caller(county, "c1", "county")
    assert found.own_offices == offices("county")
    assert found.reach == Reach(offices("county", "north", "south"))
    assert caller(county, "s1", "supervisor").reach == Reach(offices("north"))


def test_a_worker_reaches_the_whole_office_and_their_teams_elsewhere(county: County) -> None:
    assert caller(county, "w1", "worker").reach == Reach(offices("north"), helper="w1")


def test_a_helper_reaches_their_chairs_and_no_office(county: County) -> None:
    found = caller(county, "p1", "helper")
    assert found.reach == Reach(helper="p1")
    assert found.own_offices == frozenset()


def test_an_administrator_and_an_auditor_reach_no_case(county: County) -> None:
    for handle, role in (("a1", "administrator"), ("u1", "auditor")):
        assert caller(county, handle, role).reach == NOTHING  # type: ignore[arg-type]


def test_an_integration_reaches_its_office(county: County) -> None:
    found = caller(county, "r1", "integration", "county")
    assert found.reach == Reach(offices("county", "north", "south"))


def test_who_was_posted_elsewhere_reaches_nothing_of_yesterday(county: County) -> None:
    house, signed = House(county.engine), None
    for handle, role in (("w1", "worker"), ("s1", "supervisor")):
        caller(county, handle, role)  # type: ignore[arg-type]
        signed = house.log_in(handle)
        given = {"clock": house.clock, "by": "s1"}
        with county.uow() as uow:
            end_posting(uow, posting_id=named(f"post {handle}"), last_on=TODAY - DAY, **given)  # type: ignore[arg-type]
        assert house.caller(signed).reach == NOTHING
    with county.uow() as uow:
        post(
            uow,
            posting_id=named("next"),
            staff_id=named("s1"),
            office_id=named("south"),
            role="supervisor",
            first_on=TODAY + DAY,
            clock=house.clock,
            by="s1",
        )
    assert signed is not None
    assert house.caller(signed).reach == NOTHING, "tomorrow's posting opens nothing today"
    later = house.now + timedelta(days=1)
    again = House(county.engine, now=later)
    assert again.caller(again.log_in("s1")).reach == Reach(offices("south"))


def test_a_successor_reaches_what_a_closed_office_left(county: County) -> None:
    found = caller(county, "s1", "supervisor")
    with county.uow() as uow:
        close_office(
            uow,
            office_id=named("south"),
            on=TODAY,
            successor_id=named("north"),
            clock=Instant.on(TODAY),
            by="c1",
        )
    house = House(county.engine)
    assert found.reach == Reach(offices("north"))
    assert house.caller(house.log_in("s1")).reach == Reach(offices("north", "south"))


def test_a_county_officer_of_a_database_without_offices_reaches_what_has_none() -> None:
    from tests.builders import new_database

    house = House(new_database())
    house.account("county1", "county")
    assert house.caller(house.log_in("county1")).reach == Reach(unplaced=True)


@pytest.mark.databases("none")
def test_every_role_is_asked_about_here() -> None:
    asked = {"county", "supervisor", "worker", "helper", "administrator", "auditor", "integration"}
    assert asked == set(ROLES)
