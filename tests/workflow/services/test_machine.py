"""
Lives that nobody wrote (Hypothesis): records, late entries, voids, corrections, sweeps, hand-overs, leave, merges,
crashes. After every step the rows are what a fresh fold of the events gives, and nothing known was changed.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests import databases
from tests.builders import DAY
from tests.counties import County, a_county, named, way_to_detox
from tests.walks import _choices, plausible
from workflow.rules.case import Case
from workflow.rules.errors import GuituError
from workflow.rules.events import EVENTS
from workflow.rules.fold import fold
from workflow.rules.history import history_of
from workflow.services.case_files import load
from workflow.services.clock import Instant
from workflow.services.handing_over import hand_over, hand_over_caseload
from workflow.services.merges import merge_people, undo_merge
from workflow.services.opening import NewCase, open_case
from workflow.services.recording import NewEvent, correct_event, record
from workflow.services.verifying import verify
from workflow.store.people import Profile

pytestmark = [pytest.mark.databases("sqlite", "postgres"), pytest.mark.slow]

FIRST = date(2024, 1, 8)
OFFICES = ("north", "south", "county")
HELPERS = ("w1", "w2", "w3", "s1")
PICKS = st.integers(0, 9999)
EXAMPLES = 7
"""A life takes a second or two; more of them are lived where somebody waits for them."""


class Killed(BaseException):
    """The process died here."""


class Life(RuleBasedStateMachine):
    """A county whose people, workers and days go as the dice fall."""

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        folder = self.open.enter_context(TemporaryDirectory(dir=os.environ[databases.RUN]))
        self.county: County = self.open.enter_context(a_county(shared_in=Path(folder)))
        self.day = FIRST
        self.number = 0
        self.cases: list[UUID] = []
        self.people: list[UUID] = []
        self.merged: list[UUID] = []
        self.known: dict[UUID, int] = {}

    def teardown(self) -> None:
        self.open.close()

    # -------------------------------------------------------------- beginnings

    @initialize(early=st.booleans())
    def begin(self, early: bool) -> None:
        """Two people on record, one of them perhaps in community detox already."""
        self.open_for("甲", "north")
        self.open_for("乙", "south")
        if early:
            for day, request in way_to_detox(FIRST, "甲", ("w1", "w2")):
                self.day = max(self.day, day)
                self.county.record(day, *request, case_id=self.cases[0])

    @rule(pick=PICKS)
    def open_another(self, pick: int) -> None:
        """A new case of somebody; refused while they have one."""
        person = self.people[pick % len(self.people)]
        self.tried(lambda: self.open_case(person, OFFICES[pick % len(OFFICES)], f"n{self.next()}"))

    # -------------------------------------------------------------- what is recorded

    @rule(which=PICKS, pick=PICKS, choice=PICKS)
    def record(self, which: int, pick: int, choice: int) -> None:
        """Something happens today."""
        self.take(self.case_of(which), self.day, pick, choice)

    @rule(which=PICKS, pick=PICKS, choice=PICKS, back=st.integers(1, 90))
    def enter_late(self, which: int, pick: int, choice: int, back: int) -> None:
        """Something that happened days ago is entered today."""
        self.take(self.case_of(which), max(FIRST, self.day - timedelta(days=back)), pick, choice)

    @rule(which=PICKS, choice=PICKS)
    def void(self, which: int, choice: int) -> None:
        """Something recorded was wrong."""
        case_id = self.case_of(which)
        if target := self.some_event(case_id, choice):
            void = self.new("event_voided", self.day, {"event_id": target, "reason": "错"})
            self.tried(lambda: self.county.record(self.day, void, case_id=case_id))

    @rule(which=PICKS, choice=PICKS, back=st.integers(-2, 5))
    def correct(self, which: int, choice: int, back: int) -> None:
        """Something happened on another day than was written."""
        case_id = self.case_of(which)
        target = self.some_event(case_id, choice)
        if target is None:
            return
        with self.county.uow() as uow:
            held = next(rec for rec in load(uow, case_id).recorded if rec.id == target)
        day = min(self.day, held.on - timedelta(days=back))
        right = NewEvent(f"r{self.next()}", held.event, day, approved_by="s9")
        self.tried(lambda: self.corrected(case_id, target, right))

    @rule(which=PICKS, pick=PICKS, choice=PICKS)
    def crash(self, which: int, pick: int, choice: int) -> None:
        """The process dies after the last statement and before the commit; then it opens the database anew."""
        case_id = self.case_of(which)
        new = self.happens(case_id, self.day, pick, choice)
        with contextlib.suppress(Killed, GuituError):
            self.record_and_die(case_id, new)
        self.county.engine.dispose()

    # -------------------------------------------------------------- days

    @rule(days=st.integers(0, 3))
    def sweep_daily(self, days: int) -> None:
        """Days on each of which the sweep runs."""
        for _ in range(days):
            self.day += DAY
            assert not self.county.tick(self.day).failures
        assert not self.county.tick(self.day).failures

    @rule(days=st.integers(1, 120))
    def be_away(self, days: int) -> None:
        """Days on which nothing runs at all."""
        self.day += timedelta(days=days)

    @rule(days=st.integers(1, 120))
    def sweep_after_a_gap(self, days: int) -> None:
        """Missed days, caught up in one go."""
        self.day += timedelta(days=days)
        assert not self.county.tick(self.day).failures

    # -------------------------------------------------------------- offices, staff, people

    @rule(which=PICKS, pick=PICKS)
    def hand_over(self, which: int, pick: int) -> None:
        """A case goes to another office."""
        to, case_id = named(OFFICES[pick % len(OFFICES)]), self.case_of(which)
        self.tried(lambda: self.handed(hand_over, case_id, to))

    @rule(pick=PICKS)
    def hand_caseload_over(self, pick: int) -> None:
        """A worker's chairs go to a colleague."""
        one, other = HELPERS[pick % 4], HELPERS[(pick + 1 + pick % 3) % 4]
        ids = (named(f"handover {self.next()}"), one, other)
        self.tried(lambda: self.handed(hand_over_caseload, *ids))

    @rule(pick=PICKS, days=st.integers(0, 20))
    def go_on_leave(self, pick: int, days: int) -> None:
        """Somebody is away, perhaps with a deputy."""
        who, deputy = HELPERS[pick % 4], HELPERS[(pick + 1) % 4] if pick % 3 else None
        last = self.day + timedelta(days=days)
        self.tried(lambda: self.county.leave(who, self.day, last, deputy))

    @precondition(lambda self: len(self.people) > 1)
    @rule(pick=PICKS, other=PICKS)
    def merge(self, pick: int, other: int) -> None:
        """Two are found to be one person."""
        merge_id = named(f"merge {self.next()}")
        kept, merged = (self.people[n % len(self.people)] for n in (pick, other))

        def merging() -> None:
            with self.county.uow() as uow:
                merge_people(
                    uow,
                    merge_id=merge_id,
                    kept_id=kept,
                    merged_id=merged,
                    reason="同一人",
                    clock=Instant.on(self.day),
                    by="s1",
                )
            self.merged.append(merge_id)

        self.tried(merging)

    @precondition(lambda self: self.merged)
    @rule(pick=PICKS)
    def undo_a_merge(self, pick: int) -> None:
        """They are two after all."""
        merge_id = self.merged[pick % len(self.merged)]

        def undoing() -> None:
            with self.county.uow() as uow:
                undo_merge(uow, merge_id, clock=Instant.on(self.day), by="s1")

        self.tried(undoing)

    # -------------------------------------------------------------- what always holds

    @invariant()
    def rows_are_what_a_fresh_fold_gives(self) -> None:
        """Re-folded from the events into an empty schema, every row is the same; the chains hold."""
        verdict = verify(self.county.uow, packs=self.county.packs, calendar=self.county.calendar)
        assert verdict.findings == (), verdict.findings

    @invariant()
    def nothing_recorded_is_lost(self) -> None:
        """A case never has fewer events than it had."""
        found = dict(self.county.rows("SELECT case_id, count(*) FROM events GROUP BY case_id"))
        now = {UUID(str(case_id)): count for case_id, count in found.items()}
        assert all(now.get(case_id, 0) >= count for case_id, count in self.known.items())
        self.known = now

    @invariant()
    def everybody_has_one_open_case_at_most(self) -> None:
        """And each open case belongs to one office."""
        rows = self.county.rows("SELECT subject_id, office_id FROM cases WHERE ended_on IS NULL")
        assert len({subject for subject, _ in rows}) == len(rows)
        assert all(office is not None for _, office in rows)

    # -------------------------------------------------------------- how it is done

    def next(self) -> int:
        self.number += 1
        return self.number

    def tried(self, act: Callable[[], object]) -> None:
        """What is refused leaves everything as it was, which the invariants see."""
        with contextlib.suppress(GuituError):
            act()

    def record_and_die(self, case_id: UUID, new: NewEvent) -> None:
        with self.county.uow() as uow:
            record(
                uow,
                case_id,
                [new],
                packs=self.county.packs,
                calendar=self.county.calendar,
                clock=Instant.on(self.day),
                by="w1",
            )
            raise Killed

    def open_for(self, name: str, office: str) -> None:
        self.people.append(named(f"person {name}"))
        self.open_case(self.people[-1], office, name)

    def open_case(self, person: UUID, office: str, name: str) -> None:
        case_id = named(f"case {name}")
        new = NewCase(
            case_id,
            person,
            Profile(name=name, born=date(1985, 11, 11)),
            "cn-national",
            office_id=named(office),
        )
        with self.county.uow() as uow:
            open_case(uow, new, packs=self.county.packs, clock=Instant.on(self.day), by="w1")
        self.cases.append(case_id)

    def case_of(self, which: int) -> UUID:
        return self.cases[which % len(self.cases)]

    def folded(self, case_id: UUID, on: date) -> Case:
        with self.county.uow() as uow:
            held = load(uow, case_id)
        pack = self.county.packs(held.policy)
        return fold(history_of(held.recorded), pack, self.county.calendar, on, team=held.team)

    def take(self, case_id: UUID, on: date, pick: int, choice: int) -> None:
        new = self.happens(case_id, on, pick, choice)
        self.tried(lambda: self.county.record(self.day, new, case_id=case_id))

    def happens(self, case_id: UUID, on: date, pick: int, choice: int) -> NewEvent:
        """An event that the stage allows, with fields that an office might write."""
        case = self.folded(case_id, on)
        names = _choices(case.stage)
        name = names[pick % len(names)]
        values = plausible(case, name, on, choice, self.next())
        if name == "moved":
            values["to_office"] = str(named(OFFICES[choice % len(OFFICES)]))
        if name == "helper_assigned":
            values["helper"] = HELPERS[choice % len(HELPERS)]
        return self.new(name, on, values)

    def new(self, name: str, on: date, values: dict[str, Any]) -> NewEvent:
        given = {key: value for key, value in values.items() if value is not None}
        lists = {key: tuple(value) for key, value in given.items() if isinstance(value, list)}
        event = EVENTS[name](**{**given, **lists})
        return NewEvent(f"e{self.next()}", event, on, approved_by="s9")

    def some_event(self, case_id: UUID, choice: int) -> str | None:
        with self.county.uow() as uow:
            found = [rec.id for rec in load(uow, case_id).recorded]
        return found[choice % len(found)] if found else None

    def corrected(self, case_id: UUID, target: str, right: NewEvent) -> None:
        with self.county.uow() as uow:
            correct_event(
                uow,
                case_id,
                target,
                reason="日期写错",
                right=right,
                void_id=f"v{self.next()}",
                packs=self.county.packs,
                calendar=self.county.calendar,
                clock=Instant.on(self.day),
                by="w1",
            )

    def handed(self, act: Callable[..., object], *ids: object) -> None:
        with self.county.uow() as uow:
            act(
                uow,
                *ids,
                packs=self.county.packs,
                calendar=self.county.calendar,
                clock=Instant.on(self.day),
                by="s1",
            )


def test_any_life_is_kept_as_it_was() -> None:
    examples = settings(
        max_examples=EXAMPLES,
        stateful_step_count=22,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Life, settings=examples)
