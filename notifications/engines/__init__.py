"""
Who says when the jobs run: a thread of the server (`embedded`), or workers on many machines (`procrastinate`).

An engine only triggers. What is due, planned, claimed and sent stands in our rows, so that either may be
stopped, started twice, or swapped for the other at any time, and nothing is lost or told twice.
"""

from __future__ import annotations

from typing import Protocol

from notifications.jobs import Ticked
from notifications.planning import Kick


class Work(Protocol):
    """What an engine runs; `notifications.jobs.Jobs` is it."""

    def tick(self, kick: Kick | None = None) -> Ticked:
        """Find out whom to tell; `kick` is told of what is planned, in the transaction that plans it."""

    def deliver(self) -> object:
        """Tell them."""

    def look(self) -> object:
        """See whether everything is accounted for."""


class Engine(Protocol):
    """Runs the jobs, until it is stopped."""

    def start(self) -> None:
        """Begin; the first tick is at once."""

    def stop(self) -> None:
        """End; a job that is under way comes to its end first. Harmless when it has ended."""
