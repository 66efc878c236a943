"""
What a case owes on a day and why (应办事项), and why it is not on somebody's list.

Folded from the events, as true on a day and as known at an instant. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from workflow.rules.plan import plan
from workflow.rules.reasons.silence import Silence, why_not
from workflow.rules.workdays import WorkDays
from workflow.services.case_files import load
from workflow.services.clock import AsOf
from workflow.services.projecting import Packs
from workflow.services.viewing import folded, obligation_view
from workflow.services.views import ObligationView
from workflow.store import staff
from workflow.store.reach import Reach
from workflow.store.unit_of_work import UnitOfWork


def obligations_of(
    uow: UnitOfWork,
    case_id: UUID,
    as_of: AsOf,
    *,
    packs: Packs,
    calendar: WorkDays | None,
    reach: Reach | None = None,
    states: Collection[str] = (),
    own_chair: str | None = None,
) -> list[ObligationView]:
    """
    Everything that a case owes, owed or will owe, the first due first.

    Args:
        states: only what is one of these on the day; everything without any.
        own_chair: only what the chairs of this helper owe.

    Raises:
        NotFound: there is no such case within reach.
    """
    case_file = load(uow, case_id, reach, known_at=as_of.known_at)
    case = folded(uow, case_file, as_of, packs, calendar)
    chairs = {chair.role for chair in case.chairs.values() if chair.helper == own_chair}
    owed = [one for one in plan(case) if own_chair is None or one.owner in chairs]
    found = [obligation_view(one, case, as_of.on) for one in owed]
    kept = [one for one in found if not states or one.state in states]
    return sorted(kept, key=lambda one: (one.due_on, one.kind, one.occurrence))


def why_not_listed(
    uow: UnitOfWork,
    case_id: UUID,
    as_of: AsOf,
    *,
    packs: Packs,
    calendar: WorkDays | None,
    handle: str | None = None,
    reach: Reach | None = None,
    by_chair: bool = False,
) -> Silence:
    """
    Why a case is not on a helper's list on a day; of a caller out of whose reach it is, nothing is said.

    Args:
        handle: whose list; None for that of an office, which lists all that it owes.
        by_chair: for a helper's own list: all that their chairs owe is on it.

    Raises:
        NotFound: there is no such case within reach.
    """
    case_file = load(uow, case_id, reach, known_at=as_of.known_at)
    case = folded(uow, case_file, as_of, packs, calendar)
    leave = staff.on_leave(uow.session, as_of.on, known_at=as_of.known_at)
    return why_not(case, plan(case), as_of.on, helper=handle, leave=leave, by_chair=by_chair)
