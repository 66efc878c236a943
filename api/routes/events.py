"""Recording what happened, and what can happen at all."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from api.context import Anybody, Context, may
from api.schemas.events import EventsCreate, EventsTaken, EventType, event_types
from api.schemas.problems import problems
from workflow.services import recording
from workflow.services.recording import RecordedResult

router = APIRouter(tags=["events 记录"])
Recording = Annotated[Context, may("event", "record")]


@router.post(
    "/cases/{case_id}/events",
    status_code=201,
    summary="记录 Record what happened",
    responses={
        200: {"description": "此前已收到过 All of it was known."},
        **problems(401, 403, 404, 409, 422),
    },
)
def record(case_id: UUID, sent: EventsCreate, here: Recording, response: Response) -> EventsTaken:
    """One request may carry several events; it is taken or refused whole. Sending it twice is harmless."""
    result = _recorded(here, case_id, sent)
    if result.already_known:
        response.status_code = 200
    return EventsTaken.of(result)


@router.get("/event-types", summary="事件类型 Types of event")
def list_types(here: Anybody) -> list[EventType]:
    """Every type that a person may record, with the JSON Schema of its fields: what a form is made from."""
    return event_types()


def _recorded(here: Context, case_id: UUID, sent: EventsCreate) -> RecordedResult:
    request = [each.read() for each in sent.events]
    return here.write(
        lambda uow: recording.record(
            uow,
            case_id,
            request,
            **here.tools,
            by=here.by,
            expected_version=sent.expected_version,
            reach=here.reach,
        )
    )
