"""Why not: each reason for which a case is on nobody's list, or on somebody else's; and what would change a due day."""

from __future__ import annotations

import re
from datetime import date

import pytest

from workflow.rules.case import Case
from workflow.rules.events import Event
from workflow.rules.fold import fold
from workflow.rules.history import Recorded, history_of
from workflow.rules.plan import KINDS, plan
from workflow.rules.reasons.otherwise import closing_events, inputs, would_change
from workflow.rules.reasons.silence import CODES, Leave, Silence, why_not
from workflow.services.calendars import work_days
from workflow.services.event_forms import parse
from workflow.services.packs import load_pack

PACK, DAYS = load_pack("cn-national"), work_days()
WORKER, DOCTOR = "community_worker", "community_doctor"
Said = tuple[str, str, dict[str, object]]

ORDERED: tuple[Said, ...] = (
    ("2023-01-03", "detected", {"source": "inspection"}),
    (
        "2023-01-03",
        "test_taken",
        {
            "test_id": "t1",
            "method": "laboratory",
            "sample": "urine",
            "result": "positive",
            "purpose": "detection",
        },
    ),
    ("2023-01-09", "use_confirmed", {"test_id": "t1"}),
    ("2023-01-10", "addiction_determined", {"finding": "addicted"}),
    (
        "2023-01-16",
        "community_detox_ordered",
        {"decision_no": "D-1", "served_on": "2023-01-16"},
    ),
)
TEAM: tuple[Said, ...] = (
    ("2023-01-17", "helper_assigned", {"role": WORKER, "helper": "w1"}),
    ("2023-01-17", "assignment_acknowledged", {"role": WORKER}),
    ("2023-01-17", "helper_assigned", {"role": DOCTOR, "helper": "d1"}),
    ("2023-01-17", "assignment_acknowledged", {"role": DOCTOR}),
)
IN_CARE = (*ORDERED, *TEAM, ("2023-01-30", "reported_in", {}))


def case_of(*said: Said, on: str) -> Case:
    recs = [
        Recorded(f"e{n}", _event(name, fields), date.fromisoformat(day), date.fromisoformat(day), n)
        for n, (day, name, fields) in enumerate(said)
    ]
    return fold(history_of(recs), PACK, DAYS, date.fromisoformat(on), team="recorded")


def _event(name: str, fields: dict[str, object]) -> Event:
    return parse(name, fields)


def asked(
    case: Case, helper: str | None = "w1", leave: Leave | None = None, *, by_chair: bool = False
) -> Silence:
    found = why_not(case, plan(case), case.on, helper=helper, leave=leave or {}, by_chair=by_chair)
    assert found.code in CODES
    assert re.search(r"[一-鿿]", found.because.zh)
    assert not re.search(r"[一-鿿]|None|\{", found.because.en)
    assert "None" not in found.because.zh
    return found


def test_what_is_theirs_is_on_the_list() -> None:
    case = case_of(*IN_CARE, on="2023-02-01")
    found = asked(case)
    assert found.code == "on_list"
    assert "make_plan" in found.kinds
    assert asked(case, None).code == "on_list"


def test_what_opens_later_says_when() -> None:
    later = case_of(*IN_CARE, on="2023-02-20")
    coming = [one for one in plan(later) if one.kind == "visit" and one.opens_on > later.on]
    found = why_not(later, coming, date(2023, 2, 20), helper="w1", leave={})
    assert (found.code, found.day) == ("opens_later", date(2023, 2, 28))
    assert "2023-02-21" in found.because.zh


def test_another_role_owes_it_and_who_sits_nowhere() -> None:
    case = case_of(*IN_CARE, on="2023-02-01")
    assert asked(case, "w9").code == "not_in_team"
    assert asked(case, "d1").code == "another_role"
    assert "社区专职工作人员" in asked(case, "d1").because.zh


def test_a_helper_hears_nothing_of_what_others_owe() -> None:
    found = asked(case_of(*IN_CARE, on="2023-02-01"), "d1", by_chair=True)
    assert (found.code, found.kinds) == ("nothing_owed", ())


def test_what_is_theirs_waits_while_the_measure_stands_still() -> None:
    stop: Said = ("2023-02-06", "suspended", {"reason": "detained", "document_no": "C-1"})
    case = case_of(*IN_CARE, stop, on="2023-02-07")
    found = asked(case)
    assert (found.code, found.day) == ("all_held", date(2023, 2, 6))
    assert "make_plan" in found.kinds
    assert asked(case, None).code == "on_list"


@pytest.mark.parametrize(("leave", "code"), [({"w1": None}, "on_leave"), ({"w1": "w2"}, "deputy")])
def test_who_is_on_leave(leave: Leave, code: str) -> None:
    case = case_of(*IN_CARE, on="2023-02-01")
    assert asked(case, "w1", leave).code == code
    assert asked(case, "w2", {"w1": "w2"}).code == "on_list"


def test_a_chair_that_is_empty_or_unaware() -> None:
    assert asked(case_of(*ORDERED, on="2023-01-18")).code == "empty"
    unaware = case_of(*ORDERED, TEAM[0], ("2023-01-30", "reported_in", {}), on="2023-03-01")
    assert asked(unaware).code == "unacknowledged"
    assert asked(unaware, by_chair=True).code == "on_list"


def test_before_an_order_the_registering_office_does_it() -> None:
    case = case_of(*ORDERED[:4], on="2023-01-11")
    assert asked(case).code == "before_order"
    assert asked(case, None).code == "on_list"


def test_when_the_case_is_over() -> None:
    over = case_of(*IN_CARE, ("2023-02-06", "died", {}), on="2023-02-06")
    assert asked(over).code == "another_role"
    found = why_not(over, [], over.on, helper="w1", leave={})
    assert (found.code, found.day) == ("case_ended", date(2023, 2, 6))
    assert why_not(over, [], over.on, helper="w1", leave={}, by_chair=True).code == "nothing_owed"


# ------------------------------------------------------------------ what would change it


def test_every_kind_has_an_act_that_closes_it() -> None:
    kinds = {kind for kinds in KINDS.values() for kind in kinds}
    assert {kind for kind in kinds if not closing_events(kind)} == set()


def test_each_says_what_it_rests_on_and_what_would_change_it() -> None:
    case = case_of(*IN_CARE, on="2023-03-01")
    for one in plan(case):
        found, ways = inputs(one, case), would_change(one, case)
        assert found.counted_from <= found.before_rolling <= max(one.due_on, found.before_rolling)
        assert ways or not (one.stands() or one.settled())
        for way in ways:
            assert re.search(r"[一-鿿]", way.how.zh)
            assert not re.search(r"[一-鿿]|None", way.how.en)


def test_a_day_that_rolled_depends_on_the_calendar() -> None:
    case = case_of(*IN_CARE, on="2023-03-01")
    rolled = [one for one in plan(case) if inputs(one, case).closed_days]
    assert rolled
    assert all(
        "calendar" in {way.by for way in would_change(one, case)} for one in rolled if one.stands()
    )
