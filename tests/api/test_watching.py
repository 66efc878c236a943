"""Who watches from outside, as the settings name them: a look by the program's own jobs reaches both; nobody hears of a demo."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest
from pydantic import SecretStr, ValidationError

from api.jobs import jobs_of
from api.settings import Settings
from api.watching import watch_of
from notifications.looking import Watch
from tests.api.clients import Client
from tests.builders import DAY
from tests.peers.https import HttpPeer, says
from workflow.services.clock import Instant

SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDVn0="


def watched(url: str) -> Settings:
    return Settings(
        alarm_url=f"{url}/alarms",
        heartbeat_url=f"{url}/alive",
        webhook_secret=SecretStr(SECRET),
    )


def test_alarms_and_heartbeats_go_where_the_settings_say(office: Client) -> None:
    with HttpPeer(says(204)) as peer:
        parts = replace(office.parts, settings=watched(peer.url))
        with closing(jobs_of(parts)) as jobs:
            jobs.tick()
            jobs.look()
            assert [one.path for one in peer.asked] == ["/alive"]
        tomorrow = replace(parts, clock=lambda: Instant.on(office.parts.clock().today + DAY))
        with closing(jobs_of(tomorrow)) as jobs:
            jobs.look()
    assert [one.path for one in peer.asked] == ["/alive", "/alarms"]
    assert peer.asked[1].headers["webhook-signature"].startswith("v1,")


def test_nobody_watches_over_a_demo_or_without_settings(office: Client, demo: Client) -> None:
    assert watch_of(office.parts) == Watch()
    assert watch_of(replace(demo.parts, settings=watched("http://127.0.0.1:9"))) == Watch()


@pytest.mark.parametrize("url", ["ftp://x.example", "x.example", "https://user@x.example/"])
def test_an_address_that_cannot_be_called_is_refused_at_the_start(url: str) -> None:
    for name in ("alarm_url", "heartbeat_url"):
        with pytest.raises(ValidationError):
            Settings.model_validate({name: url})
