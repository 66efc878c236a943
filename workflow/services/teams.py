"""
The team of a case (帮扶小组): who sits where, and saying "I know" from one's own chair.

Every change of it is an event like any other; `services.recording` judges it.
"""

from __future__ import annotations

from uuid import UUID

from workflow.rules.errors import Forbidden, NotFound
from workflow.rules.events import AssignmentAcknowledged
from workflow.rules.workdays import WorkDays
from workflow.services.case_files import load
from workflow.services.clock import AsOf
from workflow.services.projecting import Packs
from workflow.services.recording import NewEvent
from workflow.services.viewing import folded, team_view
from workflow.services.views import TeamView
from workflow.store import cases, chairs
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


def check_own_chair(
    uow: UnitOfWork, case_id: UUID, new: NewEvent, own_chair: str | None, reach: Reach
) -> None:
    """
    See that a helper says "I know" from a chair in which they sit.

    Raises:
        NotFound: there is no such case within reach.
        Forbidden: `not_allowed`: somebody else sits there.
    """
    if own_chair is None or not isinstance(new.event, AssignmentAcknowledged):
        return
    if cases.find(uow.session, case_id, reach) is None:
        raise NotFound("not_found", what=str(case_id))
    seats = chairs.held_by(uow.session, own_chair, reach)
    if not any((row.case_id, row.role) == (case_id, new.event.role) for row in seats):
        raise Forbidden("not_allowed")
