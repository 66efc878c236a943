"""Accounts are made by somebody, for somebody, once; and there is always one who can make the next."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests import databases
from tests.accounts import PASSWORD, QUICK, House
from tests.builders import RING, new_database
from tests.crowds import CROWD, Desk, a_crowd
from tests.databases import Kind
from tests.office_trees import ANDING
from workflow.rules.errors import Conflict, GuituError, Invalid, NotFound, Refused
from workflow.services.accounts import (
    NewAccount,
    account,
    account_of,
    all_accounts,
    change_role,
    create_account,
    disable_account,
    enable_account,
)
from workflow.services.offices import open_office

OFFICE = UUID(int=0xC1)


@pytest.fixture
def house() -> House:
    return House(new_database())


def refused(code: str, kind: type[GuituError] = Refused) -> Any:
    return pytest.raises(kind, match=rf"^{code}\b")


def with_an_office(house: House) -> None:
    with house.uow() as uow:
        place: dict[str, Any] = {"office_id": OFFICE, "division": ANDING, "level": "county"}
        when: dict[str, Any] = {"on": house.today, "clock": house.clock, "by": "a0"}
        open_office(uow, name="安定区禁毒办", parent_id=None, **place, **when)


def make(house: House, new: NewAccount) -> None:
    house.do(create_account, new, passwords=QUICK, clock=house.clock, by="a0")


def test_an_account_is_made_once_however_often_it_is_sent(house: House) -> None:
    new = NewAccount(uuid4(), "admin1", "administrator", PASSWORD)
    make(house, new)
    make(house, new)
    with house.uow() as uow:
        (found,) = all_accounts(uow)
        assert account(uow, new.id) == account_of(uow, "admin1") == found
    assert (found.handle, found.must_change, found.created_by) == ("admin1", True, "a0")
    with refused("conflict", Conflict):
        make(house, NewAccount(new.id, "admin2", "administrator", PASSWORD))
    with refused("handle_taken", Conflict):
        make(house, NewAccount(uuid4(), "admin1", "auditor", PASSWORD))


def test_no_two_handles_look_the_same(house: House) -> None:
    """A record says who wrote it by the handle alone."""
    house.account("Admin1")
    with refused("handle_taken", Conflict):
        make(house, NewAccount(uuid4(), "aDMIN1", "administrator", PASSWORD))


@pytest.mark.parametrize(
    "handle", ["", "-x", "a b", "a\n", "甲", "a" * 65, "terminal", "Engine", "standing", "a\0"]
)
def test_handles_that_cannot_be(house: House, handle: str) -> None:
    with refused("account_field_unusable", Invalid):
        make(house, NewAccount(uuid4(), handle, "administrator", PASSWORD))


def test_what_an_account_needs(house: House) -> None:
    for role in ("supervisor", "worker", "helper"):
        with refused("staff_needed"):
            make(house, NewAccount(uuid4(), "w1", role, PASSWORD))
    make(house, NewAccount(uuid4(), "county1", "county", PASSWORD))
    with_an_office(house)
    with refused("staff_needed"):
        make(house, NewAccount(uuid4(), "county2", "county", PASSWORD))
    house.staff("county2")
    make(house, NewAccount(uuid4(), "county2", "county", PASSWORD))
    with refused("password_needed"):
        make(house, NewAccount(uuid4(), "auditor1", "auditor"))
    with refused("account_field_unusable", Invalid):
        make(house, NewAccount(uuid4(), "x1", "root", PASSWORD))  # type: ignore[arg-type]


def test_an_integration_has_an_office_and_no_password(house: House) -> None:
    with_an_office(house)
    with refused("password_not_used"):
        make(house, NewAccount(uuid4(), "r1", "integration", PASSWORD, office_id=OFFICE))
    with refused("office_needed"):
        make(house, NewAccount(uuid4(), "r1", "integration"))
    with refused("unknown_office"):
        make(house, NewAccount(uuid4(), "r1", "integration", office_id=uuid4()))
    make(house, NewAccount(uuid4(), "r1", "integration", office_id=OFFICE))
    with house.uow() as uow:
        found = account_of(uow, "r1")
    assert (found.has_password, found.must_change, found.office_id) == (False, False, OFFICE)


def test_pages_of_accounts_are_by_handle_and_leave_nobody_out(house: House) -> None:
    for handle in ("b", "a", "c.d", "c", "Z"):
        house.account(handle)
    whole: list[str] = []
    with house.uow() as uow:
        while page := all_accounts(uow, after=whole[-1] if whole else None, limit=2):
            whole += [one.handle for one in page]
    assert whole == ["Z", "a", "b", "c", "c.d"]


def test_disabling_and_enabling_twice_is_harmless(house: House) -> None:
    house.account("admin1")
    account_id = house.account("admin2")
    house.do(disable_account, account_id, clock=house.clock, by="admin1")
    house.pass_time(hours=1)
    house.do(disable_account, account_id, clock=house.clock, by="somebody else")
    with house.uow() as uow:
        assert account(uow, account_id).disabled_by == "admin1"
    for _ in range(2):
        house.do(enable_account, account_id)
    with house.uow() as uow:
        assert account(uow, account_id).disabled_at is None
    for work in (disable_account, change_role):
        more: tuple[Any, ...] = ("worker",) if work is change_role else ()
        with refused("not_found", NotFound):
            house.do(work, uuid4(), *more, clock=house.clock, by="admin1")


def test_the_last_administrator_stays(house: House) -> None:
    account_id = house.account("admin1")
    with refused("last_administrator"):
        house.do(disable_account, account_id, clock=house.clock, by="admin1")
    assert house.lets_in("admin1"), "and nothing of it was kept"


def test_a_role_changes_among_those_of_the_staff_list_only(house: House) -> None:
    account_id, admin = house.account("w1", "worker"), house.account("admin1")
    house.do(change_role, account_id, "county", clock=house.clock, by="admin1")
    for one, role in ((account_id, "administrator"), (account_id, "auditor"), (admin, "county")):
        with refused("role_is_fixed"):
            house.do(change_role, one, role, clock=house.clock, by="admin1")
    with house.uow() as uow:
        assert account(uow, account_id).role == "county"


# ------------------------------------------------------------------ many at once


def disable_one(desk: Desk, ids: list[UUID], clock: Any) -> str:
    """Each of a crowd disables one of the administrators."""
    return desk.outcome(
        lambda uow: disable_account(uow, ids[desk.number], clock=clock, by="somebody")
    )


def make_one(desk: Desk, clock: Any) -> str:
    """Each of a crowd makes an account of the same handle, under an id of its own."""
    new = NewAccount(UUID(int=desk.number + 1), "admin1", "administrator", PASSWORD)
    return desk.outcome(
        lambda uow: create_account(uow, new, passwords=QUICK, clock=clock, by="somebody")
    )


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
@pytest.mark.databases("none")
def test_of_a_crowd_one_makes_the_account_and_one_administrator_is_left(
    kind: Kind, tmp_path: Path
) -> None:
    with databases.on(kind), a_crowd(kind, __name__) as crowd:
        house = House(new_database(shared_in=tmp_path))
        made = Counter(crowd.at_once(house.engine, RING, make_one, house.clock))
        assert made == {"done": 1, "handle_taken": CROWD - 1}
        with house.uow() as uow:
            first = account_of(uow, "admin1").id
        ids = [first, *(house.account(f"other{n}") for n in range(CROWD - 1))]
        said = Counter(crowd.at_once(house.engine, RING, disable_one, ids, house.clock))
        assert said == {"done": CROWD - 1, "last_administrator": 1}
