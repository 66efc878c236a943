"""Staff come, are posted, go on leave and leave; somebody always hears, and what was known stays known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from tests.builders import DAY, new_database
from tests.databases import drop
from tests.office_trees import (
    CASES,
    COUNTY,
    FIRST,
    NOBODY,
    NORTH,
    SOUTH,
    TODAY,
    VILLAGE,
    Tree,
    planted,
    refused,
)
from workflow.rules.errors import Conflict, GuituError, Invalid, NotFound, Refused
from workflow.services.offices import close_office
from workflow.services.people import register_person
from workflow.services.staffing import (
    StaffProfile,
    add_staff,
    end_posting,
    post,
    read_staff,
    record_leave,
    shred_staff,
    unled,
    withdraw_leave,
)
from workflow.store import staff
from workflow.store.profiles import Profile
from workflow.store.tables import ChairRow, StaffRow, table_of

CHAIRS = table_of(ChairRow)
LI, WANG, ZHAO, SUN = (UUID(int=0x5A00 + n) for n in range(1, 5))
HANDLES = {LI: "s1", WANG: "s2", ZHAO: "s3", SUN: "s4"}
LEAVES, POSTINGS = 0x1E000, 0xB0B0000


class Team:
    """Four members of staff beside a small tree of offices."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        for staff_id, handle in HANDLES.items():
            self.add(staff_id, handle=handle, name=f"某{handle}")

    def do(self, service: Callable[..., Any], **values: Any) -> Any:
        with self.tree.uow() as uow:
            return service(uow, clock=self.tree.clock(), by="a1", **values)

    def add(self, staff_id: UUID, **values: Any) -> None:
        self.do(add_staff, staff_id=staff_id, **{"phone": None, **values})

    def shred(self, staff_id: UUID) -> None:
        with self.tree.uow() as uow:
            shred_staff(uow, staff_id=staff_id, clock=self.tree.clock())

    def read(self, *staff_ids: UUID) -> dict[UUID, StaffProfile | None]:
        with self.tree.uow() as uow:
            return read_staff(uow, staff_ids)

    def post(self, number: int, staff_id: UUID, office_id: UUID, role: str, **values: Any) -> UUID:
        posting_id = UUID(int=POSTINGS + number)
        given = {"staff_id": staff_id, "office_id": office_id, "role": role, "first_on": FIRST}
        self.do(post, posting_id=posting_id, **{**given, **values})
        return posting_id

    def leave(
        self,
        number: int,
        staff_id: UUID,
        first_on: date,
        last_on: date,
        deputy_id: UUID | None = None,
    ) -> UUID:
        leave_id = UUID(int=LEAVES + number)
        days = {"first_on": first_on, "last_on": last_on}
        self.do(record_leave, leave_id=leave_id, staff_id=staff_id, deputy_id=deputy_id, **days)
        return leave_id

    def away(self, day: date, known_at: datetime | None = None) -> dict[str, str | None]:
        with self.tree.uow() as uow:
            return staff.on_leave(uow.session, day, known_at=known_at)

    def posted(self, *office_ids: UUID, on: date = TODAY, **asked: Any) -> list[tuple[str, str]]:
        with self.tree.uow() as uow:
            rows = staff.posted(uow.session, office_ids, on, **asked)
            return [(row.handle, row.role) for row in rows]

    def unled(self, *office_ids: UUID, on: date = TODAY) -> frozenset[UUID]:
        with self.tree.uow() as uow:
            return unled(uow, office_ids, on)

    def seat(self, case_id: UUID, handle: str) -> None:
        row = {"case_id": case_id, "role": "community_worker", "helper": handle, "since": FIRST}
        with self.tree.uow() as uow:
            uow.session.execute(insert(CHAIRS), [row])


@pytest.fixture
def team() -> Team:
    return Team(planted(Tree(new_database())))


def day(number: int) -> date:
    """The days of a test, counted from today."""
    return TODAY + number * DAY


# ------------------------------------------------------------------ who they are


def test_who_somebody_is_can_be_read_and_lies_nowhere_in_plain_text(team: Team) -> None:
    team.add(NOBODY, handle="s9", name=" 某张三 ", phone="13800000000")
    assert team.read(NOBODY) == {NOBODY: StaffProfile("某张三", "13800000000")}
    with team.tree.uow() as uow:
        query = select(table_of(StaffRow)).where(table_of(StaffRow).c.id == NOBODY)
        shown = str(tuple(uow.session.execute(query).one()))
        sealed = staff.find(uow.session, NOBODY)
    assert sealed is not None
    assert "张三" not in shown
    assert "某张三".encode() not in sealed.profile
    assert b"13800000000" not in sealed.profile
    assert "某" not in repr(StaffProfile("某张三"))


def test_an_id_that_nobody_has_is_left_out(team: Team) -> None:
    assert team.read(NOBODY, LI) == {LI: StaffProfile("某s1")}


def test_an_id_of_a_person_is_no_member_of_staff(team: Team) -> None:
    team.do(register_person, person_id=NOBODY, profile=Profile(name="某甲"))
    with refused("conflict", Conflict):
        team.add(NOBODY, handle="s9", name="某甲")


def test_adding_twice_is_harmless_and_otherwise_a_conflict(team: Team) -> None:
    team.add(LI, handle="s1", name="某s1")
    for other in ({"handle": "s8"}, {"name": "某李"}, {"phone": "13800000001"}):
        with refused("conflict", Conflict):
            team.add(LI, **{"handle": "s1", "name": "某s1", **other})
    with refused("handle_taken", Conflict):
        team.add(NOBODY, handle="s1", name="某李")


def test_a_handle_and_a_name_are_needed(team: Team) -> None:
    for values in (
        {"handle": "", "name": "某"},
        {"handle": "s 9", "name": "某"},
        {"handle": "s" * 65, "name": "某"},
        {"handle": "s9", "name": "  "},
    ):
        with refused("staff_field_unusable", Invalid):
            team.add(NOBODY, **values)


# ------------------------------------------------------------------ leaving for good


def test_who_has_left_is_unreadable_for_good(team: Team) -> None:
    team.shred(LI)
    team.shred(LI)
    assert team.read(LI, WANG) == {LI: None, WANG: StaffProfile("某s2")}
    with refused("conflict", Conflict):
        team.add(LI, handle="s1", name="某s1")
    with refused("staff_gone"):
        team.post(1, LI, NORTH, "supervisor")
    with refused("staff_gone"):
        team.leave(1, WANG, TODAY, TODAY, deputy_id=LI)
    with refused("not_found", NotFound):
        team.shred(NOBODY)


def test_who_still_works_keeps_their_key(team: Team) -> None:
    posting = team.post(1, LI, NORTH, "community_worker")
    with refused("staff_still_posted"):
        team.shred(LI)
    team.do(end_posting, posting_id=posting, last_on=TODAY - DAY)
    case_id = team.tree.case(1, NORTH)
    team.seat(case_id, "s1")
    with refused("staff_in_chairs"):
        team.shred(LI)
    with team.tree.uow() as uow:
        uow.session.execute(update(CASES).where(CASES.c.id == case_id).values(ended_on=TODAY))
    leave = team.leave(1, WANG, TODAY, day(5), deputy_id=LI)
    with refused("staff_still_deputises"):
        team.shred(LI)
    team.do(withdraw_leave, leave_id=leave)
    team.shred(LI)
    assert team.read(LI) == {LI: None}


# ------------------------------------------------------------------ postings


def test_a_posting_counts_on_its_days(team: Team) -> None:
    team.post(1, LI, NORTH, "supervisor", first_on=FIRST, last_on=day(3))
    team.post(2, WANG, NORTH, "community_worker")
    team.post(3, LI, SOUTH, "supervisor")
    assert team.posted(NORTH, on=FIRST - DAY) == []
    assert team.posted(NORTH, on=day(3)) == [("s1", "supervisor"), ("s2", "community_worker")]
    assert team.posted(NORTH, on=day(4)) == [("s2", "community_worker")]
    assert team.posted(NORTH, SOUTH, on=day(4), role="supervisor") == [("s1", "supervisor")]


def test_a_posting_that_ended_stays_known_as_it_was_known(team: Team) -> None:
    posting = team.post(1, LI, NORTH, "supervisor")
    before = team.tree.now
    new = team.do(end_posting, posting_id=posting, last_on=TODAY - DAY)
    assert team.do(end_posting, posting_id=posting, last_on=TODAY - DAY) == new
    assert team.posted(NORTH) == []
    assert team.posted(NORTH, known_at=before) == [("s1", "supervisor")]
    with refused("posting_replaced", Conflict):
        team.do(end_posting, posting_id=posting, last_on=TODAY)
    team.do(end_posting, posting_id=new, last_on=None)
    assert team.posted(NORTH) == [("s1", "supervisor")]


def test_a_posting_that_cannot_be_is_not_written(team: Team) -> None:
    posting = team.post(1, LI, NORTH, "supervisor", last_on=day(3))
    team.post(1, LI, NORTH, "supervisor", last_on=day(3))
    team.tree.do(close_office, SOUTH, on=date(2026, 2, 10))
    cannot: list[tuple[Callable[[], Any], str, type[GuituError]]] = [
        (partial(team.post, 1, LI, NORTH, "supervisor"), "conflict", Conflict),
        (
            partial(team.post, 2, LI, NORTH, "supervisor", first_on=day(3)),
            "posting_overlaps",
            GuituError,
        ),
        (partial(team.post, 2, LI, NORTH, "a role"), "staff_field_unusable", Invalid),
        (partial(team.post, 2, LI, NORTH, "x", last_on=FIRST - DAY), "dates_reversed", Refused),
        (
            partial(team.post, 2, LI, NORTH, "x", first_on=FIRST - DAY),
            "office_not_open",
            GuituError,
        ),
        (partial(team.post, 2, LI, SOUTH, "x"), "office_not_open", GuituError),
        (partial(team.post, 2, LI, SOUTH, "x", first_on=day(9)), "office_not_open", GuituError),
        (partial(team.post, 2, LI, NOBODY, "x"), "not_found", NotFound),
        (partial(team.post, 2, NOBODY, NORTH, "x"), "not_found", NotFound),
        (partial(team.do, end_posting, posting_id=NOBODY, last_on=None), "not_found", NotFound),
        (
            partial(team.do, end_posting, posting_id=posting, last_on=FIRST - DAY),
            "dates_reversed",
            Refused,
        ),
    ]
    for attempt, code, kind in cannot:
        with refused(code, kind):
            attempt()
    team.post(2, LI, NORTH, "supervisor", first_on=day(4))
    with refused("posting_overlaps"):
        team.do(end_posting, posting_id=posting, last_on=None)
    assert team.posted(NORTH) == [("s1", "supervisor")]
    team.post(3, LI, SOUTH, "x", last_on=date(2026, 2, 9))


# ------------------------------------------------------------------ leave


def test_who_is_away_is_so_on_both_days_and_those_between(team: Team) -> None:
    team.leave(1, LI, day(1), day(3), deputy_id=WANG)
    team.leave(1, LI, day(1), day(3), deputy_id=WANG)
    found = [team.away(day(number)) for number in range(5)]
    assert found == [{}, {"s1": "s2"}, {"s1": "s2"}, {"s1": "s2"}, {}]


def test_a_deputy_who_is_away_passes_it_on(team: Team) -> None:
    team.leave(1, LI, day(1), day(5), deputy_id=WANG)
    team.leave(2, WANG, day(2), day(3), deputy_id=ZHAO)
    team.leave(3, ZHAO, day(3), day(3))
    assert team.away(day(1)) == {"s1": "s2"}
    assert team.away(day(2)) == {"s1": "s3", "s2": "s3"}
    assert team.away(day(3)) == {"s1": None, "s2": None, "s3": None}


def test_deputies_who_are_away_for_each_other_are_nobody(team: Team) -> None:
    team.leave(1, LI, day(1), day(3), deputy_id=WANG)
    team.leave(2, WANG, day(2), day(4), deputy_id=LI)
    assert team.away(day(2)) == {"s1": None, "s2": None}
    assert team.away(day(1)) == {"s1": "s2"}


def test_a_leave_that_is_taken_back_was_known_all_the_same(team: Team) -> None:
    leave = team.leave(1, LI, day(1), day(3), deputy_id=WANG)
    before = team.tree.now
    for _ in range(2):
        team.do(withdraw_leave, leave_id=leave)
    team.leave(1, LI, day(1), day(3), deputy_id=WANG)  # the first request, arriving again
    assert team.away(day(1)) == {}
    assert team.away(day(1), known_at=before) == {"s1": "s2"}
    team.leave(2, LI, day(2), day(6))
    assert team.away(day(6)) == {"s1": None}


def test_a_leave_that_cannot_be_is_not_written(team: Team) -> None:
    team.leave(1, LI, day(1), day(3))
    team.leave(2, ZHAO, day(1), day(4))
    team.leave(3, ZHAO, day(5), day(9))
    cannot: list[tuple[Callable[[], Any], str, type[GuituError]]] = [
        (partial(team.leave, 1, LI, day(1), day(4)), "conflict", Conflict),
        (partial(team.leave, 4, LI, day(3), day(9)), "leave_overlaps", GuituError),
        (partial(team.leave, 4, LI, day(5), day(4)), "dates_reversed", Refused),
        (partial(team.leave, 4, WANG, day(1), day(2), WANG), "deputy_is_self", GuituError),
        (partial(team.leave, 4, WANG, day(2), day(7), ZHAO), "deputy_on_leave", GuituError),
        (partial(team.leave, 4, WANG, day(1), day(2), NOBODY), "not_found", NotFound),
        (partial(team.leave, 4, NOBODY, day(1), day(2)), "not_found", NotFound),
        (partial(team.do, withdraw_leave, leave_id=NOBODY), "not_found", NotFound),
    ]
    for attempt, code, kind in cannot:
        with refused(code, kind):
            attempt()
    team.leave(4, WANG, day(2), day(10), ZHAO)  # on the last day the deputy is back
    assert team.away(day(10)) == {"s2": "s3"}
    assert team.away(day(9))["s2"] is None


# ------------------------------------------------------------------ who leads


def test_an_office_is_led_from_above_also_by_one_out_of_sight(team: Team) -> None:
    assert team.unled(NORTH, VILLAGE, SOUTH) == {NORTH, VILLAGE, SOUTH}
    team.post(1, LI, NORTH, "supervisor", last_on=day(3))
    team.post(2, WANG, COUNTY, "county_office")
    assert team.unled(VILLAGE, SOUTH) == {SOUTH}, (
        "the north is not asked about, and leads the village"
    )
    assert team.unled(VILLAGE, on=day(4)) == {VILLAGE}


# ------------------------------------------------------------------ whatever happens

somebody, a_number = st.sampled_from(list(HANDLES)), st.integers(-3, 6)
a_step = st.one_of(
    st.tuples(st.just("leave"), somebody, a_number, st.integers(0, 4), st.none() | somebody),
    st.tuples(st.just("withdraw"), st.integers(0, 7)),
    st.tuples(st.just("post"), somebody, st.sampled_from([NORTH, COUNTY]), a_number),
    st.tuples(st.just("end"), st.integers(0, 7), a_number),
)


def take(team: Team, number: int, step: tuple[Any, ...]) -> None:
    """Take a step, or have it refused."""
    what, *values = step
    try:
        if what == "leave":
            who, first, length, deputy_id = values
            team.leave(number, who, day(first), day(first + length), deputy_id)
        elif what == "withdraw":
            team.do(withdraw_leave, leave_id=UUID(int=LEAVES + values[0]))
        elif what == "post":
            who, office_id, first = values
            team.post(number, who, office_id, "supervisor", first_on=day(first))
        else:
            posting_id = UUID(int=POSTINGS + values[0])
            team.do(end_posting, posting_id=posting_id, last_on=day(values[1]))
    except GuituError:
        return


@pytest.mark.slow
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(a_step, min_size=1, max_size=8))
def test_whatever_is_recorded_later_what_was_known_stays_so(steps: list[tuple[Any, ...]]) -> None:
    tree = planted(Tree(new_database()))
    team = Team(tree)
    team.post(99, SUN, COUNTY, "supervisor")

    def seen(at: datetime) -> list[Any]:
        found: list[Any] = []
        with tree.uow() as uow:
            for on in map(day, (-2, 1, 4)):
                asked = partial(staff.posted, uow.session, day=on, known_at=at)
                posted = [
                    [row.handle for row in asked(office_ids=[each])] for each in (NORTH, COUNTY)
                ]
                away = staff.on_leave(uow.session, on, known_at=at)
                found.append((away, posted))
        return found

    known = [(tree.now, seen(tree.now))]
    for number, step in enumerate(steps):
        take(team, number, step)
        known.append((tree.now, seen(tree.now)))
        for away, posted in known[-1][1]:
            assert not set(away.values()) & set(away), "no deputy is away"
            assert all(len(set(each)) == len(each) for each in posted), "nobody is posted twice"
    assert [seen(at) for at, _ in known] == [shown for _, shown in known]
    drop(tree.engine)
