"""
The list of cases (个案列表): each with its stage, its next step and how much is overdue, a page at a time.

Read from the rows as last projected, and only for the cases of the page. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar
from uuid import UUID

from workflow.rules.due import OWED, standing_state
from workflow.rules.errors import NotFound
from workflow.services.clock import Instant
from workflow.services.views import ObligationView, OverviewRow, StepView
from workflow.store import case_lists, offices, people
from workflow.store.case_lists import Only, Place
from workflow.store.reach import Reach
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

__all__ = ["Only", "Place", "list_cases", "narrowed", "next_step", "overview", "place_in"]

Step = TypeVar("Step", ObligationView, StepView)
EVERYTHING = Only()
AT_ONCE = 500


def list_cases(
    uow: UnitOfWork,
    reach: Reach | None,
    today: date,
    *,
    only: Only = EVERYTHING,
    limit: int = AT_ONCE,
    after: Place | None = None,
) -> list[OverviewRow]:
    """
    Cases within reach, in the order of opening.

    Args:
        after: where the page before ended (`place_in`).
    """
    rows = case_lists.page(uow.session, reach, today, limit=limit, after=after, only=only)
    steps: dict[UUID, list[StepView]] = {row.id: [] for row in rows}
    for owed in case_lists.standing_of(uow.session, steps, today, only.chair):
        steps[owed.case_id].append(_step(owed, today))
    known = people.profiles_of(uow.session, uow.ring, {row.subject_id for row in rows})
    return [
        OverviewRow(
            case_id=row.id,
            name=known[row.subject_id].name if row.subject_id in known else None,
            policy=row.policy,
            stage=row.stage,
            since=row.first_on or row.opened_on,
            opened_on=row.opened_on,
            ended_on=row.ended_on,
            next_step=next_step(steps[row.id]),
            overdue=sum(step.state == "overdue" for step in steps[row.id]),
        )
        for row in rows
    ]


def place_in(row: OverviewRow) -> Place:
    """Where a case stands in the list."""
    return row.opened_on, row.case_id


def overview(uow: UnitOfWork, clock: Instant, reach: Reach | None = None) -> list[OverviewRow]:
    """Every case within reach: for a page that shows all of them."""
    found: list[OverviewRow] = []
    after: Place | None = None
    while page := list_cases(uow, reach, clock.today, after=after):
        found += page
        after = place_in(page[-1])
    return found


def narrowed(uow: UnitOfWork, reach: Reach, office_id: UUID | None, today: date) -> Reach:
    """
    Of what a caller reaches, that which belongs to one office and those below it; all of it where none is named.

    Raises:
        NotFound: there is no such office within reach.
    """
    if office_id is None:
        return reach
    mine = offices.below(uow.session, office_id, on=today) & reach.offices
    if not mine:
        raise NotFound("not_found", what=str(office_id))
    return replace(reach, offices=mine, helper=None, unplaced=False)


def next_step(standing: Sequence[Step]) -> Step | None:
    """What is due first of what is open; where nothing is, what opens first."""
    owed = [one for one in standing if one.state in OWED]
    if owed:
        return min(owed, key=lambda one: (one.due_on, one.opens_on))
    coming = [one for one in standing if one.state == "upcoming"]
    return min(coming, key=lambda one: (one.opens_on, one.due_on), default=None)


def _step(row: Found, today: date) -> StepView:
    """The state of a row that stands, by its dates alone."""
    is_now = standing_state(today, row.opens_on, row.due_on)
    return StepView(row.kind, row.occurrence, row.opens_on, row.due_on, row.owner, is_now)
