"""The table of roles is whole, says each thing once, and what it does not name is not shown."""

from __future__ import annotations

from itertools import product
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.rules.access import (
    ALL,
    BEFORE_OWN_PASSWORD,
    CONDITIONS,
    GRANTS,
    RESOURCES,
    ROLES,
    Action,
    grant_of,
    shown,
)
from workflow.rules.events import EVENTS

ACTIONS = get_args(Action)
CASE_DATA = (
    *("person", "case", "event", "proposal", "obligation", "team", "timeline"),
    *("worklist", "attachment", "placement", "notice"),
)


def test_no_two_rows_say_something_of_the_same() -> None:
    for role, resource, action in product(ROLES, RESOURCES, ACTIONS):
        rows = [
            each
            for each in GRANTS
            if role in each.roles and each.resource == resource and action in each.actions
        ]
        assert len(rows) <= 1, (role, resource, action)
        assert grant_of(role, resource, action) is (rows[0] if rows else None)


def test_every_word_of_the_table_is_explained_in_both_languages() -> None:
    for each in GRANTS:
        assert each.resource in RESOURCES
        assert each.condition in CONDITIONS
        assert set(each.actions) <= set(ACTIONS)
        assert each.roles
        assert set(each.kinds) <= set(EVENTS)
    assert {each.resource for each in GRANTS} == set(RESOURCES), "a resource that nobody may touch"
    for means in (*ROLES.values(), *RESOURCES.values(), *CONDITIONS.values()):
        assert means.zh
        assert means.en


def test_nobody_without_a_case_of_their_own_reads_case_data() -> None:
    """The administrator and the auditor keep the house; what is about a person is not theirs to read."""
    for role, resource, action in product(("administrator", "auditor"), CASE_DATA, ACTIONS):
        assert grant_of(role, resource, action) is None, (role, resource, action)  # type: ignore[arg-type]


def test_who_proposes_is_never_who_approves_alone() -> None:
    for role in ROLES:
        if grant_of(role, "proposal", "approve"):
            assert role in ("county", "supervisor")
    assert grant_of("worker", "proposal", "approve") is None


def test_the_narrow_roles_read_named_fields_only() -> None:
    for role, resource in product(
        ("helper", "integration"), ("case", "obligation", "worklist", "team")
    ):
        row = grant_of(role, resource, "read")  # type: ignore[arg-type]
        assert row is None or (row.fields != ALL and row.condition in ("team", "offices"))


def test_before_a_password_of_ones_own_nothing_opens_but_its_change() -> None:
    assert {resource for resource, _ in BEFORE_OWN_PASSWORD} == {"session", "password"}


# ------------------------------------------------------------------ what is shown

NAMES = st.sampled_from(["a", "b", "c"])
LEAVES = st.integers() | st.text(max_size=3) | st.none()
ANSWERS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=12,
)
PLACES = st.lists(NAMES, min_size=1, max_size=3).map(".".join)
FIELDS = st.lists(PLACES | PLACES.map(lambda one: f"{one}.*"), max_size=4).map(tuple)


def leaves(answer: Any, place: str = "") -> list[str]:
    """Where an answer holds anything that is not a shell, places in a list counted as one."""
    if isinstance(answer, list):
        return [found for each in answer for found in leaves(each, place)]
    if isinstance(answer, dict):
        return [
            found
            for name, value in answer.items()
            for found in leaves(value, f"{place}.{name}" if place else name)
        ]
    return [place]


def named(fields: tuple[str, ...], place: str) -> bool:
    """Whether a row names this place, or one above it: written another way than the table is."""
    parts = place.split(".")
    above = {".".join(parts[: n + 1]) for n in range(len(parts))}
    return any(field.removesuffix(".*") in above for field in fields)


@given(FIELDS, st.dictionaries(NAMES, ANSWERS, max_size=3))
def test_what_is_shown_is_named_and_what_is_named_is_shown(
    fields: tuple[str, ...], answer: dict[str, Any]
) -> None:
    told = shown(fields, answer)
    assert sorted(leaves(told)) == sorted(one for one in leaves(answer) if named(fields, one))


@given(FIELDS, st.dictionaries(NAMES, ANSWERS, max_size=3))
def test_what_was_redacted_stays_as_it_is(fields: tuple[str, ...], answer: dict[str, Any]) -> None:
    once = shown(fields, answer)
    assert shown(fields, once) == once
    assert shown(ALL, answer) == answer


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ((), {}),
        (("id",), {"id": 1}),
        (("team.chairs.role",), {"team": {"chairs": [{"role": "x"}, {"role": "y"}]}}),
        (("team.*",), {"team": {"chairs": [{"role": "x", "helper": "h"}, {"role": "y"}], "n": 2}}),
        (("team",), {"team": {"chairs": [{"role": "x", "helper": "h"}, {"role": "y"}], "n": 2}}),
        (("tea", "i", "eam.chairs", "d.*"), {}),
        (("team.chair", "team.n.x"), {"team": {}}),
    ],
)
def test_a_nested_field_is_shown_without_its_neighbours(
    fields: tuple[str, ...], told: dict[str, Any]
) -> None:
    answer = {"id": 1, "team": {"chairs": [{"role": "x", "helper": "h"}, {"role": "y"}], "n": 2}}
    assert shown(fields, answer) == told


def test_who_carries_cases_on_a_phone_records_from_where_they_see_them() -> None:
    """One remit says both: what a phone may record, and whose chairs it shows."""
    for role in ROLES:
        seen, recorded = (grant_of(role, "sync", action) for action in ("read", "record"))
        assert (seen and seen.condition) == (recorded and recorded.condition), role
