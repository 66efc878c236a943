"""
What somebody may record of a case (办理范围), where it is not everything: some types of event, or from their own chair only.

A helper records what they did from the chair in which they sit: a role that the event names is
theirs, and what closes something closes what their chair owes. A visit counts whoever of the
team made it. That something is not possible is said to a helper in one sentence, because
every other one would tell what happened in the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from workflow.rules.access import Grant
from workflow.rules.case import Case
from workflow.rules.closing import CLOSERS
from workflow.rules.due import OWED, state
from workflow.rules.errors import Forbidden, GuituError, Refused
from workflow.rules.events import EVENTS
from workflow.rules.history import Recorded
from workflow.rules.judging import Accepted
from workflow.rules.moves import Offer
from workflow.rules.obligations.owed import Obligation
from workflow.rules.plan import plan

ROLE_FIELDS = ("role", "by_role")
"""Where an event says from which chair it came."""
TELLS_NOTHING = frozenset({"not_yet_happened"})
"""With these a helper hears why; they tell nothing of the case."""


@dataclass(frozen=True, slots=True)
class Remit:
    """
    What somebody may record; everything unless said.

    Args:
        kinds: the types of event; empty for all.
        helper: the handle whose chairs are all that they record from.
        for_another: that somebody else decides on what they wrote, hears each refusal as it is, and judges it
            by the chairs that were theirs on its day too: they may have left them since.
    """

    kinds: tuple[str, ...] = ()
    helper: str | None = None
    for_another: bool = False

    def covers(self, name: str) -> bool:
        """Whether this type of event is theirs to record at all."""
        return not self.kinds or name in self.kinds


WHOLE = Remit()


def remit_of(grant: Grant, handle: str) -> Remit:
    """What a row of the table of access lets somebody record: its types of event, and in a team from their own chair."""
    return Remit(grant.kinds, handle if grant.condition == "team" else None)


def check_kinds(remit: Remit, names: Iterable[str]) -> None:
    """
    Whether all of these types of event are theirs to record; it is asked before anything of the case.

    Raises:
        Forbidden: `not_allowed_kind`.
    """
    for name in names:
        if not remit.covers(name):
            raise Forbidden("not_allowed_kind", event=name)


def check_chairs(remit: Remit, found: Accepted) -> None:
    """
    Whether what was judged possible comes from their own chair; where another decides, from one that was theirs then.

    Raises:
        Forbidden: `not_from_your_chair`.
    """
    if remit.helper is None:
        return
    for rec in found.events:
        chairs = chairs_of(found.case, remit.helper)
        if remit.for_another:
            chairs += chairs_on(found.case, remit.helper, rec.on)
        if not _from_one_of(chairs, rec, found.owed):
            raise Forbidden("not_from_your_chair", event=rec.event.name)


def heard(remit: Remit, refused: Refused, request: Sequence[Recorded]) -> GuituError:
    """A refusal as they may hear it."""
    if remit.helper is None or remit.for_another or refused.code in TELLS_NOTHING:
        return refused
    return Forbidden("not_from_your_chair", event=request[0].event.name)


def offered(remit: Remit, case: Case, offers: Iterable[Offer]) -> Iterator[Offer]:
    """
    What is possible as they may hear it: of their kinds; to a helper only what they could record, and from which chair.

    Args:
        case: folded on the day of the offers.
    """
    theirs = [offer for offer in offers if remit.covers(offer.event)]
    if remit.helper is None:
        yield from theirs
        return
    chairs = chairs_of(case, remit.helper)
    owed = plan(case)
    for offer in theirs:
        if offer.possible and chairs:
            yield from _from_chairs(offer, case, owed, chairs)


def chairs_of(case: Case, helper: str) -> tuple[str, ...]:
    """The chairs in which somebody sits."""
    return tuple(role for role, chair in case.chairs.items() if chair.helper == helper)


def chairs_on(case: Case, helper: str, on: date) -> tuple[str, ...]:
    """The chairs in which somebody sat on a day, its first and its last one included."""
    return tuple(
        chair.role
        for chair in case.seats
        if chair.helper == helper
        and (chair.assigned is None or chair.assigned.on <= on)
        and (chair.released is None or on <= chair.released.on)
    )


def owes(case: Case, owed: Iterable[Obligation], name: str, chairs: Sequence[str]) -> bool:
    """Whether one of these chairs owes something now that this type of event closes."""
    kinds = {closer.kind for closer in CLOSERS.get(name, ())}
    return any(
        one.kind in kinds and one.owner in chairs and state(one, case.on) in (*OWED, "held")
        for one in owed
    )


def names_chair(name: object) -> str | None:
    """The field of an event, or of its type, that says from which chair it came."""
    return next((field for field in ROLE_FIELDS if hasattr(name, field)), None)


def _from_chairs(
    offer: Offer, case: Case, owed: Sequence[Obligation], chairs: Sequence[str]
) -> Iterator[Offer]:
    """An offer with these chairs to choose from; nothing where none of them could make use of it."""
    field = names_chair(EVENTS[offer.event])
    if field is None:
        if offer.event not in CLOSERS or owes(case, owed, offer.event, chairs):
            yield offer
        return
    among = offer.choices.get(field, tuple(chairs))
    if mine := tuple(role for role in among if role in chairs):
        yield replace(offer, choices={**offer.choices, field: mine})


def _from_one_of(chairs: Sequence[str], rec: Recorded, owed: Iterable[Obligation]) -> bool:
    field = names_chair(rec.event)
    if field is not None:
        return getattr(rec.event, field) in chairs
    if rec.event.name not in CLOSERS:
        return bool(chairs)
    return any(
        one.owner in chairs
        and one.closed_by is not None
        and one.closed_by.rec is not None
        and one.closed_by.rec.id == rec.id
        for one in owed
    )
