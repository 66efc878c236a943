"""
The closed words of a pack: which obligations there are, and what each must be told about itself.

A pack sets numbers and owners; it cannot invent an obligation, since opening and
closing one is code. A new kind gets its line here first, then in every base pack.

Source: domain.md sections 6 to 9.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from workflow.rules.events.fields import OFFICE_ROLES, ROLES

HELPER = "helper"
OWNERS = (*(role for role in ROLES.labels if role != "family"), *OFFICE_ROLES)
RECIPIENTS = ("owner", *OFFICE_ROLES)
OCCASIONS = (
    "detected",
    "suspended",
    "report_in_overdue",
    "voluntary_treatment",
    "serving_sentence",
)

_BOTH = ("community_detox", "recovery")


@dataclass(frozen=True, slots=True)
class KindShape:
    """
    What a pack must say of one kind, besides label, owner and citation.

    `needs` names its periods (of `due`, `opens`, `every`, `windows`), `stages` where its windows
    run. `due_may_be_zero`: due on the very day that it hangs on. `of_helper`: owed by whoever was
    assigned, so that its owner is the word `helper`.
    """

    needs: frozenset[str]
    before_end: bool = False
    stages: tuple[str, ...] = ()
    due_may_be_zero: bool = False
    of_helper: bool = False


def _shape(
    *needs: str, zero: bool = False, stages: tuple[str, ...] = (), of_helper: bool = False
) -> KindShape:
    return KindShape(frozenset(needs), stages=stages, due_may_be_zero=zero, of_helper=of_helper)


def _windows(*stages: str) -> KindShape:
    return _shape("windows", stages=stages)


def _before_end() -> KindShape:
    return KindShape(frozenset({"opens", "due"}), before_end=True, due_may_be_zero=True)


KINDS: Mapping[str, KindShape] = MappingProxyType(
    {
        "decide_objection": _shape("due"),
        "determine_addiction": _shape("due"),
        "decide_measure": _shape("due"),
        "stage_review": _shape("opens", "every"),
        "resolve_positive": _shape("due"),
        "close_file": _shape("due"),
        "legality_review": _shape("due"),
        "assemble_team": _shape("due"),
        "acknowledge_assignment": _shape("due", of_helper=True),
        "report_in": _shape("due"),
        "welfare_contact": _shape("due"),
        "sign_agreement": _shape("due"),
        "make_plan": _shape("due"),
        "routine_test": _windows(*_BOTH),
        "visit": _windows(*_BOTH, "follow_up"),
        "team_meeting": _windows(*_BOTH),
        "review_needs": _windows(*_BOTH),
        "return_from_leave": _shape(),
        "report_in_after_move": _shape("due"),
        "forward_file": _shape("due"),
        "breach_review": _shape("due"),
        "report_use": _shape("due"),
        "send_papers": _before_end(),
        "end_notice": _shape("due"),
        "notify_family": _shape("due"),
        "facility_transfer": _shape("due"),
        "one_year_evaluation": _shape("opens", "due"),
        "pre_expiry_evaluation": _before_end(),
        "decide_term": _shape("due"),
        "plan_handover": _before_end(),
        "meet_at_gate": _before_end(),
        "confirm_release": _shape("opens", "due", zero=True),
        "receive_handover_file": _shape("due"),
        "medical_review": _windows("isolation_medical"),
        "prepare_exit": _before_end(),
        "send_record_update": _shape("due"),
        "confirm_record_update": _shape("due"),
        "review_exit_bar": _shape("due"),
    }
)
