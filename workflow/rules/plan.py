"""
plan: the case on a day -> what is owed (domain.md sections 2 and 8).

One function a kind, grouped by noun under `obligations`; here is their table.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, timedelta

from workflow.rules import closing
from workflow.rules.case import Case
from workflow.rules.obligations import care, exits, intake, terms, testing, windows
from workflow.rules.obligations.owed import Obligation
from workflow.rules.obligations.planner import ORDERS, Planner

Opens = Callable[[Planner], None]

KINDS: dict[Opens, tuple[str, ...]] = {
    testing.decide_objection: ("decide_objection",),
    testing.determine_addiction: ("determine_addiction",),
    testing.decide_measure: ("decide_measure",),
    intake.stage_reviews: ("stage_review",),
    testing.resolve_positive: ("resolve_positive",),
    intake.close_file: ("close_file",),
    intake.legality_review: ("legality_review",),
    care.assemble_team: ("assemble_team",),
    care.acknowledge_assignment: ("acknowledge_assignment",),
    intake.report_in: ("report_in",),
    intake.welfare_contact: ("welfare_contact",),
    care.sign_agreement: ("sign_agreement",),
    care.make_plan: ("make_plan",),
    windows.windows_in_term: ("routine_test", "visit", "team_meeting", "review_needs"),
    windows.follow_up_visits: ("visit",),
    care.return_from_leave: ("return_from_leave",),
    care.moves: ("report_in_after_move", "forward_file"),
    care.breach_review: ("breach_review",),
    care.report_use: ("report_use",),
    terms.end_of_term: ("send_papers", "end_notice"),
    terms.notify_family: ("notify_family",),
    terms.isolation_terms: (
        "facility_transfer",
        "one_year_evaluation",
        "pre_expiry_evaluation",
        "plan_handover",
        "meet_at_gate",
        "confirm_release",
    ),
    terms.decide_term: ("decide_term",),
    terms.receive_handover_file: ("receive_handover_file",),
    windows.medical_review: ("medical_review",),
    exits.prepare_exit: ("prepare_exit",),
    exits.record_updates: ("send_record_update", "confirm_record_update"),
    exits.review_exit_bar: ("review_exit_bar",),
}
NEVER_EXCUSED = frozenset(
    {
        "determine_addiction",
        "decide_measure",
        "report_in",
        "resolve_positive",
        "confirm_release",
        "stage_review",
    }
)


def plan(
    case: Case,
    through: date | None = None,
    *,
    kinds: Collection[str] | None = None,
    whole: bool = True,
) -> list[Obligation]:
    """
    What the case owes, has owed and will owe, in order of opening.

    Pack and calendar are those that the case was folded with.

    Args:
        through: what opens after this day is left out, but for the nearest coming step of an open case
            where nothing else is to come; without it the pack's horizon from the case's day.
        kinds: only these kinds.
        whole: False leaves out windows that were closed: what the sweep asks for.
    """
    horizon = timedelta(days=case.pack.settings.horizon_days)
    planner = Planner(case, through if through is not None else case.on + horizon, whole=whole)
    _number_measures(case)
    for opens, names in KINDS.items():
        if kinds is None or any(name in kinds for name in names):
            opens(planner)
    planner.settle()
    planner.redate_closed(closing.close(case, planner.found))
    found = planner.found if kinds is None else [o for o in planner.found if o.kind in kinds]
    if (
        kinds is None
        and planner.coming is not None
        and case.open
        and not _something_to_come(found, case.on)
    ):
        found.append(planner.coming)
        planner.coming.occurrence = planner.coming.occurrence or f"m{_ordinal(planner.coming)}/1"
    found.sort(key=_in_order)
    return found


def _number_measures(case: Case) -> None:
    """Ordinals by recording; a voided order that nothing replaced keeps its number."""
    orders = [m.order.place for m in case.measures]
    orders += [ghost.place for ghost in case.ghosts if ghost.name in ORDERS]
    orders.sort()
    for measure in case.measures:
        measure.ordinal = orders.index(measure.order.place) + 1


def _something_to_come(found: list[Obligation], on: date) -> bool:
    return any(owed.opens_on > on and owed.stands() for owed in found)


def _ordinal(owed: Obligation) -> int:
    return owed.measure.ordinal if owed.measure else 0


def _in_order(owed: Obligation) -> tuple[date, date, str, str]:
    return (owed.opens_on, owed.due_on, owed.kind, owed.occurrence)
