"""What forbids suspending, resuming and the ways in and out of a facility (CD-14, CI-07 to CI-13)."""

from __future__ import annotations

from collections.abc import Callable

from workflow.rules.case import Case
from workflow.rules.errors import Refused
from workflow.rules.events import Resumed, Suspended
from workflow.rules.history import Recorded
from workflow.rules.stages import ORDERED


def suspended(case: Case, rec: Recorded, event: Suspended) -> None:
    """Before the first report-in the stage stays, so a second custody needs the first to have ended."""
    measure = case.running()
    if case.stage in ORDERED and measure is not None and measure.open_stop():
        raise Refused("already_in_custody")


def resumed(case: Case, rec: Recorded, event: Resumed) -> None:
    """There is a custody to come back from."""
    measure = case.running()
    if case.stage in ORDERED and (measure is None or not measure.open_stop()):
        raise Refused("not_in_custody")


GUARDS: dict[str, Callable[..., None]] = {"suspended": suspended, "resumed": resumed}
