"""The demo county as it lies in a database: made by the services, nothing refused, and something to do on every first screen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from tests.builders import Office, new_database
from workflow.services.demo_accounts import PASSWORD, PRINTED, demo_logins
from workflow.services.demo_county.cast import lives
from workflow.services.demo_county.houses import LEAVES
from workflow.services.demo_county.invented import colleagues, county, townships
from workflow.services.demo_county.life import Life, Setting
from workflow.services.demo_county.loading import LIVED, POLICY, load_demo_county
from workflow.services.modes import demo_today, is_loaded, stamp
from workflow.services.verifying import verify
from workflow.services.worklists import Asked, WorkItem, worklist
from workflow.store import accounts
from workflow.store.reach import Reach

TODAY = date(2024, 2, 29)
STOPPED = "x5"
"""The volunteer who stopped the evening before; another one has all that she helped with."""


class Stopped(Exception):
    """The loading was interrupted."""


@pytest.mark.slow
@pytest.mark.databases("sqlite", why="a demo is a SQLite file, and what it uses is tested on both")
def test_the_county_loads_and_every_role_has_something_to_do() -> None:
    office = Office(new_database())
    with office.uow() as uow:
        stamp(uow, "demo")
    known = lives(_setting(office))
    _load_interrupted(office)
    _load(office)
    with office.uow() as uow:
        assert is_loaded(uow)
        assert demo_today(uow) == TODAY
    check_the_record(office, known)
    check_what_was_told(office)
    check_first_screens(office)
    check_hand_overs(office)
    check_approvals(office)
    check_logins(office)


def _setting(office: Office) -> Setting:
    live_on = office.calendar.on_or_after(TODAY - LIVED)
    return Setting(TODAY, live_on, office.packs(POLICY), office.calendar)


def _load_interrupted(office: Office) -> None:
    """Loading it again after that is harmless: every id is the same."""

    def stop(done: int, total: int) -> None:
        if done == 20:
            raise Stopped

    with pytest.raises(Stopped):
        load_demo_county(
            office.uow, TODAY, packs=office.packs, calendar=office.calendar, passed=stop
        )
    with office.uow() as uow:
        assert not is_loaded(uow)


def _load(office: Office) -> None:
    load_demo_county(office.uow, TODAY, packs=office.packs, calendar=office.calendar)


# ------------------------------------------------------------------ what is looked at


def check_the_record(office: Office, known: Sequence[Life]) -> None:
    """Everything that the lives tell is there, once; and each row is what its events come to."""
    verdict = verify(office.uow, packs=office.packs, calendar=office.calendar)
    assert verdict.findings == ()
    assert (verdict.cases, verdict.people) == (120, 120)
    told = sum(len(life.deeds) for life in known)
    handed_over = office.rows("SELECT count(*) FROM chairs WHERE helper = 'x6'")[0][0]
    assert verdict.events == told + len(known) + handed_over
    assert office.rows("SELECT count(*) FROM events WHERE name = 'event_voided'") == [(1,)]
    late = "recorded_on > happened_on AND recorded_on > (SELECT min(recorded_on) FROM events)"
    assert office.rows(f"SELECT count(*) FROM events WHERE {late}")[0][0] >= 2  # noqa: S608


def check_what_was_told(office: Office) -> None:
    """Each rung of the ladder was told to the one who stands behind it, nearly every working day of two months."""
    told = office.rows("SELECT rung, told_to, told_on FROM notices")
    assert {"-7", "-1", "0", "+1", "+3", "+7", "opening"} <= {rung for rung, _, _ in told}
    for role in ("community_worker", "community_police", "supervisor", "county_office"):
        days = {day for _, to, day in told if to == role}
        assert len(days) >= 5
    lived = office.calendar.count(_setting(office).live_on, TODAY - timedelta(days=1))
    assert len({day for _, _, day in told}) > lived / 2


def check_first_screens(office: Office) -> None:
    """Who is there has something to do; who is away has somebody who hears instead."""
    away = {one.handle for one in LEAVES if one.first <= 0 <= one.last}
    assert away == {"w4", "x4"}
    for one in colleagues():
        if one.chair in ("supervisor", "county_office"):
            continue
        own = _worklist(office, one.handle)
        assert bool(own) == (one.handle not in away | {STOPPED}), one.handle
    assert any(item.told.because == "deputy" for item in _worklist(office, "w3"))
    everything = _worklist(office)
    for house in townships():
        here = [item for item in everything if item.office_id == house.id]
        assert sum(item.told.role == "supervisor" for item in here) >= 5
    assert {"unacknowledged", "deputy"} <= {item.told.because for item in everything}
    overdue = [(TODAY - item.due_on).days for item in everything if item.state == "overdue"]
    assert sum(days >= 7 for days in overdue) >= 3


def _worklist(office: Office, handle: str | None = None) -> list[WorkItem]:
    reach = Reach(frozenset(one.id for one in (county(), *townships())))
    with office.uow() as uow:
        return worklist(uow, Asked(reach, handle=handle), TODAY, limit=5000)


def check_approvals(office: Office) -> None:
    """Of each township something waits for its supervisor; what needed an approval before has one."""
    waiting = "SELECT count(*) FROM proposals WHERE decided_at IS NULL"
    assert office.rows(waiting) == [(len(townships()),)]
    decided = "SELECT proposed_by, decided_by FROM proposals WHERE decided_at IS NOT NULL"
    pairs = office.rows(decided)
    assert len(pairs) >= 6
    assert all(worker != approver for worker, approver in pairs)


def check_hand_overs(office: Office) -> None:
    """One case that moved was received, and one waits for it."""
    moved = office.rows(
        "SELECT received_at IS NOT NULL FROM placements WHERE from_office_id IS NOT NULL"
    )
    assert sorted(bool(received) for (received,) in moved) == [False, True]


def check_logins(office: Office) -> None:
    """Each of the staff may log in, and every role has somebody."""
    with office.uow() as uow:
        found = demo_logins(uow, TODAY)
        kept = accounts.by_handle(uow.session, "w1")
    assert {one.handle for one in colleagues()} <= {one.handle for one in found}
    assert len({one.role for one in found}) == 7
    families = [one for one in found if one.chair == "family"]
    assert len(families) == len(townships())
    for one in families:
        assert [item.kind for item in _worklist(office, one.handle)] == ["acknowledge_assignment"]
    assert kept is not None
    assert PRINTED.verified(PASSWORD, kept.password_hash)
