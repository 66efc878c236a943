"""Profiles: kept whole as JSON, shown by nothing, and compared in one form."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.persons import number
from workflow.store.profiles import Profile, plain_name, plain_phone

BORN = date(1985, 11, 11)
texts = st.none() | st.text(min_size=1)
profiles = st.builds(
    Profile,
    name=texts,
    born=st.none() | st.dates(),
    identity_no=texts,
    phones=st.lists(st.text(min_size=1), max_size=3).map(tuple),
    address=texts,
    note=texts,
)


@given(profiles)
def test_a_profile_comes_back_from_json_as_it_was(profile: Profile) -> None:
    assert Profile.from_json(profile.as_json) == profile


@given(profiles)
def test_whatever_is_written_in_a_profile_can_be_compared(profile: Profile) -> None:
    assert all(text for _, text in profile.findable)


def test_a_profile_shows_nothing_of_a_person() -> None:
    shown = repr(Profile(name="阿孜古丽", phones=("13800000000",), address="山上"))
    assert not set("阿孜古丽138山上") & set(shown)


@pytest.mark.parametrize(
    "written",
    [
        "阿卜杜拉·买买提",
        "阿卜杜拉・买买提",
        "阿卜杜拉•买买提",
        "阿卜杜拉 · 买买提",
        "阿卜杜拉\uff65买买提",
        "阿卜杜拉.买买提",
        "阿卜杜拉\u3000买买提",
        "\u200b阿卜杜拉买买提",
    ],
)
def test_ways_of_writing_one_name_are_one(written: str) -> None:
    assert plain_name(written) == "阿卜杜拉买买提"


def test_names_are_compared_without_case_and_width() -> None:
    assert plain_name("ＬＩ Ming") == plain_name("li ming") == "liming"
    assert plain_name("买买提") != plain_name("买提")


@pytest.mark.parametrize(
    "written",
    [
        "13800000000",
        "+86 138 0000 0000",
        "+86-138-0000-0000",
        "008613800000000",
        "8613800000000",
        "（138）0000-0000",
        "１３８００００００００",
    ],
)
def test_ways_of_writing_one_phone_are_one(written: str) -> None:
    assert plain_phone(written) == "13800000000"


def test_a_landline_is_the_same_with_and_without_the_country() -> None:
    assert plain_phone("+86 10-6552 0000") == plain_phone("010-65520000") == "1065520000"


def test_a_number_abroad_is_no_number_here() -> None:
    assert plain_phone("+852 2345 6789") == plain_phone("00852 23456789") == "+85223456789"
    assert plain_phone("+852 2345 6789") != plain_phone("23456789")


def test_what_tells_nobody_apart_makes_no_mark() -> None:
    assert list(Profile(name="某甲").findable) == []
    assert list(Profile(born=BORN).findable) == []
    assert list(Profile(name=" · ", born=BORN, phones=("无",), identity_no="—").findable) == []


def test_a_birth_date_in_the_number_counts_beside_the_one_written() -> None:
    """Papers disagree now and then, and either may be what the other office wrote down."""
    other = date(1985, 1, 11)
    found = set(Profile(name="某甲", born=other, identity_no=number(BORN)).findable)
    assert {("name_born", "某甲|1985-01-11"), ("name_born", "某甲|1985-11-11")} < found
