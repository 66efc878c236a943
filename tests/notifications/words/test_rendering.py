"""A message in words: Chinese and English, counts and case codes, and counts alone where others may see it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.content import Content, Item, Sort, content_of
from notifications.words import rendered
from tests.notifications.saying import MARKERS, TODAY, case, contents, item
from workflow.rules.case_codes import case_code
from workflow.rules.sentences import Language
from workflow.rules.sentences.labels import KINDS

CODE = re.compile(r"[A-Z][2-9][A-Z][2-9][A-Z]-")
MINE = (
    item(1, pressing="overdue", late=9),
    item(1, "visit", pressing="overdue", late=2),
    item(2, pressing="statutory"),
    item(3, pressing="coming", late=-7, because="deputy"),
)


def words(
    *given_items: Item,
    sort: Sort = "digest",
    as_role: str = "community_worker",
    language: Language = "zh",
    counts_only: bool = False,
    link: str | None = None,
) -> tuple[str, list[str]]:
    content = content_of(given_items, sort=sort, as_role=as_role, for_day=TODAY, language=language)
    found = rendered(content, counts_only=counts_only, link=link)
    return found.title, found.body.split("\n")


def test_a_digest_in_chinese() -> None:
    one, two, three = (case_code(case(n)) for n in (1, 2, 3))
    assert words(*MINE) == (
        "今日待办：4 项（法定 1，逾期 2）",
        [
            "2026-12-01",
            "法定时限：1 项",
            f"　个案 {two}",
            "已逾期：2 项",
            f"　个案 {one}",
            "即将到期：1 项",
            f"　个案 {three}",
            "其中代班 1 项",
            "请登录查看。",
        ],
    )


def test_a_digest_in_english() -> None:
    title, body = words(*MINE, language="en", link="https://case.example/")
    assert title == "To do today: 4 (1 by law, 2 overdue)"
    assert body[1] == "By law: 1"
    assert body[-1] == "See: https://case.example/"


def test_who_leads_reads_owners_ages_and_gaps() -> None:
    title, body = words(
        item(1, pressing="overdue", late=9),
        item(2, pressing="overdue", late=1, owner="community_police", because="empty"),
        as_role="supervisor",
        counts_only=True,
    )
    assert title == "今日督办：2 项（逾期 2）"
    assert body[1:-1] == [
        "已逾期 · 社区岗 · 晚 8–30 天：1 项",
        "已逾期 · 辖区岗 · 晚 1–3 天：1 项",
        "缺口：空岗 1",
    ]


@pytest.mark.parametrize(
    ("sort", "title"),
    [
        ("later", "今日补充：1 项"),
        ("at_once", "限时事项：1 项，请今天办理"),
        ("alarm", "系统提醒：请查看运行情况"),
    ],
)
def test_each_sort_has_a_title_of_its_own(sort: Sort, title: str) -> None:
    assert words(item(), sort=sort)[0] == title


def test_more_cases_than_a_message_names_are_counted() -> None:
    _, body = words(*(item(n, pressing="due") for n in range(1, 41)))
    assert body[3] == "　另有 20 个个案"


@given(contents(), st.booleans())
def test_no_marker_and_no_kind_comes_through(content: Content, counts_only: bool) -> None:
    """Whatever a row holds in its kind, occurrence, owner or reason: its words are not those of a message."""
    found = rendered(content, counts_only=counts_only, link=None)
    text = f"{found.title}\n{found.body}"
    assert not [each for each in (*MARKERS, *KINDS) if each in text]
    assert not [label for label in KINDS.values() if label.zh in text or label.en in text]
    assert "\n" not in found.title
    if counts_only:
        assert not CODE.search(text)


@given(contents())
def test_the_same_content_gives_the_same_words(content: Content) -> None:
    """What is sent a second time under one id has to be what was sent the first time."""
    kept = Content.from_json(content.to_json())
    first, second = (rendered(one, counts_only=False, link=None) for one in (content, kept))
    assert first == second
