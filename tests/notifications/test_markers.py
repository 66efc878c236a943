"""
A journey with marker names and numbers through planning, dispatch and every channel, over real wires.

Afterwards they are in no message, log, metric, attempt, run, account or alarm, and the addresses of those who
were told are in nothing but what went to them.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from ipaddress import ip_network
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from notifications.channels import Mail, Webhook, WeCom
from notifications.gateway import Gateway
from notifications.gateways import operators
from notifications.gateways.mail import MailGateway
from notifications.gateways.webhook import WebhookGateway
from notifications.gateways.wecom import WeComGateway
from notifications.jobs import Jobs
from notifications.looking import Watch
from notifications.metrics import Metrics
from tests import databases
from tests.notifications.counties import Telling, a_telling_county
from tests.peers.certificates import certificates
from tests.peers.https import HttpPeer, says
from tests.peers.relays import PASSWORD, USER, Kept, relay
from tests.peers.wecom import AGENT, CORP, SECRET, WeComPeer
from tests.workflow.services.test_markers import FIRST, MARKERS, WORKER, journey
from workflow.rules.terms import DAY
from workflow.services.clock import Instant
from workflow.services.completeness import last_account
from workflow.services.run_reports import alarms, runs_of
from workflow.store import run_accounts
from workflow.store.tables import Row

pytestmark = pytest.mark.databases("sqlite", why="both hold the same rows, and the journey is long")

BEGUN = FIRST + 71 * DAY
DAYS = 45
HOURS = (time(3), time(8, 30), time(17), time(19))
MAILBOX = "mark-77@staff.example"
HOOK = "/hook-of-mark-77"
NOT_TOLD_OF = (MAILBOX, HOOK, "mark-77")


@dataclass
class Heard:
    """All that went out or was written down about it."""

    letters: Kept
    wecom: WeComPeer
    hook: HttpPeer
    monitor: HttpPeer
    county: Telling
    logged: str = ""
    metrics: str = ""


class _Library(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.kept: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name != "mail.log":  # the relay, which is not ours
            self.kept.append(f"{record.name} {record.getMessage()} {record.exc_info}")


def gateways(port: int, wecom: WeComPeer) -> dict[str, Gateway]:
    def now() -> datetime:
        return datetime.now(UTC)

    mail = Mail("localhost", "reminders@office.example", port, USER, PASSWORD)
    hook = Webhook("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDVn0=", (ip_network("127.0.0.0/8"),))
    found: list[Gateway] = [
        MailGateway(mail, clock=now, tls=certificates().client),
        WeComGateway(WeCom(CORP, AGENT, SECRET, wecom.url), clock=now),
        WebhookGateway(hook, clock=now),
    ]
    return {one.name: one for one in found}


def staff(county: Telling, hook: str) -> None:
    """Everybody is reached by another channel; the supervisor's first one fails and comes round."""
    county.add_worker("w9", "north", name=WORKER)
    county.address("w1", {"email": MAILBOX}, ["email"])
    county.address("c1", {"wecom": "wangfang"}, ["wecom"])
    county.address("s1", {"webhook": hook}, ["webhook"])


@pytest.fixture(scope="module")
def heard() -> Iterator[Heard]:
    """A county that lived the journey, and forty-five days of messages after it; one of its days nobody looked."""
    library = _Library()
    root = logging.getLogger()
    level = root.level
    root.addHandler(library)
    root.setLevel(logging.DEBUG)
    try:
        with ExitStack() as stack:
            stack.enter_context(databases.on("sqlite"))
            county = stack.enter_context(a_telling_county())
            port, letters = stack.enter_context(relay(certificates().server))
            wecom = stack.enter_context(WeComPeer())
            hook = stack.enter_context(
                HttpPeer(says(500, MARKERS[0].encode()), says(404, WORKER.encode()), says(204))
            )
            monitor = stack.enter_context(HttpPeer(says(200)))
            found = Heard(letters, wecom, hook, monitor, county)
            staff(county, hook.url + HOOK)
            logged = stack.enter_context(capture_logs())
            journey(county)
            live(found, gateways(port, wecom))
            found.logged = "\n".join([*map(repr, logged), *library.kept])
            yield found
    finally:
        root.removeHandler(library)
        root.setLevel(level)


def live(found: Heard, channels: dict[str, Gateway]) -> None:
    """Every day at its hours: sweep and plan, send, look."""
    county, at = found.county, [Instant.on(BEGUN)]

    def now() -> datetime:
        return datetime.now(UTC)

    watch = Watch(
        operators.Webhook(f"{found.monitor.url}/alarms", clock=now),
        operators.Heartbeat(f"{found.monitor.url}/alive", clock=now),
    )
    jobs = Jobs(
        county.uow,
        packs=county.packs,
        calendar=county.calendar,
        clock=lambda: at[0],
        gateways=channels,
        watch=watch,
    )
    jobs.begin_on(BEGUN)
    for n in range(DAYS):
        if n == 7:
            continue
        for hour in HOURS:
            at[0] = Instant.on(BEGUN + n * DAY, hour)
            jobs.tick()
            jobs.deliver()
            jobs.look()
    found.metrics = Metrics(county.uow, lambda: at[0]).text().decode()
    jobs.close()


def outside(found: Heard) -> dict[str, str]:
    """All that left the program, as it went over the wire, by where to."""
    letters = [
        f"{one['Subject']} {one['From']} {one.get_content()}" for one in found.letters.parsed
    ]
    return {
        "email": "\n".join(letters),
        "wecom": "\n".join(words for _, words in found.wecom.shown),
        "webhook": "\n".join(one.body.decode() for one in found.hook.asked),
        "operators": "\n".join(f"{one.target} {one.body.decode()}" for one in found.monitor.asked),
    }


def inside(found: Heard) -> dict[str, str]:
    """All that was written down about messages and runs, table by table, and as it is shown."""
    county, kept = found.county, {}
    with county.uow() as uow:
        for table in Row.metadata.sorted_tables:
            if table.name in TABLES:
                rows = [dict(row._mapping) for row in uow.session.execute(select(table))]
                kept[table.name] = json.dumps(rows, ensure_ascii=False, default=str)
        shown: list[Any] = [asdict(one) for one in runs_of(uow, limit=1000)]
        shown += [asdict(one) for one in alarms(uow, Instant.on(BEGUN + DAYS * DAY))]
    return {**kept, "shown": json.dumps(shown, ensure_ascii=False, default=str)}


TABLES = frozenset(
    {
        *("messages", "message_items", "attempts", "inbox"),
        *("runs", "run_failures", "run_accounts", "alarms", "notices"),
    }
)


def test_it_went_through_every_channel_and_something_failed_on_the_way(heard: Heard) -> None:
    sent = {
        (channel, outcome)
        for channel, outcome in heard.county.rows("SELECT channel, outcome FROM attempts")
    }
    assert {(name, "sent") for name in ("email", "wecom", "webhook", "inbox")} <= sent
    assert {("webhook", "again"), ("webhook", "refused")} <= sent
    assert heard.county.rows("SELECT DISTINCT what FROM alarms") == [("missed_day",)]
    alarm = "SELECT channel FROM messages WHERE sort = 'alarm' AND sent_at IS NOT NULL"
    assert {*heard.county.rows(alarm)} == {("wecom",)}
    assert len(heard.logged) > 1000
    assert all(outside(heard).values())
    assert inside(heard).keys() == {*TABLES, "shown"}


def test_the_account_closed_on_every_day(heard: Heard) -> None:
    county = heard.county
    with county.uow() as uow:
        assert last_account(uow) is not None
        ids = [one.id for one in runs_of(uow, limit=1000)]
        made = run_accounts.of_runs(uow.session, ids)
    assert len(made) >= DAYS - 1
    assert {row.gap for row in made.values()} == {0}
    assert all(path in ("/alive", "/alarms") for path in {one.path for one in heard.monitor.asked})


def test_no_marker_is_anywhere(heard: Heard) -> None:
    everywhere = {**outside(heard), **inside(heard), **kept_elsewhere(heard)}
    for place, content in everywhere.items():
        found = [one for one in MARKERS if one in content or json.dumps(one)[1:-1] in content]
        assert found == [], place


def test_no_address_is_in_what_is_kept_or_logged(heard: Heard) -> None:
    for place, content in {**inside(heard), **kept_elsewhere(heard)}.items():
        assert [one for one in NOT_TOLD_OF if one in content] == [], place


def kept_elsewhere(found: Heard) -> dict[str, str]:
    """What was logged, and what a monitor reads."""
    return {"log": found.logged, "metrics": found.metrics}
