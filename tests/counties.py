"""A small county for tests: a county office, two townships, some staff, and cases that belong to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Engine

from tests import databases
from tests.builders import DAY, Office, detected, new_database, new_event, positive
from workflow.rules.access import AccountRole
from workflow.services.clock import Instant
from workflow.services.offices import open_office
from workflow.services.opening import NewCase, open_case
from workflow.services.recording import NewEvent
from workflow.services.staffing import add_staff, post, record_leave
from workflow.store import accounts, contact_rows, data_keys
from workflow.store.contact_rows import seal_addresses
from workflow.store.people import Profile
from workflow.store.reach import Reach

SPACE = UUID("00000000-0000-7000-8000-00000000c0de")
BEGUN = date(2023, 1, 2)
DIVISION = "621102"


def named(name: str) -> UUID:
    """The id of a thing of this county, by its name."""
    return uuid5(SPACE, name)


@dataclass
class County(Office):
    """The services on a database with offices; staff and offices go by their names."""

    def reach(self, *offices: str) -> Reach:
        """What the people of these offices reach."""
        return Reach(frozenset(named(one) for one in offices))

    def add_office(self, name: str, level: str, parent: str | None) -> None:
        """Open an office long before everything."""
        with self.uow() as uow:
            open_office(
                uow,
                office_id=named(name),
                division=DIVISION,
                level=level,
                name=name,
                parent_id=named(parent) if parent else None,
                on=BEGUN,
                clock=Instant.on(BEGUN),
                by="root",
            )

    def add_worker(
        self, handle: str, office: str, role: str = "community_worker", *, name: str = ""
    ) -> None:
        """A member of staff who works in an office."""
        clock = Instant.on(BEGUN)
        with self.uow() as uow:
            add_staff(
                uow,
                staff_id=named(handle),
                handle=handle,
                name=name or f"工作人员{handle}",
                phone=None,
                clock=clock,
                by="root",
            )
            post(
                uow,
                posting_id=named(f"post {handle}"),
                staff_id=named(handle),
                office_id=named(office),
                role=role,
                first_on=BEGUN,
                last_on=None,
                clock=clock,
                by="root",
            )

    def account(self, handle: str, role: AccountRole, *, on_staff: bool = True) -> None:
        """An account that nobody needs a password for."""
        row: dict[str, Any] = {"id": named(f"account {handle}"), "handle": handle, "role": role}
        row |= {"staff_id": named(handle) if on_staff else None, "password_hash": None}
        row |= {"must_change": False, "created_at": Instant.on(BEGUN).now, "created_by": "root"}
        with self.uow() as uow:
            accounts.add(uow.session, row)

    def address(
        self,
        handle: str,
        addresses: Mapping[str, str],
        channels: Sequence[str] | None = None,
        *,
        digest_at: str | None = None,
    ) -> None:
        """How somebody wants to be told: by these channels, else by those of the addresses in their order; then in the inbox."""
        with self.uow() as uow:
            key = data_keys.of(uow.session, uow.ring, named(handle))
            row: dict[str, Any] = {"staff_id": named(handle)}
            row |= {"addresses": seal_addresses(key, addresses)}
            row |= {"channels": [*(addresses if channels is None else channels)]}
            row |= {"digest_at": digest_at, "language": "zh", "version": 1}
            row |= {"updated_at": Instant.on(BEGUN).now, "updated_by": handle}
            contact_rows.add(uow.session, row)

    def leave(self, handle: str, first: date, last: date, deputy: str | None) -> None:
        """A leave, known since its first day."""
        with self.uow() as uow:
            record_leave(
                uow,
                leave_id=named(f"leave {handle} {first}"),
                staff_id=named(handle),
                first_on=first,
                last_on=last,
                deputy_id=named(deputy) if deputy else None,
                clock=Instant.on(first),
                by="root",
            )

    def open_at(self, office: str, name: str, on: date) -> UUID:
        """Open a case of an office for a new person of this name."""
        case_id = named(f"case {name}")
        with self.uow() as uow:
            new = NewCase(
                case_id,
                named(f"person {name}"),
                Profile(name=name, born=date(1985, 11, 11)),
                "cn-national",
                office_id=named(office),
            )
            open_case(uow, new, packs=self.packs, clock=Instant.on(on), by=self.by)
        return case_id

    def in_detox(self, office: str, name: str, on: date, workers: Sequence[str] = ("w1",)) -> UUID:
        """A case that comes as far as community detox, with helpers in its chairs; 17 days later. Its test is named for the day."""
        case_id = self.open_at(office, name, on)
        for day, request in way_to_detox(on, str(on), workers):
            self.record(day, *request, case_id=case_id)
        return case_id


def way_to_detox(
    on: date, name: str, workers: Sequence[str]
) -> Iterator[tuple[date, list[NewEvent]]]:
    """From the first test to the report-in, each request on its day."""
    order = on + 12 * DAY
    yield on, [detected(on), positive(on, f"t-{name}")]
    yield (
        on + 7 * DAY,
        [
            new_event("use_confirmed", on + 7 * DAY, test_id=f"t-{name}"),
            new_event("addiction_determined", on + 7 * DAY, finding="addicted"),
        ],
    )
    yield order, [new_event("community_detox_ordered", order, decision_no="D-1", served_on=order)]
    roles = ("community_worker", "community_police", "community_doctor")
    for role, worker in zip(roles, workers, strict=False):
        yield order + DAY, [new_event("helper_assigned", order + DAY, role=role, helper=worker)]
        yield order + DAY, [new_event("assignment_acknowledged", order + DAY, role=role)]
    yield on + 17 * DAY, [new_event("reported_in", on + 17 * DAY)]


@contextmanager
def a_county(
    path: Path | None = None,
    *,
    shared_in: Path | None = None,
    filled: Callable[[County], object] | None = None,
) -> Iterator[County]:
    """
    A county office (`county`), two townships (`north`, `south`), workers w1, w2 (north), w3 (south).

    Args:
        filled: what else is in it, as for `databases.new_database`.
    """
    engine = new_database(path, shared_in=shared_in, filled=_staffed(filled))
    try:
        yield County(engine)
    finally:
        databases.drop(engine)


@cache
def _staffed(filled: Callable[[County], object] | None) -> databases.Fill:
    def fill(engine: Engine) -> None:
        county = County(engine)
        county.add_office("county", "county", None)
        for name in ("north", "south"):
            county.add_office(name, "township", "county")
        for handle, place in (("w1", "north"), ("w2", "north"), ("w3", "south")):
            county.add_worker(handle, place)
        county.add_worker("s1", "north", "supervisor")
        if filled is not None:
            filled(county)

    return fill
