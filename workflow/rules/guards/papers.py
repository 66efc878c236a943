"""What forbids the papers that close an obligation, and excusing one: that it is owed on that day."""

from __future__ import annotations

from collections.abc import Callable

from workflow.rules.case import Case
from workflow.rules.closing import CLOSERS
from workflow.rules.due import OWED, state
from workflow.rules.errors import Refused
from workflow.rules.events import PAPERS, Event, ExitBarLifted, ObligationExcused, PapersSent
from workflow.rules.guards.approval import need_approval
from workflow.rules.history import Recorded
from workflow.rules.obligations.owed import Obligation
from workflow.rules.plan import NEVER_EXCUSED, plan

_PAPERS_FOR = {"closing": "close_file", "term": "send_papers", "exit": "prepare_exit"}


def paper(case: Case, rec: Recorded, event: Event) -> None:
    """The obligation of that name is owed: open on that day and not done."""
    kind = _kind_closed_by(event)
    states = [(state(owed, rec.on), owed.opens_on) for owed in _planned(case, rec, kind)]
    if any(found in OWED or found == "held" for found, _ in states):
        return
    coming = min((opens for found, opens in states if found == "upcoming"), default=None)
    raise Refused("not_owed", event=event.name, kind=kind, from_on=coming)


def _kind_closed_by(event: Event) -> str:
    """The kind that this paper closes."""
    if isinstance(event, PapersSent):
        return _PAPERS_FOR[event.for_what]
    return CLOSERS[event.name][0].kind


def _planned(case: Case, rec: Recorded, kind: str) -> list[Obligation]:
    """What is owed of a kind as it stood just before the event, on its day."""
    before, case.on = case.on, rec.on
    try:
        return plan(case, kinds={kind})
    finally:
        case.on = before


def exit_bar_lifted(case: Case, rec: Recorded, event: ExitBarLifted) -> None:
    """The exit is barred, and a supervisor approves."""
    if not case.barred():
        raise Refused("exit_not_barred")
    need_approval(rec)


def obligation_excused(case: Case, rec: Recorded, event: ObligationExcused) -> None:
    """It is owed or to come, it is one that may be excused, and a supervisor approves."""
    kind, occurrence = event.kind, event.occurrence
    if kind not in case.pack.obligations:
        raise Refused("unknown_obligation", kind=kind, occurrence=occurrence)
    if kind in NEVER_EXCUSED:
        raise Refused("never_excused", kind=kind)
    standing = [o for o in _planned(case, rec, kind) if o.occurrence == occurrence]
    if not standing:
        raise Refused("unknown_obligation", kind=kind, occurrence=occurrence)
    if not standing[0].stands():
        raise Refused("not_owed", event="obligation_excused", kind=kind, from_on=None)
    need_approval(rec)


GUARDS: dict[str, Callable[..., None]] = {
    name: paper for name in PAPERS if name != "obligation_excused"
} | {
    "exit_bar_lifted": exit_bar_lifted,
    "obligation_excused": obligation_excused,
}
