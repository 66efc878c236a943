"""Logging in over HTTP: what a browser is given, what it has to bring, and how all of it ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from http.cookies import Morsel, SimpleCookie
from typing import Any
from uuid import uuid4

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from api.app import create_app
from api.bootstrap import Parts, real_now
from api.identity import address_of
from api.settings import Settings
from tests.accounts import CAFE, HOME, OTHER_PASSWORD, PASSWORD
from tests.api.clients import BASE, Json, add_account, an_office_app
from workflow.services.clock import Instant
from workflow.services.passwords import Passwords
from workflow.services.throttling import FREE_OF_ONE

ME, SESSIONS, CURRENT = "/api/v1/me", "/api/v1/sessions", "/api/v1/sessions/current"
CASE = {"id": str(uuid4()), "person_id": str(uuid4()), "born": "1985-11-11"}
SECURE = BASE.replace("http:", "https:")


class Door:
    """An app whose wall clock a test moves, and browsers before it."""

    def __init__(self, parts: Parts) -> None:
        self.later = timedelta()
        self.parts = replace(parts, wall=lambda: Instant.at(real_now().now + self.later))
        self.app = create_app(self.parts)

    def browser(self, address: str = HOME, base: str = BASE) -> TestClient:
        """A browser that nobody used yet, at this address."""
        return TestClient(
            self.app, base_url=base, client=(address, 50_000), raise_server_exceptions=False
        )


@pytest.fixture
def door() -> Iterator[Door]:
    with an_office_app(date(2024, 1, 8)) as client:
        add_account(client.parts, "admin1", "administrator")
        yield Door(client.parts)


def log_in(http: TestClient, handle: str = "county", password: str = PASSWORD, **more: Any) -> Any:
    """The answer to a login; what the browser writes from now on bears the mark."""
    sent = {"id": str(uuid4()), "handle": handle, "password": password, **more}
    answer = http.post(SESSIONS, json=sent)
    if answer.status_code == 201:
        http.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return answer


def code(answer: Any) -> tuple[int, str | None]:
    is_problem = "problem" in answer.headers.get("content-type", "")
    return answer.status_code, answer.json()["code"] if is_problem else None


def cookies(answer: Any) -> dict[str, Morsel[str]]:
    found = SimpleCookie()
    for line in answer.headers.get_list("set-cookie"):
        found.load(line)
    return dict(found)


# ------------------------------------------------------------------ what a browser is given


@pytest.mark.parametrize(("base", "prefix"), [(BASE, ""), (SECURE, "__Host-")])
def test_the_cookies_and_their_flags(door: Door, base: str, prefix: str) -> None:
    """No script reads the session, no other site sends it, and under TLS no other host can have set it."""
    answer = log_in(http := door.browser(base=base))
    found = cookies(answer)
    assert {name.rpartition("_")[0] for name in found if "device" in name} == {
        f"{prefix}guitu_device"
    }
    assert {f"{prefix}guitu_session", f"{prefix}guitu_csrf"} < found.keys()
    for name, one in found.items():
        assert bool(one["httponly"]) is not name.endswith("guitu_csrf")
        assert (one["samesite"], one["path"], one["domain"]) == ("strict", "/", "")
        assert bool(one["secure"]) is (base == SECURE)
    assert found[f"{prefix}guitu_session"].value not in answer.text
    assert found[f"{prefix}guitu_csrf"].value == answer.json()["csrf_token"]
    assert http.get(ME).json()["handle"] == "county"
    gone = cookies(http.delete(CURRENT))
    for name in (f"{prefix}guitu_session", f"{prefix}guitu_csrf"):
        assert (gone[name].value, gone[name]["max-age"]) == ("", "0")
        assert bool(gone[name]["secure"]) is (base == SECURE), "else the browser keeps it"


def test_who_one_is(door: Door) -> None:
    log_in(http := door.browser())
    found = http.get(ME).json()
    assert (found["handle"], found["role"], found["offices"]) == ("county", "county", [])
    assert found["role_label"]["zh"] == "县（区）禁毒办"
    assert code(door.browser().get(ME)) == (401, "login_needed")


def test_a_secret_that_was_there_before_is_not_the_one_after(door: Door) -> None:
    """Whoever plants a cookie in a browser does not get into what is logged in to there later."""
    http = door.browser()
    log_in(attacker := door.browser(), "county2")
    planted = attacker.cookies["guitu_session"]
    http.cookies.set("guitu_session", planted)
    found = cookies(log_in(http))
    assert found["guitu_session"].value != planted
    assert attacker.get(ME).json()["handle"] == "county2"


def test_two_who_log_in_at_once_have_a_session_each(door: Door) -> None:
    log_in(first := door.browser())
    log_in(second := door.browser())
    assert first.cookies["guitu_session"] != second.cookies["guitu_session"]
    listed = first.get(SESSIONS).json()
    assert len(listed["items"]) == 3, "and the one with which the app was made"
    assert first.delete(CURRENT).status_code == 204
    assert code(first.get(ME)) == (401, "login_needed")
    assert second.get(ME).status_code == 200


def test_one_id_is_one_login(door: Door) -> None:
    known = str(uuid4())
    assert log_in(door.browser(), id=known).status_code == 201
    assert code(log_in(door.browser(), id=known)) == (409, "session_known")


# ------------------------------------------------------------------ what it has to bring


def test_what_writes_by_cookie_bears_the_mark_of_our_pages(door: Door) -> None:
    log_in(http := door.browser())
    mark = http.headers.pop("X-CSRF-Token")
    assert http.get(ME).status_code == 200
    log_in(other := door.browser())
    for wrong in (b"", b"x", b"\xe5", other.headers["X-CSRF-Token"].encode()):
        answer = http.post("/api/v1/cases", json=CASE, headers={b"X-CSRF-Token": wrong})
        assert code(answer) == (403, "csrf_failed")
    assert http.post("/api/v1/cases", json=CASE, headers={"X-CSRF-Token": mark}).status_code == 201


def token(http: TestClient, **more: Any) -> dict[str, str]:
    """The header with a new token."""
    answer = http.post(
        f"{ME}/tokens", json={"id": str(uuid4()), "label": "手机", "days": 3, **more}
    )
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['token']}"}


def test_a_token_needs_no_mark_and_a_cookie_is_no_token(door: Door) -> None:
    log_in(http := door.browser())
    bearer = token(http)
    plain = door.browser()
    assert plain.post("/api/v1/cases", json=CASE, headers=bearer).status_code == 201
    assert "set-cookie" not in plain.get(ME, headers=bearer).headers
    session = http.cookies["guitu_session"]
    as_token = plain.get(ME, headers={"Authorization": f"Bearer {session}"})
    assert code(as_token) == (401, "session_over")
    plain.cookies.set("guitu_session", bearer["Authorization"].partition(" ")[2])
    assert code(plain.get(ME)) == (401, "session_over")


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer " + "x" * 300, "Basic eDp5", "x", "Bearer gtt_x"]
)
def test_headers_that_open_nothing(door: Door, header: str) -> None:
    answer = door.browser().get(ME, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_token_is_no_way_to_a_password_or_to_the_next_token(door: Door) -> None:
    log_in(http := door.browser())
    bearer, plain = token(http), door.browser()
    sent: Json = {"old": PASSWORD, "new": OTHER_PASSWORD}
    assert code(plain.put(f"{ME}/password", json=sent, headers=bearer)) == (403, "browser_needed")
    sent = {"id": str(uuid4()), "label": "x"}
    assert code(plain.post(f"{ME}/tokens", json=sent, headers=bearer)) == (403, "browser_needed")


# ------------------------------------------------------------------ how it ends


def test_logging_out_ends_it_on_the_server(door: Door) -> None:
    log_in(http := door.browser())
    kept = http.cookies["guitu_session"]
    assert http.delete(CURRENT).status_code == 204
    http.cookies.set("guitu_session", kept)
    assert code(http.get(ME)) == (401, "session_ended")


def test_an_unused_login_ends_and_every_login_ends_in_the_end(door: Door) -> None:
    log_in(http := door.browser())
    for minutes in (29, 58, 87):
        door.later = timedelta(minutes=minutes)
        assert http.get(ME).status_code == 200
    door.later = timedelta(minutes=87 + 31)
    assert code(http.get(ME)) == (401, "session_expired")
    log_in(http)
    (listed,) = http.get(SESSIONS).json()["items"]
    assert listed["current"], "what lies idle is over, and is not listed"
    start = door.later
    for count in range(1, 12 * 3):
        door.later = start + timedelta(minutes=20 * count)
        assert http.get(ME).status_code == 200
    door.later = start + timedelta(hours=12, seconds=1)
    assert code(http.get(ME)) == (401, "session_expired")


def test_another_device_is_logged_out_at_once_and_twice_is_harmless(door: Door) -> None:
    log_in(http := door.browser())
    bearer, plain = token(http), door.browser()
    phone = next(one for one in http.get(SESSIONS).json()["items"] if one["kind"] == "token")
    assert plain.get(ME, headers=bearer).status_code == 200
    for _ in range(2):
        assert http.delete(f"{SESSIONS}/{phone['id']}").status_code == 204
    assert code(plain.get(ME, headers=bearer)) == (401, "session_ended")
    log_in(other := door.browser(), "county2")
    (mine,) = (one["id"] for one in http.get(SESSIONS).json()["items"] if one["current"])
    assert code(other.delete(f"{SESSIONS}/{mine}")) == (404, "not_found")
    assert http.get(ME).status_code == 200


def test_a_password_of_ones_own_ends_every_other_session(door: Door) -> None:
    log_in(http := door.browser())
    log_in(elsewhere := door.browser())
    sent = {"old": PASSWORD, "new": OTHER_PASSWORD}
    assert http.put(f"{ME}/password", json=sent).status_code == 204
    assert http.get(ME).status_code == 200
    assert code(elsewhere.get(ME)) == (401, "session_ended")
    assert code(log_in(door.browser())) == (401, "login_failed")
    assert log_in(door.browser(), password=OTHER_PASSWORD).status_code == 201


def test_guessing_the_old_password_gets_slow(door: Door) -> None:
    log_in(http := door.browser())
    sent = {"old": "not the right one", "new": OTHER_PASSWORD}
    for _ in range(FREE_OF_ONE + 1):
        assert code(http.put(f"{ME}/password", json=sent)) == (403, "password_wrong")
    answer = http.put(f"{ME}/password", json={**sent, "old": PASSWORD})
    assert code(answer) == (429, "too_many_attempts")


# ------------------------------------------------------------------ guessing


def test_guessing_gets_slow_where_it_comes_from_and_nowhere_else(door: Door) -> None:
    known = door.browser()
    assert log_in(known).status_code == 201
    guesser = door.browser()
    for _ in range(FREE_OF_ONE + 1):
        assert code(log_in(guesser, password="not the right one")) == (401, "login_failed")
    answer = log_in(guesser)
    assert code(answer) == (429, "too_many_attempts")
    assert 0 < int(answer.headers["retry-after"]) <= 3
    assert log_in(door.browser(CAFE)).status_code == 201, "elsewhere"
    assert log_in(known).status_code == 201, "here, where they logged in before"
    assert log_in(door.browser(), "county2").status_code == 201, "here, somebody else"
    door.later = timedelta(seconds=5)
    assert log_in(guesser).status_code == 201


def test_whoever_is_unknown_costs_what_whoever_is_known_costs(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[bool] = []
    real = Passwords.verified

    def verified(self: Passwords, password: str, kept: str | None) -> str | None:
        looked.append(kept is None)
        return real(self, password, kept)

    monkeypatch.setattr(Passwords, "verified", verified)
    first, second = (
        log_in(door.browser(), handle, "not the right one") for handle in ("county", "nobody")
    )
    assert looked == [False, True]
    assert first.json() == second.json()
    assert first.headers.keys() == second.headers.keys()


@pytest.mark.parametrize(
    ("host", "place"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:0:0:1", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("a-socket", "a-socket"),
    ],
)
def test_one_subscriber_is_one_place(host: str, place: str) -> None:
    """Of IPv6 one subscriber has billions of addresses: each of them would be as good as new."""
    assert address_of(Request({"type": "http", "client": (host, 1)})) == place
    assert address_of(Request({"type": "http"})) == ""


# ------------------------------------------------------------------ the first login


def test_a_password_that_somebody_else_set_opens_nothing_but_its_change(door: Door) -> None:
    add_account(door.parts, "auditor1", "auditor", must_change=True)
    http = door.browser()
    assert log_in(http, "auditor1").json()["must_change_password"] is True
    assert http.get(ME).json()["must_change_password"] is True
    shut = ["/api/v1/cases", "/api/v1/demo/clock"]
    for path in shut:
        assert code(http.get(path)) == (403, "must_change_password")
    sent: Json = {"id": str(uuid4()), "label": "手机"}
    assert code(http.post(f"{ME}/tokens", json=sent)) == (403, "must_change_password")
    sent = {"old": PASSWORD, "new": OTHER_PASSWORD}
    assert http.put(f"{ME}/password", json=sent).status_code == 204
    assert code(http.get("/api/v1/cases")) == (403, "not_allowed")
    assert http.post(f"{ME}/tokens", json={"id": str(uuid4()), "label": "手机"}).status_code == 201


# ------------------------------------------------------------------ the page


def test_the_page_logs_in_and_out_without_a_script(door: Door) -> None:
    http = door.browser()
    form = {"handle": "county", "password": "not the right one", "to": "/desk?lang=en"}
    assert http.post("/login", data=form).status_code == 401
    answer = http.post("/login", data={**form, "password": PASSWORD}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk?lang=en")
    assert http.get(ME).status_code == 200
    assert code(http.post("/logout")) == (403, "csrf_failed")
    mark = http.cookies["guitu_csrf"]
    assert http.post("/logout", data={"csrf": mark}, follow_redirects=False).status_code == 303
    assert code(http.get(ME)) == (401, "login_needed")


@pytest.mark.parametrize(
    "to", ["//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example", "x", ""]
)
def test_the_page_sends_nobody_elsewhere(door: Door, to: str) -> None:
    form = {"handle": "county", "password": PASSWORD, "to": to}
    answer = door.browser().post("/login", data=form, follow_redirects=False)
    assert answer.headers["location"] == "/desk"


def test_what_was_sent_is_not_repeated(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    secret = "不能外传的口令 x"
    for sent in ({"handle": "county", "password": secret}, {"id": secret, "password": [secret]}):
        answer = door.browser().post(SESSIONS, json=sent)
        assert answer.status_code == 422
        assert secret not in answer.text
    answer = log_in(door.browser(), password=secret)
    assert secret not in answer.text + "".join(capsys.readouterr())
    assert Settings().session_hours == 12


def test_where_every_name_is_ours_other_sites_are_not(door: Door) -> None:
    door.parts = replace(door.parts, settings=Settings(hosts=("*",)))
    door.app = create_app(door.parts)
    http = door.browser()
    for origin in ("https://evil.example", "null"):
        http.headers["Origin"] = origin
        assert code(log_in(http)) == (403, "wrong_origin")
    http.headers["Origin"] = BASE
    assert log_in(http).status_code == 201
