"""The demo's inboxes: something for each role, one digest a person a day, at humane hours, and no storm when its clock moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time

import pytest

from notifications.jobs import DAYS_TOLD, Jobs
from tests import databases
from tests.builders import DAY, Office
from workflow.services import modes
from workflow.services.clock import ZONE, Instant
from workflow.services.demo_county.loading import load_demo_county
from workflow.services.packs import load_pack
from workflow.services.rotating import take_up
from workflow.store.tables import AccountRow, AlarmRow, InboxRow, MessageRow, table_of

TODAY = date(2026, 3, 2)
ALARMS = table_of(AlarmRow)
MESSAGES, INBOX, ACCOUNTS = table_of(MessageRow), table_of(InboxRow), table_of(AccountRow)


class Demo(Office):
    """A demo with its jobs."""

    @property
    def jobs(self) -> Jobs:
        clock = Instant.on(self.today)
        return Jobs(self.uow, packs=load_pack, calendar=None, clock=lambda: clock)

    @property
    def today(self) -> date:
        with self.uow() as uow:
            found = modes.demo_today(uow)
            assert found is not None
            return found

    def move(self, to: date) -> None:
        lived = self.jobs.living(to)
        modes.move_clock(self.uow, to, packs=load_pack, calendar=None, lived=lived)

    def work(self) -> None:
        """What the server does every minute."""
        self.jobs.tick()
        self.jobs.deliver()
        self.jobs.look()

    def alarms(self) -> list[tuple[str, date]]:
        """What was raised, of which day."""
        with self.uow() as uow:
            return [(row.what, row.for_day) for row in uow.session.execute(ALARMS.select())]

    def inboxes(self) -> Counter[tuple[str, str, date]]:
        """How often somebody's inbox holds a sort of message of a day."""
        query = MESSAGES.join(INBOX, INBOX.c.message_id == MESSAGES.c.id).select()
        with self.uow() as uow:
            rows = uow.session.execute(query.where(MESSAGES.c.sort != "at_once")).all()
        return Counter((row.recipient, row.sort, row.for_day) for row in rows)


@pytest.fixture
def demo() -> Iterator[Demo]:
    """The county as it is loaded, and worked on for a moment."""
    with databases.on("sqlite"):
        found = Demo(databases.new_database())
        with found.uow() as uow:
            modes.stamp(uow, "demo")
            take_up(uow, TODAY)
            modes.set_demo_today(uow, TODAY)
        found.jobs.begin_on(TODAY - DAYS_TOLD * DAY)
        how = {"packs": load_pack, "calendar": None}
        load_demo_county(found.uow, TODAY, lived=found.jobs.living(TODAY), **how)  # type: ignore[arg-type]
        found.work()
        yield found


@pytest.mark.databases("none")
def test_each_role_finds_something_in_its_inbox_and_a_move_of_the_clock_is_no_storm(
    demo: Demo,
) -> None:
    with demo.uow() as uow:
        roles = {row.handle: row.role for row in uow.session.execute(ACCOUNTS.select())}
    assert {roles[who] for who, *_ in demo.inboxes()} >= {
        "county",
        "supervisor",
        "worker",
        "helper",
    }

    assert demo.alarms() == []

    before = demo.inboxes()
    demo.move(TODAY + DAY)
    demo.jobs.look()
    demo.work()
    assert sum(demo.inboxes().values()) > sum(before.values())

    before = demo.inboxes()
    demo.move(TODAY + 60 * DAY)
    demo.jobs.look()
    demo.work()
    assert demo.alarms() == []
    new = demo.inboxes() - before
    digests = Counter(who for who, sort, _ in new if sort == "digest")
    assert digests.most_common(1)[0][1] <= DAYS_TOLD + 2
    assert set(demo.inboxes().values()) == {1}

    with demo.uow() as uow:
        hours = [_hour(row.delivered_at) for row in uow.session.execute(INBOX.select())]
    assert time(8) <= min(hours)
    assert max(hours) < time(20)


def _hour(at: datetime) -> time:
    return at.astimezone(ZONE).time()
