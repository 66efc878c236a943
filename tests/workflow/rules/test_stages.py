"""The table of stages and moves (domain.md sections 4 and 5)."""

import pytest

from tests.histories import at
from workflow.rules import stages
from workflow.rules.errors import Refused
from workflow.rules.events import ACTS, EVENTS, MOVES, PAPERS
from workflow.rules.stages import ENDED, IN_CARE, OPEN, SOURCES, STAGES, may, move

EDGES = [(m.event, source, m.target) for m in stages.MOVES for source in m.sources]


def test_the_sixteen_stages_of_the_domain_speak_both_languages() -> None:
    assert len(STAGES) == 16
    assert set(OPEN) | set(ENDED) == set(STAGES)
    for name, means in STAGES.items():
        assert means.en, name
        assert any("\u4e00" <= letter <= "\u9fff" for letter in means.zh), name


def test_no_row_of_the_table_stands_twice() -> None:
    assert len(EDGES) == len(set(EDGES))


def test_the_table_holds_every_move_and_no_act() -> None:
    assert {m.event for m in stages.MOVES} == set(MOVES)


def test_every_event_knows_its_stages() -> None:
    assert set(SOURCES) == set(EVENTS)
    assert set(stages.ACTS) == {*ACTS, *PAPERS}


def test_where_a_move_has_several_ways_each_says_when() -> None:
    ways: dict[tuple[str, str], list[stages.Move]] = {}
    for row in stages.MOVES:
        for source in row.sources:
            ways.setdefault((row.event, source), []).append(row)
    for (event, _), rows in ways.items():
        if len(rows) > 1 and event != "decision_revoked":
            assert (
                all(row.when is not None for row in rows) or event == "changed_to_community_detox"
            )


def test_nothing_leaves_an_ended_stage() -> None:
    assert not [edge for edge in EDGES if edge[1] in ENDED]


def test_every_open_stage_has_a_way_to_an_end() -> None:
    for stage in OPEN:
        assert {"died", "transferred_out", "entry_voided"} <= {
            event for event, source, _ in EDGES if source == stage
        }


@pytest.mark.parametrize(
    ("event", "stage", "allowed"),
    [
        ("reported_in", "community_ordered", True),
        ("reported_in", "community_suspended", False),
        ("refusal_recorded", "community_ordered", True),
        ("refusal_recorded", "community_detox", False),
        ("breach_reported", "recovery_suspended", True),
        ("left", "community_suspended", False),
        ("moved", "follow_up", True),
        ("moved", "isolation", False),
        ("medical_release", "isolation_medical", False),
        ("visited", "exited", False),
        ("papers_sent", "closed", True),
        ("person_registered", "new", True),
    ],
)
def test_who_may_what_where(event: str, stage: str, allowed: bool) -> None:
    assert may(event, stage) is allowed


def test_a_move_that_the_table_does_not_hold_is_refused_with_a_code() -> None:
    case = at("detected")[0].case("2021-03-10")
    with pytest.raises(Refused) as refusal:
        move(case, "released", "follow_up")
    assert refusal.value.code == "not_from_here"
    assert case.stage == "detected"
    with pytest.raises(Refused):
        move(case, "never_heard_of", "detected")


def test_a_move_that_stays_leaves_the_stage() -> None:
    diary, on = at("community_ordered")
    case = diary.case(on)
    move(case, "suspended", stages.STAYS)
    assert case.stage == "community_ordered"


def test_the_groups_are_those_of_the_domain() -> None:
    assert stages.COMMUNITY == ("community_ordered", "community_detox", "community_suspended")
    assert stages.RECOVERY == ("recovery_ordered", "recovery", "recovery_suspended")
    assert set(IN_CARE) == {*stages.COMMUNITY, *stages.RECOVERY}
    assert stages.FACILITY == ("isolation", "isolation_medical", "isolation_escaped")
