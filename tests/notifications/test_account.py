"""The completeness account: it closes where every case has a step and every notice went its way, and says where not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from notifications.account import close
from tests.builders import CASE, DAY, Office, an_office, detected, new_event
from tests.counties import County, a_county
from tests.messages import message, notices, withdrawn
from workflow.services.clock import Instant
from workflow.services.completeness import VERSION, Account, last_account
from workflow.services.run_reports import runs_of
from workflow.store import runs
from workflow.store.run_accounts import of_runs, put

pytestmark = pytest.mark.databases("sqlite", "postgres")

FIRST = date(2024, 1, 8)
BUSY = FIRST + 17 * DAY
"""The day after the county was filled on which something is told; a test says which."""


def account(office: Office, on: date, *, minutes: int = 5, run_id: UUID | None = None) -> Account:
    """Look at a day, and close its account some minutes later."""
    run_id = run_id or office.tick(on).run_id
    clock = Instant.on(on)
    with office.uow() as uow:
        return close(uow, run_id, clock.now + timedelta(minutes=minutes), clock.today)


@pytest.fixture
def county() -> Iterator[County]:
    with a_county(filled=_fill) as found:
        yield found


def _fill(county: County) -> None:
    for name, worker in (("甲", "w1"), ("乙", "w2")):
        county.in_detox("north", name, FIRST, (worker,))


def a_telling_day(office: Office) -> date:
    """The first day from now on that tells something."""
    for n in range(1, 60):
        if office.tick(BUSY + n * DAY).notices:
            return BUSY + n * DAY
    raise AssertionError("nothing was told in sixty days")


def test_an_empty_office_closes() -> None:
    with an_office() as office:
        found = account(office, FIRST)
        assert (found.open_cases, found.notices, found.gap, found.closes) == (0, 0, 0, True)


def test_each_open_case_has_a_step_all_through_its_way(county: County) -> None:
    for n in range(1, 200):
        found = account(county, BUSY + n * DAY)
        assert (found.open_cases, found.with_step, found.unnamed) == (2, 2, 0)
        assert found.exceptions == {}


def test_a_case_that_was_just_opened_is_named_and_one_forgotten_is_a_gap() -> None:
    with an_office() as office:
        office.open(FIRST)
        assert account(office, FIRST).exceptions == {"just_opened": 1}
        assert account(office, FIRST + DAY).closes
        found = account(office, FIRST + 2 * DAY)
        assert (found.unnamed, found.unnamed_cases, found.gap) == (1, (CASE,), 1)
        office.record(FIRST + 2 * DAY, detected(FIRST))
        assert account(office, FIRST + 2 * DAY).with_step == 1


def test_a_suspended_case_has_a_step_or_a_name(county: County) -> None:
    case_id = UUID(str(county.rows("SELECT id FROM cases ORDER BY id")[0][0]))
    stop = new_event("suspended", BUSY, reason="detained", document_no="S-1")
    county.record(BUSY, stop, case_id=case_id)
    found = account(county, BUSY + DAY)
    assert (found.with_step, found.exceptions) == (2, {})
    with county.engine.begin() as connection:
        mine = "UPDATE obligations SET held_since = '2024-01-20' WHERE case_id = :id"
        connection.execute(text(mine), {"id": case_id.hex})
    found = account(county, BUSY + DAY)
    assert (found.with_step, found.exceptions, found.unnamed) == (1, {"suspended": 1}, 0)


def test_a_case_that_the_run_could_not_do_is_named() -> None:
    with an_office() as office:
        office.open(FIRST)
        office.damage("visited", "{")
        with office.engine.begin() as connection:
            connection.execute(text("UPDATE cases SET version = 1"))
        assert account(office, FIRST + 3 * DAY).exceptions == {"failed": 1}


def test_what_became_of_each_item(county: County) -> None:
    day = a_telling_day(county)
    one, *others = notices(county, day)
    now = Instant.on(day).now
    assert account(county, day).untold == 1 + len(others)
    later = now + timedelta(hours=8)
    message(county, "sent", day, [one, *others], sent_at=now)
    message(county, "queued", day, [one])
    message(county, "held", day, [one], next_at=later, send_from=later)
    message(county, "passed", day, [one], passed_at=now, passed_to=message(county, "up", day))
    message(county, "failed", day, [one], failed_at=now, failure="no_channel", owner="supervisor")
    withdrawn(county, message(county, "withdrawn", day, [one], withdrawn_at=now), now)
    found = account(county, day)
    sent = 1 + len(others)
    assert found.items == {
        "sent": sent,
        "queued": 1,
        "held": 1,
        "withdrawn": 1,
        "passed": 1,
        "failed": 1,
    }
    assert (found.notices, found.untold, found.adrift, found.closes) == (sent, 0, 0, True)
    assert account(county, day, minutes=8 * 60).items["queued"] == 2


@pytest.mark.parametrize(
    "left",
    [
        {"next_at": None, "sent_at": None, "place": 1},
        {"failed_at": Instant.on(FIRST).now},
        {"passed_at": Instant.on(FIRST).now},
        {"withdrawn_at": Instant.on(FIRST).now},
    ],
    ids=["nowhere", "without an owner", "to nobody", "withdrawn with items in it"],
)
def test_an_item_that_is_nowhere_is_a_gap(county: County, left: dict[str, object]) -> None:
    day = a_telling_day(county)
    message(county, "adrift", day, notices(county, day), **left)
    found = account(county, day)
    assert (found.adrift, found.closes) == (len(notices(county, day)), False)


def test_a_notice_of_yesterday_that_nobody_planned_is_a_gap_today(county: County) -> None:
    """As far as accounts go back: what was told before the first one of all needed no message."""
    day = a_telling_day(county)
    assert account(county, day + DAY).untold == len(notices(county, day + DAY))
    told = len(notices(county, day + DAY)) + len(notices(county, day + 2 * DAY))
    assert account(county, day + 2 * DAY).untold == told


def test_what_another_run_is_about_to_plan_is_no_gap_yet(county: County) -> None:
    day = a_telling_day(county)
    other, now = UUID(int=7), Instant.on(day).now
    mine = county.tick(day).run_id
    with county.uow() as uow:
        runs.begin(uow.session, other, kind="sweep", for_day=day, started_at=now)
    found = account(county, day, minutes=0, run_id=mine)
    assert (found.untold, found.waiting) == (0, len(notices(county, day)))
    with county.uow() as uow:
        runs.end(uow.session, other, ended_at=now + timedelta(minutes=3), counts={})
    assert account(county, day, minutes=4, run_id=mine).waiting > 0
    assert account(county, day, minutes=6, run_id=mine).untold > 0


def test_what_was_told_a_moment_ago_is_no_gap_yet_and_sending_excuses_nothing(
    county: County,
) -> None:
    day = a_telling_day(county)
    run_id, told = county.tick(day).run_id, len(notices(county, day))
    with county.uow() as uow:
        at = Instant.on(day).now + timedelta(minutes=4)
        runs.begin(uow.session, UUID(int=7), kind="delivery", for_day=day, started_at=at)
    found = account(county, day, minutes=1, run_id=run_id)
    assert (found.untold, found.waiting) == (0, told)
    found = account(county, day, minutes=5, run_id=run_id)
    assert (found.untold, found.waiting) == (told, 0)


def test_without_a_run_it_is_of_the_last_one_of_the_day(county: County) -> None:
    day, clock = BUSY + DAY, Instant.on(BUSY + DAY)
    with county.uow() as uow:
        assert close(uow, None, clock.now, day).run_id == UUID(int=0)
        assert last_account(uow) is None
    swept = county.tick(day)
    with county.uow() as uow:
        close(uow, None, clock.now, day)
        renewed = close(uow, None, clock.now + timedelta(minutes=9), day)
        assert (last_account(uow), renewed.run_id) == (renewed, swept.run_id)


def test_it_is_kept_with_its_run(county: County) -> None:
    day = a_telling_day(county)
    found = account(county, day)
    with county.uow() as uow:
        assert last_account(uow) == found
        assert next(one for one in runs_of(uow, on=day) if one.id == found.run_id).account == found


def test_one_that_another_version_kept_is_read_as_far_as_it_goes(county: County) -> None:
    day = a_telling_day(county)
    found = account(county, day)
    kept = {"open_cases": 2, "with_step": 1, "unnamed": 1, "counted_by_a_later_version": 9}
    with county.uow() as uow:
        put(uow.session, found.run_id, made_at=found.made_at, gap=1, counts=kept, unnamed=[CASE])
    with county.uow() as uow:
        old = last_account(uow)
    assert old is not None
    assert (old.open_cases, old.with_step, old.unnamed_cases, old.gap) == (2, 1, (CASE,), 1)
    assert (old.exceptions, old.items, old.notices, old.adrift) == ({}, {}, 0, 0)


def test_what_is_kept_says_of_which_version_it_is(county: County) -> None:
    found = account(county, a_telling_day(county))
    with county.uow() as uow:
        (row,) = of_runs(uow.session, [found.run_id]).values()
    assert row.counts["version"] == VERSION
