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
from types import MappingProxyType

from notifications.gateway import Gateway
from workflow.rules.terms import DAY
from workflow.rules.workdays import WorkDays
from workflow.services.clock import Instant
from workflow.services.projecting import Packs
from workflow.services.sweeping import RunReport, counties_to_sweep, is_due, sweep, sweep_county
from workflow.store.unit_of_work import UnitOfWork, UnitsOfWork

Kick = Callable[[UnitOfWork], None]
"""Told within the transaction that planned messages, so that whatever sends them is kept or forgotten with them."""
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
        planned: how many messages and items were made, and how many were withdrawn.
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
        worker: by which name this process claims messages.
        alone: held while a job runs; in a demo, that nobody moves its clock meanwhile.
    """

    make_uow: UnitsOfWork
    packs: Packs
    calendar: WorkDays | None
    clock: Callable[[], Instant]
    gateways: Mapping[str, Gateway] = field(default_factory=lambda: MappingProxyType({}))
    worker: str = "server"
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
        swept = self._sweep(clock, passed) if sweeping else None
        return Ticked(swept, self._plan(clock, kick))

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
            return self._drain(self.clock)

    def look(self) -> None:
        """See whether everything is accounted for, raise alarms, and show that this office is alive."""

    def living(self, to: date) -> Callable[[Instant], None]:
        """What a demo does on each day that it lives until another one begins: plan, and send till the evening."""

        def lived(clock: Instant) -> None:
            if clock.today < to - DAYS_TOLD * DAY:
                return
            self._plan(clock, None)
            for hour in (clock, Instant.on(clock.today, EVENING)):
                self._drain(lambda hour=hour: hour)  # type: ignore[misc]

        return lived

    # -------------------------------------------------------------- the steps

    def _sweep(self, clock: Instant, passed: Passed | None) -> RunReport:
        return sweep(
            self.make_uow, packs=self.packs, calendar=self.calendar, clock=clock, passed=passed
        )

    def _plan(self, clock: Instant, kick: Kick | None) -> Mapping[str, int]:
        return {}

    def _drain(self, clock: Callable[[], Instant]) -> Mapping[str, int]:
        return {}
