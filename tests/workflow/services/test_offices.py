"""Offices open, change, close and merge on a day; what was known before stays known, and no case is left behind."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tests.builders import DAY, new_database
from tests.office_trees import (
    ANDING,
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


@pytest.fixture
def tree() -> Tree:
    """Two counties; in the first two townships, and a village in the north one."""
    return planted(Tree(new_database()))


# ------------------------------------------------------------------ opening


def test_the_tree_shows_each_office_below_its_own(tree: Tree) -> None:
    county, other = tree.as_of()
    assert (county.name, county.division, county.level) == ("安定区禁毒办", ANDING, "county")
    assert [each.name for each in county.below] == ["北镇", "南镇"]
    assert [each.id for each in county.below[0].below] == [VILLAGE]
    assert other.below == ()


def test_before_its_first_day_there_is_no_office(tree: Tree) -> None:
    assert tree.as_of(FIRST - DAY) == ()
    assert tree.below(COUNTY, FIRST - DAY) == set()


def test_opening_twice_is_harmless_and_otherwise_a_conflict(tree: Tree) -> None:
    before = tree.as_of()
    tree.open(NORTH, parent_id=COUNTY, name="北镇")
    assert tree.as_of() == before
    given: dict[str, Any] = {"parent_id": COUNTY, "name": "北镇"}
    for key, other in (("name", "东镇"), ("parent_id", None), ("on", TODAY), ("level", "county")):
        with refused("conflict", Conflict):
            tree.open(NORTH, **{**given, key: other})


def test_an_opening_that_arrives_again_after_a_change_undoes_nothing(tree: Tree) -> None:
    tree.do(rename_office, NORTH, name="北街道")
    tree.open(NORTH, parent_id=COUNTY, name="北镇")
    assert tree.names()[NORTH] == "北街道"


def test_an_office_that_cannot_be_is_not_opened(tree: Tree) -> None:
    cannot: list[tuple[dict[str, Any], str, type[GuituError]]] = [
        ({"division": "621199"}, "unknown_division", Refused),
        ({"division": "622421"}, "division_given_up", Refused),
        ({"level": "ward"}, "unknown_office_level", Invalid),
        ({"level": "county"}, "office_level_not_below", Refused),
        ({"name": "  "}, "office_name_unusable", Invalid),
        ({"name": "长" * 201}, "office_name_unusable", Invalid),
        ({"parent_id": NOBODY}, "not_found", NotFound),
        ({"on": TODAY + DAY}, "day_ahead", Refused),
        ({"on": FIRST - DAY}, "office_not_open", Refused),
    ]
    for values, code, kind in cannot:
        with refused(code, kind):
            tree.open(EAST, **{"parent_id": COUNTY, **values})
    with tree.uow() as uow:
        assert not offices.exists(uow.session, EAST)


def test_an_office_of_former_times_may_have_a_code_of_its_time(tree: Tree) -> None:
    tree.open(EAST, division="622421", on=date(2003, 1, 1), name="定西县某所")
    assert tree.names(date(2003, 6, 1)) == {EAST: "定西县某所"}


# ------------------------------------------------------------------ renaming and moving


def test_a_new_name_counts_from_its_day_on(tree: Tree) -> None:
    tree.do(rename_office, NORTH, name=" 北街道 ", on=date(2026, 2, 1))
    assert tree.names(date(2026, 1, 31))[NORTH] == "北镇"
    assert tree.names(date(2026, 2, 1))[NORTH] == "北街道"


def test_what_was_known_before_a_change_stays_known(tree: Tree) -> None:
    before = tree.now
    tree.do(rename_office, NORTH, name="北街道", on=date(2026, 2, 1))
    assert tree.names(TODAY, known_at=before)[NORTH] == "北镇"
    assert tree.names(TODAY, known_at=tree.now)[NORTH] == "北街道"


def test_a_name_of_the_first_day_replaces_the_one_of_the_opening(tree: Tree) -> None:
    tree.do(rename_office, NORTH, name="北街道", on=FIRST)
    assert tree.spans(NORTH) == [("北街道", FIRST, None)]


def test_the_same_name_again_writes_nothing(tree: Tree) -> None:
    tree.do(rename_office, NORTH, name="北镇")
    assert tree.spans(NORTH) == [("北镇", FIRST, None)]


def test_a_name_entered_late_lasts_until_the_next_one(tree: Tree) -> None:
    tree.do(rename_office, NORTH, name="新区", on=date(2026, 2, 20))
    tree.do(rename_office, NORTH, name="街道", on=date(2026, 1, 20))
    assert tree.spans(NORTH) == [
        ("北镇", FIRST, date(2026, 1, 19)),
        ("街道", date(2026, 1, 20), date(2026, 2, 19)),
        ("新区", date(2026, 2, 20), None),
    ]


def test_a_name_entered_late_goes_past_a_move_that_left_the_name_alone(tree: Tree) -> None:
    tree.do(move_office_under, NORTH, parent_id=OTHER_COUNTY, on=date(2026, 2, 20))
    tree.do(rename_office, NORTH, name="街道", on=date(2026, 1, 20))
    assert tree.names()[NORTH] == "街道"
    assert tree.parents()[NORTH] == OTHER_COUNTY


def test_what_moves_takes_along_what_is_below_it(tree: Tree) -> None:
    tree.do(move_office_under, NORTH, parent_id=OTHER_COUNTY, on=date(2026, 2, 1))
    assert tree.below(COUNTY, date(2026, 1, 31)) == {COUNTY, NORTH, SOUTH, VILLAGE}
    assert tree.below(COUNTY) == {COUNTY, SOUTH}
    assert tree.below(OTHER_COUNTY) == {OTHER_COUNTY, NORTH, VILLAGE}


def test_an_office_may_move_to_the_top(tree: Tree) -> None:
    tree.do(move_office_under, NORTH, parent_id=None)
    assert tree.parents()[NORTH] is None


def test_an_office_moves_only_under_a_higher_one_that_is_not_its_own(tree: Tree) -> None:
    cannot: list[tuple[UUID, UUID, str, type[GuituError]]] = [
        (NORTH, NORTH, "office_cycle", Refused),
        (NORTH, VILLAGE, "office_cycle", Refused),
        (NORTH, SOUTH, "office_level_not_below", Refused),
        (NORTH, NOBODY, "not_found", NotFound),
        (NOBODY, COUNTY, "not_found", NotFound),
    ]
    for office_id, parent_id, code, kind in cannot:
        with refused(code, kind):
            tree.do(move_office_under, office_id, parent_id=parent_id)


def test_nothing_moves_under_what_is_closed_on_that_day_or_since(tree: Tree) -> None:
    tree.do(close_office, OTHER_COUNTY, on=date(2026, 2, 10))
    for day in (date(2026, 2, 1), date(2026, 2, 10), TODAY):
        with refused("office_not_open"):
            tree.do(move_office_under, NORTH, parent_id=OTHER_COUNTY, on=day)


def test_no_change_is_recorded_ahead_of_its_day(tree: Tree) -> None:
    for change, values in (
        (rename_office, {"name": "东镇"}),
        (move_office_under, {"parent_id": OTHER_COUNTY}),
        (close_office, {}),
        (merge_office_into, {"into_id": NORTH}),
    ):
        with refused("day_ahead"):
            tree.do(change, SOUTH, on=TODAY + DAY, **values)


# ------------------------------------------------------------------ closing and merging


def test_a_closed_office_is_gone_from_its_day_on(tree: Tree) -> None:
    tree.do(close_office, SOUTH, on=date(2026, 2, 1))
    tree.do(close_office, SOUTH, on=date(2026, 2, 1))
    assert SOUTH in tree.names(date(2026, 1, 31))
    assert SOUTH not in tree.names(date(2026, 2, 1))
    with refused("office_not_open") as told:
        tree.do(close_office, SOUTH, on=TODAY)
    assert told.value.facts["last_on"] == date(2026, 1, 31)


def test_who_still_has_something_closes_only_with_a_successor(tree: Tree) -> None:
    tree.case(1, SOUTH)
    with refused("office_has_cases") as told:
        tree.do(close_office, SOUTH)
    assert told.value.facts["count"] == 1
    with refused("office_has_offices") as told:
        tree.do(close_office, COUNTY)
    assert told.value.facts["count"] == 2


def test_a_case_that_has_ended_holds_nobody_up(tree: Tree) -> None:
    case_id = tree.case(1, SOUTH, ended=True)
    tree.do(close_office, SOUTH)
    assert tree.office_of(case_id) == SOUTH
    assert SOUTH in tree.below(COUNTY), "what has ended is within reach of the office above"


def test_a_merger_hands_every_open_case_over_and_changes_no_past_fact(tree: Tree) -> None:
    moved, ended, other = tree.case(1, SOUTH), tree.case(2, SOUTH, ended=True), tree.case(3, NORTH)
    day = date(2026, 2, 10)
    tree.do(merge_office_into, SOUTH, into_id=NORTH, on=day)
    assert [tree.office_of(case_id) for case_id in (moved, ended, other)] == [NORTH, SOUTH, NORTH]
    assert tree.placements(moved) == [(SOUTH, None, FIRST), (NORTH, SOUTH, day)]
    assert tree.placements(ended) == [(SOUTH, None, FIRST)]
    assert tree.placements(other) == [(NORTH, None, FIRST)]


def test_a_case_that_came_after_the_day_of_the_merger_is_the_successors_since_it_came(
    tree: Tree,
) -> None:
    case_id = tree.case(1, SOUTH, on=date(2026, 2, 20))
    tree.do(merge_office_into, SOUTH, into_id=NORTH, on=date(2026, 2, 10))
    assert tree.placements(case_id)[-1] == (NORTH, SOUTH, date(2026, 2, 20))


def test_a_merger_that_is_sent_twice_hands_over_once(tree: Tree) -> None:
    case_id = tree.case(1, SOUTH)
    for _ in range(2):
        tree.do(merge_office_into, SOUTH, into_id=NORTH)
    assert len(tree.placements(case_id)) == 2


def test_the_successor_takes_over_what_was_below_and_what_had_ended(tree: Tree) -> None:
    tree.do(merge_office_into, NORTH, into_id=SOUTH, on=date(2026, 2, 10))
    assert tree.parents()[VILLAGE] == SOUTH
    assert tree.parents(date(2026, 2, 9))[VILLAGE] == NORTH
    assert tree.below(SOUTH) == {SOUTH, NORTH, VILLAGE}
    assert tree.below(SOUTH, date(2026, 2, 9)) == {SOUTH}


def test_who_takes_over_a_successor_takes_over_all_that_it_had(tree: Tree) -> None:
    tree.open(EAST, parent_id=OTHER_COUNTY)
    case_id = tree.case(1, SOUTH)
    tree.do(merge_office_into, SOUTH, into_id=NORTH, on=date(2026, 2, 10))
    tree.do(merge_office_into, NORTH, into_id=EAST, on=date(2026, 2, 20))
    assert tree.office_of(case_id) == EAST
    assert tree.below(OTHER_COUNTY) == {OTHER_COUNTY, EAST, NORTH, SOUTH, VILLAGE}
    with tree.uow() as uow:
        assert offices.above(uow.session, SOUTH, on=TODAY) == [SOUTH, NORTH, EAST, OTHER_COUNTY]
        assert offices.open_heir(uow.session, SOUTH, on=TODAY) == EAST
        assert offices.open_heir(uow.session, SOUTH, on=date(2026, 2, 1)) == SOUTH


def test_a_merger_needs_a_successor_that_can_take_over(tree: Tree) -> None:
    tree.open(EAST, parent_id=COUNTY)
    tree.do(close_office, EAST, on=date(2026, 2, 20))
    cannot: list[tuple[UUID, UUID, str, type[GuituError]]] = [
        (NORTH, NORTH, "office_cycle", Refused),
        (NORTH, VILLAGE, "office_cycle", Refused),
        (NORTH, EAST, "office_not_open", Refused),
        (NORTH, NOBODY, "not_found", NotFound),
        (NOBODY, NORTH, "not_found", NotFound),
        (OTHER_COUNTY, EAST, "office_not_open", Refused),
        (COUNTY, VILLAGE, "office_cycle", Refused),
    ]
    case_id = tree.case(1, NORTH)
    for office_id, into_id, code, kind in cannot:
        with refused(code, kind):
            tree.do(merge_office_into, office_id, into_id=into_id, on=date(2026, 2, 10))
    assert tree.placements(case_id) == [(NORTH, None, FIRST)]


def test_offices_do_not_come_under_a_successor_of_their_own_level(tree: Tree) -> None:
    tree.open(EAST, parent_id=OTHER_COUNTY)
    with refused("office_level_not_below"):
        tree.do(merge_office_into, COUNTY, into_id=EAST)


def test_an_office_does_not_close_before_what_is_recorded_of_it_later(tree: Tree) -> None:
    tree.do(rename_office, SOUTH, name="南街道", on=date(2026, 2, 20))
    with refused("office_changed_later"):
        tree.do(close_office, SOUTH, on=date(2026, 2, 10))
    with refused("office_never_open"):
        tree.do(close_office, NORTH, on=FIRST)
    tree.do(close_office, SOUTH, on=date(2026, 2, 20))
    assert tree.spans(SOUTH) == [("南镇", FIRST, date(2026, 2, 19))]


def test_a_case_is_placed_only_with_what_is_open(tree: Tree) -> None:
    tree.do(close_office, SOUTH, on=date(2026, 2, 10))
    with tree.uow() as uow:
        assert offices.held_open(uow.session, SOUTH, date(2026, 2, 9))
        assert not offices.held_open(uow.session, SOUTH, date(2026, 2, 10))
        assert not offices.held_open(uow.session, NOBODY, TODAY)
