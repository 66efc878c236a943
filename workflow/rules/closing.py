"""
Which act closes what (domain.md section 2 "what was done stays done", section 8).

An act into which an occurrence was written keeps it. Another closes the
obligation of its kind whose window contains the day it happened; if there is
none, or that one is done, the oldest overdue one. What an act opened itself it
does not close.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from workflow.rules.case import Case, Fact
from workflow.rules.obligations.owed import Obligation

Fits = Callable[[Case, Fact, Obligation], bool]
Said = tuple[tuple[str, str], ...]
"""Fields, and what stands in them."""


def _always(case: Case, fact: Fact, owed: Obligation) -> bool:
    return True


def _same_measure(case: Case, fact: Fact, owed: Obligation) -> bool:
    return owed.measure is fact.measure


def _same_test(case: Case, fact: Fact, owed: Obligation) -> bool:
    return bool(owed.ref == fact.event.test_id)


def _same_root(case: Case, fact: Fact, owed: Obligation) -> bool:
    test = case.tests.get(fact.event.test_id)
    return test is not None and test.root.id == owed.ref


def _clears(case: Case, fact: Fact, owed: Obligation) -> bool:
    return fact.event.of is not None and _same_root(case, fact, owed)


def _same_kind(case: Case, fact: Fact, owed: Obligation) -> bool:
    return bool(owed.ref == fact.event.kind)


@dataclass(frozen=True, slots=True)
class Closer:
    """
    One kind that a type of event may close, and what the event has to say for it.

    Args:
        fits: what no value says: the same measure, the same test.
        meant: what its form says whenever it is meant for this kind (`purpose`: `routine`).
        found: what was found or decided as well; nobody writes that into a form beforehand.
        about: the field that says what the obligation is about (`Obligation.ref`).
    """

    kind: str
    fits: Fits = _always
    meant: Said = ()
    found: Said = ()
    about: str = ""

    def closes(self, case: Case, fact: Fact, owed: Obligation) -> bool:
        """Whether this event fits that obligation."""
        for name, value in (*self.meant, *self.found):
            if getattr(fact.event, name) != value:
                return False
        return self.fits(case, fact, owed)


def _evaluation(kind: str, which: str) -> Closer:
    return Closer(kind, meant=(("kind", which),))


def _papers(kind: str, for_what: str) -> Closer:
    return Closer(kind, meant=(("for_what", for_what),))


_RESOLVES = Closer("resolve_positive", _same_root, about="test_id")
_CLEARS = Closer("resolve_positive", _clears, found=(("result", "negative"),), about="of")
_EXTENDED = Closer(
    "confirm_release", meant=(("kind", "extension"),), found=(("outcome", "approved"),)
)
_DOCTOR = Closer("medical_review", meant=(("by_role", "community_doctor"),))

CLOSERS: dict[str, tuple[Closer, ...]] = {
    "objection_decided": (Closer("decide_objection", _same_test, about="test_id"),),
    "addiction_determined": (Closer("determine_addiction"),),
    "community_detox_ordered": (Closer("decide_measure"),),
    "isolation_ordered": (Closer("decide_measure"),),
    "no_measure_decided": (Closer("decide_measure"),),
    "stage_reviewed": (Closer("stage_review"),),
    "use_confirmed": (_RESOLVES,),
    "use_dismissed": (_RESOLVES,),
    "test_taken": (_CLEARS, Closer("routine_test", meant=(("purpose", "routine"),))),
    "papers_sent": (
        _papers("close_file", "closing"),
        _papers("send_papers", "term"),
        _papers("prepare_exit", "exit"),
    ),
    "legality_reviewed": (Closer("legality_review"),),
    "reported_in": (
        Closer("report_in", _same_measure),
        Closer("report_in_after_move", _same_measure),
        Closer("welfare_contact"),
    ),
    "welfare_contacted": (Closer("welfare_contact"),),
    "contact_restored": (Closer("welfare_contact"),),
    "returned": (Closer("return_from_leave", _same_measure), Closer("welfare_contact")),
    "agreement_signed": (Closer("sign_agreement"),),
    "plan_made": (Closer("make_plan"),),
    "visited": (Closer("visit"), _DOCTOR),
    "team_met": (Closer("team_meeting"),),
    "needs_reviewed": (Closer("review_needs"),),
    "file_forwarded": (Closer("forward_file"),),
    "use_reported": (Closer("report_use"),),
    "end_notice_served": (Closer("end_notice"),),
    "family_notified": (Closer("notify_family"),),
    "facility_transferred": (Closer("facility_transfer"),),
    "evaluated": (
        _evaluation("one_year_evaluation", "one_year"),
        _evaluation("pre_expiry_evaluation", "pre_expiry"),
    ),
    "term_decided": (Closer("decide_term", _same_kind, about="kind"), _EXTENDED),
    "handover_planned": (Closer("plan_handover"),),
    "met_at_gate": (Closer("meet_at_gate"),),
    "released": (Closer("confirm_release"),),
    "handover_file_received": (Closer("receive_handover_file"),),
    "record_update_sent": (Closer("send_record_update"),),
    "record_update_confirmed": (Closer("confirm_record_update"),),
    "exit_bar_reviewed": (Closer("review_exit_bar"),),
    "exit_bar_lifted": (Closer("review_exit_bar"),),
}

ANSWERS: dict[str, tuple[Closer, ...]] = {
    "breach_reported": (Closer("breach_review", about="ground"),),
    "breach_dismissed": (Closer("breach_review", about="ground"),),
    "helper_assigned": (Closer("assemble_team"),),
    "chair_waived": (Closer("assemble_team"),),
    "assignment_acknowledged": (Closer("acknowledge_assignment", about="role"),),
}
"""Acts whose obligations the fold closes itself as it meets them: a ground is answered, a chair filled, "I know" said."""


_ACTS = {**CLOSERS, **ANSWERS}
SAYS_ABOUT = frozenset(way.kind for ways in _ACTS.values() for way in ways if way.about)
"""Kinds of which the act that closes one has to say which one it is about."""


def ways_to_close(kind: str) -> tuple[tuple[str, Closer], ...]:
    """The acts that may close a kind, the one that is for it alone first."""
    found = [(name, way) for name, ways in _ACTS.items() for way in ways if way.kind == kind]
    return tuple(sorted(found, key=lambda each: len(_ACTS[each[0]])))


_KINDS = {name: frozenset(closer.kind for closer in found) for name, found in CLOSERS.items()}


def close(case: Case, owed: Iterable[Obligation]) -> list[Obligation]:
    """
    Let the acts of the case close what it owes; gives back what was closed.

    First what was written at recording, then the acts into which nothing was
    written, in the order in which they happened.
    """
    by_kind: dict[str, list[Obligation]] = {}
    closed: list[Obligation] = []
    written = case.closed
    for one in owed:
        fact = written.get((one.kind, one.occurrence)) if one.window else None
        if fact is not None:
            one.closed_by = fact
        if one.closed_by is not None:
            closed.append(one)
        else:
            by_kind.setdefault(one.kind, []).append(one)
    for fact in _unwritten(case, by_kind):
        closed += _match(case, fact, by_kind)
    _miss(case, by_kind)
    _excuse(case, by_kind)
    return closed


def _unwritten(case: Case, by_kind: dict[str, list[Obligation]]) -> list[Fact]:
    kinds = by_kind.keys()
    return [fact for fact in case.unwritten if not kinds.isdisjoint(_KINDS[fact.name])]


def _match(case: Case, fact: Fact, by_kind: dict[str, list[Obligation]]) -> list[Obligation]:
    found = []
    for closer in CLOSERS[fact.name]:
        fitting = [
            o
            for o in by_kind.get(closer.kind, ())
            if _closable(o, fact) and closer.closes(case, fact, o)
        ]
        chosen = _choose(fitting, fact)
        if chosen is not None:
            chosen.closed_by = fact
            found.append(chosen)
    return found


def _closable(owed: Obligation, fact: Fact) -> bool:
    """Unsettled, open by the day of the act, not ended before it, and not opened by the act itself."""
    if owed.closed_by is not None or owed.opened_by is fact or fact.on < owed.opens_on:
        return False
    return owed.ended_on is None or fact.on <= owed.ended_on


def _choose(fitting: list[Obligation], fact: Fact) -> Obligation | None:
    named = getattr(fact.event, "occurrence", None)
    if named is not None:
        return next((o for o in fitting if o.occurrence == named), None)
    containing = [o for o in fitting if fact.on <= o.due_on]
    if containing:
        return min(containing, key=lambda o: (o.due_on, o.opens_on))
    return min(fitting, key=lambda o: (o.due_on, o.opens_on), default=None)


def _miss(case: Case, by_kind: dict[str, list[Obligation]]) -> None:
    """A missed test ends its window's obligation as missed, whether or not it counts (CD-11)."""
    for fact in case.facts.get("test_missed", ()):
        if fact.out:
            continue
        for one in by_kind.get("routine_test", ()):
            named = fact.event.occurrence
            hit = one.occurrence == named if named else one.opens_on <= fact.on <= one.due_on
            if hit and one.closed_by is None and one.missed_by is None:
                one.missed_by = fact


def _excuse(case: Case, by_kind: dict[str, list[Obligation]]) -> None:
    for fact in case.facts.get("obligation_excused", ()):
        for one in by_kind.get(fact.event.kind, ()):
            if one.occurrence == fact.event.occurrence and not one.settled():
                one.excused_by = fact
