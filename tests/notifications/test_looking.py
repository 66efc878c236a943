"""The look: it closes the account, raises what is wrong, and the heart beats only while all is well, over a real wire."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from structlog.testing import capture_logs

from notifications.gateways.operators import Heartbeat, Webhook
from notifications.looking import Watch, look
from tests.builders import DAY, Office, an_office
from tests.peers.https import HttpPeer, says
from workflow.services.clock import Instant
from workflow.services.completeness import Account

FIRST = date(2024, 1, 8)


@pytest.fixture
def monitor() -> Iterator[HttpPeer]:
    with HttpPeer(says(200)) as peer:
        yield peer


@pytest.fixture
def watch(monitor: HttpPeer) -> Iterator[Watch]:
    def now() -> datetime:
        return datetime.now(UTC)

    found = Watch(
        Webhook(f"{monitor.url}/alarms", clock=now), Heartbeat(f"{monitor.url}/alive", clock=now)
    )
    yield found
    found.close()


def looked(office: Office, on: date, watch: Watch | None) -> Account:
    return look(office.uow, clock=Instant.on(on), packs=office.packs, watch=watch)


def asked(monitor: HttpPeer) -> list[str]:
    found = [one.path for one in monitor.asked]
    monitor.asked.clear()
    return found


def test_the_heart_beats_while_the_account_of_a_swept_day_closes(
    monitor: HttpPeer, watch: Watch
) -> None:
    with an_office() as office:
        looked(office, FIRST, watch)
        assert asked(monitor) == []
        office.tick(FIRST)
        looked(office, FIRST, watch)
        looked(office, FIRST, watch)
        assert asked(monitor) == ["/alive", "/alive"]
        looked(office, FIRST + DAY, watch)
        assert asked(monitor) == ["/alarms"]  # nobody looked at this day's calendar yet


def test_a_gap_stops_the_heart_and_is_posted_once(monitor: HttpPeer, watch: Watch) -> None:
    with an_office() as office:
        office.open(FIRST)
        office.tick(FIRST + 2 * DAY)
        for _ in range(3):
            assert looked(office, FIRST + 2 * DAY, watch).unnamed == 1
        assert asked(monitor) == ["/alarms"]


def test_nobody_has_to_watch() -> None:
    with an_office() as office:
        office.tick(FIRST)
        assert looked(office, FIRST, None).closes


def test_a_monitor_that_does_not_answer_is_in_the_log() -> None:
    with an_office() as office, HttpPeer(says(503)) as peer:
        office.tick(FIRST)
        heart = Heartbeat(
            f"{peer.url}/s3cret-part-of-the-address", clock=lambda: Instant.on(FIRST).now
        )
        with capture_logs() as logged:
            looked(office, FIRST, Watch(heart=heart))
        heart.close()
    assert [one for one in logged if one["event"] == "heartbeat_unheard"] == [
        {"event": "heartbeat_unheard", "code": "http_503", "log_level": "warning"}
    ]
    assert "s3cret" not in str(logged)
