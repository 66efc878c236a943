"""What phones are told: whatever happens meanwhile, in the end a phone holds what a new one would be given."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.backups import backed_up, restored
from tests.builders import DAY, new_event
from tests.counties import County, a_county, named
from tests.databases import empty_database
from tests.phones import Phone, phone_of
from tests.tampering import unguard
from workflow.rules.errors import GuituError, Refused
from workflow.services import phones
from workflow.services.clock import Instant
from workflow.services.merges import merge_people, undo_merge
from workflow.services.people import shred_person, update_person
from workflow.services.phone_sections import stands_in_for
from workflow.services.staffing import end_posting, post, shred_staff
from workflow.store.migrating import migrate
from workflow.store.people import Profile

pytestmark = pytest.mark.databases("sqlite", "postgres")

FIRST = date(2024, 1, 8)
TODAY = date(2024, 3, 5)
NAMES = ("甲", "乙", "丙", "丁", "戊", "己")
WAS = "庚"
"""Somebody whose case ended before another one was opened under another row."""


def case_of(name: str) -> UUID:
    return named(f"case {name}")


def _cases(county: County) -> None:
    county.add_worker("d1", "north", "community_doctor")
    for n, name in enumerate(NAMES):
        office, worker = ("south", "w3") if name == "己" else ("north", "w1")
        county.in_detox(office, name, FIRST + n * DAY, (worker,))
    county.in_detox("north", WAS, FIRST)
    died = new_event("died", FIRST + 20 * DAY, id="gone", document_no="D-9")
    county.record(FIRST + 20 * DAY, died, case_id=case_of(WAS))
    county.record(
        TODAY - DAY,
        new_event("helper_assigned", TODAY - DAY, role="community_doctor", helper="d1"),
        case_id=case_of("甲"),
    )
    county.tick(TODAY - DAY)


@contextmanager
def the_county() -> Iterator[County]:
    with a_county(filled=_cases) as found:
        yield found


@pytest.fixture
def county() -> Iterator[County]:
    with the_county() as found:
        yield found


@pytest.fixture
def phone(county: County) -> Phone:
    return phone_of(county, "w1", "worker", Instant.on(TODAY))


def visit(county: County, name: str, on: date) -> None:
    event = new_event("visited", on, id=str(uuid4()))
    county.record(on, event, case_id=case_of(name))


def test_a_phone_is_told_what_is_new_and_nothing_twice(county: County, phone: Phone) -> None:
    phone.pull(TODAY)
    assert set(phone.cases) >= {case_of(name) for name in NAMES if name != "己"}
    (page,) = phone.pull(TODAY)
    assert not (page.cases)
    assert not (page.sections)
    assert not (page.removed)
    assert not (page.whole)
    assert not (page.is_news)
    visit(county, "乙", TODAY)
    (page,) = phone.pull(TODAY)
    assert set(page.cases) == {case_of("乙")}
    assert phone.case(case_of("乙"))["events"][-1]["event"] == "visited"


def test_a_day_that_changes_nothing_sends_nothing(county: County, phone: Phone) -> None:
    """What is due the phone says itself; only what the day made otherwise travels."""
    phone.pull(TODAY)
    before = dict(phone.cases)
    (page,) = phone.pull(TODAY + DAY)
    assert not page.cases.items() & before.items()
    assert len(page.cases) < len(before)


def test_what_left_the_reach_is_wiped(county: County, phone: Phone) -> None:
    phone.pull(TODAY)
    with county.uow() as uow:
        clock = Instant.on(TODAY)
        posting = named("post w1")
        end_posting(uow, posting_id=posting, last_on=TODAY - DAY, clock=clock, by="root")
    (page,) = phone.pull(TODAY)
    assert page.removed
    assert phone.cases == {}
    assert json.loads(phone.sections["inbox"]) == []


def test_who_ended_is_wiped_but_for_what_outlives_it_and_who_is_sealed_is_wiped_whole(
    county: County, phone: Phone
) -> None:
    phone.pull(TODAY)
    died = new_event("died", TODAY, document_no="D-1")
    county.record(TODAY, died, case_id=case_of("乙"))
    phone.pull(TODAY)
    left = phone.case(case_of("乙"))
    assert left["ended_on"] == str(TODAY)
    assert [one["kind"] for one in left["obligations"] if "closed_on" not in one]
    with county.uow() as uow:
        shred_person(uow, named("person 乙"), clock=Instant.on(TODAY), by="root")
    (page,) = phone.pull(TODAY)
    assert page.removed == [case_of("乙")]


def test_a_page_that_was_lost_was_never_given(county: County, phone: Phone) -> None:
    first = phone.ask(TODAY, limit=2)
    again = phone.ask(TODAY, limit=2)
    assert first.cases.keys() == again.cases.keys()
    phone.take(again)
    phone.ask(TODAY, limit=2)  # lost
    phone.pull(TODAY, limit=2)
    new = phone.another()
    new.pull(TODAY)
    assert phone.mirror == new.mirror


def test_what_is_recorded_while_a_page_travels_comes_with_the_next(
    county: County, phone: Phone
) -> None:
    page = phone.ask(TODAY)
    visit(county, "乙", TODAY)
    phone.take(page)
    (page,) = phone.pull(TODAY)
    assert set(page.cases) == {case_of("乙")}


def test_of_two_pages_from_one_cursor_the_later_counts(county: County, phone: Phone) -> None:
    """Two windows of one phone that ask at once: whichever was taken, the phone comes right."""
    phone.pull(TODAY)
    visit(county, "乙", TODAY)
    earlier, later = phone.ask(TODAY), phone.ask(TODAY)
    other = replace(phone, cases=dict(phone.cases), sections=dict(phone.sections))
    phone.take(earlier)
    other.take(later)
    assert other.pull(TODAY)[0].cases == {}
    assert phone.pull(TODAY)[0].whole
    assert phone.mirror == other.mirror


def test_a_case_that_cannot_be_read_holds_up_no_other(county: County, phone: Phone) -> None:
    phone.pull(TODAY)
    before = phone.cases[case_of("甲")]
    unguard(county.engine)
    for name in ("甲", "乙"):
        visit(county, name, TODAY)
    with county.engine.begin() as connection:
        later = "UPDATE events SET version = 99 WHERE name = 'visited' AND case_id = "
        case_id = case_of("甲")
        literal = case_id.hex if connection.dialect.name == "sqlite" else str(case_id)
        connection.exec_driver_sql(f"{later}'{literal}'")
    (page,) = phone.pull(TODAY)
    assert (page.unreadable, set(page.cases)) == ([case_of("甲")], {case_of("乙")})
    assert phone.cases[case_of("甲")] == before
    assert not page.more


def test_a_deputy_hears_whose_work_is_theirs(county: County) -> None:
    county.leave("w2", TODAY, TODAY + DAY, "w1")
    with county.uow() as uow:
        assert stands_in_for(uow, "w1", TODAY) == ["w2"]
        assert stands_in_for(uow, "w1", TODAY + 2 * DAY) == []


def test_a_cursor_is_of_one_account(county: County, phone: Phone) -> None:
    phone.pull(TODAY)
    other = phone_of(county, "w3", "worker", Instant.on(TODAY))
    other.cursor, other.cases = phone.cursor, dict(phone.cases)
    assert other.pull(TODAY)[0].whole
    assert set(other.cases) == {case_of("己")}


def test_a_phone_knows_who_is_who_in_its_cases_as_long_as_that_can_be_read(
    county: County, phone: Phone
) -> None:
    phone.pull(TODAY)
    assert json.loads(phone.sections["helpers"]) == {"d1": "工作人员d1", "w1": "工作人员w1"}
    county.add_worker("e1", "north")
    county.by = "e1"
    visit(county, "乙", TODAY)
    county.by = "w1"
    phone.pull(TODAY)
    assert "e1" in json.loads(phone.sections["helpers"])
    with county.uow() as uow:
        clock, posting = Instant.on(TODAY), named("post e1")
        end_posting(uow, posting_id=posting, last_on=TODAY - DAY, clock=clock, by="root")
        shred_staff(uow, staff_id=named("e1"), clock=clock)
    (page,) = phone.pull(TODAY)
    assert set(page.sections) == {"helpers"}
    assert "e1" not in json.loads(phone.sections["helpers"])
    assert not phone.pull(TODAY)[0].sections


def test_a_helper_carries_their_own_chair_only(county: County) -> None:
    phone = phone_of(county, "d1", "helper", Instant.on(TODAY))
    phone.pull(TODAY)
    (found,) = [json.loads(each) for each in phone.cases.values()]
    assert set(found) <= {"id", "version", "policy", "person", "team", "moves", "obligations"}
    assert found["person"] == {"name": "甲"}
    assert found["team"] == {"chairs": [{"role": "community_doctor"}]}
    assert {one["owner"] for one in found.get("obligations", [])} <= {"community_doctor"}
    assert json.loads(phone.sections["helpers"]) == {"d1": "工作人员d1"}
    assert [one["event"] for one in found["moves"]][:1] == ["assignment_acknowledged"]


def test_the_statutory_and_the_overdue_come_first(county: County, phone: Phone) -> None:
    late = TODAY + 40 * DAY
    page = phone.ask(late, limit=3)
    rules = json.loads(page.sections["rules"])

    def place(text: bytes) -> tuple[bool, str]:
        one = json.loads(text)
        owed = [
            o for o in one["obligations"] if o["opens_on"] <= str(late) and "closed_on" not in o
        ]
        law = [o for o in owed if rules[one["policy"]][o["kind"]]["basis"] == "law"]
        return not law, min(o["due_on"] for o in (law or owed))

    places = [place(text) for text in page.cases.values()]
    assert len(places) == 3
    assert places == sorted(places)


def test_a_phone_is_right_after_a_restore(county: County, phone: Phone, tmp_path: Path) -> None:
    """One that took a page since the backup begins anew; one that did not is told what is otherwise now."""
    still = phone.another()
    still.pull(TODAY)
    phone.pull(TODAY)
    backed_up(county.engine, tmp_path / "backup", county.ring)
    visit(county, "乙", TODAY)
    phone.pull(TODAY)
    engine = empty_database()
    migrate(engine)
    restored(engine, tmp_path / "backup", county.ring)
    phone.county = still.county = County(engine)
    visit(still.county, "丙", TODAY)
    assert phone.pull(TODAY)[0].whole
    assert not still.pull(TODAY)[0].whole
    assert "visited" not in [one["event"] for one in phone.case(case_of("乙"))["events"]]
    assert phone.mirror == still.mirror


def test_who_reaches_more_than_a_phone_holds_is_told(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phones, "MOST", 3)  # three thousand cases would take a minute
    with pytest.raises(Refused, match="sync_too_wide"):
        phone.ask(TODAY)


# ------------------------------------------------------------------ whatever happens meanwhile


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("visit"), st.integers(0, 5)),
        st.tuples(st.just("died"), st.integers(0, 5)),
        st.tuples(st.just("seat"), st.integers(0, 5)),
        st.tuples(st.just("rename"), st.integers(0, 5)),
        st.tuples(st.just("shred"), st.integers(0, 5)),
        st.tuples(st.just("merge"), st.integers(0, 4)),
        st.tuples(st.sampled_from(["leave", "post", "unpost", "day", "tick"]), st.integers(0, 3)),
        st.tuples(st.sampled_from(["taken", "lost", "taken", "dropped"]), st.integers(1, 4)),
    ),
    max_size=14,
)


class Life:
    """A county in which things happen, and the phones of a worker and of a helper."""

    def __init__(self, county: County) -> None:
        self.county, self.on, self.count = county, TODAY, 0
        self.merged: UUID | None = None
        self.phones = [
            phone_of(county, "w1", "worker", Instant.on(TODAY)),
            phone_of(county, "d1", "helper", Instant.on(TODAY)),
        ]
        for phone in self.phones:
            phone.pull(TODAY)

    def do(self, what: str, which: int) -> None:
        """One step; what is refused did not happen."""
        self.count += 1
        with suppress(GuituError):
            getattr(self, what)(which)

    def _event(self, name: str, which: int, **data: Any) -> None:
        event = new_event(name, self.on, id=f"{name}-{self.count}", **data)
        self.county.record(self.on, event, case_id=case_of(NAMES[which]))

    def visit(self, which: int) -> None:
        self._event("visited", which, note=f"第{self.count}次")

    def died(self, which: int) -> None:
        self._event("died", which, document_no="D-2")

    def seat(self, which: int) -> None:
        helper = ("d1", "w2")[self.count % 2]
        self._event("helper_assigned", which, role="community_doctor", helper=helper)

    def rename(self, which: int) -> None:
        profile = Profile(name=f"{NAMES[which]}{self.count}", born=date(1985, 11, 11))
        with self.county.uow() as uow:
            person_id = named(f"person {NAMES[which]}")
            update_person(uow, person_id=person_id, profile=profile, clock=self.clock, by="w1")

    def shred(self, which: int) -> None:
        with self.county.uow() as uow:
            shred_person(uow, named(f"person {NAMES[which]}"), clock=self.clock, by="root")

    def merge(self, which: int) -> None:
        with self.county.uow() as uow:
            if self.merged is not None:
                undo_merge(uow, self.merged, clock=self.clock, by="s1")
                self.merged = None
                return
            merge_id = named(f"merge {self.count}")
            merge_people(
                uow,
                merge_id=merge_id,
                kept_id=named(f"person {WAS}"),
                merged_id=named(f"person {NAMES[which]}"),
                reason="同一人",
                clock=self.clock,
                by="s1",
            )
            self.merged = merge_id

    def leave(self, which: int) -> None:
        self.county.leave("w2", self.on, self.on + which * DAY, "w1")

    def post(self, which: int) -> None:
        self._post("w1", ("north", "south")[which % 2])

    def _post(self, handle: str, office: str) -> None:
        with self.county.uow() as uow:
            post(
                uow,
                posting_id=named(f"post {self.count}"),
                staff_id=named(handle),
                office_id=named(office),
                role="community_worker",
                first_on=self.on,
                clock=self.clock,
                by="root",
            )

    def unpost(self, which: int) -> None:
        with self.county.uow() as uow:
            posting, last = named("post w1"), self.on - DAY
            end_posting(uow, posting_id=posting, last_on=last, clock=self.clock, by="root")

    def day(self, which: int) -> None:
        self.on += timedelta(days=which * 9)

    def tick(self, which: int) -> None:
        self.county.tick(self.on)

    def taken(self, limit: int) -> None:
        for phone in self.phones:
            phone.take(phone.ask(self.on, limit=limit))

    def lost(self, limit: int) -> None:
        for phone in self.phones:
            phone.ask(self.on, limit=limit)

    def dropped(self, limit: int) -> None:
        """The answer breaks off in its middle: the phone throws it away, and asks again at once."""
        for phone in self.phones:
            phone.ask(self.on, limit=limit)
            phone.take(phone.ask(self.on, limit=limit))

    def check(self) -> None:
        """After the last pull each phone holds what a new one is given, and is told nothing more."""
        for phone in self.phones:
            phone.pull(self.on, limit=3)
            new = phone.another()
            new.pull(self.on)
            assert phone.mirror == new.mirror
            (page,) = phone.pull(self.on)
            assert not (page.is_news)
            assert not (page.removed)

    @property
    def clock(self) -> Instant:
        return Instant.on(self.on)


CHANGES = (
    ("visit", 0),
    ("died", 1),
    ("seat", 1),
    ("rename", 0),
    ("merge", 2),
    ("leave", 3),
    ("post", 1),
    ("unpost", 0),
    ("day", 3),
)


@pytest.mark.parametrize(("what", "which"), CHANGES, ids=[what for what, _ in CHANGES])
def test_whatever_changes_reaches_the_phones(county: County, what: str, which: int) -> None:
    life = Life(county)
    before = [phone.mirror for phone in life.phones]
    getattr(life, what)(which)
    life.check()
    if what != "leave":  # it changes who is told, which no notice shows yet
        assert [phone.mirror for phone in life.phones] != before


@given(STEPS)
@settings(
    max_examples=10,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_in_the_end_a_phone_holds_what_a_new_one_is_given(steps: list[tuple[str, int]]) -> None:
    with the_county() as county:
        life = Life(county)
        for what, which in steps:
            life.do(what, which)
        life.check()
