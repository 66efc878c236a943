"""
`python -m tests.notifications.stuck ENGINE WHERE`: a process that is to be killed in the midst of a job.

It says so on its first line when it has come there, and waits. Where the database lies, its ring, and what
time it is, it reads from its input.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime
from typing import NoReturn

from notifications.gateway import Outcome, Outgoing
from notifications.jobs import Jobs, Ticked
from notifications.planning import Kick
from tests.counties import County
from tests.notifications.duties import Duty, Name, an_engine
from workflow.store.engine import make_engine
from workflow.store.keyring import KeyRing


class Hanging:
    """A channel whose other side never answers."""

    name, counts_only = "email", False

    def send(self, message: Outgoing) -> Outcome:
        stuck()

    def close(self) -> None:
        """Nothing is open."""


class Halfway(Jobs):
    """Jobs that come no further than the end of a sweep."""

    def tick(self, kick: Kick | None = None) -> Ticked:
        self._sweep(self.clock(), None)
        stuck()


class OneWay(Duty):
    """The duty of a process that hangs while it sweeps, or while it sends."""

    where: str = "deliver"

    def jobs(self) -> Jobs:
        found = super().jobs()
        if self.where == "deliver":
            return found
        return Halfway(found.make_uow, found.packs, found.calendar, found.clock, worker="dead")


def stuck() -> NoReturn:
    print("under way", flush=True)  # noqa: T201 (whoever waits for it reads it)
    while True:
        time.sleep(60)


def main(engine: Name, where: str) -> None:
    told = json.loads(sys.stdin.readline())
    county = County(make_engine(told["url"]), ring=KeyRing.parse(told["ring"]))
    duty = OneWay(county, now=datetime.fromisoformat(told["now"]), gateways={"email": Hanging()})
    duty.where = where
    an_engine(engine, duty).start()
    time.sleep(600)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])  # type: ignore[arg-type]
