"""Guessing gets slow where it comes from, and nobody is locked out of anywhere else by it."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from tests import databases
from tests.accounts import CAFE, HOME, PASSWORD, QUICK, House
from tests.builders import RING, new_database
from tests.crowds import CROWD, Desk, a_crowd
from tests.databases import Kind
from workflow.rules.errors import GuituError, Refused, Unauthenticated, Unavailable
from workflow.services import passwords
from workflow.services.accounts import NewAccount
from workflow.services.new_passwords import OwnPassword
from workflow.services.passwords import Passwords
from workflow.services.signing_in import Attempt
from workflow.services.throttling import (
    FREE_OF_ADDRESS,
    FREE_OF_ONE,
    begin_attempt,
    known_device,
    new_device,
    places_of_login,
)
from workflow.store import throttles
from workflow.store.keyring import KeyRing


@pytest.fixture
def house() -> House:
    found = House(new_database())
    found.account("admin1")
    found.account("admin2")
    return found


def fail(house: House, times: int, handle: str = "admin1", **more: str) -> list[str]:
    """What each of several wrong passwords was answered with."""
    found = []
    for _ in range(times):
        with pytest.raises(GuituError) as caught:
            house.log_in(handle, "not the right one", **more)
        found.append(caught.value.code)
    return found


def waits(house: House, handle: str = "admin1", **more: str) -> int:
    with pytest.raises(Refused, match="too_many_attempts") as caught:
        house.log_in(handle, **more)
    seconds = caught.value.facts["seconds"]
    assert isinstance(seconds, int)
    return seconds


def test_guessing_gets_slow_and_the_right_password_waits_with_it(house: House) -> None:
    assert fail(house, FREE_OF_ONE + 1) == ["login_failed"] * 6
    assert waits(house) <= 3
    house.pass_time(seconds=3)
    fail(house, 1)
    assert 3 <= waits(house) <= 5
    house.pass_time(seconds=5)
    assert house.lets_in("admin1")
    assert fail(house, FREE_OF_ONE) == ["login_failed"] * 5, "what was counted is forgotten"


def test_the_longest_wait_is_a_quarter_of_an_hour_and_a_day_forgets_all(house: House) -> None:
    for _ in range(20):
        fail(house, 1)
        house.pass_time(minutes=16)
    fail(house, 1)
    assert 800 < waits(house) <= 901
    house.pass_time(hours=25)
    assert fail(house, FREE_OF_ONE) == ["login_failed"] * 5


def test_the_same_handle_elsewhere_is_not_affected(house: House) -> None:
    fail(house, FREE_OF_ONE + 1, address=CAFE)
    assert waits(house, address=CAFE)
    assert house.lets_in("admin1", address=HOME)
    assert waits(house, address=CAFE), "and a login elsewhere does not help who guesses there"


def test_trying_many_handles_from_one_address_gets_slow_too(house: House) -> None:
    for number in range(FREE_OF_ADDRESS):
        assert fail(house, 1, f"nobody{number}") == ["login_failed"]
    assert fail(house, 1, "nobody") == ["login_failed"]
    assert waits(house, "admin2")
    assert house.lets_in("admin2", address=CAFE)


def test_who_has_one_account_cannot_guess_at_the_rest_for_nothing(house: House) -> None:
    for number in range(FREE_OF_ADDRESS + 1):
        fail(house, 1, f"nobody{number}")
        if number % 10 == 0 and number < FREE_OF_ADDRESS:
            house.log_in("admin2")
    assert waits(house, "admin2")


def test_a_colleague_at_the_next_desk_locks_nobody_out(house: House) -> None:
    """A whole office has one address. Where somebody logged in before, they are known; the flood beside them is not."""
    mine = house.log_in("admin1").device
    fail(house, FREE_OF_ONE + 1)
    for number in range(FREE_OF_ADDRESS):
        with suppress(GuituError):
            house.log_in(f"nobody{number}", "not the right one")
    assert waits(house)
    assert house.log_in("admin1", device=mine).device == mine
    assert waits(house, device="x.y"), "a browser that is not known waits with the rest"
    with pytest.raises(Refused, match="too_many_attempts"):
        house.log_in("admin2", device=mine)


def test_a_known_browser_gets_slow_by_itself(house: House) -> None:
    mine = house.log_in("admin1").device
    fail(house, FREE_OF_ONE + 1, device=mine)
    assert waits(house, device=mine)
    assert house.lets_in("admin1"), "whoever stole its cookie locks nobody out either"


@pytest.mark.databases("none")
def test_a_browser_is_known_for_its_handle_and_by_our_keys_only() -> None:
    made = new_device(RING, "w1")
    assert known_device(RING, "w1", made)
    assert known_device(RING, "w2", made) is None
    assert known_device(KeyRing.generate(), "w1", made) is None
    assert known_device(RING.with_new_key(), "w1", made), "a new key leaves it known"
    name, _, mark = made.partition(".")
    for forged in (
        "",
        ".",
        f".{mark}",
        name,
        f"{name}.",
        f"{name[1:]}.{mark}",
        f"{name}.é",
        "\ud800.\ud800",
    ):
        assert known_device(RING, "w1", forged) is None


def test_an_attempt_that_found_no_room_is_not_counted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "PATIENCE_S", 0.0)
    full = Passwords(1, 32, at_once=1)
    house.passwords = full
    with full._in_turn():
        for _ in range(FREE_OF_ONE + 3):
            with pytest.raises(Unavailable, match="logins_busy"):
                house.log_in("admin1")
    assert house.lets_in("admin1")


def test_what_is_old_is_forgotten_at_the_next_login(house: House) -> None:
    fail(house, 3, "nobody", address=CAFE)
    house.pass_time(hours=25)
    house.log_in("admin1")
    old = [place.digest for place in places_of_login("nobody", CAFE, None)]
    with house.uow() as uow:
        assert throttles.of_buckets(uow.session, old) == {}


# ------------------------------------------------------------------ many at once


def guess(desk: Desk, house_now: str) -> str:
    """One of a crowd, all of whom guess at once."""
    now = datetime.fromisoformat(house_now)
    places = places_of_login("admin1", HOME, None)
    return desk.outcome(lambda uow: begin_attempt(uow, places, now))


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
@pytest.mark.databases("none")
def test_a_hundred_guesses_at_once_count_as_a_hundred(kind: Kind, tmp_path: Path) -> None:
    """Five are free and the sixth is the last, however many come at the same moment; nobody waits for ever."""
    with databases.on(kind), a_crowd(kind, __name__) as crowd:
        house = House(new_database(shared_in=tmp_path))
        for _ in range(3):
            said = Counter(crowd.at_once(house.engine, RING, guess, house.now.isoformat()))
            assert said == {"done": FREE_OF_ONE + 1, "too_many_attempts": CROWD - FREE_OF_ONE - 1}
            house.now += timedelta(hours=25)


# ------------------------------------------------------------------ kept out of logs


def test_nothing_that_is_shown_shows_a_secret(house: House) -> None:
    signed = house.log_in("admin1")
    shown = [signed, Attempt(uuid4(), "admin1", PASSWORD, HOME), OwnPassword(PASSWORD, PASSWORD)]
    text = repr([*shown, NewAccount(uuid4(), "x", "auditor", PASSWORD), QUICK])
    assert PASSWORD not in text
    assert signed.secret not in text
    with pytest.raises(Unauthenticated) as caught:
        house.log_in("admin1", "something else")
    assert str(caught.value) == "login_failed"
