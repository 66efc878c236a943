"""
The three jobs (定时任务): tick finds out whom to tell, deliver tells them, look sees whether all is accounted for.

Each is safe to run twice, late, or on two machines: what it does is decided by rows, and done once. Whoever
runs them (`notifications.engines`) only says when. A run stands in the record where it had something to do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, time
from functools import partial
from types import MappingProxyType
from uuid import UUID, uuid4

from notifications import account
from notifications.dispatch import Drained, drain
from notifications.gateway import Gateway
from notifications.looking import Watch, look
from notifications.planning import Kick, begin_on, plan
from notifications.withdrawing import withdraw_stale
from workflow.rules.terms import DAY
from workflow.rules.workdays import WorkDays
from workflow.services.clock import Instant
from workflow.services.projecting import Packs
from workflow.services.sweeping import (
    RunReport,
    counties_to_sweep,
    is_due,
    sweep,
    sweep_county,
    swept_through,
)
from workflow.store import messages, runs, stamps
from workflow.store.message_items import PLANNED_THROUGH
from workflow.store.unit_of_work import UnitOfWork, UnitsOfWork

Passed = Callable[[int, int], None]

EVENING = time(19, 0)
"""The hour of a day that is over in a demo: what was to be told on it later than in the morning has been."""
DAYS_TOLD = 7
"""A demo whose clock is moved tells the last days one by one, and what lay before them in one digest."""


@dataclass(frozen=True, slots=True)
class Ticked:
    """
    What a tick came to.

    Args:
        swept: None where the calendar brought nothing about since the last one.
        planned: how many messages and items were made, and how many were withdrawn; nothing where none was.
    """

    swept: RunReport | None
    planned: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Jobs:
    """
    The jobs over one database.

    Args:
        make_uow: gives a new unit of work each time.
        calendar: the working days; None for those of the database.
        clock: what time it is, asked once a job; in a demo, the day that its database says.
        gateways: the channels that work, by name; the inbox always does.
        worker: what this process is called by those who look who has a message; each run adds its own.
        link: where people open the program, for the last line of a message.
        watch: who hears of alarms, and that all is well, outside of this program.
        alone: held while a job runs; in a demo, that nobody moves its clock meanwhile.
    """

    make_uow: UnitsOfWork
    packs: Packs
    calendar: WorkDays | None
    clock: Callable[[], Instant]
    gateways: Mapping[str, Gateway] = field(default_factory=lambda: MappingProxyType({}))
    worker: str = "server"
    link: str | None = None
    watch: Watch = field(default_factory=Watch)
    alone: AbstractContextManager[object] = field(default_factory=nullcontext)

    def tick(self, kick: Kick | None = None) -> Ticked:
        """Sweep if the calendar has brought anything about, plan what was told, withdraw what no longer stands."""
        with self.alone:
            clock = self.clock()
            with self.make_uow() as uow:
                due = is_due(uow, clock)
            return self.tick_on(clock, kick, sweeping=due)

    def tick_on(
        self,
        clock: Instant,
        kick: Kick | None = None,
        *,
        sweeping: bool = True,
        passed: Passed | None = None,
    ) -> Ticked:
        """The same for an instant that somebody names, as an operator does."""
        self._begin_messages()
        swept = self._sweep(clock, passed) if sweeping else None
        planned = self._plan(clock, kick, swept)
        if swept is not None or planned:
            with self.make_uow() as uow:
                account.close(uow, swept.run_id if swept else None, clock.now, clock.today)
        return Ticked(swept, planned)

    def counties(self) -> tuple[str, ...]:
        """The counties that may be swept apart, each by whichever machine is free; the tick then finds them done."""
        with self.make_uow() as uow:
            return counties_to_sweep(uow, self.clock())

    def sweep_county(self, division: str) -> RunReport:
        """The part of a tick that is about the cases of one county."""
        return sweep_county(
            self.make_uow,
            division,
            packs=self.packs,
            calendar=self.calendar,
            clock=self.clock(),
        )

    def deliver(self) -> Mapping[str, int]:
        """Send what waits and whose time has come."""
        with self.alone:
            return self._deliver(self.clock)

    def look(self) -> None:
        """See whether everything is accounted for, raise alarms, and show that this office is alive."""
        with self.alone:
            look(self.make_uow, clock=self.clock(), packs=self.packs, watch=self.watch)

    def close(self) -> None:
        """Let go of what the channels keep open."""
        for one in self.gateways.values():
            one.close()
        self.watch.close()

    def begin_on(self, day: date) -> None:
        """Let messages begin with what is told on a day, as where a database was filled with what lay before."""
        with self.make_uow() as uow:
            begin_on(uow, day)

    def living(self, to: date) -> Callable[[Instant], None]:
        """
        What a demo does on each day that it lives until another one begins: it sends, plans, and sends till the evening.

        Of a long time only the last days are told one by one; what lay before them is told in one digest.
        """

        def lived(clock: Instant) -> None:
            if clock.today < to - DAYS_TOLD * DAY:
                return
            self._deliver(lambda: Instant.on(clock.today))
            self._plan(clock, None, None)
            for hour in (clock, Instant.on(clock.today, EVENING)):
                self._deliver(partial(_same, hour))
            with self.make_uow() as uow:
                account.close(uow, None, clock.now, clock.today)

        return lived

    # -------------------------------------------------------------- the steps

    def _begin_messages(self) -> None:
        """Where an earlier release swept for years, messages begin with its last days, and nobody hears of the years."""
        with self.make_uow() as uow:
            through = swept_through(uow)
            if through is not None and stamps.read(uow.session, PLANNED_THROUGH) is None:
                begin_on(uow, through - DAY)

    def _sweep(self, clock: Instant, passed: Passed | None) -> RunReport:
        return sweep(
            self.make_uow,
            packs=self.packs,
            calendar=self.calendar,
            clock=clock,
            ended=lambda: max(clock.now, self.clock().now),
            passed=passed,
        )

    def _plan(self, clock: Instant, kick: Kick | None, swept: RunReport | None) -> dict[str, int]:
        """Counted in the run of the sweep; in one of its own where there was no sweep, and something was planned."""
        done = plan(
            self.make_uow,
            clock=clock,
            packs=self.packs,
            working=frozenset(self.gateways),
            kick=kick,
        )
        with self.make_uow() as uow:
            counts = {**done.counts, "withdrawn": withdraw_stale(uow, clock.now)}
            if not any(counts.values()):
                return {}
            if swept is not None:
                runs.add_counts(uow.session, swept.run_id, counts)
            else:
                self._note(uow, runs.PLANNING, clock, counts)
        return counts

    def _deliver(self, clock: Callable[[], Instant]) -> Mapping[str, int]:
        """Its run is begun before anything goes out: one without an end is the alarm."""
        begun, run_id = clock(), uuid4()
        with self.make_uow() as uow:
            if not messages.any_due(uow.session, begun.now):
                return {}
            self._begin(uow, run_id, runs.DELIVERY, begun)
        counts = self._drain(clock, f"{self.worker} {run_id.hex[:8]}").counts
        with self.make_uow() as uow:
            runs.end(uow.session, run_id, ended_at=clock().now, counts=counts)
        return counts

    def _drain(self, clock: Callable[[], Instant], worker: str) -> Drained:
        return drain(
            self.make_uow,
            self.gateways,
            clock=lambda: clock().now,
            worker=worker,
            packs=self.packs,
            link=self.link,
        )

    def _note(self, uow: UnitOfWork, kind: str, clock: Instant, counts: Mapping[str, int]) -> None:
        run_id = uuid4()
        self._begin(uow, run_id, kind, clock)
        runs.end(uow.session, run_id, ended_at=clock.now, counts=counts)

    def _begin(self, uow: UnitOfWork, run_id: UUID, kind: str, clock: Instant) -> None:
        runs.begin(uow.session, run_id, kind=kind, for_day=clock.today, started_at=clock.now)


def _same(clock: Instant) -> Instant:
    return clock
