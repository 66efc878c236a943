"""What phones bring: each event once, whatever way the queue comes; and nothing that may be true is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.builders import DAY, new_event, positive
from tests.counties import County, named
from tests.phones import Phone, phone_of, token_for
from tests.queues import (
    CLOCK,
    NAMES,
    REASON,
    TODAY,
    bring,
    case_of,
    decide,
    excuse,
    lose_reach,
    outcomes,
    proposal,
    recorded,
    the_county,
    visit,
    waiting,
)
from tests.queues import county as county
from tests.queues import phone as phone
from tests.tampering import verify
from workflow.rules.errors import Forbidden, NotFound, Refused
from workflow.services import quarantine
from workflow.services.people import shred_person
from workflow.services.proposals import approve, decline, withdraw
from workflow.services.queues import Queued

pytestmark = pytest.mark.databases("sqlite", "postgres")


def test_a_queue_is_taken_once_however_often_it_is_brought(county: County, phone: Phone) -> None:
    queue = [visit(1), visit(2, "乙"), visit(3)]
    assert outcomes(bring(phone, *queue)) == ["accepted"] * 3
    assert outcomes(bring(phone, *queue)) == ["already_known"] * 3
    assert [recorded(county)[f"v{n}"] for n in (1, 2, 3)] == [1, 1, 1]


def test_one_bad_request_stops_no_other(county: County, phone: Phone) -> None:
    bad = replace(visit(2), events=(new_event("visited", TODAY + DAY, id="v2"),))
    first, second, third = bring(phone, visit(1), bad, visit(3))
    assert outcomes([first, second, third]) == ["accepted", "refused", "accepted"]
    assert second.refusal is not None
    assert second.refusal.code == "not_yet_happened"
    assert waiting(county) == []


def test_the_order_within_a_case_is_the_phones(county: County, phone: Phone) -> None:
    """The second request is possible only behind the first."""
    need = new_event("helper_assigned", TODAY, id="a", role="volunteer", helper="w2")
    known = new_event("assignment_acknowledged", TODAY, id="b", role="volunteer")
    queue = [
        Queued(named("one"), case_of("甲"), (need,)),
        visit(2, "乙"),
        Queued(named("two"), case_of("甲"), (known,)),
    ]
    assert outcomes(bring(phone, *queue)) == ["accepted"] * 3


# ------------------------------------------------------------------ what needs a second person


def test_what_lacks_an_approval_is_proposed_once_and_recorded_with_it(
    county: County, phone: Phone
) -> None:
    token_for(county, "s1", "supervisor", CLOCK)
    item = excuse(1)
    for _ in range(2):
        (answer,) = bring(phone, item)
        assert (answer.outcome, answer.waits_for) == ("proposed", ("s1",))
        assert recorded(county)["x1"] == 0
    tools = {"packs": county.packs, "calendar": county.calendar}
    proposal(county, approve, item, **tools)
    assert recorded(county)["x1"] == 1
    for _ in range(2):
        assert outcomes(bring(phone, item)) == ["already_known"]
    assert recorded(county)["x1"] == 1


def test_what_was_declined_or_taken_back_is_said_to_its_writer(
    county: County, phone: Phone
) -> None:
    item, other = excuse(1), excuse(2, "m1/w03")
    assert outcomes(bring(phone, item, other)) == ["proposed", "proposed"]
    proposal(county, decline, item, reason="请先走访")
    proposal(county, withdraw, other, by="w1")
    first, second = bring(phone, item, other)
    for answer, by in ((first, "s1"), (second, "w1")):
        assert answer.outcome == "dismissed"
        assert answer.refusal is not None
        assert (answer.refusal.code, answer.refusal.facts["by"]) == ("proposal_decided", by)


def test_one_id_is_one_proposal_and_where_nobody_decides_nobody_is_named(
    county: County, phone: Phone
) -> None:
    county.by = "w2"
    county.record(TODAY, *visit(1).events, case_id=case_of("甲"))
    void = Queued(
        named("void"),
        case_of("甲"),
        (new_event("event_voided", TODAY, id="void", event_id="v1", reason="日期有误"),),
    )
    (answer,) = bring(phone, void)
    assert (answer.outcome, answer.waits_for) == ("proposed", ())
    changed = replace(void, events=(replace(void.events[0], happened_on=TODAY - DAY),))
    (answer,) = bring(phone, changed)
    assert answer.outcome == "refused"
    assert answer.refusal is not None
    assert answer.refusal.code == "proposal_id_conflict"


def test_who_lost_a_case_hears_not_who_decides_on_it_now(county: County, phone: Phone) -> None:
    token_for(county, "s1", "supervisor", CLOCK)
    (before,) = bring(phone, excuse(1))
    lose_reach(county)
    (answer,) = bring(phone, excuse(1))
    assert (before.waits_for, answer.outcome, answer.waits_for) == (("s1",), "proposed", ())


def test_what_no_approval_would_allow_is_refused(county: County, phone: Phone) -> None:
    assert outcomes(bring(phone, excuse(1, "m9/w99"))) == ["refused"]
    died = new_event("died", TODAY, id="gone", document_no="D-1")
    county.record(TODAY, died, case_id=case_of("甲"))
    assert outcomes(bring(phone, excuse(2))) == ["quarantined"]


def test_a_helper_proposes_nothing(county: County) -> None:
    county.add_worker("d1", "north", "community_doctor")
    seat = new_event("helper_assigned", TODAY, role="community_doctor", helper="d1")
    county.record(TODAY, seat, case_id=case_of("甲"))
    helper = phone_of(county, "d1", "helper", CLOCK)
    assert outcomes(bring(helper, excuse(1))) == ["refused"]


# ------------------------------------------------------------------ what waits for a person


def test_work_on_somebody_out_of_reach_waits_for_a_person(county: County, phone: Phone) -> None:
    lose_reach(county)
    (answer,) = bring(phone, visit(1))
    assert answer.outcome == "quarantined"
    assert recorded(county)["v1"] == 0
    assert outcomes(bring(phone, visit(1))) == ["quarantined"]
    (found,) = waiting(county)
    assert (found.why, found.brought_by, found.name) == ("reach_lost", "w1", "甲")
    assert waiting(county, "south") == []
    decide(county, quarantine.record_brought, visit(1))
    decide(county, quarantine.record_brought, visit(1))
    by = "SELECT recorded_by, approved_by FROM events WHERE id = 'v1'"
    assert county.rows(by) == [("w1", "s1")]
    assert outcomes(bring(phone, visit(1))) == ["already_known"]
    assert waiting(county) == []


def test_who_never_had_a_case_brings_nothing_to_it(county: County) -> None:
    stranger = phone_of(county, "w3", "worker", CLOCK)
    known, unknown = visit(1), replace(visit(2), case_id=named("nobody"))
    first, second = bring(stranger, known, unknown)
    assert outcomes([first, second]) == ["refused"] * 2
    assert first.refusal is not None
    assert second.refusal is not None
    assert first.refusal.code == second.refusal.code == "not_found"
    assert waiting(county) == []


def test_to_who_never_had_a_case_nothing_of_it_is_opened(county: County) -> None:
    """So that whose key was shredded is as unknown to them as who never was here."""
    stranger = phone_of(county, "w3", "worker", CLOCK)
    died = new_event("died", TODAY - DAY, document_no="D-9")
    county.record(TODAY, died, case_id=case_of("甲"))
    with county.uow() as uow:
        shred_person(uow, named("person 甲"), clock=CLOCK, by="root")
    (answer,) = bring(stranger, visit(1))
    assert answer.refusal is not None
    assert answer.refusal.code == "not_found"


def test_work_on_a_case_that_ended_waits_for_a_person(county: County, phone: Phone) -> None:
    died = new_event("died", TODAY - DAY, document_no="D-9")
    county.record(TODAY, died, case_id=case_of("甲"))
    (answer,) = bring(phone, visit(1))
    assert answer.outcome == "quarantined"
    with pytest.raises(Refused):
        decide(county, quarantine.record_brought, visit(1))
    found = decide(county, quarantine.dismiss, visit(1), reason=REASON)
    assert (found.outcome, found.decided_by, found.reason) == ("dismissed", "s1", REASON)
    (answer,) = bring(phone, visit(1))
    assert answer.outcome == "dismissed"
    assert recorded(county)["v1"] == 0
    with pytest.raises(Refused, match="quarantine_decided"):
        decide(county, quarantine.record_brought, visit(1), by="s2")


def test_a_late_entry_before_the_end_is_simply_recorded(county: County, phone: Phone) -> None:
    died = new_event("died", TODAY - DAY, document_no="D-9")
    county.record(TODAY, died, case_id=case_of("甲"))
    assert outcomes(bring(phone, visit(1, on=TODAY - 2 * DAY))) == ["accepted"]


def test_of_two_who_wrote_on_the_same_version_both_values_are_kept(
    county: County, phone: Phone
) -> None:
    seen = phone.case(case_of("甲"))["version"]
    theirs = new_event("visited", TODAY, id="theirs", note="别人的")
    county.record(TODAY, theirs, case_id=case_of("甲"))
    (answer,) = bring(phone, visit(1, expected_version=seen))
    assert answer.outcome == "conflict"
    assert [rec.id for rec in answer.theirs] == ["theirs"]
    assert [new.id for new in waiting(county)[0].events] == ["v1"]
    decide(county, quarantine.record_brought, visit(1))
    assert recorded(county)["v1"] == recorded(county)["theirs"] == 1


def test_a_helper_brings_from_their_own_chair_even_past_a_conflict(county: County) -> None:
    county.add_worker("d1", "north", "community_doctor")
    for role, helper in (("community_doctor", "d1"), ("community_police", "w2")):
        seat = new_event("helper_assigned", TODAY, role=role, helper=helper)
        county.record(TODAY, seat, case_id=case_of("甲"))
    phone = phone_of(county, "d1", "helper", CLOCK)
    phone.pull(TODAY)
    seen = phone.case(case_of("甲"))["version"]
    county.record(TODAY, new_event("visited", TODAY, id="theirs"), case_id=case_of("甲"))
    mine, others, known = (
        Queued(
            named(f"item {role}"),
            case_of("甲"),
            (new_event("assignment_acknowledged", TODAY, id=role, role=role),),
            expected_version=seen,
        )
        for role in ("community_doctor", "community_police", "community_worker")
    )
    came = visit(1, expected_version=seen, by_role="community_doctor")
    before = visit(2, on=TODAY - DAY, expected_version=seen, by_role="community_doctor")
    items = (mine, others, known, came, before)
    assert outcomes(bring(phone, *items)) == ["conflict"] * len(items)
    with pytest.raises(Refused, match="quarantine_not_from_chair"):
        decide(county, quarantine.record_brought, others)
    with pytest.raises(Refused, match="already_acknowledged"):  # who decides hears why
        decide(county, quarantine.record_brought, known)
    decide(county, quarantine.record_brought, mine)
    left = new_event("helper_released", TODAY, role="community_doctor")
    county.record(TODAY, left, case_id=case_of("甲"))
    decide(county, quarantine.record_brought, came)  # by whose chair it was on that day
    with pytest.raises(Refused, match="quarantine_not_from_chair"):
        decide(county, quarantine.record_brought, before)
    assert recorded(county)["community_doctor"] == recorded(county)["v1"] == 1
    assert {item.id for item in waiting(county)} == {others.id, known.id, before.id}


def test_a_helpers_work_on_a_case_that_ended_waits_for_a_person(county: County) -> None:
    """In reach still, since their chair owes what outlives it."""
    county.add_worker("d1", "north", "community_police")
    on, ground = TODAY - DAY, "used_during_community_detox"
    order: dict[str, Any] = {
        "decision_no": "D-2",
        "decided_on": on,
        "served_on": on,
        "facility": "F1",
    }
    for event in (
        new_event("helper_assigned", on, role="community_police", helper="d1"),
        positive(on - 10 * DAY, "t-2"),
        new_event("use_confirmed", on, test_id="t-2"),
        new_event("isolation_ordered", on, ground=ground, **order),
        new_event("died", on, id="died", document_no="D-9"),
    ):
        county.record(TODAY, event, case_id=case_of("甲"))
    phone = phone_of(county, "d1", "helper", CLOCK)
    phone.pull(TODAY)
    mine = visit(1, by_role="community_police")
    others = visit(2, by_role="community_worker")
    for answer in bring(phone, mine, others):
        assert (answer.outcome, answer.refusal and answer.refusal.code) == (
            "quarantined",
            "quarantine_waits",
        )
    assert {item.why for item in waiting(county)} == {"case_ended"}
    with pytest.raises(Refused, match="not_from_here"):  # who decides hears why
        decide(county, quarantine.record_brought, mine)
    void = new_event("event_voided", TODAY, event_id="died", reason="认错人")
    county.record(TODAY, replace(void, approved_by="s1"), case_id=case_of("甲"))
    decide(county, quarantine.record_brought, mine)
    with pytest.raises(Refused, match="quarantine_not_from_chair"):
        decide(county, quarantine.record_brought, others)
    assert (recorded(county)["v1"], recorded(county)["v2"]) == (1, 0)


# ------------------------------------------------------------------ who decides, and how it is kept


def test_of_two_events_with_one_id_both_are_kept(county: County, phone: Phone) -> None:
    bring(phone, visit(1))
    other = replace(visit(1), id=named("other"), events=(visit(1, on=TODAY - DAY).events))
    (answer,) = bring(phone, other)
    assert (answer.outcome, [rec.on for rec in answer.theirs]) == ("conflict", [TODAY])
    settled = decide(county, quarantine.record_brought, other)
    assert settled.recorded.events[0].id != "v1"
    visited = "SELECT count(*) FROM events WHERE name = 'visited'"
    assert county.rows(visited) == [(2,)]


def test_nobody_decides_on_what_they_brought_nor_from_a_chair(county: County) -> None:
    phone = phone_of(county, "s1", "supervisor", CLOCK)
    phone.pull(TODAY)
    seen = phone.case(case_of("甲"))["version"]
    county.record(TODAY, new_event("visited", TODAY, id="theirs"), case_id=case_of("甲"))
    bring(phone, visit(1, expected_version=seen))
    with pytest.raises(Forbidden, match="own_quarantine"):
        decide(county, quarantine.dismiss, visit(1), reason=REASON)
    chair = replace(county.reach("south"), helper="w1")
    with pytest.raises(NotFound):
        decide(county, quarantine.dismiss, visit(1), by="w1", reason=REASON, reach=chair)


def test_what_waits_is_sealed_and_goes_with_the_person(county: County, phone: Phone) -> None:
    died = new_event("died", TODAY - DAY, document_no="D-9")
    county.record(TODAY, died, case_id=case_of("甲"))
    bring(phone, visit(1))
    (row,) = county.rows("SELECT sealed FROM quarantine")
    assert "第1次".encode() not in row[0]
    assert b"v1" not in row[0]
    with county.uow() as uow:
        shred_person(uow, named("person 甲"), clock=CLOCK, by="root")
    assert waiting(county) == []
    (answer,) = bring(phone, visit(2))
    assert answer.refusal is not None
    assert answer.refusal.code == "key_shredded"


def test_verifying_sees_a_decision_that_cannot_have_come_about(
    county: County, phone: Phone
) -> None:
    lose_reach(county)
    bring(phone, visit(1))
    assert verify(county).found == 0
    with county.engine.begin() as connection:
        decided = "UPDATE quarantine SET outcome = 'recorded', decided_by = 'w1'"
        connection.exec_driver_sql(decided)
    (found,) = verify(county).findings
    assert (found.table, set(found.columns)) == ("quarantine", {"decided_at", "decided_by"})


# ------------------------------------------------------------------ on a bad line

DELIVERIES = st.lists(
    st.tuples(
        st.lists(st.integers(0, 8), min_size=1, max_size=6),
        st.sampled_from(["arrives", "answer_lost", "request_lost"]),
    ),
    max_size=8,
)


@given(DELIVERIES, st.integers(0, 8))
@settings(max_examples=10, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_whatever_the_line_does_each_event_stands_once(
    deliveries: list[tuple[list[int], str]], lost_at: int
) -> None:
    """Batches in any order, doubled, halved, some lost on either way, reach lost in between."""
    with the_county() as county:
        mine = phone_of(county, "w1", "worker", CLOCK)
        mine.pull(TODAY)
        queue = [visit(n, NAMES[n % 3]) for n in range(9)]
        known: dict[int, set[str]] = {n: set() for n in range(9)}
        for number, (picked, how) in enumerate(deliveries):
            if number == lost_at:
                lose_reach(county)
            if how == "request_lost":
                continue
            answers = bring(mine, *(queue[n] for n in picked))
            for n, answer in zip(picked, answers, strict=True):
                known[n] |= {answer.outcome} if how == "arrives" else set()
        last = bring(mine, *queue)
        assert set(outcomes(last)) <= {"accepted", "already_known", "quarantined"}
        kept = {item.id for item in waiting(county)}
        for n, item in enumerate(queue):
            assert recorded(county)[f"v{n}"] + (item.id in kept) == 1
            assert "refused" not in known[n]
