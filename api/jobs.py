"""The jobs and the engine that runs them, made of the parts and settings of the program."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

from api.bootstrap import Parts
from notifications.jobs import Jobs

if TYPE_CHECKING:
    from notifications.engines import Engine


def jobs_of(parts: Parts) -> Jobs:
    """The three jobs over a database. A demo has no channel but the inbox: nobody outside hears of invented people."""
    return Jobs(
        parts.uow,
        packs=parts.packs,
        calendar=parts.calendar,
        clock=parts.clock,
        worker=f"{socket.gethostname()}-{os.getpid()}"[:64],
        alone=parts.moving,
    )


def engine_of(parts: Parts) -> Engine:
    """The one that the settings ask for; a demo always has its own."""
    from notifications.engines.embedded import Embedded, Every

    return Embedded(jobs_of(parts), Every(tick=parts.settings.tick_seconds))
