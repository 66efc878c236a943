"""The 4+X team (domain.md section 6): chairs, gaps, acknowledgements, consent, and who is told."""

import pytest

from tests.histories import Diary, at, day, find, order_community
from workflow.rules.team import acknowledge_by, suggested, told

FOUR = ("community_worker", "community_police", "community_doctor", "family")


def ordered() -> Diary:
    """A community order served on Monday 17 June 2024, with nobody assigned yet."""
    diary, _ = at("assessing", day("2024-05-20"), team="recorded")
    find(diary, day("2024-06-17"))
    values = {"decision_no": "D-1", "served_on": "2024-06-17"}
    return diary.record("2024-06-17", "community_detox_ordered", **values)


def seat(diary: Diary, on: str, role: str, helper: str = "h1", *, says: bool = True) -> Diary:
    """A helper takes a chair and says "I know"."""
    if role == "family":
        diary.record(on, "consent_given", role="family")
    diary.record(on, "helper_assigned", role=role, helper=helper)
    return diary.record(on, "assignment_acknowledged", role=role) if says else diary


def full() -> Diary:
    """A team whose four chairs are filled on 18 June 2024."""
    diary = ordered()
    for role in FOUR:
        seat(diary, "2024-06-18", role)
    return diary


def who(diary: Diary, role: str, on: str) -> tuple[str, str]:
    """Who is told and why."""
    return told(diary.case(on), role, day(on))


# ------------------------------------------------------------------ filling


def test_the_order_opens_the_team() -> None:
    found = ordered().one("2024-06-17", "assemble_team")
    assert (found.owner, str(found.due_on), found.occurrence) == (
        "supervisor",
        "2024-06-24",
        "m1/1",
    )


def test_all_fixed_chairs_filled_close_the_assembly() -> None:
    diary = full()
    found = diary.one("2024-06-18", "assemble_team")
    assert found.closed_on == day("2024-06-18")
    assert diary.state("2024-06-18", "assemble_team") == "done"


def test_a_waived_chair_counts_as_filled() -> None:
    diary = ordered()
    for role in FOUR[:3]:
        seat(diary, "2024-06-18", role)
    assert diary.standing("2024-06-18", "assemble_team") == ["m1/1"]
    diary.record("2024-06-19", "chair_waived", role="family", reason="no family")
    assert diary.standing("2024-06-19", "assemble_team") == []


def test_a_chair_that_empties_opens_the_assembly_again() -> None:
    diary = full().record("2024-07-10", "helper_released", role="community_doctor")
    assert diary.standing("2024-07-10", "assemble_team") == ["m1/2"]
    assert str(diary.one("2024-07-10", "assemble_team", "m1/2").opens_on) == "2024-07-10"


def test_a_successor_in_the_chair_leaves_no_gap() -> None:
    diary = seat(full(), "2024-07-10", "community_doctor", "h2")
    assert diary.standing("2024-07-10", "assemble_team") == []


def test_a_taken_chair_is_not_waived_and_the_same_helper_not_assigned_twice() -> None:
    diary = full()
    values = {"role": "family", "reason": "none"}
    assert diary.refused("2024-07-01", "chair_waived", **values) == "chair_taken"
    again = {"role": "community_worker", "helper": "h1"}
    assert diary.refused("2024-07-01", "helper_assigned", **again) == "already_assigned"


def test_a_helper_entered_late_keeps_a_chair_that_was_waived_meanwhile() -> None:
    diary = ordered().record("2024-06-19", "chair_waived", role="family", reason="none")
    assert "family" in diary.case("2024-06-20").waived
    values = {"role": "family", "helper": "h1", "legal_ground": "guardian"}
    diary.record("2024-06-18", "helper_assigned", late="2024-06-20", **values)
    case = diary.case("2024-06-20")
    assert case.chairs["family"].helper == "h1"
    assert "family" not in case.waived


def test_a_chair_that_was_waived_before_the_order_does_not_stand_filled() -> None:
    diary, on = at("assessing", day("2024-05-20"), team="standing")
    diary.record(on, "chair_waived", role="family", reason="none")
    order_community(diary, on)
    case = diary.case(on)
    assert set(case.chairs) == set(FOUR) - {"family"}
    assert list(case.waived) == ["family"]
    assert diary.owed(on, "assemble_team") == []


def test_before_an_order_no_team_is_owed() -> None:
    diary, on = at("assessing", team="recorded")
    assert diary.owed(on, "assemble_team") == []


def test_a_release_opens_the_team_for_who_came_from_isolation() -> None:
    diary, on = at("isolation", day("2023-01-02"), team="recorded")
    assert diary.owed(on, "assemble_team") == []
    diary.record(on, "released", proof_no="P-1")
    assert len(diary.standing(on, "assemble_team")) == 1


def test_the_team_ends_with_the_case() -> None:
    diary = ordered().record("2024-06-20", "died")
    assert diary.state("2024-06-20", "assemble_team") == "withdrawn"


def test_where_a_rehearsal_names_no_team_every_chair_stands_filled() -> None:
    diary, on = at("community_ordered", team="standing")
    assert diary.owed(on, "assemble_team") == []
    assert told(diary.case(on), "community_doctor", on) == ("community_doctor", "chair")


# ------------------------------------------------------------------ "I know"


def test_each_assigned_helper_owes_an_acknowledgement() -> None:
    diary = seat(ordered(), "2024-06-18", "community_doctor", says=False)
    found = diary.one("2024-06-18", "acknowledge_assignment")
    assert (found.owner, str(found.due_on)) == ("community_doctor", "2024-06-21")
    assert found.occurrence == "community_doctor/1"
    diary.record("2024-06-20", "assignment_acknowledged", role="community_doctor")
    assert diary.state("2024-06-20", "acknowledge_assignment") == "done"


def test_a_successor_owes_an_acknowledgement_of_their_own() -> None:
    diary = seat(ordered(), "2024-06-18", "community_doctor", says=False)
    seat(diary, "2024-06-19", "community_doctor", "h2", says=False)
    assert diary.standing("2024-06-19", "acknowledge_assignment") == ["community_doctor/2"]
    assert diary.state("2024-06-19", "acknowledge_assignment", "community_doctor/1") == "withdrawn"


def test_nobody_acknowledges_twice_or_an_empty_chair() -> None:
    diary = full()
    role = {"role": "community_worker"}
    assert diary.refused("2024-06-20", "assignment_acknowledged", **role) == "already_acknowledged"
    role = {"role": "psychologist"}
    assert diary.refused("2024-06-20", "assignment_acknowledged", **role) == "chair_empty"
    assert diary.refused("2024-06-20", "helper_released", **role) == "chair_empty"


def test_the_day_of_acknowledging_rolls_to_a_working_day() -> None:
    diary = seat(ordered(), "2024-06-20", "community_doctor", says=False)
    case = diary.case("2024-06-20")
    assert str(acknowledge_by(case, case.chairs["community_doctor"])) == "2024-06-24"


# ------------------------------------------------------------------ consent


def test_family_sits_only_with_consent() -> None:
    diary = ordered()
    family = {"role": "family", "helper": "mother"}
    assert diary.refused("2024-06-18", "helper_assigned", **family) == "consent_missing"
    diary.record("2024-06-18", "consent_given", role="family")
    diary.record("2024-06-18", "helper_assigned", **family)


def test_a_minors_guardian_needs_no_consent() -> None:
    diary = ordered().record("2024-06-18", "person_registered", born="2008-01-01")
    diary.record("2024-06-18", "helper_assigned", role="family", helper="mother")


def test_a_legal_ground_stands_in_for_consent() -> None:
    values = {"role": "family", "helper": "guardian", "legal_ground": "court order 7"}
    ordered().record("2024-06-18", "helper_assigned", **values)


def test_consent_that_ends_empties_the_chair() -> None:
    diary = full().record("2024-07-10", "consent_ended", role="family")
    assert "family" not in diary.case("2024-07-10").chairs
    assert diary.standing("2024-07-10", "assemble_team") == ["m1/2"]


def test_no_consent_ends_that_was_never_given() -> None:
    assert ordered().refused("2024-07-10", "consent_ended", role="family") == "no_consent"


# ------------------------------------------------------------------ who is told


def test_until_an_order_the_registering_office_stands_in_every_chair() -> None:
    diary, on = at("assessing", team="recorded")
    assert told(diary.case(on), "community_police", on) == ("community_police", "before_order")


def test_the_helper_in_the_chair_is_told() -> None:
    assert who(full(), "community_doctor", "2024-07-01") == ("community_doctor", "chair")


def test_while_a_chair_is_empty_the_supervisor_is_told_and_the_answer_says_why() -> None:
    assert who(ordered(), "community_doctor", "2024-06-18") == ("supervisor", "empty")


def test_who_has_not_acknowledged_in_time_is_passed_over() -> None:
    diary = seat(ordered(), "2024-06-18", "community_doctor", says=False)
    assert who(diary, "community_doctor", "2024-06-21") == ("community_doctor", "chair")
    assert who(diary, "community_doctor", "2024-06-22") == ("supervisor", "unacknowledged")


@pytest.mark.parametrize("role", ["supervisor", "county_office"])
def test_the_offices_own_roles_are_never_empty(role: str) -> None:
    assert who(ordered(), role, "2024-06-18") == (role, "office")


# ------------------------------------------------------------------ X by need


def test_needs_suggest_the_roles_that_are_missing_and_say_why() -> None:
    diary = full().record("2024-07-01", "needs_reviewed", needs=["hardship", "young", "distressed"])
    assert suggested(diary.case("2024-07-01")) == [
        ("civil_affairs", "hardship"),
        ("psychologist", "young"),
    ]
    seat(diary, "2024-07-02", "psychologist")
    assert suggested(diary.case("2024-07-02")) == [("civil_affairs", "hardship")]
