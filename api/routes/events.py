"""Recording what happened, and what can happen at all."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from api.context import Here
from api.schemas.events import EventsCreate, EventsTaken, EventType, event_types
from api.schemas.problems import problems

router = APIRouter(tags=["events 记录"])


@router.post(
    "/cases/{case_id}/events",
    status_code=201,
    summary="记录 Record what happened",
    responses={
        200: {"description": "此前已收到过 All of it was known."},
        **problems(404, 409, 422),
    },
)
def record(case_id: UUID, sent: EventsCreate, here: Here, response: Response) -> EventsTaken:
    """One request may carry several events; it is taken or refused whole. Sending it twice is harmless."""
    result = here.record(case_id, [each.read() for each in sent.events], sent.expected_version)
    if result.already_known:
        response.status_code = 200
    return EventsTaken.of(result)


@router.get("/event-types", summary="事件类型 Types of event")
def list_types() -> list[EventType]:
    """Every type that a person may record, with the JSON Schema of its fields: what a form is made from."""
    return event_types()
