"""Invented persons, their rows and their cases, for tests that are not about what a case holds."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from workflow.rules.identity_numbers import check_character
from workflow.services.clock import Instant
from workflow.services.people import RegisteredPerson, register_person
from workflow.store import cases, merges
from workflow.store.profiles import Profile
from workflow.store.reach import Reach
from workflow.store.tables import OfficeRow, table_of
from workflow.store.unit_of_work import UnitOfWork

NOWHERE = "990101"
"""No division has this code, so the numbers made of it are nobody's."""
BORN = date(1985, 11, 11)
NOW = Instant.at(datetime(2026, 3, 2, 1, 30, tzinfo=UTC))
_numbers = count(1)


def person(n: int) -> UUID:
    """An id for the n-th person of a test."""
    return UUID(int=0xA000 + n)


def number(born: date = BORN, sequence: int = 1) -> str:
    """An identity number of nobody."""
    first = f"{NOWHERE}{born:%Y%m%d}{sequence:03}"
    return first + check_character(first)


def register(uow: UnitOfWork, n: int, *, by: str = "w1", **known: Any) -> RegisteredPerson:
    """Register the n-th person of a test; what is passed beside the profile goes to the service."""
    more = {name: known.pop(name) for name in ("decided", "reach") if name in known}
    profile = Profile(**known)
    return register_person(uow, person_id=person(n), profile=profile, clock=NOW, by=by, **more)


def case_about(
    uow: UnitOfWork, n: int, *, office_id: UUID | None = None, ended: bool = False
) -> UUID:
    """A case of the n-th person, as opening one would write it."""
    case_id = UUID(int=0xC000_0000 + next(_numbers))
    cases.add(
        uow.session,
        case_id,
        person_id=person(n),
        subject_id=merges.root_of(uow.session, person(n)),
        office_id=office_id,
        policy="cn-national",
        team="recorded",
        opened_on=NOW.today,
        ended_on=NOW.today if ended else None,
    )
    return case_id


def office_reaching(uow: UnitOfWork, n: int) -> Reach:
    """A new office, and the reach of somebody who works there alone."""
    office_id = UUID(int=0x0F00 + n)
    row = {"id": office_id, "division": NOWHERE, "level": "county", "recorded_by": "setup"}
    uow.session.execute(insert(table_of(OfficeRow)), [{**row, "recorded_at": NOW.now}])
    return Reach(offices=frozenset({office_id}))


def office_of(reach: Reach) -> UUID:
    """The one office of a reach."""
    (office_id,) = reach.offices
    return office_id
