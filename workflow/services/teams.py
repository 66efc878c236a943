"""
The team of a case (帮扶小组): who sits where.

Every change of it is an event like any other; `services.recording` judges it.
"""

from __future__ import annotations

from uuid import UUID

from workflow.rules.workdays import WorkDays
from workflow.services.case_files import load
from workflow.services.clock import AsOf
from workflow.services.projecting import Packs
from workflow.services.viewing import folded, team_view
from workflow.services.views import TeamView
from workflow.store.reach import Reach
from workflow.store.unit_of_work import UnitOfWork


def team_of(
    uow: UnitOfWork,
    case_id: UUID,
    as_of: AsOf,
    *,
    packs: Packs,
    calendar: WorkDays | None,
    reach: Reach | None = None,
    own_chair: str | None = None,
) -> TeamView:
    """
    The team of a case; from a chair of it, that chair and nothing of the others.

    Raises:
        NotFound: there is no such case within reach.
    """
    case_file = load(uow, case_id, reach, known_at=as_of.known_at)
    team = team_view(folded(uow, case_file, as_of, packs, calendar))
    return team if own_chair is None else team.of(own_chair)
