"""
How each kind of obligation ends, moves and waits (domain.md D4, D5 and `survives_end` in section 8).

One table, so that the answer to "does this outlive the measure?" stands in one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scope = Literal["measure", "stage", "case", "lasting"]
Shift = Literal["event", "grid", "none"]


@dataclass(frozen=True, slots=True)
class Trait:
    """
    Args:
        scope: what it ends with; `lasting` outlives measure and case.
        shift: how its due day moves when the measure's clock stood: by the stop's length (`grid`, dates
            reckoned from the term), by the rest of the stop after its opening (`event`), or not at all.
        held: whether it waits while the clock stands.
        falls_with_order: that it goes when the order is revoked, though it would outlive the measure.
        contingent: that it opens only if something does not happen before: not listed ahead.
        reckoned: that its due day comes ready, rolled and moved.
    """

    scope: Scope = "measure"
    shift: Shift = "event"
    held: bool = True
    falls_with_order: bool = False
    contingent: bool = False
    reckoned: bool = False


_LASTING = Trait(scope="lasting", shift="none", held=False)
_WITH_THE_CASE = Trait(scope="case", shift="none", held=False)
_WITH_THE_STAGE = Trait(scope="stage", shift="none", held=False)
_IN_MEASURE = Trait()

TRAITS: dict[str, Trait] = {
    "decide_objection": _WITH_THE_CASE,
    "determine_addiction": _WITH_THE_STAGE,
    "decide_measure": _WITH_THE_STAGE,
    "stage_review": _WITH_THE_STAGE,
    "resolve_positive": _WITH_THE_CASE,
    "close_file": _LASTING,
    "legality_review": _LASTING,
    "assemble_team": _WITH_THE_CASE,
    "acknowledge_assignment": _WITH_THE_CASE,
    "report_in": Trait(shift="none", reckoned=True),
    "welfare_contact": _IN_MEASURE,
    "sign_agreement": _IN_MEASURE,
    "make_plan": _IN_MEASURE,
    "return_from_leave": _IN_MEASURE,
    "report_in_after_move": _IN_MEASURE,
    "forward_file": _LASTING,
    "breach_review": _IN_MEASURE,
    "report_use": _LASTING,
    "send_papers": Trait(shift="none", reckoned=True),
    "end_notice": Trait(
        scope="lasting", shift="none", held=False, falls_with_order=True, contingent=True
    ),
    "notify_family": Trait(scope="lasting", shift="none", held=False, falls_with_order=True),
    "facility_transfer": Trait(shift="none"),
    "one_year_evaluation": _IN_MEASURE,
    "pre_expiry_evaluation": Trait(shift="grid"),
    "plan_handover": Trait(shift="grid"),
    "meet_at_gate": Trait(shift="grid"),
    "confirm_release": Trait(shift="none", contingent=True),
    "decide_term": Trait(shift="none", held=False),
    "receive_handover_file": _LASTING,
    "prepare_exit": _WITH_THE_CASE,
    "send_record_update": _LASTING,
    "confirm_record_update": _LASTING,
    "review_exit_bar": _WITH_THE_CASE,
}
"""Windows are not listed: they end with their measure or stay and move with its grid."""
