"""
The stages (阶段) and the moves between them, as one table (domain.md sections 4 and 5).

`transitions` lives here and nowhere else: one Machine for the table, no model
registered with it, its event objects triggered. What forbids a move within its
stage stands in `guards`. Acts do not move and never touch the machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from transitions import Machine, MachineError

from workflow.rules.errors import Refused
from workflow.rules.events.fields import Means

if TYPE_CHECKING:
    from workflow.rules.case import Case

STAGES: dict[str, Means] = {
    "detected": Means("发现登记", "Detected"),
    "assessing": Means("成瘾认定", "Assessing"),
    "voluntary_treatment": Means("自愿戒毒", "Voluntary treatment"),
    "community_ordered": Means("责令社区戒毒·待报到", "Community detox ordered, to report in"),
    "community_detox": Means("社区戒毒", "Community detox"),
    "community_suspended": Means("社区戒毒中止", "Community detox suspended"),
    "isolation": Means("强制隔离戒毒", "Compulsory isolation"),
    "isolation_medical": Means("所外就医", "Medical treatment outside the facility"),
    "isolation_escaped": Means("脱逃", "Escaped"),
    "recovery_ordered": Means("责令社区康复·待报到", "Community recovery ordered, to report in"),
    "recovery": Means("社区康复", "Community recovery"),
    "recovery_suspended": Means("社区康复中止", "Community recovery suspended"),
    "serving_sentence": Means("服刑或强制性教育", "Serving a sentence"),
    "follow_up": Means("三年跟踪", "Three-year follow-up"),
    "exited": Means("不再实行动态管控", "Dynamic control ended"),
    "closed": Means("结案", "Closed"),
}
NEW = "new"
ENDED = ("exited", "closed")
OPEN = tuple(stage for stage in STAGES if stage not in ENDED)
COMMUNITY = ("community_ordered", "community_detox", "community_suspended")
RECOVERY = ("recovery_ordered", "recovery", "recovery_suspended")
IN_CARE = COMMUNITY + RECOVERY
FACILITY = ("isolation", "isolation_medical", "isolation_escaped")
ORDERED = ("community_ordered", "recovery_ordered")
IN_TERM = ("community_detox", "recovery")
SUSPENDED = ("community_suspended", "recovery_suspended")
INSIDE = ("isolation", "isolation_medical")
ANY = (NEW, *STAGES)
STAYS = "="


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table: an event, when it takes this way, from where, to where (`=`: the stage stays)."""

    event: str
    sources: tuple[str, ...]
    target: str
    when: Means | None = None


def _m(event: str, sources: tuple[str, ...] | str, target: str, zh: str = "", en: str = "") -> Move:
    return Move(
        event,
        (sources,) if isinstance(sources, str) else sources,
        target,
        Means(zh, en) if zh else None,
    )


_REVOCABLE = tuple(stage for stage in OPEN if stage not in ("detected", "serving_sentence"))

MOVES: tuple[Move, ...] = (
    _m("detected", NEW, "detected"),
    _m(
        "voluntary_treatment_started",
        (NEW, "detected", "assessing", "follow_up"),
        "voluntary_treatment",
    ),
    _m(
        "voluntary_treatment_ended",
        "voluntary_treatment",
        "closed",
        "从未确认吸毒",
        "use was never confirmed",
    ),
    _m(
        "voluntary_treatment_ended",
        "voluntary_treatment",
        "follow_up",
        "曾确认吸毒",
        "use was confirmed",
    ),
    _m("use_not_found", "detected", "closed"),
    _m("use_confirmed", ("detected", "voluntary_treatment", "follow_up"), "assessing"),
    _m("use_confirmed", (*IN_CARE, "assessing", *FACILITY, "serving_sentence"), STAYS),
    _m("addiction_determined", "assessing", "follow_up", "未成瘾", "not addicted"),
    _m(
        "addiction_determined",
        "assessing",
        STAYS,
        "成瘾或成瘾严重",
        "addicted or seriously addicted",
    ),
    _m("no_measure_decided", "assessing", "follow_up"),
    _m("community_detox_ordered", "assessing", "community_ordered"),
    _m("isolation_ordered", ("assessing", *COMMUNITY, *RECOVERY), "isolation"),
    _m("reported_in", "community_ordered", "community_detox"),
    _m("reported_in", "recovery_ordered", "recovery"),
    _m("reported_in", IN_TERM, STAYS, "迁居之后", "after a move"),
    _m("order_lapsed", ORDERED, "follow_up"),
    _m("suspended", "community_detox", "community_suspended"),
    _m("suspended", "recovery", "recovery_suspended"),
    _m("suspended", ORDERED, STAYS),
    _m("resumed", "community_suspended", "community_detox"),
    _m("resumed", "recovery_suspended", "recovery"),
    _m("resumed", ORDERED, STAYS),
    _m(
        "terminated",
        tuple(s for s in OPEN if s not in (*FACILITY, "serving_sentence")),
        "serving_sentence",
    ),
    _m("terminated", FACILITY, STAYS),
    _m(
        "sentence_ended",
        "serving_sentence",
        "assessing",
        "原措施尚有期限，或已确认吸毒而未决定",
        "time was left, or a use is undecided",
    ),
    _m("sentence_ended", "serving_sentence", "detected", "从未确认吸毒", "use was never confirmed"),
    _m("sentence_ended", "serving_sentence", "follow_up", "其余", "otherwise"),
    _m("term_expired", IN_TERM, "follow_up"),
    _m("medical_release", "isolation", "isolation_medical"),
    _m("medical_return", "isolation_medical", "isolation"),
    _m("escaped", INSIDE, "isolation_escaped"),
    _m("recaptured", "isolation_escaped", "isolation"),
    _m("changed_to_community_detox", INSIDE, "community_ordered"),
    _m(
        "changed_to_community_detox",
        INSIDE,
        "follow_up",
        "折抵后无剩余期限",
        "nothing of the term is left",
    ),
    _m("released", INSIDE, "follow_up"),
    _m("community_recovery_ordered", "follow_up", "recovery_ordered"),
    _m("control_ended", "follow_up", "exited"),
    _m("decision_revoked", _REVOCABLE, "assessing"),
    _m("decision_revoked", _REVOCABLE, "follow_up"),
    *(_m("decision_revoked", _REVOCABLE, stage) for stage in (*COMMUNITY, *RECOVERY, *INSIDE)),
    _m("decision_revoked", "serving_sentence", STAYS),
    _m("transferred_out", OPEN, "closed"),
    _m("died", OPEN, "closed"),
    _m("entry_voided", OPEN, "closed"),
)

ACTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("person_registered", "policy_pinned", "circumstance_recorded", "event_voided"), ANY
    ),
    "obligation_excused": (*OPEN, *ENDED),
    **dict.fromkeys(
        (
            "test_scheduled",
            "test_taken",
            "test_objected",
            "objection_decided",
            "use_dismissed",
            "helper_assigned",
            "assignment_acknowledged",
            "helper_released",
            "chair_waived",
            "consent_given",
            "consent_ended",
            "visited",
            "team_met",
            "needs_reviewed",
            "support_level_set",
            "assistance_given",
            "contact_lost",
            "contact_restored",
            "welfare_contacted",
            "paper_served",
        ),
        OPEN,
    ),
    "refusal_recorded": ("community_ordered",),
    "moved": (*IN_CARE, "follow_up"),
    **dict.fromkeys(("agreement_signed", "plan_made", "left", "returned", "test_missed"), IN_TERM),
    **dict.fromkeys(("breach_reported", "breach_dismissed"), (*IN_TERM, *SUSPENDED)),
    **dict.fromkeys(
        (
            "facility_transferred",
            "evaluated",
            "early_release_proposed",
            "extension_proposed",
            "term_decided",
        ),
        INSIDE,
    ),
    **dict.fromkeys(
        (
            "file_forwarded",
            "handover_planned",
            "met_at_gate",
            "handover_file_received",
            "family_notified",
            "end_notice_served",
            "papers_sent",
            "use_reported",
            "record_update_sent",
            "record_update_confirmed",
            "stage_reviewed",
            "legality_reviewed",
            "exit_bar_reviewed",
            "exit_bar_lifted",
        ),
        (*OPEN, *ENDED),
    ),
}


def _sources() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = dict(ACTS)
    for move in MOVES:
        found[move.event] = tuple(dict.fromkeys((*found.get(move.event, ()), *move.sources)))
    return found


SOURCES = _sources()
MOVE_EVENTS = frozenset(move.event for move in MOVES)


def _machine() -> Machine:
    return Machine(
        model=None,
        states=list(ANY),
        initial=NEW,
        transitions=[
            {"trigger": f"{m.event}>{m.target}", "source": list(m.sources), "dest": m.target}
            for m in MOVES
        ],
        auto_transitions=False,
        queued=False,
        send_event=False,
        ignore_invalid_triggers=False,
        model_attribute="stage",
    )


_MACHINE = _machine()
_TRIGGERS = {name: event.trigger for name, event in _MACHINE.events.items()}


def may(event: str, stage: str) -> bool:
    """Whether an event of this type is possible at all in a stage."""
    return stage in SOURCES[event]


_ROWS: dict[tuple[str, str], frozenset[str]] = {}
for _move in MOVES:
    _row = (_move.event, _move.target)
    _ROWS[_row] = _ROWS.get(_row, frozenset()) | frozenset(_move.sources)


def replay(case: Case, event: str, target: str) -> None:
    """
    Carry out a move that was judged when it was recorded: the same table, read as data.

    The machine costs a hundred times a look-up, and a replay runs no guard; a
    test asks both about every event, stage and target.

    Raises:
        Refused: `not_from_here`, the table has no such row.
    """
    if case.stage not in _ROWS.get((event, target), ()):
        raise Refused("not_from_here", event=event, stage=case.stage, target=target)
    if target != STAYS:
        case.stage = target


def move(case: Case, event: str, target: str) -> None:
    """
    Carry out a move of the table on a case that is being judged; `=` stays.

    Raises:
        Refused: `not_from_here`, the table has no such row.
    """
    try:
        moved = _TRIGGERS[f"{event}>{target}"](case)
    except (MachineError, KeyError, AttributeError) as error:
        raise Refused("not_from_here", event=event, stage=case.stage, target=target) from error
    if not moved:
        raise Refused("not_from_here", event=event, stage=case.stage, target=target)
