"""The plain pages: what they show, that they escape everything, and that they load nothing from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from api.pages.markup import Html, tag
from tests.api.clients import Client, event
from tests.builders import CASE

NASTY = '<script>alert("1")</script>&amp;\''


class Wellformed(HTMLParser):
    """Fails where an end tag has no start."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [
            value or "" for name, value in attrs if name in ("href", "src", "action")
        ]
        assert not any(name.startswith("on") or name == "style" for name, _ in attrs)
        if tag not in ("meta", "link", "input", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture
def overdue(demo: Client) -> Client:
    demo.open(name=NASTY)
    demo.post(event("detected", "2024-01-08", source="inspection", note=NASTY))
    demo.move_clock("2024-01-20")
    return demo


def page(client: Client, path: str) -> str:
    answer = client.http.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    parsed = Wellformed(answer.text)
    assert all(address.startswith(("/", "#")) for address in parsed.addresses)
    assert "<script>alert" not in answer.text
    assert NASTY not in answer.text
    return answer.text


def test_all_people(overdue: Client) -> None:
    shown = page(overdue, "/")
    for words in (
        "归途",
        "演示日期",
        "2024-01-20",
        "发现登记",
        "复核停留在本阶段的原因",
        "逾期 1 项",
        "镇街专干",
        "逾期 5 天",
    ):
        assert words in shown
    assert "&lt;script&gt;" in shown
    assert f"/people/{CASE}" in shown


def test_one_person(overdue: Client) -> None:
    shown = page(overdue, f"/people/{CASE}")
    for words in ("全过程", "应办事项", "为什么", "已通知", "记录", "预计退出日", "cn-national@"):
        assert words in shown


def test_in_english(overdue: Client) -> None:
    for path in ("/", f"/people/{CASE}"):
        shown = page(overdue, f"{path}?lang=en")
        assert '<html lang="en">' in shown
        assert "Office supervisor" in shown
        assert not re.search("应办|责任角色", shown)


def test_chinese_whatever_the_browser_says(overdue: Client) -> None:
    answer = overdue.http.get("/", headers={"Accept-Language": "en"})
    assert '<html lang="zh-CN">' in answer.text


def test_an_office_has_no_clock_form(office: Client) -> None:
    shown = page(office, "/")
    assert "还没有个案" in shown
    assert "demo.js" not in shown
    assert 'id="clock"' not in shown


def test_the_documentation_is_served_from_here(office: Client) -> None:
    shown = Wellformed(office.http.get("/docs").text)
    for address in shown.addresses:
        assert address.startswith("/")
        assert office.http.get(address).status_code == 200
    assert office.http.get("/static/swagger/swagger-ui-bundle.js").status_code == 200


@pytest.mark.parametrize("name", ["site.css", "demo.js", "docs.js", "icon.svg"])
def test_own_files(office: Client, name: str) -> None:
    answer = office.http.get(f"/static/{name}")
    assert answer.status_code == 200
    assert "http://" not in answer.text.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in answer.text


def test_files_of_this_machine_are_not_served(office: Client) -> None:
    for path in ("/static/../views.py", "/static/%2e%2e/views.py", "/static/swagger/../../x"):
        assert office.http.get(path).status_code == 404


def test_a_person_whom_nobody_knows(office: Client) -> None:
    assert office.http.get(f"/people/{CASE}").json()["code"] == "not_found"


def test_every_text_is_escaped() -> None:
    assert tag("p", NASTY, title=NASTY).count("<") == 2
    assert tag("p", ["a", [None, Html("<b>")]]) == "<p>a<b></p>"
