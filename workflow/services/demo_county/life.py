"""
One life (一个人的经过) of the demo county: what happened when, told in days before its today, and who wrote it down.

What lies before the day on which the county went live was entered on that day in one
request; what came later on its own day, or late where that is said. The days are
reckoned with the office's calendar, so that a life holds on whatever day it is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby

from workflow.rules.case import Case
from workflow.rules.events import Event, EventVoided, PersonRegistered
from workflow.rules.fold import fold
from workflow.rules.history import Recorded, history_of
from workflow.rules.pack import Pack
from workflow.rules.terms import DAY, add_months, span_from
from workflow.rules.workdays import WorkDays
from workflow.services.demo_county.invented import Person, drawn, named
from workflow.services.recording import NewEvent

POLICE = "P"


@dataclass(frozen=True, slots=True)
class Setting:
    """
    What all lives of one county share.

    Args:
        today: the day on which the demo stands; the last one that was lived is the day before.
        live_on: the day on which the county went live.
    """

    today: date
    live_on: date
    pack: Pack
    days: WorkDays


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that happened, with its envelope; `recorded_on` is the day on which the office wrote it down."""

    id: str
    event: Event
    on: date
    recorded_on: date
    by: str
    approved_by: str | None = None

    @property
    def new_event(self) -> NewEvent:
        """The event as a client sends it; who approves is never sent."""
        return NewEvent(self.id, self.event, self.on)


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent to the office in one go: by one person, on one day, about one case."""

    person: Person
    recorded_on: date
    by: str
    deeds: tuple[Deed, ...]


@dataclass(slots=True)
class Life:
    """
    What happened in one person's case.

    Args:
        undone: kinds of what is owed that nobody does where it is due since some day.
        silent: roles in whose chair somebody sits who never says "I know".
        slow: that what is to be done here is done late more often.
        asked: what waits for the supervisor's approval; it is not in the record yet.
    """

    person: Person
    setting: Setting
    deeds: list[Deed] = field(default_factory=list)
    undone: dict[str, date] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()
    slow: bool = False
    asked: list[Deed] = field(default_factory=list)

    # -------------------------------------------------------------- days

    @property
    def today(self) -> date:
        """The day on which the demo stands."""
        return self.setting.today

    def ago(self, days: int, months: int = 0) -> date:
        """The day so many months and days before today."""
        return add_months(self.today, -months) - timedelta(days=days)

    def working(self, day: date) -> date:
        """This day, or the next one on which offices work."""
        return self.setting.days.on_or_after(day)

    def workday(self, count: int) -> date:
        """The last day on which offices worked, so many working days before today (1: the last one)."""
        return self.setting.days.add(self.today, -count)

    def window_closed(self, told_on: date) -> date:
        """The first day on which nobody can object any more to a result of which the person was told."""
        last = span_from(told_on, self.setting.pack.testing.objection, self.setting.days)
        return self.working(last) + DAY

    def told_for(self, final_on: date) -> date:
        """The latest day of being told for which the result is final on this day."""
        day = final_on - DAY
        while self.window_closed(day) > final_on:
            day -= DAY
        return day

    def pick(self, about: str, number: int) -> int:
        """A number below this one that seems to be chance, always the same for this person."""
        return drawn(f"{about} {self.person.number}", number)

    def number(self, letters: str) -> str:
        """A number of a paper, as an office would give it: the life's own."""
        return f"{letters}-{self.person.number:03d}-{len(self.deeds) + 1}"

    # -------------------------------------------------------------- what happened

    def helper(self, role: str) -> str:
        """The handle of whoever stands for a role here."""
        if role == "family":
            return self.person.family.handle
        return self.person.helpers[role]

    def did(
        self,
        on: date,
        *events: Event,
        by: str | None = None,
        late: date | None = None,
        approved: bool = False,
    ) -> None:
        """
        Something happened, and was written down by the one whose it is.

        Args:
            by: a role; else police for what they decide, and the worker.
            late: the day on which it was entered, where that is later.
            approved: by the supervisor of the township.
        """
        assert on < self.today, (self.person.number, on)
        for event in events:
            role = by or ("community_police" if event.by == POLICE else "community_worker")
            self._add(on, event, role, late or on, approved=approved)

    def voids(self, wrong: Event, on: date, reason: str, *right: tuple[date, Event]) -> None:
        """The supervisor has a wrong entry voided, and what is right recorded in the same request."""
        found = next(deed for deed in self.deeds if deed.event is wrong)
        void = EventVoided(event_id=found.id, reason=reason)
        for day, event in ((on, void), *right):
            self._add(day, event, "community_worker", on, approved=True)

    def asks(self, event: Event) -> None:
        """The day before today the worker proposed something that a second person has to approve, and nobody has yet."""
        day = self.ago(1)
        event_id = str(named(f"proposed event {self.person.number}"))
        self.asked.append(Deed(event_id, event, day, day, self.helper("community_worker")))

    def _add(self, on: date, event: Event, role: str, entered: date, *, approved: bool) -> None:
        recorded_on = max(entered, self.setting.live_on)
        by = self.helper("community_worker" if entered < self.setting.live_on else role)
        approved_by = self.helper("supervisor") if approved else None
        event_id = str(named(f"event {self.person.number} {len(self.deeds) + 1}"))
        self.deeds.append(Deed(event_id, event, on, recorded_on, by, approved_by))

    # -------------------------------------------------------------- what comes of it

    def requests(self) -> Iterator[Request]:
        """What was sent to the office, in order: what one person wrote down on a day is one request."""
        ordered = sorted(self.deeds, key=lambda deed: deed.recorded_on)
        for (day, by), found in groupby(ordered, key=lambda deed: (deed.recorded_on, deed.by)):
            yield Request(self.person, day, by, tuple(found))

    def case(self, on: date | None = None) -> Case:
        """The case as the rules see it, yesterday unless said."""
        recs = [self._registered(), *(_recorded(n, deed) for n, deed in enumerate(self._in_turn()))]
        until = on or self.today - DAY
        return fold(history_of(recs), self.setting.pack, self.setting.days, until)

    def _in_turn(self) -> Sequence[Deed]:
        return [deed for request in self.requests() for deed in request.deeds]

    def _registered(self) -> Recorded:
        first = min(deed.on for deed in self.deeds)
        return Recorded("born", PersonRegistered(born=self.person.born), first, first, -1)


def _recorded(seq: int, deed: Deed) -> Recorded:
    return Recorded(
        deed.id,
        deed.event,
        deed.on,
        deed.recorded_on,
        seq,
        recorded_by=deed.by,
        approved_by=deed.approved_by,
    )
