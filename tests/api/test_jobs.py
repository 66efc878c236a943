"""The jobs as the server has them: none waits for another, but in a demo for whoever moves its clock."""

from __future__ import annotations

import socket
from pathlib import Path

from api.bootstrap import Parts
from api.commands.serving import ticking
from api.settings import Settings
from tests.builders import DAY
from tests.notifications.duties import EMAIL, TOLD, Duty, a_duty
from tests.peers.sockets import Peer
from tests.waiting import until
from workflow.services.clock import Instant


def silent(connection: socket.socket) -> None:
    """It never says a word."""
    connection.recv(1)


def parts_of(duty: Duty, relay: Peer) -> Parts:
    """Those of a server over this office, whose mail goes to a relay."""
    settings = Settings(
        smtp_host="127.0.0.1", smtp_port=relay.port, smtp_sender="office@example.org"
    )
    return Parts(
        settings.model_copy(update={"tick_seconds": 0.2}),
        duty.database,
        duty.county.ring,
        "production",
        duty.county.calendar,
        duty.county.packs,
        lambda: Instant.at(duty.now),
    )


def runs_of(duty: Duty) -> tuple[list[str], list[str]]:
    """The kinds of the runs that came to their end, and of those that go on."""
    found = duty.rows("SELECT kind, ended_at IS NOT NULL FROM runs ORDER BY started_at")
    return [kind for kind, ended in found if ended], [kind for kind, ended in found if not ended]


def test_the_calendar_is_looked_at_though_a_delivery_hangs(tmp_path: Path) -> None:
    with a_duty(shared_in=tmp_path) as duty:
        duty.county.address("w1", EMAIL)
        relay = Peer(silent)
        with ticking(parts_of(duty, relay)), relay:
            assert until(lambda: relay.connections)
            duty.set(TOLD + DAY)
            assert until(lambda: runs_of(duty) == (["sweep"] * 2, ["delivery"]), 8)
