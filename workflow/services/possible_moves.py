"""
What can be recorded in a case on a day (可办事项), by somebody: every type of event, possible, or why not and what would allow it.

Whoever records only some types is shown these; a helper only what is possible from their
own chair, and no reason, because a reason tells what happened. Nothing is written here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.rules.moves import Offer, moves
from workflow.rules.remits import WHOLE, Remit, offered
from workflow.rules.workdays import WorkDays
from workflow.services.case_files import load
from workflow.services.clock import AsOf, Instant
from workflow.services.projecting import Packs
from workflow.services.viewing import folded
from workflow.store.reach import Reach
from workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CaseMoves:
    """
    What can be recorded in a case.

    Args:
        on: the day on which it would happen; what is known today of the days up to it counts.
    """

    case_id: UUID
    version: int
    on: date
    offers: tuple[Offer, ...]


def moves_of(
    uow: UnitOfWork,
    case_id: UUID,
    *,
    on: date | None = None,
    packs: Packs,
    calendar: WorkDays | None,
    clock: Instant,
    reach: Reach | None = None,
    remit: Remit = WHOLE,
) -> CaseMoves:
    """
    Every type of event that the caller may record, in the order of the registry.

    Args:
        on: the day on which it would happen; today where it is left out. That something recorded of a later
            day could no longer stand is found when it is recorded (`would_orphan`).
        reach: which cases the caller may know of; None for the engine itself.
        remit: what they may record of a case.

    Raises:
        NotFound: there is no such case within reach.
        Refused: `key_shredded`.
    """
    day = on or clock.today
    case_file = load(uow, case_id, reach)
    case = folded(uow, case_file, AsOf(day), packs, calendar)
    return CaseMoves(case_id, case_file.version, day, tuple(offered(remit, case, moves(case, day))))
