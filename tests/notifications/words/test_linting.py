"""The linter: nothing that we say tells anything, and what an office sets is looked at from sender to title."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.content import Content
from notifications.words import rendered
from notifications.words.forbidden import ALONE, ANYWHERE
from notifications.words.linting import Finding, Texts, check_phrases, check_words, findings_in
from tests.notifications.saying import contents
from workflow.rules.events.fields import ROLES
from workflow.rules.sentences.labels import KINDS, STAGE_LABELS

WORDS = [
    word.replace("'", "") for each in (ANYWHERE, ALONE) for words in each.values() for word in words
]


def found_in(text: str) -> list[str]:
    return [found.word for found in findings_in(text, "here")]


def test_no_phrase_tells_anything() -> None:
    assert check_phrases() == []


@given(contents(), st.booleans())
def test_no_message_tells_anything(content: Content, counts_only: bool) -> None:
    """Every combination: sorts, roles, groups, owners, ages, gaps, both languages, codes and none."""
    message = rendered(content, counts_only=counts_only, link="https://cases.office.example/")
    assert not found_in(message.title)
    assert not found_in(message.body)


@pytest.mark.parametrize("word", WORDS)
def test_every_word_of_the_list_is_found(word: str) -> None:
    assert word in found_in(f"— {word.upper()} —")


def test_no_word_of_the_list_is_there_twice() -> None:
    assert len(WORDS) == len(set(WORDS))


@pytest.mark.parametrize(
    "text",
    [
        "县禁毒办",
        "戒 毒 提醒",
        "ｊｉｅ－ｄｕ",
        "jie.du@county.example",
        "https://she-qu-kang-fu.example/",
        "jdb@county.example",
        "Anti-Drug Office",
        "戒\u200b毒",
        "强 制 隔 离",
        "XIDU",
        "请来尿检",
        "派出所",
        "110101199003078515",
        "138-0013-8000",
        "(010) 6552 0000",
        "1101 0119 9003 07851X",
    ],
)
def test_what_tells_is_found_however_it_is_written(text: str) -> None:
    assert list(findings_in(text, "here"))


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-01",
        "https://10.0.0.5:8000/",
        "notice@office.example",
        "damage, hero in charge, place, method, dice",
        "今日待办：14600 项",
        "镇街岗",
        "归途 Guitu",
    ],
)
def test_what_is_innocent_is_let_alone(text: str) -> None:
    assert not list(findings_in(text, "here"))


def test_the_trade_s_own_words_would_be_found() -> None:
    """What the rest of the program calls things by: the reason why messages have words of their own."""
    told = [label for label in (*KINDS.values(), *STAGE_LABELS.values()) if found_in(label.zh)]
    assert len(told) >= 20
    assert found_in(ROLES.labels["community_police"].zh)
    assert found_in(ROLES.labels["volunteer"].zh)


@pytest.mark.parametrize("place", [field.name for field in fields(Texts)])
def test_each_thing_that_an_office_sets_is_looked_at(place: str) -> None:
    assert check_words(Texts(**{place: "禁毒"})) == [
        Finding(place, "substance", "毒"),
    ]
    assert check_words(Texts()) == []


def test_a_number_is_found_and_not_repeated() -> None:
    (found,) = check_words(Texts(signature="咨询电话 13800138000"))
    assert found == Finding("signature", "number", "")
