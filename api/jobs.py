"""The jobs and the engine that runs them, made of the parts and settings of the program."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING

from api.bootstrap import Parts
from api.channels import channels_of
from api.watching import watch_of
from notifications.gateways import gateways_of
from notifications.jobs import Jobs
from workflow.rules.errors import Refused

if TYPE_CHECKING:
    from notifications.engines import Engine


def jobs_of(parts: Parts) -> Jobs:
    """
    The three jobs over a database; whoever asks for them closes them.

    A demo has no channel but the inbox: nobody outside hears of invented people.
    """
    return Jobs(
        parts.uow,
        packs=parts.packs,
        calendar=parts.calendar,
        clock=parts.clock,
        gateways={} if parts.demo else gateways_of(channels_of(parts.settings), clock=_wall(parts)),
        link=parts.settings.link,
        watch=watch_of(parts),
        worker=f"{socket.gethostname()}-{os.getpid()}"[:50],
        alone=parts.moving if parts.demo else nullcontext(),
    )


def _wall(parts: Parts) -> Callable[[], datetime]:
    return lambda: parts.wall().now


def engine_of(parts: Parts, jobs: Jobs) -> Engine:
    """
    The one that the settings ask for; a demo always has its own.

    Raises:
        Refused: `queue_needs_postgresql`, `queue_not_installed` or `queue_schema_taken`.
    """
    from notifications.engines.embedded import Embedded, Every

    if parts.settings.engine == "worker" and not parts.demo:
        _install_queue(parts)
        from notifications.engines.procrastinate import Distant

        return Distant(parts.uow)
    return Embedded(jobs, Every(tick=parts.settings.tick_seconds))


def crew_of(parts: Parts, jobs: Jobs, at_once: int) -> Engine:
    """
    A worker that runs so many jobs at once.

    Raises:
        Refused: as `engine_of` does.
    """
    _install_queue(parts)
    from notifications.engines.procrastinate import Crew, Pace

    pace = Pace(tick=parts.settings.tick_seconds)
    return Crew(jobs, parts.uow, parts.engine.url, at_once=at_once, pace=pace)


def _install_queue(parts: Parts) -> None:
    if find_spec("procrastinate") is None:
        raise Refused("queue_not_installed")
    from notifications.engines.procrastinate_schema import install

    install(parts.engine)
