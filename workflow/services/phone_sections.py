"""What travels once and not with each case: the rules of the packs in use, who is who, and what its owner was told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from workflow.rules.access import shows
from workflow.rules.closing import Closer, ways_to_close
from workflow.rules.events import EVENTS, to_wire
from workflow.services.callers import Caller
from workflow.services.notices import told_to
from workflow.services.projecting import Packs
from workflow.services.staffing import names_of
from workflow.store import chairs, events, staff
from workflow.store.unit_of_work import UnitOfWork

LAST_TOLD = 100
Json = dict[str, Any]


def rules_of(packs: Packs, policies: Iterable[str]) -> Json:
    """By pack and kind of obligation: what it is called there, its basis and its article, and what closes it."""
    return {
        name: {
            kind: {
                "label": {"zh": rule.label.zh, "en": rule.label.en},
                "basis": rule.cited.basis,
                "source": rule.cited.source,
                "closed_by": [_way(event, way) for event, way in ways_to_close(kind)],
            }
            for kind, rule in sorted(packs(name).obligations.items())
        }
        for name in sorted(policies)
    }


def _way(name: str, way: Closer) -> Json:
    """An act that may close a kind, with what its form has to hold for that, in the words of the wire."""
    kind = EVENTS[name]
    said = {
        "data": to_wire(kind, dict(way.meant)),
        "only_if": to_wire(kind, dict(way.found)),
        "about": kind.wire.get(way.about, way.about),
    }
    return {"event": name, **{word: value for word, value in said.items() if value}}


def helpers(
    uow: UnitOfWork, case_ids: Collection[UUID], fields: tuple[str, ...], own: str | None
) -> dict[str, str]:
    """
    What the handles are called that stand in these cases, as far as their names can still be read.

    Args:
        fields: those that the reader may read of a case: whose handle is not among them has no name either.
        own: the handle of who sees their own chair only; their own name they may know.
    """
    session = uow.session
    handles = {own} if own is not None else set()
    if shows(fields, "team.chairs.helper"):
        handles |= {row.helper for row in chairs.of_cases(session, case_ids) if row.helper}
    if shows(fields, "events.recorded_by"):
        handles |= events.writers_of(session, case_ids)
    return dict(sorted(names_of(uow, handles).items()))


def inbox(uow: UnitOfWork, caller: Caller, today: date, known: Collection[UUID]) -> list[Json]:
    """The last things that they were told about the cases that their phone holds, the newest first."""
    return [
        {
            "case_id": one.case_id,
            "kind": one.kind,
            "occurrence": one.occurrence,
            "on": one.told_on,
            "rung": one.rung,
            "role": one.role,
            "to": one.told_to,
        }
        for one in told_to(uow, caller, today, limit=LAST_TOLD)
        if one.case_id in known
    ]


def stands_in_for(uow: UnitOfWork, handle: str, today: date) -> list[str]:
    """Whose work is theirs too today, because they deputise."""
    leave = staff.on_leave(uow.session, today)
    return sorted(away for away, deputy in leave.items() if deputy == handle)
