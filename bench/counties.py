"""
Counties to measure with: cases that were lived, laid in as the services write them.

They stand before their next event (`young_courses`), or before a day on which the calendar changes
their rows (`due_courses`). A course is laid in several times, under other ids and another key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID, uuid5

from sqlalchemy import Engine

from bench.cases import EVENTS, lived
from workflow.rules.changes import next_change
from workflow.rules.fold import fold
from workflow.rules.history import Recorded, history_of
from workflow.rules.plan import plan
from workflow.rules.terms import DAY
from workflow.services.calendars import work_days
from workflow.services.case_files import load
from workflow.services.clock import Instant
from workflow.services.offices import open_office
from workflow.services.opening import NewCase, open_case
from workflow.services.packs import load_pack
from workflow.services.pinning import StoredPacks, stored_packs
from workflow.services.projecting import project
from workflow.services.recording import NewEvent, append, record
from workflow.store import cases, stamps
from workflow.store.cases import SWEPT_THROUGH
from workflow.store.keyring import KeyRing
from workflow.store.people import Profile
from workflow.store.reach import Reach
from workflow.store.unit_of_work import UnitOfWork

DUE = date(2024, 9, 18)
"""The day that all of `due_courses` wait for."""
POLICY = "cn-national"
BY = "w1"
YOUNG = 20
TRIES = 6
OFFICE = UUID(int=0x0FF1CE)
BEGUN = date(2016, 1, 4)
Course = Sequence[Recorded]


@dataclass(frozen=True, slots=True)
class Request:
    """One event to be recorded on a case, on the day on which it happens."""

    case_id: UUID
    new: NewEvent
    on: date


@dataclass
class County:
    """A database, and its services as the API calls them."""

    engine: Engine
    ring: KeyRing
    packs: StoredPacks

    @classmethod
    def at(cls, engine: Engine, ring: KeyRing) -> County:
        """The services on a database."""
        return cls(engine, ring, stored_packs(lambda: UnitOfWork(engine, ring, reading=True)))

    def uow(self) -> UnitOfWork:
        """A new unit of work."""
        return UnitOfWork(self.engine, self.ring)

    def record(self, request: Request) -> None:
        """Record one event in a transaction of its own, by somebody of the office that has the case."""
        with self.uow() as uow:
            record(
                uow,
                request.case_id,
                [request.new],
                packs=self.packs,
                calendar=None,
                clock=Instant.on(request.on),
                by=BY,
                reach=Reach(frozenset({OFFICE})),
            )

    def swept_before(self, day: date) -> None:
        """Note down that every day before this one was swept."""
        with self.uow() as uow:
            stamps.put(uow.session, SWEPT_THROUGH, (day - DAY).isoformat())


# ------------------------------------------------------------------ courses


def young_courses(count: int, more: int) -> list[Course]:
    """Courses of so many events after the first twenty; no two begin on the same day."""
    pack, calendar, first = load_pack(POLICY), work_days(), DUE - timedelta(days=400)
    return [lived(n, first + n * DAY, pack, calendar, YOUNG + more) for n in range(count)]


def due_courses(count: int) -> list[Course]:
    """
    Courses of sixty events whose rows the calendar next changes on `DUE`, because something opens or passes.

    The same dice are thrown again from another first day until they wait for that day; those that are
    only looked at because the horizon moves on are left out.
    """
    found: list[Course] = []
    number = 0
    while len(found) < count:
        course = _due_course(number)
        found += [] if course is None else [course]
        number += 1
    return found


def _due_course(number: int) -> Course | None:
    pack, calendar = load_pack(POLICY), work_days()
    start, horizon = DUE - timedelta(days=980), pack.settings.horizon_days // 2
    for _ in range(TRIES):
        course = lived(number, start, pack, calendar, EVENTS)
        last = course[-1].on
        case = fold(history_of(course), pack, calendar, last)
        following = next_change(case, plan(case), last, rungs=False)
        if following == DUE:
            return course if (DUE - last).days < horizon else None
        start += DUE - following
    return None


# ------------------------------------------------------------------ laid in


def settle(county: County, courses: Sequence[Course], copies: int) -> list[UUID]:
    """Lay each course in so many times; their rows are those of the day of their last event."""
    with county.uow() as uow:
        open_office(
            uow,
            office_id=OFFICE,
            division="621102",
            level="county",
            name="bench",
            parent_id=None,
            on=BEGUN,
            clock=Instant.on(BEGUN),
            by=BY,
        )
    found: list[UUID] = []
    for _ in range(copies):
        with county.uow() as uow:
            for course in courses:
                found.append(_settle(county, uow, course, len(found) + 1))
    return found


def _settle(county: County, uow: UnitOfWork, course: Course, number: int) -> UUID:
    case_id, person_id = UUID(int=(1 << 112) + number), UUID(int=(2 << 112) + number)
    first, last = Instant.on(course[0].on), Instant.on(course[-1].on)
    new = NewCase(case_id, person_id, Profile(name=f"某{number}"), POLICY, office_id=OFFICE)
    open_case(uow, new, packs=county.packs, clock=first, by=BY)
    own = [replace(rec, id=_id_in(case_id, rec)) for rec in course]
    after = append(uow, load(uow, case_id), [(rec, _sent(rec)) for rec in own], last)
    cases.set_values(uow.session, case_id, chain=after.chain, version=len(course))
    project(uow, [after], county.packs, work_days(), last.today)
    return case_id


def request_of(case_id: UUID, rec: Recorded) -> Request:
    """The event of a course as a client sends it for one of its copies."""
    return Request(case_id, _sent(replace(rec, id=_id_in(case_id, rec))), rec.on)


def _id_in(case_id: UUID, rec: Recorded) -> str:
    return str(uuid5(case_id, rec.id))


def _sent(rec: Recorded) -> NewEvent:
    return NewEvent(rec.id, rec.event, rec.on)
