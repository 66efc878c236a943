"""Spans of offices are corrected as a whole, and whatever changes, each office has one truth a day."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.builders import DAY, new_database
from tests.databases import drop
from tests.office_trees import (
    CASES,
    COUNTY,
    EAST,
    FIRST,
    NOBODY,
    NORTH,
    OTHER_COUNTY,
    SOUTH,
    TODAY,
    VILLAGE,
    Tree,
    flat,
    planted,
    refused,
)
from workflow.rules.errors import Conflict, GuituError, Invalid, NotFound, Refused
from workflow.services.offices import (
    close_office,
    merge_office_into,
    move_office_under,
    rename_office,
)
from workflow.store import offices
from workflow.store.tables import Found


@pytest.fixture
def tree() -> Tree:
    """Two counties; in the first two townships, and a village in the north one."""
    return planted(Tree(new_database()))


# ------------------------------------------------------------------ correcting


def test_a_corrected_name_was_never_otherwise_and_is_remembered_all_the_same(tree: Tree) -> None:
    before = tree.now
    tree.correct(NORTH, 0, name="北关镇")
    assert tree.names(FIRST)[NORTH] == "北关镇"
    assert tree.names(FIRST, known_at=before)[NORTH] == "北镇"


def test_a_corrected_day_moves_the_span_beside_it_along(tree: Tree) -> None:
    tree.do(rename_office, NORTH, name="北街道", on=date(2026, 2, 1))
    tree.correct(NORTH, 1, first_on=date(2026, 1, 20))
    days = [("北镇", FIRST, date(2026, 1, 19)), ("北街道", date(2026, 1, 20), None)]
    assert tree.spans(NORTH) == days
    tree.correct(NORTH, 0, last_on=date(2026, 2, 4))
    days = [("北镇", FIRST, date(2026, 2, 4)), ("北街道", date(2026, 2, 5), None)]
    assert tree.spans(NORTH) == days


def test_a_closing_that_was_wrong_is_taken_back_or_put_on_its_day(tree: Tree) -> None:
    case_id = tree.case(1, SOUTH)
    tree.do(merge_office_into, SOUTH, into_id=NORTH, on=date(2026, 2, 10))
    tree.correct(SOUTH, 0, last_on=date(2026, 2, 14))
    assert tree.spans(SOUTH) == [("南镇", FIRST, date(2026, 2, 14))]
    assert SOUTH in tree.below(NORTH)
    tree.correct(SOUTH, 0, last_on=None)
    assert SOUTH in tree.names()
    assert SOUTH not in tree.below(NORTH)
    assert tree.office_of(case_id) == NORTH, "a person decides which cases go back"


def test_a_correction_leaves_every_office_under_an_open_one(tree: Tree) -> None:
    tree.do(rename_office, NORTH, name="北街道", on=date(2026, 2, 1))
    cannot: list[tuple[UUID, int, dict[str, Any], str, type[GuituError]]] = [
        (NORTH, 0, {"first_on": FIRST - DAY}, "office_not_open", Refused),
        (NORTH, 0, {"first_on": FIRST + DAY}, "office_not_open", Refused),  # the village was open
        (NORTH, 0, {"parent_id": VILLAGE}, "office_cycle", Refused),
        (NORTH, 0, {"parent_id": SOUTH}, "office_level_not_below", Refused),
        (NORTH, 1, {"first_on": FIRST}, "span_swallows", Refused),
        (NORTH, 0, {"last_on": None}, "span_swallows", Refused),
        (NORTH, 1, {"last_on": TODAY}, "correction_closes", Refused),
        (NORTH, 1, {"first_on": TODAY + DAY}, "day_ahead", Refused),
        (NORTH, 0, {"last_on": TODAY}, "day_ahead", Refused),
        (NORTH, 0, {"last_on": FIRST - DAY}, "dates_reversed", Refused),
        (NORTH, 0, {"name": ""}, "office_name_unusable", Invalid),
    ]
    before = tree.as_of(FIRST), tree.as_of()
    for office_id, number, values, code, kind in cannot:
        with refused(code, kind):
            tree.correct(office_id, number, **values)
    assert (tree.as_of(FIRST), tree.as_of()) == before


def test_a_span_is_corrected_once_and_the_next_one_sees_it(tree: Tree) -> None:
    span = tree.as_of()[1]
    given: dict[str, Any] = {"parent_id": None, "first_on": FIRST, "last_on": None}
    tree.replace(span.span_id, name=span.name, **given)
    assert tree.as_of()[1] == span, "nothing was to be corrected"
    tree.replace(span.span_id, name="通渭", **given)
    with refused("span_replaced", Conflict):
        tree.replace(span.span_id, name="某县", **given)
    with refused("not_found", NotFound):
        tree.replace(NOBODY, name="某县", **given)


def test_a_clock_that_lags_behind_makes_no_second_truth(tree: Tree) -> None:
    opened = tree.now
    tree.now = opened + timedelta(minutes=10)
    tree.do(rename_office, NORTH, name="北街道")
    tree.now = opened + timedelta(minutes=5)  # another machine's clock
    tree.do(rename_office, NORTH, name="北区")
    assert tree.names()[NORTH] == "北区"
    with tree.uow() as uow:
        for minutes in range(-1, 15):
            at = opened + timedelta(minutes=minutes)
            assert_apart(offices.spans_of(uow.session, NORTH, known_at=at))


def assert_apart(spans: Sequence[Found]) -> None:
    """Each span begins on the day after the one before it has ended."""
    for one, following in pairwise(spans):
        assert one.last_on is not None
        assert following.first_on == one.last_on + DAY


# ------------------------------------------------------------------ whatever happens

HOUSE = [COUNTY, OTHER_COUNTY, NORTH, SOUTH, EAST, VILLAGE]
an_office_id, a_day = st.sampled_from(HOUSE), st.dates(FIRST - DAY, TODAY + DAY)
a_change = st.one_of(
    st.tuples(st.just("rename"), an_office_id, st.sampled_from(["甲", "乙"]), a_day),
    st.tuples(st.just("move"), an_office_id, st.none() | an_office_id, a_day),
    st.tuples(st.just("close"), an_office_id, st.none() | an_office_id, a_day),
    st.tuples(st.just("correct"), an_office_id, st.integers(0, 3), a_day),
    st.tuples(st.just("reopen"), an_office_id, st.none(), a_day),
)


def apply(tree: Tree, change: tuple[Any, ...]) -> bool:
    """Make a change, or have it refused; whether it was made."""
    what, office_id, value, on = change
    try:
        if what == "rename":
            tree.do(rename_office, office_id, name=value, on=on)
        elif what == "move":
            tree.do(move_office_under, office_id, parent_id=value, on=on)
        elif what == "close":
            tree.do(close_office, office_id, successor_id=value, on=on)
        else:
            spans = tree.spans(office_id)
            number = (len(spans) - 1) if what == "reopen" else min(value, len(spans) - 1)
            tree.correct(office_id, number, **({"first_on": on} if value else {"last_on": None}))
    except GuituError:
        return False
    return True


def check_whole(tree: Tree) -> None:
    """On each day every office is under an open one, has one name, and every open case is with an open office."""
    with tree.uow() as uow:
        session = uow.session
        for office_id in HOUSE:
            assert_apart(offices.spans_of(session, office_id))
        for on in (FIRST, date(2026, 2, 1), TODAY):
            shown = list(flat(offices.as_of(session, on=on)))
            assert len({each.id for each in shown}) == len(shown)
            known = {each.id: each.level for each in shown}
            assert all(each.parent_id is None or each.parent_id in known for each in shown)
            tops = [each.id for each in shown if each.parent_id is None]
            reached = [offices.below(session, each, on=on) for each in tops]
            assert sum(map(len, reached)) == len(frozenset().union(*reached)), "each has one top"
        open_today = {each.id for each in flat(offices.as_of(session, on=TODAY))}
        query = select(CASES.c.office_id).where(CASES.c.ended_on.is_(None))
        assert set(session.execute(query).scalars()) <= open_today


@pytest.mark.slow
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(a_change, min_size=1, max_size=8))
def test_whatever_changes_no_case_is_left_behind_and_nothing_known_changes(
    changes: list[tuple[Any, ...]],
) -> None:
    engine = new_database()
    tree = planted(Tree(engine))
    tree.open(EAST, parent_id=OTHER_COUNTY)
    cases = [tree.case(n, office_id) for n, office_id in enumerate(HOUSE)]
    days = (FIRST, date(2026, 2, 1), TODAY)

    def seen(at: datetime) -> list[Any]:
        with tree.uow() as uow:
            return [offices.as_of(uow.session, on=on, known_at=at) for on in days]

    known = [(tree.now, seen(tree.now))]
    for change in changes:
        apply(tree, change)
        check_whole(tree)
        known.append((tree.now, seen(tree.now)))
    last = {case_id: tree.placements(case_id)[-1][0] for case_id in cases}
    assert last == {case_id: tree.office_of(case_id) for case_id in cases}
    assert [seen(at) for at, _ in known] == [was for _, was in known]
    drop(engine)


@pytest.mark.databases("postgres", why="SQLite lets one write at a time anyway")
def test_two_offices_that_merge_into_each_other_at_once_leave_one(tree: Tree) -> None:
    cases = [tree.case(1, NORTH), tree.case(2, SOUTH)]

    def merge(office_id: UUID, into_id: UUID) -> None:
        tree.do(merge_office_into, office_id, into_id=into_id)

    with ThreadPoolExecutor(1) as pool:
        with tree.uow() as uow:
            ends = {"office_id": NORTH, "into_id": SOUTH}
            merge_office_into(uow, **ends, on=TODAY, clock=tree.clock(), by="a1")
            other = pool.submit(merge, SOUTH, NORTH)
            with pytest.raises(TimeoutError):
                other.result(0.5)
        with refused("office_not_open"):
            other.result(30)
    check_whole(tree)
    assert {tree.office_of(case_id) for case_id in cases} == {SOUTH}
