"""
Cases to measure with: community detox in its third year, sixty events, as the store would hold them.

Each is lived through the judge, one request an event, so that `closes` is written in as at
recording. What is owed is done on a day between its opening and its due day, in no fixed rhythm;
a few windows of each case nobody ever closed, as in any office. What a case went through beside
that: seven or eight months of custody, one leave with a written report, one without, one missed
test. Same seed, same case.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from workflow.rules.events import (
    AddictionDetermined,
    AgreementSigned,
    AssignmentAcknowledged,
    ChairWaived,
    CommunityDetoxOrdered,
    Detected,
    Event,
    HelperAssigned,
    Left,
    NeedsReviewed,
    PersonRegistered,
    PlanMade,
    ReportedIn,
    Resumed,
    Returned,
    Role,
    StageReviewed,
    SupportLevelSet,
    Suspended,
    TeamMet,
    TestMissed,
    TestTaken,
    UseConfirmed,
    Visited,
)
from workflow.rules.history import History, Recorded, history_of
from workflow.rules.judging import judge
from workflow.rules.obligations.owed import Obligation
from workflow.rules.pack import Pack
from workflow.rules.workdays import WorkDays

EVENTS = 60
FIRST_START = date(2016, 1, 4)
DAYS_BETWEEN = 41  # so that starts fall on every day of a month and of a week
SPAN = 2203  # days; a prime, so that starts go on to differ within six years
LATE = 30  # days beside the due ones that a busy supervisor takes to review a suspended case
SKIPPED = 0.08  # of the windows; nobody ever closes them
TEAM: tuple[Role, ...] = ("community_worker", "community_police", "community_doctor")
THIRD_YEAR = timedelta(days=731)

Act = Callable[[int], Event]

ROUTINE: dict[str, Act] = {
    "routine_test": lambda n: TestTaken(
        test_id=f"t{n}", method="on_site", sample="urine", result="negative", purpose="routine"
    ),
    "visit": lambda n: Visited(by_role="community_worker"),
    "team_meeting": lambda n: TeamMet(),
    "review_needs": lambda n: NeedsReviewed(needs=("no_work",) if n % 2 else ()),
    "stage_review": lambda n: StageReviewed(),
}
WINDOWS = ("routine_test", "visit", "team_meeting", "review_needs")


@dataclass(frozen=True, slots=True)
class BenchCase:
    """A case as the store would hand it over, and the day it is asked about."""

    history: History
    on: date


@dataclass(slots=True)
class _Office:
    """What one case's office knows and does."""

    pack: Pack
    calendar: WorkDays
    chance: random.Random
    known: list[Recorded] = field(default_factory=list)
    owed: list[Obligation] = field(default_factory=list)
    chosen: dict[tuple[str, str], float | None] = field(default_factory=dict)

    def record(self, on: date, event: Event) -> None:
        """Record one event on the day it happened, judged as a request of its own."""
        seq = len(self.known) + 1
        rec = Recorded(f"e{seq:03}", event, on, on, seq, recorded_by="w1")
        accepted = judge(self.known, [rec], self.pack, self.calendar, on)
        self.known += accepted.events
        self.owed = accepted.owed

    def act_day(self, owed: Obligation) -> date | None:
        """The day on which this one will be done; None: never. It moves with a window that custody moves."""
        if owed.key not in self.chosen:
            never = owed.kind in WINDOWS and self.chance.random() < SKIPPED
            self.chosen[owed.key] = None if never else self.chance.random()
        share = self.chosen[owed.key]
        if share is None:
            return None
        late = LATE if owed.kind == "stage_review" else 0
        days = max(0, (owed.due_on - owed.opens_on).days)
        return owed.opens_on + timedelta(days=late + int(days * share))

    def next_act(self) -> tuple[date, Act] | None:
        """The next routine act and its day."""
        last = self.known[-1].on
        found = [
            (max(day, last), owed.key, ROUTINE[owed.kind])
            for owed in self.owed
            if owed.kind in ROUTINE
            and owed.stands()
            and (owed.held_since is None or owed.kind == "stage_review")
            and (day := self.act_day(owed)) is not None
        ]
        if not found:
            return None
        day, _, act = min(found, key=lambda each: each[:2])
        return day, act


def build_cases(count: int, pack: Pack, calendar: WorkDays) -> list[BenchCase]:
    """As many cases, no two with the same dates or the same course; too short a course is left out."""
    found: list[BenchCase] = []
    for number in range(3 * count):
        case = _build(number, pack, calendar)
        if case is not None:
            found.append(case)
        if len(found) == count:
            return found
    raise AssertionError(f"only {len(found)} of {3 * count} courses reach the third year")


def _build(number: int, pack: Pack, calendar: WorkDays) -> BenchCase | None:
    """One case; None where its sixty events are over before the third year begins."""
    chance = random.Random(number)
    start = FIRST_START + timedelta(days=number * DAYS_BETWEEN % SPAN)
    known, incidents = _lived(number, start, pack, calendar, EVENTS, chance)
    on = known[-1].on + timedelta(days=chance.randint(1, 20))
    if incidents or on < start + THIRD_YEAR:
        return None
    return BenchCase(history_of(known), on)


def lived(
    number: int, start: date, pack: Pack, calendar: WorkDays, events: int = EVENTS
) -> list[Recorded]:
    """The first events of a course that begins on a day, in the order of recording; same number, same dice."""
    return _lived(number, start, pack, calendar, events, random.Random(number))[0]


def _lived(
    number: int,
    start: date,
    pack: Pack,
    calendar: WorkDays,
    events: int,
    chance: random.Random,
) -> tuple[list[Recorded], list[tuple[date, Event]]]:
    """Its events, and the incidents that did not come to pass among them."""
    office = _Office(pack, calendar, chance)
    incidents = _incidents(_take_in(office, start), office.chance)
    while len(office.known) < events:
        ahead = office.next_act()
        if incidents and (ahead is None or incidents[0][0] <= ahead[0]):
            office.record(*incidents.pop(0))
        elif ahead is not None:
            office.record(ahead[0], ahead[1](len(office.known)))
        else:
            raise AssertionError(f"case {number}: nothing left to record")
    return office.known, incidents


def _take_in(office: _Office, start: date) -> date:
    """From detection to agreement, team and plan; gives back the day of the report-in."""

    def after(days: int) -> date:
        return start + timedelta(days=days)

    office.record(start, PersonRegistered(born=date(1990, 5, 1)))
    office.record(start, Detected(source="inspection"))
    first = TestTaken(
        test_id="t1",
        method="laboratory",
        sample="blood",
        result="positive",
        told_on=start,
        purpose="detection",
    )
    office.record(start, first)
    office.record(after(14), UseConfirmed(test_id="t1"))
    office.record(after(15), AddictionDetermined(finding="addicted"))
    office.record(after(18), CommunityDetoxOrdered(decision_no="D-1", served_on=after(18)))
    office.record(after(20), ChairWaived(role="family", reason="no family nearby"))
    for chair, role in enumerate(TEAM):
        office.record(after(20 + chair), HelperAssigned(role=role, helper=f"h{chair}"))
        office.record(after(20 + chair), AssignmentAcknowledged(role=role))
    began = after(24 + office.chance.randint(0, 8))
    office.record(began, ReportedIn())
    office.record(began + timedelta(days=office.chance.randint(1, 6)), AgreementSigned())
    later = began + timedelta(days=office.chance.randint(7, 13))
    office.record(later, PlanMade())
    office.record(later, SupportLevelSet(level="low", reasons=("works again",)))
    return began


def _incidents(began: date, chance: random.Random) -> list[tuple[date, Event]]:
    """What comes between, in order: a leave, custody, a missed test, a leave without a report."""
    away = began + timedelta(days=60 + chance.randint(0, 40))
    taken = began + timedelta(days=150 + chance.randint(0, 60))
    free = taken + timedelta(days=210 + chance.randint(0, 40))
    missed = free + timedelta(days=40 + chance.randint(0, 40))
    gone = missed + timedelta(days=30 + chance.randint(0, 30))
    back = away + timedelta(days=5)
    return [
        (away, Left(written_report=True, return_on=back)),
        (back, Returned()),
        (taken, Suspended(reason="detained", document_no="X-1")),
        (free, Resumed()),
        (missed, TestMissed(reason="evaded", notice_served_on=missed)),
        (gone, Left()),
        (gone + timedelta(days=4), Returned()),
    ]
