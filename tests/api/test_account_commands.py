"""`guitu create-admin` and `guitu reset-password`: the way in, which needs a terminal and never an argument."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.bootstrap import Parts, office_parts
from api.cli import app
from api.settings import Settings
from tests.accounts import OTHER_PASSWORD, PASSWORD
from tests.api.test_sessions import ME, code, log_in
from tests.api.test_sessions import Door as Door
from workflow.services.accounts import account_of


class Place:
    """An office's folder, and the command `guitu` in it."""

    def __init__(self, folder: Path) -> None:
        self.env = {"GUITU_DATABASE_URL": f"sqlite:///{folder / 'guitu.db'}"}

    def guitu(self, *arguments: str, typed: str = "", exits: int = 0) -> Result:
        done = CliRunner().invoke(app, list(arguments), env=self.env, input=typed)
        assert done.exit_code == exits, done.output
        assert not typed.strip() or typed.splitlines()[0] not in done.output
        return done

    @property
    def parts(self) -> Parts:
        return office_parts(Settings(database_url=self.env["GUITU_DATABASE_URL"]))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    found = Place(tmp_path)
    found.guitu("migrate")
    return found


FROM_STDIN = "--password-stdin"


def test_the_first_administrator_logs_in_and_sees_no_case(place: Place) -> None:
    place.guitu("create-admin", "admin1", FROM_STDIN, typed=f"{PASSWORD}\n")
    parts = place.parts
    with parts.uow() as uow:
        made = account_of(uow, "admin1")
    assert (made.role, made.must_change, made.created_by) == ("administrator", False, "terminal")
    http = Door(parts).browser()
    assert log_in(http, "admin1").status_code == 201
    assert code(http.get("/api/v1/cases")) == (403, "not_allowed")
    parts.engine.dispose()


def test_it_is_asked_for_twice_and_not_shown(place: Place) -> None:
    place.guitu("create-admin", "admin1", typed=f"{PASSWORD}\nanother one entirely\n", exits=1)
    place.guitu("create-admin", "admin1", typed=f"{PASSWORD}\n{PASSWORD}\n")


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("short\n", "password_unusable"),
        ("\n", "password_unusable"),
        ("", "password_unusable"),
        ("123456789012\n", "password_guessable"),
        ("admin1-admin1\n", "password_guessable"),
    ],
)
def test_a_password_that_anybody_guesses_is_refused(place: Place, typed: str, refusal: str) -> None:
    done = place.guitu("create-admin", "admin1", FROM_STDIN, typed=typed, exits=3)
    assert f"[{refusal}]" in done.stderr
    assert "密码" in done.stderr


def test_no_password_is_an_argument(place: Place) -> None:
    for command in ("create-admin", "reset-password"):
        place.guitu(command, "admin1", PASSWORD, exits=2)
        place.guitu(command, "admin1", "--password", PASSWORD, exits=2)
        assert "--password-stdin" in place.guitu(command, "--help").stdout


def test_a_handle_is_taken_once(place: Place) -> None:
    place.guitu("create-admin", "admin1", FROM_STDIN, typed=f"{PASSWORD}\n")
    done = place.guitu("create-admin", "admin1", FROM_STDIN, typed=f"{PASSWORD}\n", exits=3)
    assert "[handle_taken]" in done.stderr
    done = place.guitu("create-admin", "terminal", FROM_STDIN, typed=f"{PASSWORD}\n", exits=3)
    assert "[account_field_unusable]" in done.stderr


def test_a_lost_administrator_gets_back_in_and_whoever_was_in_is_out(place: Place) -> None:
    place.guitu("create-admin", "admin1", FROM_STDIN, typed=f"{PASSWORD}\n")
    parts = place.parts
    door = Door(parts)
    log_in(before := door.browser(), "admin1")
    place.guitu("reset-password", "admin1", FROM_STDIN, typed=f"{OTHER_PASSWORD}\n")
    assert code(before.get(ME)) == (401, "session_ended")
    assert code(log_in(door.browser(), "admin1")) == (401, "login_failed")
    answer = log_in(door.browser(), "admin1", OTHER_PASSWORD)
    assert answer.json()["must_change_password"] is True
    parts.engine.dispose()
    done = place.guitu("reset-password", "nobody", FROM_STDIN, typed=f"{PASSWORD}\n", exits=3)
    assert "[not_found]" in done.stderr
