"""Recording what happened, correcting it, reading it back; and what can happen at all."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import TypeAdapter

from api.context import Anybody, Context, may
from api.paging import DEFAULT, Cursor, Limit, cut, place_of
from api.preconditions import IfMatch, as_seen, tag_of
from api.schemas.events import (
    CorrectionCreate,
    EventEntryPublic,
    EventsCreate,
    EventsTaken,
    EventType,
    event_types,
)
from api.schemas.pages import Page
from api.schemas.problems import problems
from workflow.services import event_lists, recording
from workflow.services.recording import RecordedResult

router = APIRouter(tags=["events 记录"])
Recording = Annotated[Context, may("event", "record")]
Reading = Annotated[Context, may("event", "read")]
PLACE = TypeAdapter(tuple[int])
TAKEN = {
    200: {"model": EventsTaken, "description": "此前已收到过 All of it was known."},
    **problems(401, 403, 404, 409, 412, 422),
}


@router.post(
    "/cases/{case_id}/events",
    status_code=201,
    summary="记录 Record what happened",
    response_model=EventsTaken,
    responses=TAKEN,
)
def record(
    case_id: UUID, sent: EventsCreate, here: Recording, if_match: IfMatch = None
) -> Response:
    """
    One request may carry several events; it is taken or refused whole. Sending it twice is harmless.

    What needs a second person is refused by `approval_missing`, and is proposed instead. The ETag of the answer is
    the case's version; sent back in If-Match (or as `expected_version`) it sees that nobody recorded meanwhile.
    """
    result = as_seen(
        if_match, sent.expected_version, lambda version: _recorded(here, case_id, sent, version)
    )
    return _taken(here, result)


@router.post(
    "/cases/{case_id}/corrections",
    status_code=201,
    summary="更正 Correct an event",
    response_model=EventsTaken,
    responses=TAKEN,
)
def correct(
    case_id: UUID, sent: CorrectionCreate, here: Recording, if_match: IfMatch = None
) -> Response:
    """
    Void a wrong event and record what is right in its place. Sending it twice is harmless.

    One's own of the same day; any other needs a second person: propose the void and the right event together.
    """
    result = as_seen(
        if_match, sent.expected_version, lambda version: _corrected(here, case_id, sent, version)
    )
    return _taken(here, result)


@router.get(
    "/cases/{case_id}/events",
    summary="个案的记录 What was recorded on a case",
    response_model=Page[EventEntryPublic],
    responses=problems(401, 403, 404, 409, 422),
)
def list_of_case(
    case_id: UUID, here: Reading, cursor: Cursor = None, limit: Limit = DEFAULT
) -> Response:
    """In the order in which it was entered, voided ones marked; a helper sees what they recorded themselves."""
    (after,) = place_of(cursor, PLACE) or (0,)
    found = here.read(
        lambda uow: event_lists.events_of(
            uow, case_id, limit=limit + 1, after=after, by=here.own_chair, reach=here.reach
        )
    )
    shown, following = cut(found, limit, lambda one: (one.seq,))
    return here.page([EventEntryPublic.model_validate(one) for one in shown], following)


@router.get("/event-types", summary="事件类型 Types of event")
def list_types(here: Anybody) -> list[EventType]:
    """Every type that a person may record, with the JSON Schema of its fields: what a form is made from."""
    return event_types()


def _recorded(
    here: Context, case_id: UUID, sent: EventsCreate, version: int | None
) -> RecordedResult:
    request = [each.read() for each in sent.events]
    return here.write(
        lambda uow: recording.record(
            uow,
            case_id,
            request,
            **here.tools,
            by=here.by,
            expected_version=version,
            reach=here.reach,
            remit=here.remit,
        )
    )


def _corrected(
    here: Context, case_id: UUID, sent: CorrectionCreate, version: int | None
) -> RecordedResult:
    right = sent.right.read()
    return here.write(
        lambda uow: recording.correct_event(
            uow,
            case_id,
            sent.event_id,
            reason=sent.reason,
            right=right,
            void_id=sent.void_id,
            **here.tools,
            by=here.by,
            expected_version=version,
            reach=here.reach,
            remit=here.remit,
        )
    )


def _taken(here: Context, result: RecordedResult) -> Response:
    status = 200 if result.already_known else 201
    return here.shown(EventsTaken.of(result), status, ETag=tag_of(result.version))
