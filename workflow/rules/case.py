"""
The case on a day, as the fold leaves it: stage, measures, tests, team and the facts in order.

A case is working memory of the pure functions and lives as long as one
computation; nothing here is stored. Lists keep the order in which things
happened. What a thing *means* is said where it is used: `guards`, `effects`,
`obligations`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from workflow.rules.history import ClosedKey, Recorded
from workflow.rules.measures import Measure
from workflow.rules.pack import Pack
from workflow.rules.workdays import WorkDays


@dataclass(slots=True)
class Fact:
    """
    One event in its place: where the case stood when it happened.

    `rec` is None for an engine event; `out` marks an act that a later entry
    left outside its stage; `ordered` is the measure that an order began; `place`
    is its place by recording, where engine events come last.
    """

    name: str
    on: date
    pos: int
    stage: str
    measure: Measure | None
    event: Any = None
    rec: Recorded | None = None
    place: int = 1 << 40
    out: bool = False
    ordered: Measure | None = None


@dataclass(slots=True)
class Stay:
    """A stretch in one stage: from its first day to the day it was left (None: still there)."""

    stage: str
    first: date
    by: Fact
    measure: Measure | None
    until: date | None = None
    left_by: Fact | None = None


@dataclass(slots=True)
class Test:
    """One test result and what became of it (TS-01 to TS-08)."""

    fact: Fact
    told_on: date
    objection: Fact | None = None
    decided: Fact | None = None
    further: list[Test] = field(default_factory=list)
    of: Test | None = None
    confirmed: Fact | None = None
    dismissed: Fact | None = None

    @property
    def id(self) -> str:
        """The test's number as recorded."""
        return str(self.fact.event.test_id)

    @property
    def positive(self) -> bool:
        """Whether its own result is positive."""
        return bool(self.fact.event.result == "positive")

    @property
    def root(self) -> Test:
        """The first test of the chain that this one re-examines."""
        return self.of.root if self.of else self

    def cleared(self) -> bool:
        """Whether a further test, or a further test of that, came out negative."""
        return any(not f.positive or f.cleared() for f in self.further)

    def unresolved(self) -> bool:
        """A positive that nobody has confirmed, cleared or dismissed; counted once for a chain of tests."""
        if not self.positive or self.of is not None:
            return False
        return not (self.cleared() or self.any_confirmed() or self.any_dismissed())

    def any_confirmed(self) -> bool:
        """Whether use was confirmed on this test or on a further test of it."""
        return self.confirmed is not None or any(f.any_confirmed() for f in self.further)

    def any_dismissed(self) -> bool:
        """Whether this result or that of a further test was dismissed."""
        return self.dismissed is not None or any(f.any_dismissed() for f in self.further)


@dataclass(slots=True)
class Use:
    """A confirmed use: the day of the use, the test, and the decision that answered it, if one did."""

    fact: Fact
    test: Test
    day: date
    dated: bool
    answered_by: Fact | None = None


@dataclass(slots=True)
class Chair:
    """One chair of the 4+X team: who sits there since when, and whether they said "I know"."""

    role: str
    helper: str
    assigned: Fact | None
    acknowledged: Fact | None = None
    released: Fact | None = None


@dataclass(slots=True)
class Circumstance:
    """Pregnancy, nursing, hospital ... from a day (None: always) until a day (excluded; None: lasting)."""

    kind: str
    first: date | None
    until: date | None

    def holds(self, day: date) -> bool:
        """Whether it holds on a day."""
        return (self.first is None or self.first <= day) and (
            self.until is None or day < self.until
        )


@dataclass(slots=True)
class Bar:
    """A reported serious breach that bars the automatic exit until it is lifted."""

    fact: Fact
    measure: Measure | None
    lifted: Fact | None = None


@dataclass(slots=True)
class Anchor:
    """A day from which the three years may count, and the measure it belongs to, if any."""

    kind: str
    day: date
    measure: Measure | None


@dataclass(slots=True)
class ExitDay:
    """The exit day as known from a day on; None while there is none, or while it is only projected."""

    known_from: date
    exit_on: date | None
    by: Fact


@dataclass(slots=True)
class Lost:
    """Contact lost: a welfare state, never a violation."""

    fact: Fact
    restored: Fact | None = None


TeamMode = Literal["recorded", "standing"]


@dataclass(slots=True)
class Case:
    """Everything known of one case on a day."""

    on: date
    pack: Pack
    days: WorkDays
    team_mode: TeamMode = "recorded"
    judged: bool = False
    stage: str = "new"
    day: date = date.min
    count: int = 0
    stays: list[Stay] = field(default_factory=list)
    facts: dict[str, list[Fact]] = field(default_factory=dict)
    ghosts: list[Fact] = field(default_factory=list)
    closed: dict[ClosedKey, Fact] = field(default_factory=dict)
    closed_openings: dict[ClosedKey, tuple[str, Fact]] = field(default_factory=dict)
    unwritten: list[Fact] = field(default_factory=list)
    engine: list[Fact] = field(default_factory=list)
    born: date | None = None
    pinned: str | None = None
    circumstances: list[Circumstance] = field(default_factory=list)
    tests: dict[str, Test] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    finding: str | None = None
    measures: list[Measure] = field(default_factory=list)
    measure: Measure | None = None
    anchors: list[Anchor] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    exits: list[ExitDay] = field(default_factory=list)
    chairs: dict[str, Chair] = field(default_factory=dict)
    seats: list[Chair] = field(default_factory=list)
    waived: dict[str, Fact] = field(default_factory=dict)
    consents: dict[str, Fact] = field(default_factory=dict)
    team_since: Fact | None = None
    gaps: list[tuple[Fact, Fact | None]] = field(default_factory=list)
    needs: tuple[str, ...] = ()
    levels: list[Fact] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)
    contrary: list[Fact] = field(default_factory=list)
    termination: Fact | None = None
    sought_help_from: str | None = None
    ended_on: date | None = None
    ended_by: Fact | None = None
    end_reason: str | None = None
    expires_on: date | None = None

    def of(self, name: str) -> list[Fact]:
        """The facts of one type, in order."""
        return self.facts.get(name, [])

    @property
    def open(self) -> bool:
        """Whether the case is in one of the OPEN stages."""
        return self.stage not in ("exited", "closed", "new")

    def running(self) -> Measure | None:
        """The measure in force: ordered, and neither ended nor revoked."""
        measure = self.measure
        return measure if measure is not None and measure.ended_on is None else None

    def age_on(self, day: date) -> int | None:
        """Full years of age on a day; None where the birth date is not known."""
        if self.born is None:
            return None
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))

    def holds(self, kind: str, day: date) -> bool:
        """Whether a circumstance of this kind holds on a day."""
        return any(c.kind == kind and c.holds(day) for c in self.circumstances)

    def unresolved(self) -> bool:
        """Whether a positive result stands that nobody has confirmed, cleared or dismissed."""
        return any(test.unresolved() for test in self.tests.values())

    def barred(self) -> bool:
        """Whether a reported serious breach bars the exit."""
        return any(b.lifted is None and not (b.measure and b.measure.revoked) for b in self.bars)

    def level_before(self, pos: int) -> str:
        """The support level in force just before a place in the order; medium until set."""
        level = "medium"
        for fact in self.levels:
            if fact.pos >= pos:
                break
            level = fact.event.level
        return level

    def away(self) -> bool:
        """Whether the person is away from home."""
        measure = self.running()
        return bool(measure and measure.absences and measure.absences[-1].last is None)
