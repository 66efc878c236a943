"""Logging in: a new secret each time, kept nowhere; who may not is told nothing, and nobody slips in between."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.accounts import OTHER_PASSWORD, PASSWORD, QUICK, House
from tests.builders import new_database
from workflow.rules.errors import Conflict, Unauthenticated
from workflow.services.accounts import disable_account, enable_account, put_first_password
from workflow.services.passwords import Passwords, digest_of
from workflow.services.sessions import end_session
from workflow.store import accounts
from workflow.store.tables import SessionRow, table_of

SESSIONS = table_of(SessionRow)


@pytest.fixture
def house() -> House:
    return House(new_database())


def refused(code: str, kind: type[Exception] = Unauthenticated) -> Any:
    return pytest.raises(kind, match=rf"^{code}\b")


def test_each_login_has_a_secret_of_its_own_of_which_a_digest_is_kept(house: House) -> None:
    account_id = house.account("admin1")
    first, second = house.log_in("admin1"), house.log_in("admin1")
    assert first.secret != second.secret
    assert first.account_id == second.account_id == account_id
    assert house.caller(first).session_id == first.session_id
    assert house.caller(second).handle == "admin1"
    with house.uow() as uow:
        rows = uow.session.execute(SESSIONS.select()).all()
    assert {row.digest for row in rows} == {digest_of(first.secret), digest_of(second.secret)}
    assert first.secret not in repr(rows)


@pytest.mark.parametrize(
    ("handle", "password"),
    [
        *(("admin1", "not the right one"), ("admin1", PASSWORD + "x"), ("admin1", "")),
        *(("nobody", PASSWORD), ("", PASSWORD), ("admin1\0", PASSWORD), ("ADMIN1", PASSWORD)),
        *(("robot1", PASSWORD), ("gone1", PASSWORD), ("ad min", PASSWORD), ("x" * 64, PASSWORD)),
    ],
)
def test_whoever_may_not_is_told_the_same_and_costs_the_same(
    house: House, handle: str, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.account("admin1")
    gone = house.account("gone1", "auditor")
    house.do(disable_account, gone, clock=house.clock, by="a0")
    looked: list[str] = []
    _when_compared(monkeypatch, lambda: looked.append(handle))
    with refused("login_failed") as caught:
        house.log_in(handle, password)
    assert caught.value.facts == {}
    assert len(looked) == 1


def test_one_id_makes_one_session(house: House) -> None:
    """A retry whose answer was lost is told so; nobody learns of an id without the password."""
    house.account("admin1")
    session_id = uuid4()
    first = house.log_in("admin1", session_id=session_id)
    with refused("session_known", Conflict):
        house.log_in("admin1", session_id=session_id)
    with refused("login_failed"):
        house.log_in("admin1", "not the right one", session_id=session_id)
    assert house.caller(first).session_id == session_id


def test_who_was_disabled_while_the_password_was_compared_is_not_let_in(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Disabling ends every session at once, and none may come up behind it that stands when it is enabled again."""
    account_id = house.account("admin1")
    house.account("admin2")

    def meanwhile() -> None:
        house.do(disable_account, account_id, clock=house.clock, by="admin2")

    _when_compared(monkeypatch, meanwhile)
    with refused("login_failed"):
        house.log_in("admin1")
    house.do(enable_account, account_id)
    with house.uow() as uow:
        assert accounts.sessions_of(uow.session, account_id, house.now) == []


def test_the_old_password_is_no_way_in_while_it_is_replaced(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    account_id = house.account("admin1")
    hashed = QUICK.hashed(OTHER_PASSWORD, "admin1")

    def meanwhile() -> None:
        house.do(put_first_password, account_id, hashed=hashed, clock=house.clock, by="a0")

    _when_compared(monkeypatch, meanwhile)
    with refused("login_failed"):
        house.log_in("admin1")
    monkeypatch.undo()
    assert house.log_in("admin1", OTHER_PASSWORD).must_change


def test_a_password_that_was_made_cheaply_is_made_anew_at_the_next_login(house: House) -> None:
    account_id = house.account("admin1")
    before = _hash(house, account_id)
    house.passwords = Passwords(time_cost=1, memory_kib=64)
    house.log_in("admin1")
    after = _hash(house, account_id)
    assert after != before
    assert house.lets_in("admin1")
    assert _hash(house, account_id) == after


def test_sessions_that_are_long_over_are_forgotten(house: House) -> None:
    account_id = house.account("admin1")
    first, second = house.log_in("admin1"), house.log_in("admin1")
    now = house.now
    house.do(end_session, first.session_id, account_id=account_id, now=now, by="admin1")
    house.pass_time(days=29)
    third = house.log_in("admin1")
    assert _known(house) == {first.session_id, second.session_id, third.session_id}
    house.pass_time(days=3)
    last = house.log_in("admin1")
    assert _known(house) == {third.session_id, last.session_id}


def test_passwords_are_compared_while_no_transaction_waits(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes a tenth of a second, and on SQLite everybody who writes would wait for it."""
    house.account("admin1")
    other = house.account("admin2")

    def meanwhile() -> None:
        house.do(accounts_touched, other, house.now + timedelta(seconds=1))

    _when_compared(monkeypatch, meanwhile)
    assert house.lets_in("admin1")


def accounts_touched(uow: Any, account_id: UUID, at: Any) -> None:
    accounts.set_values(uow.session, account_id, created_at=at)


def _when_compared(monkeypatch: pytest.MonkeyPatch, then: Any) -> None:
    """Let somebody else do something while a password is compared."""
    real = Passwords.verified

    def verified(self: Passwords, password: str, kept: str | None) -> str | None:
        then()
        return real(self, password, kept)

    monkeypatch.setattr(Passwords, "verified", verified)


def _hash(house: House, account_id: UUID) -> str:
    with house.uow() as uow:
        row = accounts.find(uow.session, account_id)
        assert row is not None
        return str(row.password_hash)


def _known(house: House) -> set[UUID]:
    with house.uow() as uow:
        return set(uow.session.execute(SESSIONS.select()).scalars())
