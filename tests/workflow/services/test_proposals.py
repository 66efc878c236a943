"""Approvals: two persons, one record; what waits is in nobody's case, and what was decided stays decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.backups import backed_up, restored
from tests.builders import CASE, DAY, PERSON, RING, Office, an_office, new_event
from tests.databases import new_database
from tests.tampering import REPORTED, flipped, hand_in, lived, named, unguard
from workflow.rules.errors import Conflict, Forbidden, GuituError, NotFound, Refused
from workflow.services.clock import Instant
from workflow.services.people import shred_person
from workflow.services.proposals import (
    Approved,
    Proposed,
    approve,
    decline,
    proposals_of,
    propose,
    show_proposal,
    waiting_for,
    waiting_from,
    withdraw,
)
from workflow.services.recording import NewEvent
from workflow.services.rotating import rotate, take_up
from workflow.store.proposals import Stretch
from workflow.store.reach import NOTHING, Reach

ONE, TWO = UUID(int=1), UUID(int=2)
TODAY = REPORTED + 3 * DAY
CLOCK = Instant.on(TODAY)
ALL = Stretch(50)
UNPLACED = Reach(unplaced=True)
REASON = "MARK-2b7d 住院"


def excusing(id: str = "x1", kind: str = "sign_agreement") -> NewEvent:
    """An event that the rules take only with an approval."""
    return new_event(
        "obligation_excused", TODAY, id=id, kind=kind, occurrence="m1/1", reason=REASON
    )


class Desk:
    """Whoever works at an office, by their handle."""

    def __init__(self, office: Office, by: str, reach: Reach | None = None) -> None:
        self.office, self.by, self.reach = office, by, reach

    def _do(self, work: Any, *args: Any, **more: Any) -> Any:
        with self.office.uow() as uow:
            return work(uow, *args, **{"by": self.by, "reach": self.reach, **more})

    def _tools(self, clock: Instant) -> dict[str, Any]:
        return {"packs": self.office.packs, "calendar": self.office.calendar, "clock": clock}

    def propose(
        self, *request: NewEvent, id: UUID = ONE, case_id: UUID = CASE, clock: Instant = CLOCK
    ) -> Proposed:
        found: Proposed = self._do(propose, id, case_id, request, **self._tools(clock))
        return found

    def approve(self, id: UUID = ONE, clock: Instant = CLOCK, **more: Any) -> Approved:
        found: Approved = self._do(approve, id, **self._tools(clock), **more)
        return found

    def decline(self, id: UUID = ONE) -> Any:
        return self._do(decline, id, reason=REASON, clock=CLOCK)

    def withdraw(self, id: UUID = ONE) -> Any:
        return self._do(withdraw, id, clock=CLOCK)

    def waiting(self, stretch: Stretch = ALL) -> list[UUID]:
        with self.office.uow() as uow:
            return [one.id for one in waiting_for(uow, self.by, stretch, self.reach)]


@pytest.fixture
def office() -> Iterator[Office]:
    with an_office() as found:
        lived(found)
        yield found


@pytest.fixture
def w1(office: Office) -> Desk:
    return Desk(office, "w1", Reach(helper="w1", unplaced=True))


@pytest.fixture
def s1(office: Office) -> Desk:
    return Desk(office, "s1", UNPLACED)


def code(kind: type[GuituError], act: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(kind) as refused:
        act(*args, **more)
    assert "MARK" not in str(refused.value)
    return refused.value.code


def version(office: Office) -> int:
    return office.view(TODAY).version


# ------------------------------------------------------------------ two persons


def test_nothing_is_recorded_before_a_second_person_approves(
    office: Office, w1: Desk, s1: Desk
) -> None:
    before = version(office)
    assert not w1.propose(excusing()).already_known
    assert version(office) == before
    assert s1.waiting() == [ONE]
    approved = s1.approve()
    (rec,) = approved.recorded.events
    assert (rec.id, rec.recorded_by, rec.approved_by) == ("x1", "w1", "s1")
    assert (approved.proposal.outcome, approved.proposal.decided_by) == ("approved", "s1")
    assert version(office) == before + 1
    assert s1.waiting() == []


def test_nobody_approves_or_declines_what_they_proposed(office: Office, w1: Desk) -> None:
    w1.propose(excusing())
    assert code(Forbidden, w1.approve) == "own_proposal"
    assert code(Forbidden, w1.decline) == "own_proposal"
    assert w1.waiting() == []


def test_a_void_of_an_older_entry_comes_by_this_way(office: Office, w1: Desk, s1: Desk) -> None:
    reported = next(one.id for one in office.view(TODAY).events if one.event == "reported_in")
    void = new_event("event_voided", TODAY, id="v", event_id=reported, reason=REASON)
    right = new_event("reported_in", REPORTED + DAY, id="r")
    assert code(Refused, office.record, TODAY, void, right) == "approval_missing"
    w1.propose(void, right)
    s1.approve()
    assert office.view(TODAY).stages[-1].on == REPORTED + DAY


# ------------------------------------------------------------------ judged twice


def test_what_is_not_possible_is_refused_at_once(office: Office, w1: Desk, s1: Desk) -> None:
    assert code(Refused, w1.propose, excusing(kind="determine_addiction")) == "never_excused"
    assert code(Refused, w1.propose, excusing(), new_event("resumed", TODAY)) == "not_from_here"
    assert s1.waiting() == []


def test_what_needs_no_second_person_is_not_proposed(office: Office, w1: Desk) -> None:
    assert code(Refused, w1.propose, new_event("visited", TODAY)) == "approval_not_needed"


def test_what_became_impossible_goes_on_waiting_and_says_why(
    office: Office, w1: Desk, s1: Desk
) -> None:
    w1.propose(excusing())
    office.record(TODAY, new_event("agreement_signed", TODAY))
    before = version(office)
    assert code(Refused, s1.approve) == "not_owed"
    assert version(office) == before
    assert s1.waiting() == [ONE]
    s1.decline()
    assert s1.waiting() == []


def test_who_approves_can_say_what_they_saw(office: Office, w1: Desk, s1: Desk) -> None:
    w1.propose(excusing())
    seen = version(office)
    office.record(TODAY, new_event("visited", TODAY))
    assert code(Conflict, s1.approve, expected_version=seen) == "version_conflict"
    assert s1.approve(expected_version=seen + 1).recorded.version == seen + 2


# ------------------------------------------------------------------ sent again


def test_sending_it_twice_is_harmless(office: Office, w1: Desk, s1: Desk) -> None:
    first = w1.propose(excusing())
    again = w1.propose(excusing())
    assert (again.already_known, again.proposal) == (True, first.proposal)
    done = s1.approve()
    repeated = s1.approve(clock=Instant.on(TODAY + DAY))
    assert repeated.recorded.already_known
    assert repeated.proposal == done.proposal
    assert w1.propose(excusing()).proposal.outcome == "approved"
    assert office.record(TODAY, excusing()).already_known


def test_an_id_means_one_proposal(office: Office, w1: Desk, s1: Desk) -> None:
    w1.propose(excusing())
    other = replace(excusing(), happened_on=TODAY - DAY)
    assert code(Conflict, w1.propose, other) == "proposal_id_conflict"
    assert code(Conflict, s1.propose, excusing()) == "proposal_id_conflict"


def test_an_event_that_is_recorded_is_not_proposed_again(
    office: Office, w1: Desk, s1: Desk
) -> None:
    w1.propose(excusing())
    w1.propose(excusing(), id=TWO)
    s1.approve()
    assert code(Conflict, w1.propose, excusing(), id=UUID(int=3)) == "event_id_conflict"
    assert s1.approve(TWO).recorded.already_known


def test_what_was_decided_stays_decided(office: Office, w1: Desk, s1: Desk) -> None:
    s2 = Desk(office, "s2", UNPLACED)
    w1.propose(excusing())
    declined = s1.decline()
    assert (declined.outcome, declined.reason, declined.decided_by) == ("declined", REASON, "s1")
    assert s1.decline() == declined
    for act in (s1.approve, s2.approve, s2.decline, w1.withdraw):
        assert code(Refused, act) == "proposal_decided"


def test_who_proposed_it_withdraws_it_and_nobody_else(office: Office, w1: Desk, s1: Desk) -> None:
    w1.propose(excusing())
    assert code(Forbidden, s1.withdraw) == "not_own_proposal"
    assert w1.withdraw().outcome == "withdrawn"
    assert w1.withdraw().outcome == "withdrawn"
    assert code(Refused, s1.approve) == "proposal_decided"


# ------------------------------------------------------------------ who reaches it


def test_out_of_reach_is_like_what_does_not_exist(office: Office, w1: Desk, s1: Desk) -> None:
    w1.propose(excusing())
    nobody = Desk(office, "s9", NOTHING)
    for act in (nobody.approve, nobody.decline, nobody.withdraw):
        assert code(NotFound, act) == "not_found"
    assert code(NotFound, nobody.propose, excusing("x2"), id=TWO) == "not_found"
    assert nobody.waiting() == []
    with office.uow() as uow:
        assert code(NotFound, show_proposal, uow, ONE, NOTHING) == "not_found"
        assert code(NotFound, proposals_of, uow, CASE, ALL, NOTHING) == "not_found"
    assert code(NotFound, s1.approve, TWO) == "not_found"


def test_a_seat_in_the_team_is_no_office(office: Office, s1: Desk) -> None:
    """`w1` sits in a chair of the case: that lets them propose, and not approve."""
    s1.propose(excusing())
    seated = Desk(office, "w1", Reach(helper="w1"))
    seated.propose(excusing("x2"), id=TWO)
    assert code(NotFound, seated.approve) == "not_found"
    assert seated.waiting() == []


def test_lists_are_cut_into_pages_in_the_order_in_which_it_came(
    office: Office, w1: Desk, s1: Desk
) -> None:
    ids = [UUID(int=n) for n in range(1, 6)]
    for n, one in enumerate(ids):
        at = Instant.at(CLOCK.now + timedelta(seconds=n // 2))
        w1.propose(excusing(f"x{n}"), id=one, clock=at)
    assert s1.waiting() == ids
    assert s1.waiting(Stretch(2)) == ids[:2]
    with office.uow() as uow:
        last = show_proposal(uow, ids[1])
        rest = Stretch(50, (last.proposed_at, last.id))
        assert [one.id for one in proposals_of(uow, CASE, rest)] == ids[2:]
        assert [one.id for one in waiting_from(uow, "w1", rest, UNPLACED)] == ids[2:]
        assert waiting_from(uow, "s1", ALL, UNPLACED) == []
    assert s1.waiting(rest) == ids[2:]


# ------------------------------------------------------------------ sealed


def test_nothing_that_was_proposed_lies_in_plain_text(office: Office, w1: Desk, s1: Desk) -> None:
    w1.propose(excusing())
    s1.decline()
    (row,) = office.rows("SELECT sealed, reason FROM proposals")
    assert all(b"MARK" not in bytes(part) for part in row)
    assert "MARK" not in repr(w1.propose(excusing()))


def test_after_shredding_it_is_unreadable_and_nobody_is_asked(
    office: Office, w1: Desk, s1: Desk
) -> None:
    w1.propose(excusing())
    office.record(TODAY, new_event("died", TODAY))
    with office.uow() as uow:
        shred_person(uow, PERSON, clock=CLOCK, by="a1")
    assert code(Refused, s1.approve) == "key_shredded"
    assert s1.waiting() == []
    assert named(office) == []


def test_a_row_that_was_given_to_another_does_not_open(office: Office, w1: Desk, s1: Desk) -> None:
    """So that they might approve what they proposed themselves."""
    s1.propose(excusing())
    unguard(office.engine)
    with hand_in(office, "proposals") as hand:
        hand.change(hand.rows()[0], proposed_by="w1")
        assert code(Refused, s1.approve) == "key_does_not_open"


def test_it_is_read_and_approved_after_a_rotation(office: Office, w1: Desk, s1: Desk) -> None:
    with office.uow() as uow:
        take_up(uow, TODAY)
    w1.propose(excusing())
    office.ring = RING.with_new_key()
    rotate(office.uow, today=TODAY)
    office.ring = office.ring.without(RING.active)
    assert s1.approve().proposal.outcome == "approved"


def test_it_waits_in_a_backup_too(office: Office, w1: Desk, tmp_path: Path) -> None:
    with office.uow() as uow:
        take_up(uow, TODAY)
    w1.propose(excusing())
    backed_up(office.engine, tmp_path / "backup")
    elsewhere = Office(new_database())
    restored(elsewhere.engine, tmp_path / "backup")
    assert Desk(elsewhere, "s1", UNPLACED).approve().proposal.outcome == "approved"


# ------------------------------------------------------------------ verified


def test_what_was_proposed_and_decided_is_in_order(office: Office, w1: Desk, s1: Desk) -> None:
    kinds = ("sign_agreement", "make_plan", "sign_agreement", "sign_agreement")
    for n, kind in enumerate(kinds, 1):
        w1.propose(excusing(f"x{n}", kind), id=UUID(int=n))
    s1.approve(UUID(int=2))
    s1.decline(UUID(int=3))
    w1.withdraw(UUID(int=4))
    assert named(office) == []


DECIDED = {"outcome": "approved", "decided_at": CLOCK.now, "decided_by": "s1"}
WRONG: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "an outcome that there is not": ({"outcome": "perhaps"}, ("outcome",)),
    "decided by nobody": ({"decided_by": None}, ("decided_by",)),
    "decided by who proposed it": ({"decided_by": "w1"}, ("decided_by",)),
    "decided at no time": ({"decided_at": None}, ("decided_at",)),
    "approved, and in no record": ({}, ("outcome",)),
    "waits, and was decided": ({"outcome": None}, ("decided_at", "decided_by")),
    "declined without a reason": ({"outcome": "declined"}, ("reason",)),
}


def test_what_cannot_have_come_about_so_is_named(office: Office, w1: Desk) -> None:
    w1.propose(excusing())
    unguard(office.engine)
    for what, (values, columns) in WRONG.items():
        with hand_in(office, "proposals") as hand:
            hand.change(hand.rows()[0], **DECIDED | values)
            assert ("implausible", "proposals", columns) in named(office), what


def test_a_flipped_bit_is_found(office: Office, w1: Desk, s1: Desk) -> None:
    w1.propose(excusing())
    s1.decline()
    unguard(office.engine)
    for column in ("sealed", "reason"):
        with hand_in(office, "proposals") as hand:
            (row,) = hand.rows()
            hand.change(row, **{column: flipped(row[column])})
            assert named(office) == [("unreadable", "proposals", ())]
