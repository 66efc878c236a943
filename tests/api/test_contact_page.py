"""The page where one sets how one is told: a form that needs no script, its mark, and the reason where it cannot be kept."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.api.clients import BASE
from tests.api.worlds import World, a_world

CONTACT = "/api/v1/me/contact"
FORM = {
    "channel_0": "wecom",
    "channel_1": "email",
    "channel_2": "",
    "channel_3": "",
    "wecom": "LiSi",
    "email": "lisi@office.example",
    "webhook": "",
    "digest_at": "09:15",
    "language": "en",
    "version": "0",
}


@pytest.fixture
def world() -> Iterator[World]:
    with a_world() as found:
        yield found


def send(world: World, **changed: str) -> Any:
    http = world.clients["w1"]
    return post(world, {**FORM, "csrf": http.headers["X-CSRF-Token"], **changed})


def post(world: World, form: dict[str, str]) -> Any:
    http = world.clients["w1"]
    return http.post("/contact", data=form, headers={"Origin": BASE}, follow_redirects=False)


class Shown(HTMLParser):
    """What a browser would send of the form as it is shown."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._choice = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A field with its value, or an option that is chosen."""
        given = {name: value or "" for name, value in attrs}
        if tag == "select":
            self._choice = given["name"]
        elif tag == "option" and "selected" in given:
            self.fields[self._choice] = given["value"]
        elif tag == "input":
            self.fields[given["name"]] = given["value"]


def test_what_is_saved_is_what_the_api_shows_and_the_form_shows_again(world: World) -> None:
    answer = send(world)
    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox")
    kept = world.clients["w1"].get(CONTACT).json()
    assert kept["channels"] == ["wecom", "email"]
    assert (kept["digest_at"], kept["language"], kept["version"]) == ("09:15", "en", 1)
    assert kept["addresses"] == {"wecom": "LiSi", "email": "lisi@office.example", "webhook": None}
    shown = world.clients["w1"].get("/contact").text
    assert '<option value="wecom" selected>' in shown
    assert 'value="lisi@office.example"' in shown
    assert 'name="version" value="1"' in shown


@pytest.mark.parametrize(
    "channels",
    [["inbox", "email"], ["email", "inbox"], ["email", "inbox", "wecom", "webhook"], []],
)
def test_the_form_sent_as_it_was_shown_changes_nothing(world: World, channels: list[str]) -> None:
    http = world.clients["w1"]
    wished = {
        "channels": channels,
        "digest_at": "09:15",
        "addresses": {
            "email": "lisi@office.example",
            "wecom": "LiSi",
            "webhook": "https://office.example/told",
        },
    }
    assert http.put(CONTACT, json=wished).status_code == 200
    before = http.get(CONTACT).json()
    form = Shown(http.get("/contact").text).fields
    assert post(world, form).status_code == 303
    assert http.get(CONTACT).json() == before
    assert post(world, {**form, "digest_at": "10:00"}).status_code == 303
    after = http.get(CONTACT).json()
    assert (after["channels"], after["digest_at"]) == (channels, "10:00")


@pytest.mark.parametrize(
    ("changed", "status", "why"),
    [
        ({"email": "nobody"}, 422, "有一项填得不对"),
        ({"email": ""}, 422, "没有地址"),
        ({"digest_at": "20:30"}, 422, "08:00"),
        ({"channel_1": "wecom"}, 422, "列了两次"),
        ({"version": "7"}, 409, "又改过"),
    ],
)
def test_what_cannot_be_kept_comes_back_with_the_reason(
    world: World, changed: dict[str, str], status: int, why: str
) -> None:
    answer = send(world, **changed)
    assert answer.status_code == status
    assert why in answer.text
    assert 'value="LiSi"' in answer.text
    assert world.clients["w1"].get(CONTACT).json()["version"] == 0


def test_the_form_needs_its_mark(world: World) -> None:
    world.clients["w1"].headers["X-CSRF-Token"] = ""
    assert send(world, csrf="").status_code == 403


def test_who_is_not_on_the_staff_list_is_told_so(world: World) -> None:
    answer = world.clients["root"].get("/contact")
    assert answer.status_code == 409
    assert "不在人员名册上" in answer.text
    assert "/contact" not in world.clients["root"].get("/inbox").text
    assert 'href="/contact"' in world.clients["w1"].get("/inbox").text
