"""
What a phone brings (上行同步): the requests that were written down without a signal, each answered by itself.

Each in a transaction of its own and in the order in which they come, so that the order within a case is the
phone's. Sending all of it again is harmless, whatever part was taken: a request that was recorded is known by its
events, one that waits for a person by its own id. What lacks nothing but an approval is proposed. Nothing is
lost that may be true: what meets a conflict, a case that ended or one that left its writer's reach is kept for a
named person (`services.quarantine`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from workflow.rules.errors import Conflict, Forbidden, GuituError, NotFound, Refused, Unavailable
from workflow.rules.history import Recorded
from workflow.rules.remits import Remit
from workflow.rules.workdays import WorkDays
from workflow.services import proposals, quarantine
from workflow.services.callers import Caller
from workflow.services.case_files import load, same_content
from workflow.services.clock import Instant
from workflow.services.projecting import Packs
from workflow.services.proposal_files import Proposal
from workflow.services.proposals import APPROVABLE
from workflow.services.quarantine import Why
from workflow.services.recording import NewEvent, RecordedResult, record
from workflow.store import cases, events, phones
from workflow.store.reach import Reach
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork, UnitsOfWork, in_one_go

Outcome = Literal[
    "accepted", "already_known", "proposed", "refused", "conflict", "quarantined", "dismissed"
]
CLASHES = frozenset({"version_conflict", "event_id_conflict"})
"""With these, two people said two things, and a third one decides."""
HEARD = "not_from_your_chair"
"""A helper hears this whatever the refusal was."""


@dataclass(frozen=True, slots=True)
class Queued:
    """
    One request from the queue of a phone.

    Args:
        id: made by the phone (UUIDv7), the same however often it is sent.
        expected_version: the version that its writer saw, where it must not be written past another one.
    """

    id: UUID
    case_id: UUID
    events: tuple[NewEvent, ...]
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What became of one request; the phone may drop it from its queue unless it was `refused`.

    Args:
        id: the one that the phone gave it; None where that could not be read.
        recorded: what was recorded, now or before.
        refusal: why not.
        theirs: on a conflict, what stands in the record in its place, as far as the caller may read it.
        waits_for: of what is proposed, who decides on it, where the case is within reach.
    """

    id: UUID | None
    case_id: UUID | None
    outcome: Outcome
    recorded: RecordedResult | None = None
    refusal: GuituError | None = None
    theirs: tuple[Recorded, ...] = ()
    waits_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bringing:
    """
    Who brings it, and what the services are handed.

    Args:
        proposes: that what lacks nothing but an approval waits for a second person.
    """

    uow_factory: UnitsOfWork
    packs: Packs
    calendar: WorkDays | None
    clock: Instant
    caller: Caller
    remit: Remit
    proposes: bool = False
    pause: Callable[[int], None] | None = None

    def answered(self, work: Callable[[UnitOfWork], Answer]) -> Answer:
        """The answer from a transaction of its own."""
        return in_one_go(self.uow_factory, work, pause=self.pause)

    @property
    def by(self) -> str:
        """How records name whoever brings it."""
        return self.caller.handle

    @property
    def reach(self) -> Reach:
        """Which cases they may know of."""
        return self.caller.reach


def take(bringing: Bringing, items: Sequence[Queued | Answer]) -> list[Answer]:
    """
    Record each, and answer each, in the order of the items.

    Args:
        items: one that could not be read brings its answer.

    Raises:
        Unavailable: the database cannot be written; what came before is recorded.
    """
    return [each if isinstance(each, Answer) else _taken(bringing, each) for each in items]


def _taken(bringing: Bringing, item: Queued) -> Answer:
    try:
        return bringing.answered(lambda uow: _recorded(uow, bringing, item))
    except Unavailable:
        raise
    except GuituError as error:
        refusal = error
    try:
        return bringing.answered(lambda uow: _not_recorded(uow, bringing, item, refusal))
    except Unavailable:
        raise
    except GuituError as error:
        return Answer(item.id, item.case_id, "refused", refusal=error)


def _recorded(uow: UnitOfWork, bringing: Bringing, item: Queued) -> Answer:
    """It is recorded; unless it waits for a person since an earlier sending, or one has decided on it."""
    kept = quarantine.kept_before(uow, item.id, item.case_id, item.events, bringing.by)
    if kept is not None:
        return _kept(uow, bringing, item, kept)
    known = proposals.proposed_before(uow, item.id, item.case_id, item.events, bringing.by)
    if known is not None and known.outcome != "approved":
        return _waiting(uow, bringing, item, known)
    result = record(
        uow,
        item.case_id,
        item.events,
        packs=bringing.packs,
        calendar=bringing.calendar,
        clock=bringing.clock,
        by=bringing.by,
        expected_version=item.expected_version,
        reach=bringing.reach,
        remit=bringing.remit,
    )
    outcome: Outcome = "already_known" if result.already_known else "accepted"
    return Answer(item.id, item.case_id, outcome, recorded=result)


def _not_recorded(uow: UnitOfWork, bringing: Bringing, item: Queued, refusal: GuituError) -> Answer:
    """It is kept for a person where it may be true all the same; else its writer is told why not."""
    if isinstance(refusal, NotFound | Forbidden):
        if not _had_it(uow, bringing, item.case_id):
            return Answer(item.id, item.case_id, "refused", refusal=refusal)
        if _recorded_before(uow, bringing, item):
            return Answer(item.id, item.case_id, "already_known")
    if bringing.proposes and isinstance(refusal, Refused) and refusal.code in APPROVABLE:
        try:
            return _proposed(uow, bringing, item)
        except Refused as other:
            refusal = other
    why = _why(uow, bringing, item, refusal)
    if why is None:
        return Answer(item.id, item.case_id, "refused", refusal=refusal)
    code, clock = refusal.code, bringing.clock
    row = quarantine.keep(
        uow, item.id, item.case_id, item.events, why=why, code=code, clock=clock, by=bringing.by
    )
    return _kept(uow, bringing, item, row, None if code == HEARD else refusal)


def _proposed(uow: UnitOfWork, bringing: Bringing, item: Queued) -> Answer:
    """It waits for a second person, under its own id."""
    found = proposals.propose(
        uow,
        item.id,
        item.case_id,
        item.events,
        packs=bringing.packs,
        calendar=bringing.calendar,
        clock=bringing.clock,
        by=bringing.by,
        reach=bringing.reach,
    )
    return _waiting(uow, bringing, item, found.proposal)


def _waiting(uow: UnitOfWork, bringing: Bringing, item: Queued, found: Proposal) -> Answer:
    """What is said of a request that waits for a second person, or that one said no to."""
    if found.outcome is not None:
        said = Refused("proposal_decided", outcome=found.outcome, by=found.decided_by)
        return Answer(item.id, item.case_id, "dismissed", refusal=said)
    return Answer(
        item.id, item.case_id, "proposed", waits_for=_deciders(uow, bringing, item.case_id)
    )


def _deciders(uow: UnitOfWork, bringing: Bringing, case_id: UUID) -> tuple[str, ...]:
    """Who decides; nobody is named to whom the case is out of reach: it would say which office has it now."""
    if cases.find(uow.session, case_id, bringing.reach) is None:
        return ()
    return proposals.deciders(uow, case_id, bringing.clock.today, but=bringing.by)


def _had_it(uow: UnitOfWork, bringing: Bringing, case_id: UUID) -> bool:
    """Whether they ever carried the case or recorded on it; for all others it does not exist, and nothing is opened."""
    account_id = bringing.caller.account_id
    return phones.of_someone_who_had_it(uow.session, case_id, account_id, bringing.by)


def _recorded_before(uow: UnitOfWork, bringing: Bringing, item: Queued) -> bool:
    """Whether they recorded just this while they still could, and never heard so; it tells them nothing else."""
    known = {rec.id: rec for rec in load(uow, item.case_id).recorded}
    return all(
        (rec := known.get(new.id)) is not None
        and (rec.recorded_by, rec.on, rec.at) == (bringing.by, new.happened_on, new.happened_at)
        and same_content(rec.event, new.event)
        for new in item.events
    )


def _why(uow: UnitOfWork, bringing: Bringing, item: Queued, refusal: GuituError) -> Why | None:
    """Why a person is to look at what somebody brought to a case that they have or had; None where nobody needs to."""
    if isinstance(refusal, Conflict):
        return "conflict" if refusal.code in CLASHES else None
    if isinstance(refusal, NotFound):
        return "reach_lost"
    if not isinstance(refusal, Refused) and refusal.code != HEARD:
        return None
    case = cases.find(uow.session, item.case_id, bringing.reach)
    return "case_ended" if case is not None and case.ended_on is not None else None


def _kept(
    uow: UnitOfWork,
    bringing: Bringing,
    item: Queued,
    row: Found,
    refusal: GuituError | None = None,
) -> Answer:
    """What is said of a request that waits for a person, or waited."""
    if row.outcome == "dismissed":
        said = Refused("quarantine_dismissed", by=row.decided_by)
        return Answer(item.id, item.case_id, "dismissed", refusal=said)
    if row.outcome == "recorded":
        return Answer(item.id, item.case_id, "already_known")
    said = Refused("quarantine_waits")
    outcome: Outcome = "conflict" if row.why == "conflict" else "quarantined"
    theirs = _theirs(uow, bringing, item, row) if outcome == "conflict" else ()
    return Answer(item.id, item.case_id, outcome, refusal=refusal or said, theirs=theirs)


def _theirs(uow: UnitOfWork, bringing: Bringing, item: Queued, row: Found) -> tuple[Recorded, ...]:
    """What stands in the record: the events of the same ids, or what was recorded since the writer looked."""
    if cases.find(uow.session, item.case_id, bringing.reach) is None:
        return ()
    file = load(uow, item.case_id, bringing.reach)
    if row.code == "event_id_conflict":
        ids = {new.id for new in item.events}
        found = [rec for rec in file.recorded if rec.id in ids]
    else:
        since = max(file.version - (item.expected_version or 0), 0)
        last = events.last_requests(uow.session, item.case_id, since)
        found = [rec for rec in file.recorded if rec.id in last]
    mine = bringing.remit.helper
    return tuple(rec for rec in found if mine is None or rec.recorded_by == mine)
