"""
What tests of store, services and API start from: a fresh database, events, an office that lives a case.

Plain functions, valid by default. `tests.databases` tells where the databases come from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, text

from tests import databases
from tests.databases import new_database as new_database
from workflow.rules.case import TeamMode
from workflow.rules.errors import GuituError
from workflow.rules.events import Event
from workflow.rules.history import Recorded
from workflow.rules.workdays import WorkDays
from workflow.services.calendars import work_days
from workflow.services.clock import Instant
from workflow.services.event_forms import parse
from workflow.services.opening import NewCase, open_case
from workflow.services.packs import load_pack
from workflow.services.projecting import Packs
from workflow.services.recording import NewEvent, RecordedResult, record
from workflow.services.scenario_files import Scenario
from workflow.services.sweeping import RunReport, sweep, sweep_through
from workflow.services.viewing import CaseView, case_view
from workflow.store import cases, data_keys, events
from workflow.store.keyring import KeyRing
from workflow.store.people import Profile
from workflow.store.unit_of_work import UnitOfWork

CASE = UUID("00000000-0000-7000-8000-00000000ca5e")
PERSON = UUID("00000000-0000-7000-8000-0000000e4507")
BORN = date(1985, 11, 11)
DAY = timedelta(days=1)
RING = KeyRing.generate()
_numbers = count(1)


# ------------------------------------------------------------------ events


def new_event(
    name: str,
    on: date | str,
    *,
    id: str | None = None,
    at: datetime | None = None,
    approved_by: str | None = None,
    **fields: Any,
) -> NewEvent:
    """One event as a client sends it, with an id of its own."""
    day = date.fromisoformat(on) if isinstance(on, str) else on
    event: Event = parse(name, {key.rstrip("_"): value for key, value in fields.items()})
    return NewEvent(id or f"e{next(_numbers)}", event, day, at, approved_by=approved_by)


def detected(on: date | str = "2024-01-08", **envelope: Any) -> NewEvent:
    """The event with which most cases begin."""
    return new_event("detected", on, source="inspection", **envelope)


def positive(on: date | str, test_id: str = "t1", **envelope: Any) -> NewEvent:
    """A positive test on the spot, told on its day."""
    test = {"method": "on_site", "sample": "urine", "result": "positive", "purpose": "detection"}
    fields: dict[str, Any] = {**test, **envelope}
    return new_event("test_taken", on, test_id=test_id, told_on=str(on), **fields)


def to_order(first: date, served: date) -> list[NewEvent]:
    """From a first test to an order of community detox, in four days and the service of the order."""
    return [
        detected(first),
        positive(first),
        new_event("use_confirmed", first + 4 * DAY, test_id="t1"),
        new_event("addiction_determined", first + 4 * DAY, finding="addicted"),
        new_event("community_detox_ordered", served, decision_no="D-1", served_on=served),
    ]


# ------------------------------------------------------------------ an office that lives a case


@dataclass
class Office:
    """The services on one database, with a clock that a test sets."""

    engine: Engine
    packs: Packs = load_pack
    calendar: WorkDays = field(default_factory=work_days)
    by: str = "w1"
    ring: KeyRing = RING

    def uow(self) -> UnitOfWork:
        """A new unit of work."""
        return UnitOfWork(self.engine, self.ring)

    def open(
        self,
        on: date,
        *,
        case_id: UUID = CASE,
        person_id: UUID = PERSON,
        born: date | None = BORN,
        name: str | None = None,
        policy: str = "cn-national",
        team: TeamMode = "standing",
    ) -> UUID:
        """Open a case on a day; each person has a name of their own."""
        name = name or ("某甲" if person_id == PERSON else f"某{person_id.hex[-4:]}")
        with self.uow() as uow:
            new = NewCase(case_id, person_id, Profile(name=name, born=born), policy, team)
            open_case(uow, new, packs=self.packs, clock=Instant.on(on), by=self.by)
        return case_id

    def record(
        self, on: date, *request: NewEvent, case_id: UUID = CASE, **more: Any
    ) -> RecordedResult:
        """Record one request on a day."""
        with self.uow() as uow:
            return record(
                uow,
                case_id,
                request,
                packs=self.packs,
                calendar=self.calendar,
                clock=Instant.on(on),
                by=self.by,
                **more,
            )

    def tick(self, on: date) -> RunReport:
        """Run what is due on a day."""
        return sweep(self.uow, packs=self.packs, calendar=self.calendar, clock=Instant.on(on))

    def tick_through(self, after: date, through: date) -> list[RunReport]:
        """Live the days after one and up to another."""
        return sweep_through(
            self.uow, packs=self.packs, calendar=self.calendar, after=after, through=through
        )

    def view(self, on: date, case_id: UUID = CASE) -> CaseView:
        """Everything about a case on a day."""
        with self.uow() as uow:
            clock = Instant.on(on)
            return case_view(uow, case_id, packs=self.packs, calendar=self.calendar, clock=clock)

    def damage(self, name: str, payload: str, *, version: int = 1, case_id: UUID = CASE) -> None:
        """Seal an event past all checks, as a later release or a bug of ours would leave it."""
        with self.uow() as uow:
            row = cases.find(uow.session, case_id)
            assert row is not None
            key = data_keys.of(uow.session, uow.ring, row.person_id)
            event = {
                "id": "damaged",
                "seq": 99,
                "name": name,
                "version": version,
                "happened_on": date(2024, 1, 8),
                "recorded_on": date(2024, 1, 8),
                "recorded_at": Instant.on(date(2024, 1, 8)).now,
                "rank": -1,
                "request_id": "r",
                "sealed": key.seal(payload.encode(), events.place_of(case_id, "damaged")),
                **dict.fromkeys(("happened_at", "captured_at", "recorded_by", "approved_by")),
            }
            events.add(uow.session, case_id, row.chain, [event])

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What a statement of SQL finds, in the plain values that SQLite keeps, whatever the database."""
        with self.engine.connect() as connection:
            found = connection.execute(text(statement))
            return [tuple(databases.plain(value) for value in row) for row in found]


@contextmanager
def an_office(
    path: Path | None = None,
    *,
    shared_in: Path | None = None,
    filled: Callable[[Office], object] | None = None,
) -> Iterator[Office]:
    """An office with an empty database, or one that was filled; `databases.new_database` says what is meant."""
    fill = _filling(filled) if filled else None
    engine = new_database(path, shared_in=shared_in, filled=fill)
    try:
        yield Office(engine)
    finally:
        databases.drop(engine)


@cache
def _filling(filled: Callable[[Office], object]) -> databases.Fill:
    return lambda engine: filled(Office(engine))


def live(office: Office, scenario: Scenario, *, every_day: bool = True) -> list[GuituError]:
    """
    Live a scenario through the services, recording and ticking on each day; gives back the refusals.

    The events of a day form one request when a void is among them, as in a rehearsal.
    """
    waiting = sorted(scenario.recs, key=lambda rec: (rec.recorded_on, rec.seq))
    first = waiting[0].recorded_on
    office.open(first, born=None, policy=scenario.policy, team=scenario.team)
    refused: list[GuituError] = []
    day = first
    while day <= scenario.until:
        of_day = [rec for rec in waiting if rec.recorded_on == day]
        for request in _requests(of_day):
            try:
                office.record(day, *(_sent(rec) for rec in request))
            except GuituError as error:
                refused.append(error)
        office.tick(day)
        coming = min(
            (r.recorded_on for r in waiting if r.recorded_on > day), default=scenario.until
        )
        if not every_day and day < scenario.until:
            office.tick_through(day, coming - DAY)
            day = max(coming, day + DAY) if coming > day else scenario.until
        else:
            day += DAY
    return refused


def _requests(of_day: Sequence[Recorded]) -> list[list[Recorded]]:
    if any(rec.event.name == "event_voided" for rec in of_day):
        return [list(of_day)]
    return [[rec] for rec in of_day]


def _sent(rec: Recorded) -> NewEvent:
    return NewEvent(rec.id, rec.event, rec.on, rec.at, approved_by=rec.approved_by)
