"""A county whose people are told: accounts for its staff, a clock with hours, and what lies in whose message."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from notifications.planning import Planned, plan
from notifications.withdrawing import withdraw_stale
from tests import counties
from tests.counties import County, named
from workflow.rules.access import AccountRole
from workflow.rules.telling import Notice
from workflow.services.clock import Instant
from workflow.services.recording import NewEvent, record
from workflow.services.staffing import end_posting
from workflow.services.sweeping import sweep
from workflow.store import accounts, notices
from workflow.store.tables import MessageRow, table_of

HOME = counties.BEGUN
MESSAGES = table_of(MessageRow)


@dataclass
class Telling(County):
    """The county with what tells people; everybody goes by their handle."""

    working: frozenset[str] = frozenset()

    def disable(self, handle: str, on: date) -> None:
        """They may log in no more."""
        with self.uow() as uow:
            found = accounts.by_handle(uow.session, handle)
            assert found is not None
            accounts.set_values(uow.session, found.id, disabled_at=Instant.on(on).now)

    def id_of(self, name: str) -> UUID:
        """The id of an office or of anybody."""
        return named(name)

    def at(self, on: date) -> Instant:
        """The morning of a day."""
        return Instant.on(on)

    def end_all_postings(self, handle: str) -> None:
        """They work nowhere any more."""
        posting = named(f"post {handle}")
        with self.uow() as uow:
            end_posting(uow, posting_id=posting, last_on=HOME, clock=self.at(HOME), by="root")

    def tell_of(self, name: str, on: date) -> None:
        """A notice to the supervisor about somebody's case."""
        to = "supervisor"
        with self.uow() as uow:
            told = [(case_of(name), Notice(on, "stage_review", "m0/1", "0", to, to))]
            notices.add_new(uow.session, told, Instant.on(on).now)
        self.plan(on)

    def tell(self, on: date, at: time, occurrence: str, *, kind: str = "visit") -> None:
        """A notice to the worker of 甲, as a recording leaves it, planned at once."""
        self.tell_only(on, [occurrence], at=at, kind=kind)
        self.plan(on, at)

    def tell_only(
        self, on: date, occurrences: list[str], *, at: time = time(8), kind: str = "visit"
    ) -> None:
        """The same without planning it; nothing is owed behind it."""
        to = "community_worker"
        told = [
            (case_of("甲"), Notice(on, kind, occurrence, "0", to, to)) for occurrence in occurrences
        ]
        with self.uow() as uow:
            notices.add_new(uow.session, told, Instant.on(on, at).now)

    def plan(self, on: date, at: time = time(8, 30)) -> Planned:
        """Plan at an hour of a day."""
        clock = Instant.on(on, at)
        return plan(self.uow, clock=clock, packs=self.packs, working=self.working)

    def tick_at(self, on: date, at: time) -> None:
        """Sweep at an hour of a day."""
        clock = Instant.on(on, at)
        sweep(self.uow, packs=self.packs, calendar=self.calendar, clock=clock)

    def record_at(self, on: date, at: time, *request: NewEvent, case_id: UUID) -> None:
        """Record one request at an hour of a day."""
        clock = Instant.on(on, at)
        tools: Any = {"packs": self.packs, "calendar": self.calendar, "clock": clock}
        with self.uow() as uow:
            record(uow, case_id, request, **tools, by=self.by)

    def live(self, on: date, at: time = time(8, 30)) -> Planned:
        """Sweep and plan at an hour of a day, as a tick does."""
        self.tick(on)
        found = self.plan(on, at)
        self.withdraw(on, at)
        return found

    def withdraw(self, on: date, at: time = time(8, 30)) -> int:
        """Take out what no longer stands."""
        with self.uow() as uow:
            return withdraw_stale(uow, Instant.on(on, at).now)

    def ids(self, recipient: str) -> list[UUID]:
        """The ids of somebody's messages."""
        query = select(MESSAGES.c.id).where(MESSAGES.c.recipient == recipient)
        with self.engine.connect() as connection:
            return list(connection.execute(query).scalars())

    def fix(self, at: datetime) -> None:
        """What the dispatch does to every message whose time has come: its content is fixed, and it is sent."""
        due = update(MESSAGES).where(MESSAGES.c.next_at <= at)
        with self.engine.begin() as connection:
            connection.execute(due.values(content={}, sent_at=MESSAGES.c.next_at, next_at=None))

    def told(self, *columns: str, where: str = "1 = 1") -> list[tuple[Any, ...]]:
        """What lies in messages: recipient, role, sort and day of each message, then kind and because of its items."""
        wanted = columns or ("m.recipient", "m.as_role", "m.sort", "i.kind", "i.because")
        found = self.rows(
            f"SELECT {', '.join(wanted)} FROM messages m JOIN message_items i"  # noqa: S608
            f" ON i.message_id = m.id WHERE i.withdrawn_at IS NULL AND {where}"
            + (" GROUP BY 1, 2" if "count(*)" in wanted else "")
        )
        return sorted(found, key=str)


@contextmanager
def a_telling_county(
    path: Path | None = None, *, accounts: bool = True, **more: Any
) -> Iterator[Telling]:
    """The county of `tests.counties` with a county officer; everybody has an account."""
    filled = _with_accounts if accounts else _with_an_officer
    with counties.a_county(path, filled=filled, **more) as county:
        yield Telling(county.engine)


def _with_an_officer(county: County) -> None:
    county.add_worker("c1", "county", "county_office")


def _with_accounts(county: County) -> None:
    _with_an_officer(county)
    for handle, role in PEOPLE.items():
        county.account(handle, role)


PEOPLE: dict[str, AccountRole] = {
    "w1": "worker",
    "w2": "worker",
    "w3": "worker",
    "s1": "supervisor",
    "c1": "county",
}


def case_of(name: str) -> UUID:
    """The id of somebody's case."""
    return named(f"case {name}")
