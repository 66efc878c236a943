"""Merging and undoing: cases are about whom the standing merges say, and nothing is lost on the way back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from tests.builders import RING
from tests.databases import new_database
from tests.persons import NOW, case_about, office_of, office_reaching, person, register
from workflow.rules.errors import Conflict, GuituError, Invalid, NotFound, Refused
from workflow.services.merges import Merge, merge_people, merges_of, show_merge, undo_merge
from workflow.services.people import shred_person
from workflow.store import cases, merges
from workflow.store.reach import Reach
from workflow.store.unit_of_work import UnitOfWork

REASON = "两份档案是同一人"


@pytest.fixture
def uow() -> Iterator[UnitOfWork]:
    with UnitOfWork(new_database(), RING) as found:
        for n in range(6):
            register(found, n, name=f"某{n}")
        yield found


def merge_id(n: int) -> UUID:
    return UUID(int=0xE000 + n)


def merge(
    uow: UnitOfWork,
    kept: int,
    merged: int,
    *,
    id: int | None = None,
    reason: str = REASON,
    reach: Reach | None = None,
) -> UUID:
    """Merge one person of a test into another; the merge's id is that of the merged one unless said."""
    found = merge_id(merged if id is None else id)
    ends = {"kept_id": person(kept), "merged_id": person(merged)}
    merge_people(uow, merge_id=found, **ends, reason=reason, clock=NOW, by="w1", reach=reach)
    return found


def undo(uow: UnitOfWork, merge: UUID, **more: Any) -> None:
    undo_merge(uow, merge, clock=NOW, by="w2", **more)


def subjects(uow: UnitOfWork) -> dict[UUID, UUID]:
    """Whom each case is about."""
    query = select(merges.CASES.c.id, merges.CASES.c.subject_id)
    return {row.id: row.subject_id for row in uow.session.execute(query)}


def refused(code: str, act: Any, *args: Any, **named: Any) -> GuituError:
    with pytest.raises(GuituError) as caught:
        act(*args, **named)
    assert caught.value.code == code
    return caught.value


# ------------------------------------------------------------------ merging


def test_the_cases_of_a_merged_row_are_about_the_person_kept(uow: UnitOfWork) -> None:
    first, second = case_about(uow, 1, ended=True), case_about(uow, 2)
    merge(uow, kept=1, merged=2)
    assert subjects(uow) == {first: person(1), second: person(1)}
    assert merges.root_of(uow.session, person(2)) == person(1)
    assert merges.same_as(uow.session, person(2)) == [person(1), person(2)]
    assert merges.open_case_of(uow.session, person(1)) == second


def test_the_reason_is_read_back_and_lies_sealed(uow: UnitOfWork) -> None:
    done = merge(uow, kept=1, merged=2)
    (found,) = merges_of(uow, person(2))
    assert found == Merge(done, person(1), person(2), REASON, NOW.now, "w1", None, None)
    sealed = uow.session.execute(select(merges.MERGES.c.reason)).scalar_one()
    assert REASON.encode() not in sealed


@pytest.mark.parametrize("shredded", [1, 2])
def test_the_reason_goes_with_either_of_the_two(uow: UnitOfWork, shredded: int) -> None:
    merge(uow, kept=1, merged=2)
    shred_person(uow, person(shredded), clock=NOW, by="w1")
    (found,) = merges_of(uow, person(1))
    assert found.reason is None
    undo(uow, found.id)
    assert merges.root_of(uow.session, person(2)) == person(2)


def test_sending_a_merge_twice_is_harmless(uow: UnitOfWork) -> None:
    done = merge(uow, kept=1, merged=2)
    merge(uow, kept=1, merged=2)
    undo(uow, done)
    merge(uow, kept=1, merged=2)  # the same request, come late: it does not undo the undoing
    assert merges.root_of(uow.session, person(2)) == person(2)
    merge(uow, kept=1, merged=2, id=77)
    assert merges.root_of(uow.session, person(2)) == person(1)


def test_the_same_id_with_other_content_is_a_conflict(uow: UnitOfWork) -> None:
    merge(uow, kept=1, merged=2, id=9)
    for kept, merged, reason in ((3, 2, REASON), (1, 3, REASON), (1, 2, "另一个理由")):
        with pytest.raises(Conflict, match="merge_id_conflict"):
            merge(uow, kept, merged, id=9, reason=reason)


def test_what_would_be_no_forest_is_refused(uow: UnitOfWork) -> None:
    refused("merge_into_itself", merge, uow, 1, 1)
    merge(uow, kept=1, merged=2)
    error = refused("already_merged", merge, uow, 3, 2, id=9)
    assert error.facts["into"] == str(person(1))
    refused("merge_in_circle", merge, uow, 2, 1)
    merge(uow, kept=2, merged=3)
    refused("merge_in_circle", merge, uow, 3, 1)


def test_a_merge_needs_a_reason_and_two_known_persons(uow: UnitOfWork) -> None:
    with pytest.raises(Invalid, match="merge_reason_missing"):
        merge(uow, 1, 2, reason=" \n")
    for kept, merged in ((1, 9), (9, 1)):
        with pytest.raises(NotFound, match="not_found"):
            merge(uow, kept, merged)


def test_one_whom_nobody_can_read_is_merged_with_nobody(uow: UnitOfWork) -> None:
    shred_person(uow, person(2), clock=NOW, by="w1")
    refused("key_shredded", merge, uow, 1, 2)
    refused("key_shredded", merge, uow, 2, 1)


def test_two_open_cases_are_not_made_one_persons(uow: UnitOfWork) -> None:
    first, second = case_about(uow, 1), case_about(uow, 2)
    refused("both_have_open_cases", merge, uow, 1, 2)
    assert subjects(uow) == {first: person(1), second: person(2)}
    cases.set_values(uow.session, second, ended_on=NOW.today)
    merge(uow, kept=1, merged=2)


def test_the_open_case_of_a_row_merged_before_counts(uow: UnitOfWork) -> None:
    case_about(uow, 3)
    case_about(uow, 1)
    merge(uow, kept=2, merged=3)
    refused("both_have_open_cases", merge, uow, 1, 2)
    refused("both_have_open_cases", merge, uow, 3, 1)


def test_who_is_out_of_reach_cannot_be_merged(uow: UnitOfWork) -> None:
    here, there = office_reaching(uow, 1), office_reaching(uow, 2)
    case_about(uow, 1, office_id=office_of(here))
    case_about(uow, 2, office_id=office_of(there), ended=True)
    for reach in (here, there):
        refused("not_found", merge, uow, 1, 2, reach=reach)
    both = Reach(offices=here.offices | there.offices)
    done = merge(uow, kept=1, merged=2, reach=both)
    refused("not_found", undo, uow, done, reach=Reach())
    undo(uow, done, reach=both)
    (seen,) = merges_of(uow, person(1), reach=here)
    assert seen.reason is None, "it tells of somebody who is out of reach again"
    assert [each.reason for each in merges_of(uow, person(1), reach=both)] == [REASON]
    assert show_merge(uow, done, reach=here) == seen
    refused("not_found", show_merge, uow, done, reach=Reach())


# ------------------------------------------------------------------ undoing


def test_undoing_gives_back_what_was_and_what_was_opened_since(uow: UnitOfWork) -> None:
    old, kept = case_about(uow, 2, ended=True), case_about(uow, 1, ended=True)
    done = merge(uow, kept=1, merged=2)
    since = case_about(uow, 2)
    assert subjects(uow)[since] == person(1)
    undo(uow, done)
    assert subjects(uow) == {old: person(2), kept: person(1), since: person(2)}
    (found,) = merges_of(uow, person(1))
    assert (found.undone_at, found.undone_by) == (NOW.now, "w2")


def test_a_chain_is_undone_in_any_order(uow: UnitOfWork) -> None:
    about = {n: case_about(uow, n, ended=True) for n in (1, 2, 3)}
    inner, outer = merge(uow, kept=2, merged=3), merge(uow, kept=1, merged=2)
    assert set(subjects(uow).values()) == {person(1)}
    undo(uow, inner)
    assert subjects(uow) == {about[1]: person(1), about[2]: person(1), about[3]: person(3)}
    merge(uow, kept=2, merged=3, id=7)
    undo(uow, outer)
    assert subjects(uow) == {about[1]: person(1), about[2]: person(2), about[3]: person(2)}


def test_undoing_twice_is_harmless(uow: UnitOfWork) -> None:
    done = merge(uow, kept=1, merged=2)
    undo(uow, done)
    merge(uow, kept=1, merged=2, id=7)
    undo(uow, done)
    assert merges.root_of(uow.session, person(2)) == person(1)
    refused("not_found", undo, uow, merge_id(99))


# ------------------------------------------------------------------ whatever is merged and undone


@dataclass
class Picture:
    """The same by the simplest means: standing links in a dict, followed one by one."""

    links: dict[int, int] = field(default_factory=dict)
    made: list[tuple[UUID, int, int]] = field(default_factory=list)
    undone: set[UUID] = field(default_factory=set)
    about: dict[UUID, int] = field(default_factory=dict)
    open: set[UUID] = field(default_factory=set)

    def root(self, n: int) -> int:
        while n in self.links:
            n = self.links[n]
        return n

    def has_open(self, root: int) -> bool:
        return any(self.root(self.about[case]) == root for case in self.open)

    def refusal(self, kept: int, merged: int) -> str | None:
        if kept == merged:
            return "merge_into_itself"
        if merged in self.links:
            return "already_merged"
        if self.root(kept) == merged:
            return "merge_in_circle"
        both = self.has_open(self.root(kept)) and self.has_open(merged)
        return "both_have_open_cases" if both else None

    @property
    def subjects(self) -> dict[UUID, UUID]:
        return {case: person(self.root(n)) for case, n in self.about.items()}


someone = st.integers(0, 5)
actions = st.lists(
    st.one_of(
        st.tuples(st.just("merge"), someone, someone),
        st.tuples(st.just("merge"), someone, someone),
        st.tuples(st.just("undo"), st.integers(0, 20), st.just(0)),
        st.tuples(st.just("open"), someone, st.just(0)),
        st.tuples(st.just("end"), st.integers(0, 20), st.just(0)),
    ),
    max_size=25,
)


def act(uow: UnitOfWork, picture: Picture, what: str, one: int, two: int) -> None:
    """Do one thing, in the database and in the picture."""
    if what == "merge":
        code = picture.refusal(one, two)
        if code:
            refused(code, merge, uow, one, two, id=1000)
            return
        before = picture.subjects
        made = merge(uow, one, two, id=len(picture.made))
        undo(uow, made)
        assert subjects(uow) == before, "undone at once, it is as if it had never been"
        made = merge(uow, one, two, id=len(picture.made) + 500)
        picture.made.append((made, one, two))
        picture.links[two] = one
    elif what == "undo" and picture.made:
        made, _, merged = picture.made[one % len(picture.made)]
        undo(uow, made)
        if made not in picture.undone:
            picture.undone.add(made)
            del picture.links[merged]
    elif what == "open" and not picture.has_open(picture.root(one)):
        case = case_about(uow, one)
        picture.about[case] = one
        picture.open.add(case)
    elif what == "end" and picture.open:
        case = sorted(picture.open)[one % len(picture.open)]
        cases.set_values(uow.session, case, ended_on=NOW.today)
        picture.open.remove(case)


@pytest.mark.slow
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions, st.randoms(use_true_random=False))
def test_cases_are_about_whom_the_standing_merges_say(
    uow: UnitOfWork, steps: list[tuple[str, int, int]], chance: Any
) -> None:
    with uow.session.begin_nested() as example:
        picture = Picture()
        for step in steps:
            act(uow, picture, *step)
            assert subjects(uow) == picture.subjects
            roots = merges.roots_of(uow.session, [person(n) for n in range(6)])
            assert roots == {person(n): person(picture.root(n)) for n in range(6)}
        for made, _, _ in chance.sample(picture.made, len(picture.made)):
            undo(uow, made)
        assert subjects(uow) == {case: person(n) for case, n in picture.about.items()}
        example.rollback()


# ------------------------------------------------------------------ at once


def test_merges_at_once_never_make_a_circle(tmp_path: Path) -> None:
    """Each of a ring of rows is merged into the next by a thread of its own: one must be told no."""
    engine = new_database(shared_in=tmp_path)
    with UnitOfWork(engine, RING) as uow:
        for n in range(6):
            register(uow, n, name=f"某{n}")
    for attempt in range(3):
        with ThreadPoolExecutor(6) as threads:
            told = list(threads.map(partial(merge_next, engine, attempt), range(6)))
        assert sorted(filter(None, told)) == ["merge_in_circle"]
        with UnitOfWork(engine, RING) as uow:
            roots = merges.roots_of(uow.session, [person(n) for n in range(6)])
            assert len(set(roots.values())) == 1
            for n in range(6):
                with suppress(NotFound):
                    undo(uow, merge_id(attempt * 10 + n))


def merge_next(engine: Engine, attempt: int, n: int) -> str | None:
    """Merge one row of the ring into the next; the code of the refusal, if it was refused."""
    try:
        with UnitOfWork(engine, RING) as uow:
            merge(uow, kept=(n + 1) % 6, merged=n, id=attempt * 10 + n)
    except Refused as error:
        return error.code
    return None
