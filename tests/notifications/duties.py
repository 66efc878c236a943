"""An office whose people have inboxes, the jobs over it, and a clock that a test sets: what each engine is tried on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from threading import Event
from typing import Any, Literal

from sqlalchemy import Engine as Database

from notifications.engines import Engine
from notifications.gateway import Gateway
from notifications.jobs import Jobs
from tests.builders import DAY
from tests.counties import County, a_county
from workflow.services.clock import ZONE, Instant
from workflow.store.unit_of_work import UnitOfWork

FIRST = date(2024, 3, 4)
REPORTED = FIRST + 17 * DAY
TOLD = REPORTED + DAY
"""The first day on which something is told: that the agreement is to be signed."""
EMAIL = {"email": "w1@example.org"}
"""Where w1 wants to be told before the inbox."""
Name = Literal["embedded", "worker"]
NAMES: tuple[Name, ...] = ("embedded", "worker")


@dataclass
class Duty:
    """
    Jobs over one county's database.

    Args:
        now: what time it is for every job that begins.
        gateways: what its jobs send with, besides the inbox.
    """

    county: County
    now: datetime = field(default=datetime.combine(TOLD, time(9), ZONE))
    gateways: Mapping[str, Gateway] = field(default_factory=dict)
    _made: int = 0

    @property
    def database(self) -> Database:
        return self.county.engine

    def uow(self) -> UnitOfWork:
        return self.county.uow()

    def set(self, day: date, at: time = time(9)) -> None:
        self.now = datetime.combine(day, at, ZONE)

    def pass_time(self, **much: float) -> None:
        self.now += timedelta(**much)

    def jobs(self) -> Jobs:
        """Those of one process."""
        self._made += 1
        return Jobs(
            self.uow,
            packs=self.county.packs,
            calendar=self.county.calendar,
            clock=lambda: Instant.at(self.now),
            gateways=self.gateways,
            worker=f"w{self._made}",
        )

    def inbox(self) -> list[tuple[str, str, str]]:
        """Whose inbox holds what, of which day; each entry by itself, but for alarms: a test whose clock jumps misses days."""
        return self.rows(
            "SELECT i.recipient, m.sort, CAST(m.for_day AS TEXT) FROM inbox i"
            " JOIN messages m ON m.id = i.message_id WHERE m.sort <> 'alarm' ORDER BY 1, 3, 2"
        )

    def items(self) -> list[tuple[Any, ...]]:
        """Each notice with how many inboxes it came to, by the message that carries it."""
        return self.rows(
            "SELECT n.kind, CAST(n.told_on AS TEXT), i.recipient, count(*) FROM notices n"
            " JOIN message_items m ON m.case_id = n.case_id AND m.kind = n.kind"
            " AND m.occurrence = n.occurrence AND m.told_on = n.told_on AND m.told_to = n.told_to"
            " JOIN inbox i ON i.message_id = m.message_id GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        )

    def waiting(self) -> int:
        ((count,),) = self.rows("SELECT count(*) FROM messages WHERE next_at IS NOT NULL")
        return int(count)

    def unended(self) -> int:
        ((count,),) = self.rows("SELECT count(*) FROM runs WHERE ended_at IS NULL")
        return int(count)

    def runs(self, kind: str | None = None) -> list[str]:
        found = [one for (one,) in self.rows("SELECT kind FROM runs ORDER BY started_at, kind")]
        return [one for one in found if kind in (None, one)]

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with self.uow() as uow:
            return [tuple(row) for row in uow.session.connection().exec_driver_sql(statement)]


@contextmanager
def a_duty(
    *, shared_in: Path | None = None, filled: Callable[[County], object] | None = None
) -> Iterator[Duty]:
    """Workers w1 (in the chair of a case), w2 and w3, their supervisor and an officer of the county; all have accounts."""
    with a_county(shared_in=shared_in, filled=filled or with_one_case) as county:
        yield Duty(county)


def with_one_case(county: County) -> None:
    """One person in community detox, whose agreement is owed from the day after."""
    with_accounts(county)
    county.in_detox("north", "甲", FIRST)


def with_accounts(county: County) -> None:
    """Everybody of the county has one."""
    county.add_worker("c1", "county", "county_office")
    roles: dict[str, Any] = {
        "w1": "worker",
        "w2": "worker",
        "w3": "worker",
        "s1": "supervisor",
        "c1": "county",
    }
    for handle, role in roles.items():
        county.account(handle, role)


# ------------------------------------------------------------------ engines


def an_engine(name: Name, duty: Duty) -> Engine:
    """An engine of a kind, as quick as it can be."""
    if name == "embedded":
        from notifications.engines.embedded import Embedded, Every

        return Embedded(duty.jobs(), Every(tick=0.2, deliver=0.2, look=1))
    from notifications.engines.procrastinate import Crew, Pace
    from notifications.engines.procrastinate_schema import install

    install(duty.database)
    pace = Pace(tick=1, deliver=1, look=2, reap=1, heartbeat=0.5, stalled=1.5, poll=0.2)
    return Crew(duty.jobs(), duty.uow, duty.database.url, pace=pace)


@contextmanager
def at_work(name: Name, duty: Duty, crews: int = 1) -> Iterator[list[Engine]]:
    """Some engines of a kind over one database, until the block ends."""
    engines = [an_engine(name, duty) for _ in range(crews)]
    try:
        for one in engines:
            one.start()
        yield engines
    finally:
        for one in engines:
            one.stop()


def some_turns(seconds: float = 2.5) -> None:
    """Let every job have its turn a few times more."""
    Event().wait(seconds)
