"""Every notice comes to a person, at a humane hour, once; and what is planned twice is planned once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time
from pathlib import Path
from threading import Event
from time import sleep

import pytest

from notifications.planning import begin_on, plan
from tests.builders import DAY, detected, new_database, new_event, positive
from tests.notifications.counties import MESSAGES, Telling, a_telling_county, case_of
from workflow.rules.telling import exit_undone
from workflow.services.clock import Instant
from workflow.store import notices
from workflow.store.unit_of_work import UnitOfWork

__all__ = ["new_database"]

FIRST = date(2024, 3, 4)
REPORTED = FIRST + 17 * DAY
NEXT = REPORTED + DAY
"""A Friday: the agreement is to be signed within a week, and the team to be complete in three days."""
MIDNIGHT, MORNING, TEN, EVENING = time(0, 5), time(8, 30), time(10), time(18)


def reported_in(county: Telling, workers: Sequence[str] = ("w1",), office: str = "north") -> None:
    """Somebody who has reported in."""
    county.in_detox(office, "甲", FIRST, workers)


def sent_from(county: Telling, recipient: str) -> list[tuple[str, str]]:
    """Sort and civil hour of somebody's messages, in order."""
    found = county.rows(
        f"SELECT sort, send_from FROM messages WHERE recipient = '{recipient}' ORDER BY send_from"  # noqa: S608
    )
    return [(sort, at[:16]) for sort, at in found]


def agreement(county: Telling) -> list[tuple[str, str, str]]:
    """Who is told of the agreement, in which role, and why."""
    columns = ("m.recipient", "m.as_role", "i.because")
    return county.told(*columns, where="i.kind = 'sign_agreement'")


def test_whoever_sits_in_the_chair_gets_one_digest_at_half_past_eight() -> None:
    with a_telling_county() as county:
        reported_in(county)
        county.live(NEXT, MIDNIGHT)
        assert agreement(county) == [("w1", "community_worker", "chair")]
        assert sent_from(county, "w1") == [("digest", "2024-03-22 00:30")]


@pytest.mark.parametrize(
    ("workers", "because"), [((), "empty"), (("w1", "w2"), "office")], ids=["empty", "filled"]
)
def test_an_empty_chair_is_told_to_the_supervisor_who_hears_why(
    workers: Sequence[str], because: str
) -> None:
    with a_telling_county() as county:
        reported_in(county, workers)
        county.live(NEXT)
        county.live(NEXT + 10 * DAY)
        assert ("s1", "supervisor", because) in agreement(county)
        assert ("w1" in {who for who, _, _ in agreement(county)}) == bool(workers)


def test_who_has_not_said_i_know_in_time_is_not_told_but_the_supervisor() -> None:
    with a_telling_county() as county:
        reported_in(county)
        assigned = new_event("helper_assigned", REPORTED, role="community_worker", helper="w2")
        county.record(REPORTED, assigned, case_id=case_of("甲"))
        county.live(NEXT)
        assert agreement(county) == [("w2", "community_worker", "chair")]
        county.live(NEXT + 6 * DAY)
        assert ("s1", "supervisor", "unacknowledged") in agreement(county)


@pytest.mark.parametrize(
    ("deputy", "told"),
    [
        ("w2", ("w2", "community_worker", "deputy")),
        (None, ("s1", "supervisor", "on_leave")),
    ],
)
def test_somebody_on_leave_is_spared_and_the_deputy_told_or_the_supervisor(
    deputy: str | None, told: tuple[str, str, str]
) -> None:
    with a_telling_county() as county:
        reported_in(county)
        county.leave("w1", NEXT, NEXT, deputy)
        county.live(NEXT)
        assert agreement(county) == [told]


@pytest.mark.parametrize(
    ("have", "told"),
    [
        (["s1", "c1"], ("s1", "supervisor", "no_channel")),
        (["c1"], ("c1", "county_office", "no_channel")),
        ([], ("county_office", "county_office", "nobody_posted")),
    ],
)
def test_who_has_no_channel_is_passed_over_at_once_and_never_nobody_hears(
    have: Sequence[str], told: tuple[str, str, str]
) -> None:
    with a_telling_county() as county:
        for handle in {"w1", "s1", "c1"} - {*have}:
            county.disable(handle, FIRST)
        reported_in(county)
        county.live(NEXT)
        assert agreement(county) == [told]


def test_what_nobody_can_be_told_has_failed_and_the_county_office_owns_it() -> None:
    with a_telling_county(accounts=False) as county:
        reported_in(county)
        found = county.live(NEXT)
        assert (found.messages, found.items, found.nobody) == (0, 2, 1)
        assert county.rows("SELECT failure, owner, next_at FROM messages") == [
            ("nobody_posted", "county_office", None)
        ]
        county.live(NEXT)
        assert county.rows("SELECT count(*) FROM message_items") == [(2,)]


def test_an_address_in_a_channel_that_works_is_as_good_as_an_account() -> None:
    with a_telling_county(accounts=False) as county:
        county.address("w1", {"email": "w1@example.org"}, ["email"])
        reported_in(county)
        county.live(NEXT)
        assert agreement(county) == [("county_office", "county_office", "nobody_posted")]
        county.working = frozenset({"email"})
        county.live(NEXT + 5 * DAY)
        assert ("w1", "community_worker", "chair") in agreement(county)


def test_until_there_is_a_team_the_workers_of_the_office_are_told() -> None:
    with a_telling_county() as county:
        county.open_at("north", "甲", FIRST)
        day = FIRST + 4 * DAY
        county.record(FIRST, detected(FIRST), positive(FIRST), case_id=case_of("甲"))
        county.record(day, new_event("use_confirmed", day, test_id="t1"), case_id=case_of("甲"))
        county.live(day)
        assert county.told("m.recipient", "m.as_role", "i.because") == [
            ("w1", "community_police", "office"),
            ("w2", "community_police", "office"),
        ]


def test_what_an_office_still_owes_that_was_left_is_told_to_its_own_people() -> None:
    with a_telling_county() as county:
        reported_in(county)
        to = new_event("moved", NEXT, to_office=str(county.id_of("south")), reason="work")
        county.record(NEXT, to, case_id=case_of("甲"))
        taken = new_event("helper_assigned", NEXT, role="community_worker", helper="w3")
        county.record(NEXT, taken, case_id=case_of("甲"))
        county.live(NEXT)
        told = county.told("m.recipient", "i.because", where="i.kind = 'forward_file'")
        assert told == [("w1", "office"), ("w2", "office")]


def test_whoever_leads_and_helps_gets_one_digest_as_who_leads() -> None:
    with a_telling_county() as county:
        reported_in(county, ["s1"])
        county.live(NEXT)
        assert county.told("m.recipient", "m.as_role", "count(*)") == [("s1", "supervisor", 2)]


# ------------------------------------------------------------------ when


def test_what_is_told_after_the_digest_comes_at_five_and_after_that_the_next_morning() -> None:
    with a_telling_county() as county:
        reported_in(county)
        county.live(NEXT, MIDNIGHT)
        county.fix(Instant.on(NEXT).now)
        for number, at in enumerate((TEN, time(11), EVENING, time(20, 30))):
            county.fix(Instant.on(NEXT, at).now)
            county.tell(NEXT, at, f"o{number}")
        assert sent_from(county, "w1") == [
            ("digest", "2024-03-22 00:30"),
            ("later", "2024-03-22 09:00"),
            ("digest", "2024-03-23 00:30"),
        ]
        assert county.rows("SELECT count(*) FROM message_items WHERE occurrence LIKE 'o%'") == [
            (4,)
        ]


def test_until_the_digest_goes_out_all_goes_into_it() -> None:
    with a_telling_county() as county:
        reported_in(county)
        county.live(NEXT, MIDNIGHT)
        county.tell(NEXT, time(8, 29), "late")
        assert sent_from(county, "w1") == [("digest", "2024-03-22 00:30")]


@pytest.mark.parametrize(
    ("at", "goes"),
    [(TEN, "2024-03-25 02:00"), (EVENING, "2024-03-25 10:00"), (time(21), "2024-03-26 00:30")],
)
def test_days_without_a_run_are_made_up_in_one_digest(at: time, goes: str) -> None:
    with a_telling_county() as county:
        reported_in(county)
        county.plan(REPORTED)
        county.live(NEXT + 3 * DAY, at)
        assert sent_from(county, "w1") == [("digest", goes)]
        county.tell(NEXT + 3 * DAY, at, "more")
        assert sent_from(county, "w1") == [("digest", goes)]


def test_digests_that_nobody_sent_for_days_go_out_as_one() -> None:
    with a_telling_county() as county:
        reported_in(county)
        county.live(NEXT, MIDNIGHT)
        for number in range(1, 7):
            county.live(NEXT + number * DAY, MIDNIGHT)
        assert sent_from(county, "w1") == [("digest", "2024-03-22 00:30")]
        county.fix(Instant.on(NEXT + 6 * DAY, TEN).now)
        county.live(NEXT + 7 * DAY, MIDNIGHT)
        assert [sort for sort, _ in sent_from(county, "w1")] == ["digest", "digest"]


def test_a_digest_comes_at_the_hour_that_somebody_wishes_but_in_no_quiet_hour() -> None:
    for wish, goes in (("18:15", "10:15"), ("20:00", "00:30"), ("07:59", "00:30")):
        with a_telling_county() as county:
            county.address("w1", {}, [], digest_at=wish)
            reported_in(county)
            county.live(NEXT, MIDNIGHT)
            assert sent_from(county, "w1") == [("digest", f"2024-03-22 {goes}")]


@pytest.mark.parametrize(
    ("at", "goes"), [(TEN, "2024-03-30 02:00"), (time(22), "2024-03-31 00:00")]
)
def test_a_statutory_day_is_told_alone_at_once_on_a_saturday_but_at_no_quiet_hour(
    at: time, goes: str
) -> None:
    with a_telling_county() as county:
        reported_in(county)
        county.live(NEXT + 7 * DAY)
        saturday = NEXT + 8 * DAY
        county.tell(saturday, at, "m2/1", kind="notify_family")
        assert sent_from(county, "w1")[-1] == ("at_once", goes)
        assert county.told("m.subject", where="m.sort = 'at_once'") == [
            (f"{case_of('甲')}|notify_family|m2/1",)
        ]


def test_what_the_person_has_to_hear_is_told_at_once_to_whoever_brings_it_to_them() -> None:
    with a_telling_county() as county:
        reported_in(county)
        county.live(NEXT)
        with county.uow() as uow:
            notices.add_new(
                uow.session, [(case_of("甲"), exit_undone(NEXT))], Instant.on(NEXT, TEN).now
            )
        county.plan(NEXT, TEN)
        assert ("w1", "community_worker", "at_once", "exit_undone", "chair") in county.told()


def test_a_late_entry_whose_rungs_have_passed_is_told_once_on_the_day_of_recording() -> None:
    with a_telling_county() as county:
        reported_in(county)
        day = NEXT + 30 * DAY
        county.tick_through(NEXT, day - DAY)
        county.plan(day - DAY)
        county.fix(Instant.on(day - DAY).now)
        report = new_event("left", NEXT, written_report=True, return_on=NEXT + 2 * DAY)
        county.record(day, report, case_id=case_of("甲"))
        county.live(day, TEN)
        county.live(day, time(11))
        columns = ("m.recipient", "m.sort", "m.send_from")
        told = county.told(*columns, where="i.kind = 'return_from_leave'")
        assert [row for row in told if row[0] == "w1"] == []
        assert [(who, sort, at[:16]) for who, sort, at in told] == [
            ("c1", "digest", f"{day} 02:00")
        ]


# ------------------------------------------------------------------ once


def test_sixty_things_due_are_one_message() -> None:
    with a_telling_county() as county:
        reported_in(county)
        county.tick(NEXT)
        county.tell_only(NEXT, [f"o{number}" for number in range(60)])
        county.plan(NEXT)
        assert county.rows("SELECT count(*) FROM messages WHERE recipient = 'w1'") == [(1,)]
        assert county.rows("SELECT count(*) FROM message_items") == [(62,)]


class Killed(Exception):
    """What a machine that dies leaves behind: nothing of the transaction."""


def test_a_plan_that_is_killed_anywhere_and_run_again_comes_to_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("notifications.planning.AT_ONCE", 1)

    def pictures(kill_at: int | None) -> tuple[object, ...]:
        count = 0

        def kick(_: UnitOfWork) -> None:
            nonlocal count
            count += 1
            if count == kill_at:
                raise Killed

        with a_telling_county() as county:
            for name in "甲乙丙":
                county.in_detox("north", name, FIRST, ["w1"])
            county.tick(NEXT)
            run = {"clock": Instant.on(NEXT, TEN), "packs": county.packs, "working": frozenset()}
            try:
                plan(county.uow, **run, kick=kick)  # type: ignore[arg-type]
            except Killed:
                plan(county.uow, **run)  # type: ignore[arg-type]
            plan(county.uow, **run)  # type: ignore[arg-type]
            assert kill_at is None or count >= kill_at
            return (*county.told(), *county.rows("SELECT id, send_from FROM messages ORDER BY id"))

    whole = pictures(None)
    assert len(whole) > 6
    assert [pictures(kill_at) for kill_at in (1, 2, 3)] == [whole] * 3


def test_two_machines_that_plan_at_once_put_each_notice_into_one_message(tmp_path: Path) -> None:
    with a_telling_county(shared_in=tmp_path) as county:
        for name in "甲乙丙":
            county.in_detox("north", name, FIRST, ["w1"])
        county.tick(NEXT)
        with ThreadPoolExecutor(2) as pool:
            found = [*pool.map(lambda _: county.plan(NEXT), range(2))]
        assert sum(one.items for one in found) == 6
        assert county.rows("SELECT count(*) FROM message_items") == [(6,)]
        assert county.rows("SELECT count(*) FROM messages") == [(2,)]


def test_nothing_is_put_into_a_message_whose_content_is_being_fixed(tmp_path: Path) -> None:
    """Else it would be in a message that was sent, and nobody would ever have read it."""
    with a_telling_county(shared_in=tmp_path) as county:
        reported_in(county)
        county.live(NEXT, MIDNIGHT)
        county.tell_only(NEXT, ["late"])
        held, planning = Event(), Event()

        def fix() -> None:
            with county.engine.begin() as connection:
                connection.execute(MESSAGES.select().with_for_update()).all()
                held.set()
                planning.wait(5)
                sleep(0.2)
                connection.execute(
                    MESSAGES.update().values(content={}, sent_at=MESSAGES.c.next_at, next_at=None)
                )

        with ThreadPoolExecutor(1) as pool:
            fixing = pool.submit(fix)
            assert held.wait(5)
            planning.set()
            county.plan(NEXT)
            fixing.result()
        told = county.told("m.sort", "m.content IS NULL", where="i.occurrence = 'late'")
        assert [(sort, bool(unseen)) for sort, unseen in told] == [("later", True)]


def test_what_was_told_before_planning_began_needs_no_message() -> None:
    with a_telling_county() as county:
        reported_in(county)
        county.tick(NEXT)
        with county.uow() as uow:
            begin_on(uow, NEXT + 3 * DAY)
        county.live(NEXT + 3 * DAY)
        assert county.rows("SELECT min(told_on) FROM message_items") == [("2024-03-25",)]
