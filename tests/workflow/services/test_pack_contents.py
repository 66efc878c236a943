"""A pack kept as data: read back it is the same pack, and nothing else is ever taken for it."""

import copy
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.rules.pack import Frequency, Pack, Span
from workflow.services.pack_contents import FORM, content_of, digest_of, read_content
from workflow.services.packs import PackRefused, load_pack, shipped_packs
from workflow.services.toml_files import Table

NATIONAL = load_pack("cn-national")
CONTENT = content_of(NATIONAL)
Place = tuple[str | int, ...]


def kept(content: Table) -> Table:
    """As a database gives it back."""
    found: Table = json.loads(json.dumps(content))
    return found


def read(content: Table, name: str = NATIONAL.name) -> Pack:
    """Read content whose digest is right, whoever wrote it."""
    return read_content(name, content, digest_of(content))


def refusal(content: Table, name: str = NATIONAL.name) -> set[tuple[str, str]]:
    with pytest.raises(PackRefused) as refused:
        read(content, name)
    return {(problem.code, problem.key) for problem in refused.value.problems}


def places(content: Any, at: Place = ()) -> Iterator[Place]:
    """Each place in a content."""
    inner: Any = ()
    if isinstance(content, dict):
        inner = content.items()
    elif isinstance(content, list):
        inner = enumerate(content)
    for key, value in inner:
        yield (*at, key)
        yield from places(value, (*at, key))


@pytest.mark.parametrize("pack_id", shipped_packs())
def test_each_pack_that_ships_reads_back_as_itself(pack_id: str) -> None:
    pack = load_pack(pack_id)
    assert read(kept(content_of(pack)), pack.name) == pack


@settings(max_examples=40)
@given(
    tests_missed=st.integers(1, 3660),
    months=st.integers(25, 36),
    breach_bars_exit=st.booleans(),
    visits=st.sampled_from([Frequency((12, 6, 4)), Frequency((1,)), Frequency(every_days=7)]),
)
def test_whatever_numbers_a_pack_has_it_reads_back_as_itself(
    tests_missed: int, months: int, breach_bars_exit: bool, visits: Frequency
) -> None:
    visit = NATIONAL.obligations["visit"]
    levels = dict.fromkeys(("high", "medium", "low"), visits)
    windows = {**visit.windows, "community_detox": {"any": visits}, "recovery": levels}
    rules = {**NATIONAL.obligations, "visit": replace(visit, windows=windows)}
    pack = replace(
        NATIONAL,
        thresholds=replace(NATIONAL.thresholds, tests_missed=tests_missed),
        terms=replace(NATIONAL.terms, recovery_longest=Span(months, "m")),
        settings=replace(NATIONAL.settings, breach_bars_exit=breach_bars_exit),
        obligations=rules,
        lineage=("somewhere@1", "cn-national@2026.11"),
    )
    assert read(kept(content_of(pack))) == pack


def test_the_digest_goes_by_what_is_said_not_by_the_order_of_keys() -> None:
    turned = {key: CONTENT[key] for key in reversed(CONTENT)}
    turned["pack"] = {key: CONTENT["pack"][key] for key in reversed(CONTENT["pack"])}
    assert list(turned) != list(CONTENT)
    assert digest_of(turned) == digest_of(CONTENT)


@given(place=st.sampled_from(list(places(CONTENT))), put=st.sampled_from([None, 3, "x", [], {}]))
def test_whatever_is_changed_in_a_kept_pack_it_is_refused(place: Place, put: object) -> None:
    """Without the right digest it is damage; with it, it has to be a pack."""
    changed: Any = copy.deepcopy(CONTENT)
    inner = changed
    for key in place[:-1]:
        inner = inner[key]
    if inner[place[-1]] == put:
        return
    inner[place[-1]] = put
    with pytest.raises(PackRefused) as refused:
        read_content(NATIONAL.name, changed, digest_of(CONTENT))
    assert refused.value.code == "kept_pack_damaged"
    with suppress(PackRefused):  # whatever else comes out fails the test
        assert read(changed).name == NATIONAL.name


def test_a_kept_pack_goes_through_the_checks_of_a_file() -> None:
    changed = kept(CONTENT)
    changed["pack"]["obligations"]["report_in"]["due"] = "-15 d"
    assert refusal(changed) == {("negative_period", "obligations.report_in.due")}
    changed = kept(CONTENT)
    changed["pack"]["exit"]["since"] = "some day"
    assert refusal(changed) == {("wrong_type", "exit.since")}


def test_a_pack_kept_under_another_name_is_refused() -> None:
    assert refusal(CONTENT, "cn-national@2020.1") == {("kept_pack_damaged", "")}


def test_what_a_later_release_wrote_is_not_guessed_at() -> None:
    assert refusal({**CONTENT, "form": FORM + 1}) == {("kept_pack_form", "form")}


@pytest.mark.parametrize("content", [{"form": FORM}, {**CONTENT, "lineage": "x"}])
def test_half_a_content_is_refused(content: Table) -> None:
    assert refusal(content) == {("kept_pack_damaged", "")}
