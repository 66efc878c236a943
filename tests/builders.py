"""
What tests of store, services and API start from: a fresh database, events, an office that lives a case.

Plain functions, valid by default. The migrations run once; each test gets a copy.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from workflow.rules.case import TeamMode
from workflow.rules.errors import GuituError
from workflow.rules.events import Event
from workflow.rules.history import Recorded
from workflow.rules.workdays import WorkDays
from workflow.services.calendars import work_days
from workflow.services.clock import Instant
from workflow.services.event_forms import parse
from workflow.services.packs import load_pack
from workflow.services.projecting import Packs
from workflow.services.recording import NewEvent, RecordedResult, open_case, record
from workflow.services.scenario_files import Scenario
from workflow.services.ticking import RunReport, tick, tick_through
from workflow.services.viewing import CaseView, case_view
from workflow.store.engine import make_engine
from workflow.store.migrating import migrate
from workflow.store.unit_of_work import UnitOfWork

CASE = UUID("00000000-0000-7000-8000-00000000ca5e")
PERSON = UUID("00000000-0000-7000-8000-0000000e4507")
BORN = date(1985, 11, 11)
DAY = timedelta(days=1)
_numbers = count(1)


# ------------------------------------------------------------------ databases


def new_database(path: Path | None = None) -> Engine:
    """A database of the present schema, in memory or in a file."""
    engine = make_engine(f"sqlite:///{path}" if path else "sqlite://")
    with engine.connect() as connection, _template().connect() as template:
        _driver(template).backup(_driver(connection))
    return engine


@cache
def _template() -> Engine:
    engine = make_engine("sqlite://")
    migrate(engine)
    return engine


def _driver(connection: Any) -> sqlite3.Connection:
    found = connection.connection.driver_connection
    assert isinstance(found, sqlite3.Connection)
    connection.rollback()  # a backup needs both at rest
    return found


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

    def uow(self) -> UnitOfWork:
        """A new unit of work."""
        return UnitOfWork(self.engine)

    def open(
        self,
        on: date,
        *,
        case_id: UUID = CASE,
        person_id: UUID = PERSON,
        born: date | None = BORN,
        name: str | None = "某甲",
        policy: str = "cn-national",
        team: TeamMode = "standing",
    ) -> UUID:
        """Open a case on a day."""
        with self.uow() as uow:
            open_case(
                uow,
                case_id=case_id,
                person_id=person_id,
                born=born,
                name=name,
                policy=policy,
                team=team,
                clock=Instant.on(on),
                by=self.by,
            )
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
        return tick(self.uow, packs=self.packs, calendar=self.calendar, clock=Instant.on(on))

    def tick_through(self, after: date, through: date) -> list[RunReport]:
        """Live the days after one and up to another."""
        return tick_through(
            self.uow, packs=self.packs, calendar=self.calendar, after=after, through=through
        )

    def view(self, on: date, case_id: UUID = CASE) -> CaseView:
        """Everything about a case on a day."""
        with self.uow() as uow:
            clock = Instant.on(on)
            return case_view(uow, case_id, packs=self.packs, calendar=self.calendar, clock=clock)

    def damage(self, values: str, case_id: UUID = CASE) -> None:
        """Write an event (id, case, seq, name, version, payload) past all checks, as a damaged disk would."""
        columns = "id, case_id, seq, name, version, payload"
        more = "happened_on, recorded_on, recorded_at, rank, closes, request_id"
        fixed = "'2024-01-08', '2024-01-08', '2024-01-08 00:00:00', -1, '[]', 'r'"
        row = f"{values.removesuffix(')')}, {fixed})"
        with self.engine.begin() as connection:
            connection.exec_driver_sql(
                f"INSERT INTO events ({columns}, {more}) VALUES {row}",  # noqa: S608 (our own words)
                (case_id.hex,),
            )

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What a statement of SQL finds."""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement)]


@contextmanager
def an_office(path: Path | None = None) -> Iterator[Office]:
    """An office with an empty database."""
    engine = new_database(path)
    try:
        yield Office(engine)
    finally:
        engine.dispose()


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
