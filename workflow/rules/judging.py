"""
Judging a request: may these events be recorded, and what would they close? (domain.md section 2)

A request is taken or refused whole, judged by the history that it leaves. The
same judge stands behind recording, rehearsing and `moves`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from workflow.rules import guards, stages
from workflow.rules.case import Case, TeamMode
from workflow.rules.errors import Refused, WouldOrphan
from workflow.rules.events import EventVoided, PapersSent
from workflow.rules.fold import fold
from workflow.rules.history import Recorded, history_of, ranked
from workflow.rules.obligations.owed import Obligation
from workflow.rules.pack import Pack
from workflow.rules.plan import plan
from workflow.rules.workdays import WorkDays

MAY_LIE_AHEAD = frozenset({"test_scheduled"})


@dataclass(frozen=True, slots=True)
class Accepted:
    """
    A request that may be recorded.

    Args:
        events: with rank and `closes` written in.
        case, owed: what it leaves.
        exit_undone: that it undoes an end of control of which the person was told; they are told of that too.
    """

    events: tuple[Recorded, ...]
    case: Case
    owed: list[Obligation]
    exit_undone: bool = False


def judge(
    known: Sequence[Recorded],
    request: Sequence[Recorded],
    pack: Pack,
    calendar: WorkDays,
    today: date,
    *,
    team: TeamMode = "recorded",
) -> Accepted:
    """
    Judge a request against what is known.

    Args:
        known: every recorded event of the case, voided ones included.
        request: the new events, each with its `seq` after all known ones.
        today: the civil day of recording.

    Raises:
        Refused: one of them is not possible on its day, or a void may not be.
        WouldOrphan: it would make a recorded move impossible; names both.
    """
    _check_days(request, today)
    _check_voids(known, request)
    new = ranked(request, known)
    history = history_of([*known, *new])
    case = fold(history, pack, calendar, _last_day(new, today), team=team, judge=_watch(known, new))
    exit_undone = _check_exit_told(known, new, case, team)
    owed = plan(case)
    written = _with_closes(new, owed)
    for rec in written:
        _check_named_occurrence(rec)
    return Accepted(tuple(written), case, owed, exit_undone)


def _last_day(new: Sequence[Recorded], today: date) -> date:
    return max([today, *(r.on for r in new if r.event.name not in MAY_LIE_AHEAD)])


def _check_days(request: Sequence[Recorded], today: date) -> None:
    for rec in request:
        if rec.on > today and rec.event.name not in MAY_LIE_AHEAD:
            raise Refused("not_yet_happened", event=rec.event.name, on=rec.on, today=today)


def _check_voids(known: Sequence[Recorded], request: Sequence[Recorded]) -> None:
    by_id = {r.id: r for r in known}
    voided = {r.event.event_id for r in known if isinstance(r.event, EventVoided)}
    for rec in request:
        if not isinstance(rec.event, EventVoided):
            continue
        target = by_id.get(rec.event.event_id)
        if target is None:
            raise Refused("unknown_event", event_id=rec.event.event_id)
        if isinstance(target.event, EventVoided):
            raise Refused("void_of_void", event_id=target.id)
        if target.id in voided:
            raise Refused("already_voided", event_id=target.id)
        voided.add(target.id)
        own_same_day = (
            target.recorded_on == rec.recorded_on and target.recorded_by == rec.recorded_by
        )
        if not own_same_day and not rec.approved_by:
            raise Refused("approval_missing", event="event_voided")


def _watch(known: Sequence[Recorded], new: Sequence[Recorded]) -> Callable[[Case, Recorded], None]:
    """The judge that walks along with the fold: guards for what is new, and for recorded moves that they stand."""
    fresh = {r.id for r in new}
    causes = [r for r in new if r.event.name not in ("person_registered", "policy_pinned")]

    def ask(case: Case, rec: Recorded) -> None:
        case.judged = rec.id in fresh
        if case.judged:
            guards.check(case, rec)
        elif rec.event.name in stages.MOVE_EVENTS:
            try:
                guards.check(case, rec)
            except Refused as refused:
                raise _orphaned(causes, rec, refused) from refused

    return ask


def _orphaned(causes: Sequence[Recorded], rec: Recorded, refused: Refused) -> WouldOrphan:
    cause = causes[0] if causes else rec
    return WouldOrphan(
        "would_orphan",
        new=cause.event.name,
        new_on=cause.on,
        event=rec.event.name,
        event_id=rec.id,
        on=rec.on,
        because=refused.code,
    )


def _check_exit_told(
    known: Sequence[Recorded], new: Sequence[Recorded], case: Case, team: TeamMode
) -> bool:
    """
    An exit that the person was told of is undone only with a document, a second person and a notice to them.

    Gives back whether this request undoes one.
    """
    if not any(isinstance(r.event, PapersSent) and r.event.for_what == "exit" for r in known):
        return False
    before = fold(history_of(known), case.pack, case.days, case.on, team=team)
    told = any(not f.out and f.event.for_what == "exit" for f in before.of("papers_sent"))
    if (
        not told
        or before.stage != "exited"
        or (case.stage == "exited" and case.ended_on == before.ended_on)
    ):
        return False
    for rec in new:
        if not _document(rec):
            raise Refused("exit_told_needs_document", exited_on=before.ended_on)
        if not rec.approved_by:
            raise Refused("exit_told_needs_approval", exited_on=before.ended_on)
    return True


def _document(rec: Recorded) -> str | None:
    names = ("document_no", "decision_no", "receipt_no", "proof_no")
    return next((value for name in names if (value := getattr(rec.event, name, None))), None)


def _with_closes(new: Sequence[Recorded], owed: Sequence[Obligation]) -> list[Recorded]:
    """Write into each new event what it closes, so that it keeps it."""
    found: dict[str, list[Obligation]] = {}
    for one in owed:
        if one.closed_by is not None and one.closed_by.rec is not None:
            found.setdefault(one.closed_by.rec.id, []).append(one)
    return [
        replace(
            rec,
            closes=tuple(one.key for one in found.get(rec.id, ())),
            openings=tuple(one.opening for one in found.get(rec.id, ())),
        )
        for rec in new
    ]


def _check_named_occurrence(rec: Recorded) -> None:
    named = getattr(rec.event, "occurrence", None)
    if named is None or rec.event.name in ("obligation_excused", "test_missed"):
        return
    if not any(occurrence == named for _, occurrence in rec.closes or ()):
        raise Refused("occurrence_not_owed", occurrence=named, event=rec.event.name)
