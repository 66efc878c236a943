"""What a helper records comes from their own chair, and closes what their chair owes; what is refused tells them nothing."""

from __future__ import annotations

from dataclasses import replace
from inspect import getsource
from typing import Any

import pytest

from tests.histories import DAYS, Diary, at, day
from workflow.rules.access import HELPER_ACTS, INTEGRATION_ACTS
from workflow.rules.errors import Forbidden, Refused
from workflow.rules.events import EVENTS
from workflow.rules.guards import GUARDS
from workflow.rules.judging import judge
from workflow.rules.moves import NEEDS_APPROVAL, SOMETIMES_APPROVED, draft, moves
from workflow.rules.plan import plan
from workflow.rules.remits import (
    WHOLE,
    Remit,
    chairs_of,
    check_chairs,
    check_kinds,
    heard,
    names_chair,
    offered,
    owes,
)

HELPER = Remit(HELPER_ACTS, "p1")


@pytest.fixture
def diary() -> Diary:
    """In isolation: the family is to be told, and the police officer `p1` sits in the chair that owes it."""
    found, on = at("isolation", day("2024-01-08"), team="recorded")
    for role, helper in (("community_police", "p1"), ("community_doctor", "d1")):
        found.record(on, "helper_assigned", role=role, helper=helper)
    return found


def refusal(diary: Diary, name: str, remit: Remit = HELPER, **values: Any) -> str | None:
    """The code with which somebody's remit refuses what the rules would take; None where it takes it too."""
    on = diary.recs[-1].on
    taken = diary.copy().request(diary.draft(on, name, **values))
    try:
        check_chairs(remit, taken)
    except Forbidden as error:
        return error.code
    return None


def test_what_closes_something_is_for_the_chair_that_owes_it(diary: Diary) -> None:
    assert refusal(diary, "family_notified") is None
    assert refusal(diary, "family_notified", Remit(HELPER_ACTS, "d1")) == "not_from_your_chair"
    assert refusal(diary, "family_notified", WHOLE) is None


def test_a_visit_counts_whoever_of_the_team_made_it(diary: Diary) -> None:
    assert refusal(diary, "visited", by_role="community_police") is None
    assert refusal(diary, "visited", by_role="community_doctor") == "not_from_your_chair"
    assert refusal(diary, "visited") == "not_from_your_chair"


def test_a_role_that_is_named_is_their_own(diary: Diary) -> None:
    name = "assignment_acknowledged"
    assert refusal(diary, name, role="community_police") is None
    assert refusal(diary, name, role="community_doctor") == "not_from_your_chair"


def test_whoever_sits_nowhere_records_nothing(diary: Diary) -> None:
    assert refusal(diary, "assistance_given") is None
    assert refusal(diary, "assistance_given", Remit((), "z9")) == "not_from_your_chair"


def test_what_a_chair_owes_is_known_by_what_closes_it(diary: Diary) -> None:
    on = diary.recs[-1].on
    case = diary.case(on)
    chairs = chairs_of(case, "p1")
    assert chairs == ("community_police",)
    assert owes(case, plan(case), "family_notified", chairs)
    assert not owes(case, plan(case), "family_notified", chairs_of(case, "d1"))
    assert not owes(case, plan(case), "end_notice_served", chairs)


def test_a_helper_is_offered_what_they_could_record_and_nothing_more(diary: Diary) -> None:
    """Whatever is offered with one of its choices is taken, and nothing else of theirs would be."""
    on = diary.recs[-1].on
    case = diary.case(on)
    found = {offer.event: offer for offer in offered(HELPER, case, moves(case, on))}
    assert found.keys() == {
        "assignment_acknowledged",
        "visited",
        "assistance_given",
        "family_notified",
    }
    assert found["visited"].choices == {"by_role": ("community_police",)}
    for name in HELPER_ACTS:
        offer = found.get(name)
        values = {key: values[0] for key, values in offer.choices.items()} if offer else {}
        recs = [replace(draft(name, on, values), seq=99, approved_by=None)]
        try:
            check_chairs(HELPER, judge(diary.recs, recs, diary.pack, DAYS, on, team=diary.team))
        except (Refused, Forbidden):
            assert offer is None
        else:
            assert offer is not None


def test_whoever_sits_nowhere_is_offered_nothing(diary: Diary) -> None:
    case = diary.case(diary.recs[-1].on)
    assert list(offered(Remit(HELPER_ACTS, "z9"), case, moves(case))) == []


def test_others_are_offered_their_kinds_with_the_reasons(diary: Diary) -> None:
    case = diary.case(diary.recs[-1].on)
    every = moves(case)
    assert list(offered(WHOLE, case, every)) == every
    theirs = list(offered(Remit(INTEGRATION_ACTS), case, every))
    assert [offer.event for offer in theirs] == list(INTEGRATION_ACTS)
    assert any(offer.error for offer in theirs)


def test_what_asks_for_an_approval_is_known_beforehand() -> None:
    """A form that did not say so let somebody fill it in to no avail."""
    asking = {name for name, guard in GUARDS.items() if "need_approval(" in getsource(guard)}
    assert asking | {"event_voided"} == NEEDS_APPROVAL | SOMETIMES_APPROVED


def test_a_kind_of_another_role_is_refused_before_anything_is_asked() -> None:
    check_kinds(HELPER, ["visited"])
    with pytest.raises(Forbidden) as refused:
        check_kinds(HELPER, ["visited", "detected"])
    assert (refused.value.code, refused.value.facts) == ("not_allowed_kind", {"event": "detected"})
    check_kinds(WHOLE, EVENTS)


def test_a_helper_hears_one_sentence_whatever_stands_in_the_way(diary: Diary) -> None:
    draft = diary.draft("2024-03-01", "end_notice_served")
    tells = Refused("not_owed", event="end_notice_served", from_on=day("2026-01-08"))
    said = heard(HELPER, tells, [draft])
    assert (said.code, said.facts) == ("not_from_your_chair", {"event": "end_notice_served"})
    early = Refused("not_yet_happened", event="visited")
    assert heard(HELPER, early, [draft]) is early
    assert heard(WHOLE, tells, [draft]) is tells
    assert heard(Remit(INTEGRATION_ACTS), tells, [draft]) is tells


def test_every_act_of_a_helper_can_be_told_from_a_chair() -> None:
    assert set(HELPER_ACTS) <= EVENTS.keys()
    assert {name for name in HELPER_ACTS if names_chair(EVENTS[name])} == {
        "assignment_acknowledged",
        "visited",
    }


def test_an_integration_records_decisions_and_results() -> None:
    assert {"isolation_ordered", "test_taken", "objection_decided"} <= set(INTEGRATION_ACTS)
    assert all("P" in EVENTS[name].by for name in INTEGRATION_ACTS)
    assert not {"visited", "detected", "entry_voided", "event_voided", "control_ended"} & set(
        INTEGRATION_ACTS
    )
    assert not any(EVENTS[name].paper for name in INTEGRATION_ACTS)
