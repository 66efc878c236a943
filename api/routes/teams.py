"""The team of a case, and what changes it: each change is an event, recorded like any other."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from api.asked import KnownAt, OnDay, as_of
from api.context import Context, may
from api.preconditions import tag_of
from api.schemas.events import EventsTaken
from api.schemas.problems import problems
from api.schemas.teams import ChairAssign, ChairOf, ChairWaive, TeamChange, TeamPublic
from workflow.services import recording, teams
from workflow.services.clock import AsOf
from workflow.services.views import TeamView

router = APIRouter(prefix="/cases/{case_id}/team", tags=["team 帮扶小组"])
Reading = Annotated[Context, may("team", "read")]
Writing = Annotated[Context, may("team", "write")]
Acknowledging = Annotated[Context, may("event", "record")]
TAKEN = {
    200: {"model": EventsTaken, "description": "此前已收到过 It was known."},
    **problems(401, 403, 404, 409, 422),
}


@router.get(
    "",
    summary="帮扶小组 Team",
    response_model=TeamPublic,
    responses=problems(401, 403, 404, 409, 422),
)
def show_team(
    case_id: UUID,
    here: Reading,
    on: OnDay = None,
    known_at: Annotated[KnownAt, Query(alias="as_of")] = None,
) -> Response:
    """Who sits where and has said “I know”, which fixed chairs are empty or waived, and whom a need suggests."""
    return here.shown(TeamPublic.of(_team(here, case_id, as_of(here, on, known_at))))


@router.post(
    "/assign",
    status_code=201,
    summary="指定帮扶人 Assign",
    response_model=EventsTaken,
    responses=TAKEN,
)
def assign(case_id: UUID, sent: ChairAssign, here: Writing) -> Response:
    """A helper takes a chair, and is asked to say “I know”; whoever sat there leaves it."""
    return _changed(here, case_id, sent, "helper_assigned")


@router.post(
    "/acknowledge",
    status_code=201,
    summary="确认知悉 Acknowledge",
    response_model=EventsTaken,
    responses=TAKEN,
)
def acknowledge(case_id: UUID, sent: ChairOf, here: Acknowledging) -> Response:
    """The helper in a chair says “I know”; a helper says so for their own."""
    return _changed(here, case_id, sent, "assignment_acknowledged")


@router.post(
    "/release", status_code=201, summary="卸任 Release", response_model=EventsTaken, responses=TAKEN
)
def release(case_id: UUID, sent: ChairOf, here: Writing) -> Response:
    """The helper in a chair leaves it; what they owe is the supervisor's until somebody takes it."""
    return _changed(here, case_id, sent, "helper_released")


@router.post(
    "/waive", status_code=201, summary="席位豁免 Waive", response_model=EventsTaken, responses=TAKEN
)
def waive(case_id: UUID, sent: ChairWaive, here: Writing) -> Response:
    """A fixed chair stays empty for a reason that is written down."""
    return _changed(here, case_id, sent, "chair_waived")


def _changed(here: Context, case_id: UUID, sent: TeamChange, name: str) -> Response:
    new = sent.read(name)
    result = here.write(
        lambda uow: recording.record(
            uow,
            case_id,
            [new],
            **here.tools,
            by=here.by,
            expected_version=sent.expected_version,
            reach=here.reach,
            remit=here.remit,
        )
    )
    status = 200 if result.already_known else 201
    return here.shown(EventsTaken.of(result), status, ETag=tag_of(result.version))


def _team(here: Context, case_id: UUID, asked: AsOf) -> TeamView:
    parts = here.parts
    return here.read(
        lambda uow: teams.team_of(
            uow,
            case_id,
            asked,
            packs=parts.packs,
            calendar=parts.calendar,
            reach=here.reach,
            own_chair=here.own_chair,
        )
    )
