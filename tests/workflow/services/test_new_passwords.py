"""One's own password with the old one, slowly where it is guessed at; another's by whoever may, for the first login only."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.accounts import OTHER_PASSWORD, PASSWORD, House
from tests.builders import new_database
from workflow.rules.errors import Forbidden, GuituError, Invalid, NotFound, Refused, Unauthenticated
from workflow.services.callers import Caller
from workflow.services.new_passwords import OwnPassword, change_own_password, reset_password
from workflow.services.sessions import NewToken, issue_own_token
from workflow.services.throttling import FREE_OF_ONE


@pytest.fixture
def house() -> House:
    return House(new_database())


def change(house: House, caller: Caller, old: str, new: str) -> None:
    change_own_password(
        house.uow, caller, OwnPassword(old, new), passwords=house.passwords, clock=house.clock
    )


def reset(house: House, account_id: Any, new: str = OTHER_PASSWORD) -> None:
    reset_password(
        house.uow, account_id, new, passwords=house.passwords, clock=house.clock, by="admin2"
    )


def refused(code: str, kind: type[GuituError] = Refused) -> Any:
    return pytest.raises(kind, match=rf"^{code}\b")


def test_every_other_session_ends_and_the_old_password_opens_nothing(house: House) -> None:
    house.account("admin1")
    here, elsewhere = house.log_in("admin1"), house.log_in("admin1")
    phone = house.do(issue_own_token, house.caller(here), NewToken(uuid4(), "手机", 90), house.now)
    change(house, house.caller(here), PASSWORD, OTHER_PASSWORD)
    assert house.caller(here).handle == "admin1"
    for signed, kind in ((elsewhere, "browser"), (phone, "token")):
        with refused("session_ended", Unauthenticated):
            house.caller(signed, kind)  # type: ignore[arg-type]
    with refused("login_failed", Unauthenticated):
        house.log_in("admin1")
    assert house.lets_in("admin1", OTHER_PASSWORD)


def test_what_is_refused_changes_nothing(house: House) -> None:
    house.account("admin1")
    signed = house.log_in("admin1")
    caller = house.caller(signed)
    with refused("password_wrong"):
        change(house, caller, "not the right one", OTHER_PASSWORD)
    with refused("password_same"):
        change(house, caller, PASSWORD, PASSWORD)
    with refused("password_unusable", Invalid):
        change(house, caller, PASSWORD, "short")
    with refused("password_guessable", Invalid):
        change(house, caller, PASSWORD, "admin1admin1admin1")
    assert house.lets_in("admin1")


def test_who_finds_a_screen_unlocked_does_not_find_the_password(house: House) -> None:
    house.account("admin1")
    caller = house.caller(house.log_in("admin1"))
    for _ in range(FREE_OF_ONE + 1):
        with refused("password_wrong"):
            change(house, caller, "a guess at the old", OTHER_PASSWORD)
    with refused("too_many_attempts"):
        change(house, caller, PASSWORD, OTHER_PASSWORD)
    assert house.lets_in("admin1"), "its owner logs in elsewhere all the same"
    house.pass_time(seconds=5)
    change(house, caller, PASSWORD, OTHER_PASSWORD)


def test_a_token_changes_no_password(house: House) -> None:
    house.account("admin1")
    signed = house.log_in("admin1")
    phone = house.do(
        issue_own_token, house.caller(signed), NewToken(uuid4(), "手机", 90), house.now
    )
    with refused("browser_needed", Forbidden):
        change(house, house.caller(phone, "token"), PASSWORD, OTHER_PASSWORD)


def test_two_changes_at_once_are_not_both_made(house: House) -> None:
    """Whoever came second compared the password that was; theirs is refused, and the first stands."""
    house.account("admin1")
    caller = house.caller(house.log_in("admin1"))
    inner: list[str] = []

    class Meanwhile(type(house.passwords)):  # type: ignore[misc]
        def hashed(self, password: str, handle: str) -> str:
            if not inner:
                inner.append(password)
                change(house, caller, PASSWORD, "the first of the two")
            return str(super().hashed(password, handle))

    house.passwords = Meanwhile(1, 32)
    with refused("password_wrong"):
        change(house, caller, PASSWORD, OTHER_PASSWORD)
    assert house.lets_in("admin1", "the first of the two")


def test_a_password_that_somebody_else_set_is_for_the_first_login(house: House) -> None:
    account_id = house.account("admin1")
    signed = house.log_in("admin1")
    reset(house, account_id)
    reset(house, account_id)
    with refused("session_ended", Unauthenticated):
        house.caller(signed)
    again = house.log_in("admin1", OTHER_PASSWORD)
    assert again.must_change
    assert house.caller(again).must_change
    change(house, house.caller(again), OTHER_PASSWORD, PASSWORD)
    assert not house.caller(again).must_change


def test_a_reset_is_refused_whole(house: House) -> None:
    account_id = house.account("admin1")
    with refused("not_found", NotFound):
        reset(house, uuid4())
    with refused("password_guessable", Invalid):
        reset(house, account_id, "admin1-123456")
    assert not house.log_in("admin1").must_change
