"""What travels once and not with each case: the rules of the packs in use, and what its owner was told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from workflow.services.callers import Caller
from workflow.services.notices import told_to
from workflow.services.projecting import Packs
from workflow.store import staff
from workflow.store.unit_of_work import UnitOfWork

LAST_TOLD = 100
Json = dict[str, Any]


def rules_of(packs: Packs, policies: Iterable[str]) -> Json:
    """By pack and kind of obligation: what it is called there, its basis and its article."""
    return {
        name: {
            kind: {
                "label": {"zh": rule.label.zh, "en": rule.label.en},
                "basis": rule.cited.basis,
                "source": rule.cited.source,
            }
            for kind, rule in sorted(packs(name).obligations.items())
        }
        for name in sorted(policies)
    }


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
