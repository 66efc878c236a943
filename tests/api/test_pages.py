"""The plain pages: what they show, that they escape everything, and that they load nothing from elsewhere."""

from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from api.pages.markup import Html, tag
from tests.api.clients import PASSWORD, QUICK, Client, add_account, event
from tests.builders import CASE
from workflow.services.accounts import NewAccount, create_account
from workflow.store import runs

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


def test_the_desk_says_what_is_overdue_and_who_owns_it(overdue: Client) -> None:
    shown = page(overdue, "/desk")
    for words in (
        "归途",
        "演示日期",
        "2024-01-20",
        "复核停留在本阶段的原因",
        "镇街专干",
        "逾期 5 天",
        "4–7 天",
        "每个在办个案都有下一步、日期和责任人。",
        "2024-01-19 的提醒已在",
    ):
        assert words in shown
    assert "&lt;script&gt;" in shown
    assert f"/people/{CASE}" in shown


def test_the_desk_of_the_county_says_what_is_wrong_with_the_runs(office: Client) -> None:
    assert "系统告警" not in page(office, "/desk")
    today = office.parts.clock().today
    with office.parts.uow() as uow:
        for days in (3, 0):
            run, day = uuid4(), today - timedelta(days=days)
            at = office.parts.clock().now - timedelta(days=days)
            runs.begin(uow.session, run, kind="sweep", for_day=day, started_at=at)
            runs.end(uow.session, run, ended_at=at, counts={})
    shown = page(office, "/desk")
    assert "系统告警" in shown
    assert shown.count("这一天没有运行，到期的事后来才通知") == 2


def test_all_people(overdue: Client) -> None:
    shown = page(overdue, "/people")
    for words in ("发现登记", "逾期 1 项", "&lt;script&gt;", f"/people/{CASE}"):
        assert words in shown


def test_the_list_of_what_is_to_be_done(overdue: Client) -> None:
    shown = page(overdue, "/today")
    for words in ("已逾期", "复核停留在本阶段的原因", "逾期 5 天", f"/people/{CASE}"):
        assert words in shown


def test_one_person(overdue: Client) -> None:
    shown = page(overdue, f"/people/{CASE}")
    for words in ("全过程", "应办事项", "为什么", "已通知", "记录", "预计退出日", "cn-national@"):
        assert words in shown


def test_in_english(overdue: Client) -> None:
    for path in ("/desk", "/today", "/people", f"/people/{CASE}"):
        shown = page(overdue, f"{path}?lang=en")
        assert '<html lang="en">' in shown
        assert "Office supervisor" in shown or path == "/people"
        assert not re.search("应办|责任角色", shown)


def test_chinese_whatever_the_browser_says(overdue: Client) -> None:
    answer = overdue.http.get("/desk", headers={"Accept-Language": "en"})
    assert '<html lang="zh-CN">' in answer.text


def test_an_office_has_no_clock_form(office: Client) -> None:
    shown = page(office, "/desk")
    assert "在办 0 人" in shown
    assert "还没有个案" in page(office, "/people")
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


# ------------------------------------------------------------------ who may see which


def test_who_is_not_logged_in_logs_in_and_comes_back(overdue: Client) -> None:
    visitor = overdue.anonymous()
    for path in ("/desk", "/today", "/people", f"/people/{CASE}"):
        sent = visitor.get(path, follow_redirects=False)
        assert sent.status_code == 303
        assert sent.headers["location"] == f"/login?{urlencode({'to': path})}"
    form = visitor.get(f"/login?to=/people/{CASE}").text
    assert f'name="to" value="/people/{CASE}"' in form
    fields = {"handle": "county", "password": PASSWORD, "to": f"/people/{CASE}"}
    seen = visitor.post("/login", data=fields)
    assert (seen.status_code, seen.url.path) == (200, f"/people/{CASE}")


@pytest.mark.parametrize(
    "to", ["//elsewhere.example/", "https://elsewhere.example", "/\\x.example"]
)
def test_logging_in_leads_nowhere_else(overdue: Client, to: str) -> None:
    """A link in a message led through our own login to a page that asked for the password again."""
    fields = {"handle": "county", "password": PASSWORD, "to": to}
    sent = overdue.anonymous().post("/login", data=fields, follow_redirects=False)
    assert sent.headers["location"] == "/desk"


def test_a_wrong_password_says_so_and_keeps_the_way(overdue: Client) -> None:
    fields = {"handle": "county", "password": "x" * 12, "to": "/people"}
    seen = overdue.anonymous().post("/login", data=fields)
    assert seen.status_code == 401
    assert 'role="alert"' in seen.text
    assert 'value="/people"' in seen.text
    assert "x" * 12 not in seen.text


def test_logging_out_needs_the_mark_and_ends_it_on_the_server(overdue: Client) -> None:
    browser = overdue.anonymous()
    browser.post("/login", data={"handle": "county", "password": PASSWORD, "to": "/desk"})
    cookies = dict(browser.cookies)
    assert browser.post("/logout", data={"csrf": "guessed"}).status_code == 403
    mark = re.search(r'name="csrf" value="(\w+)"', browser.get("/desk").text)
    assert mark is not None
    browser.post("/logout", data={"csrf": mark[1]})
    for name, value in cookies.items():
        browser.cookies.set(name, value)
    assert browser.get("/desk", follow_redirects=False).status_code == 303


def test_a_password_that_another_set_opens_nothing_but_its_change(demo: Client) -> None:
    new = NewAccount(uuid4(), "fresh", "county", PASSWORD)
    with demo.parts.uow() as uow:
        create_account(uow, new, passwords=QUICK, clock=demo.parts.wall(), by="test")
    browser = demo.anonymous()
    seen = browser.post("/login", data={"handle": "fresh", "password": PASSWORD, "to": "/people"})
    assert seen.url.path == "/password"
    mark = re.search(r'name="csrf" value="(\w+)"', seen.text)
    assert mark is not None
    fields = {"csrf": mark[1], "old": PASSWORD, "new": "another long one"}
    assert browser.post("/password", data={**fields, "new": "short"}).status_code == 422
    assert browser.post("/password", data=fields).url.path == "/desk"
    assert browser.get("/people").status_code == 200


def test_an_administrator_sees_no_case(demo: Client) -> None:
    add_account(demo.parts, "root", "administrator")
    browser = demo.logged_in("root")
    assert "不查看个案" in browser.get("/desk").text
    for path in ("/today", "/people", f"/people/{CASE}"):
        assert browser.get(path).status_code == 403
