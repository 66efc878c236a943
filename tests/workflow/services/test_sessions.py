"""A session ends when it is revoked, idle or old, at once; a token is no way to the next one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.accounts import House
from tests.builders import new_database
from tests.office_trees import ANDING
from workflow.rules.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Refused,
    Unauthenticated,
)
from workflow.services.accounts import change_role, disable_account, enable_account
from workflow.services.offices import open_office
from workflow.services.sessions import (
    NewToken,
    end_all_sessions,
    end_session,
    is_noted,
    issue_own_token,
    issue_token,
    note_use,
    sessions_of,
)
from workflow.services.signing_in import SignedIn

OFFICE = UUID(int=0xC1)


@pytest.fixture
def house() -> House:
    return House(new_database())


def why_not(house: House, signed: SignedIn, kind: Any = "browser") -> str | None:
    """The code with which it opens nothing; None where it does."""
    try:
        house.caller(signed, kind)
    except Unauthenticated as error:
        return error.code
    return None


def over(house: House, signed: SignedIn, kind: Any = "browser") -> bool:
    return why_not(house, signed, kind) is not None


def token(house: House, signed: SignedIn, **more: Any) -> SignedIn:
    new = NewToken(**{"id": uuid4(), "label": "手机", "days": 90, **more})
    found = house.do(issue_own_token, house.caller(signed), new, house.now)
    assert isinstance(found, SignedIn)
    return found


def an_integration(house: House) -> UUID:
    with house.uow() as uow:
        place: dict[str, Any] = {"office_id": OFFICE, "division": ANDING, "level": "county"}
        when: dict[str, Any] = {"on": house.today, "clock": house.clock, "by": "a0"}
        open_office(uow, name="安定区禁毒办", parent_id=None, **place, **when)
    return house.account("robot1", "integration", office_id=OFFICE)


def test_an_unused_session_ends_and_a_used_one_goes_on(house: House) -> None:
    house.account("admin1")
    used, unused = house.log_in("admin1"), house.log_in("admin1")
    for _ in range(5):
        house.pass_time(minutes=29)
        house.do(note_use, used.session_id, house.now)
    house.pass_time(minutes=29, seconds=59)
    assert not over(house, used)
    assert over(house, unused)
    house.pass_time(seconds=2)
    assert over(house, used)


def test_every_session_ends_in_the_end(house: House) -> None:
    house.account("admin1")
    signed = house.log_in("admin1")
    for _ in range(12 * 3 - 1):
        house.pass_time(minutes=20)
        house.do(note_use, signed.session_id, house.now)
    assert not over(house, signed)
    house.pass_time(minutes=20)
    assert over(house, signed)


def test_use_is_noted_once_a_minute(house: House) -> None:
    house.account("admin1")
    signed = house.log_in("admin1")
    house.pass_time(seconds=59)
    assert is_noted(house.caller(signed), house.now)
    house.pass_time(seconds=1)
    assert not is_noted(house.caller(signed), house.now)


def test_a_token_lasts_as_long_as_it_was_made_for_and_never_idles(house: House) -> None:
    house.account("admin1")
    phone = token(house, house.log_in("admin1"), days=3)
    house.pass_time(days=2, hours=23)
    assert house.caller(phone, "token").kind == "token"
    house.pass_time(hours=1)
    assert why_not(house, phone, "token") == "session_expired"


def test_a_cookie_is_no_token_and_a_token_no_cookie(house: House) -> None:
    """Else what a page forgot to mark could be sent by a bearer, and what was planted as a cookie be believed."""
    house.account("admin1")
    signed = house.log_in("admin1")
    assert why_not(house, signed, "token") == "session_over"
    assert why_not(house, token(house, signed), "browser") == "session_over"


@pytest.mark.parametrize("secret", ["", "gts_", "gts_" + "A" * 43, "字", "\ud800", "' OR 1=1 --"])
def test_what_is_no_secret_opens_nothing(house: House, secret: str) -> None:
    house.account("admin1")
    signed = house.log_in("admin1")
    none = SignedIn(signed.session_id, signed.account_id, secret, must_change=False)
    assert why_not(house, none) == "session_over"


def test_ending_one_ends_it_at_once_and_leaves_the_others(house: House) -> None:
    account_id, other_id = house.account("admin1"), house.account("admin2")
    first, second = house.log_in("admin1"), house.log_in("admin1")
    other = house.log_in("admin2")
    for _ in range(2):
        house.do(end_session, first.session_id, account_id=account_id, now=house.now, by="admin1")
    assert [over(house, one) for one in (first, second, other)] == [True, False, False]
    for session_id, owner in (
        (other.session_id, account_id),
        (uuid4(), account_id),
        (second.session_id, other_id),
    ):
        with pytest.raises(NotFound):
            house.do(end_session, session_id, account_id=owner, now=house.now, by="admin1")
    assert not over(house, other)


def test_ending_all_leaves_none_and_no_token(house: House) -> None:
    account_id = house.account("admin1")
    signed = house.log_in("admin1")
    phone = token(house, signed)
    with house.uow() as uow:
        found = sessions_of(uow, account_id, house.now)
    assert {one.id for one in found} == {signed.session_id, phone.session_id}
    house.do(end_all_sessions, account_id, now=house.now, by="admin2")
    assert over(house, signed)
    assert over(house, phone, "token")
    with house.uow() as uow:
        assert sessions_of(uow, account_id, house.now) == []
    with pytest.raises(NotFound):
        house.do(end_all_sessions, uuid4(), now=house.now, by="admin2")


def test_what_lies_idle_is_told_apart(house: House) -> None:
    account_id = house.account("admin1")
    house.log_in("admin1")
    for minutes, idle in ((29, False), (2, True)):
        house.pass_time(minutes=minutes)
        with house.uow() as uow:
            assert [one.is_idle for one in sessions_of(uow, account_id, house.now)] == [idle]


def test_a_disabled_account_opens_nothing_and_its_old_sessions_stay_closed(house: House) -> None:
    house.account("admin2")
    account_id = house.account("admin1")
    signed = house.log_in("admin1")
    phone = token(house, signed)
    house.do(disable_account, account_id, clock=house.clock, by="admin2")
    assert why_not(house, signed) == "login_disabled"
    assert why_not(house, phone, "token") == "login_disabled"
    house.do(enable_account, account_id)
    assert why_not(house, signed) == "session_ended"
    assert why_not(house, phone, "token") == "session_ended"
    assert not over(house, house.log_in("admin1"))


def test_another_role_ends_what_was_opened_under_the_old_one(house: House) -> None:
    account_id = house.account("w1", "worker")
    signed = house.log_in("w1")
    house.do(change_role, account_id, "supervisor", clock=house.clock, by="admin1")
    assert over(house, signed)
    assert house.caller(house.log_in("w1")).role == "supervisor"


# ------------------------------------------------------------------ tokens


def test_a_token_is_no_way_to_the_next_token(house: House) -> None:
    """Whoever found a phone would else have tokens that outlive the one that was revoked."""
    house.account("admin1")
    phone = token(house, house.log_in("admin1"))
    with pytest.raises(Forbidden, match="browser_needed"):
        house.do(
            issue_own_token, house.caller(phone, "token"), NewToken(uuid4(), "x", 1), house.now
        )


def test_an_administrator_issues_tokens_for_integrations_only(house: House) -> None:
    """Else whoever sees no case would hold the token of somebody who does."""
    robot = an_integration(house)
    admin = house.account("admin1")
    new = NewToken(uuid4(), "公安接口", 400)
    issued = house.do(issue_token, robot, new, house.now)
    assert house.caller(issued, "token").role == "integration"
    with pytest.raises(Conflict, match="token_known"):
        house.do(issue_token, robot, new, house.now)
    with pytest.raises(Refused, match="token_is_personal"):
        house.do(issue_token, admin, NewToken(uuid4(), "x", 1), house.now)
    with pytest.raises(NotFound):
        house.do(issue_token, uuid4(), NewToken(uuid4(), "x", 1), house.now)
    house.do(disable_account, robot, clock=house.clock, by="admin1")
    with pytest.raises(Refused, match="account_disabled"):
        house.do(issue_token, robot, NewToken(uuid4(), "x", 1), house.now)


@pytest.mark.parametrize(
    ("label", "days"), [("", 1), ("  ", 1), ("字" * 101, 1), ("x", 0), ("x", 401)]
)
def test_a_token_says_what_it_is_for_and_ends(house: House, label: str, days: int) -> None:
    house.account("admin1")
    signed = house.log_in("admin1")
    with pytest.raises(Invalid, match="token_field_unusable"):
        token(house, signed, label=label, days=days)
    assert house.now + timedelta(days=400) > house.now
