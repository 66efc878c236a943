"""Recording for many people at once: twenty tests on one day, one meeting for eight."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic_core import to_json

from api.context import Context, may, pause
from api.errors import in_words, status_of
from api.schemas.batches import BatchAnswers, BatchCreate, answer_of
from api.schemas.events import EventsTaken
from api.schemas.problems import problems
from workflow.services import batches
from workflow.services.batches import BatchAnswer

router = APIRouter(prefix="/batches", tags=["events 记录"])
Recording = Annotated[Context, may("event", "record")]


@router.post(
    "",
    summary="批量录入 Record for many at once",
    response_model=BatchAnswers,
    responses=problems(401, 403, 422),
)
def record_batch(sent: BatchCreate, here: Recording) -> Response:
    """
    Each item is taken or refused on its own, and answered on its own, in the order of the items.

    Sending it again is harmless, whatever part of it was taken before.
    """
    answers = batches.record_batch(
        here.parts.uow,
        [item.read() for item in sent.items],
        **here.tools,
        by=here.by,
        reach=here.reach,
        remit=here.remit,
        pause=pause,
    )
    body = to_json({"items": [_answer(here, each) for each in answers]})
    return Response(body, media_type="application/json")


def _answer(here: Context, answer: BatchAnswer) -> dict[str, Any]:
    if answer.refused is not None:
        words = in_words(answer.refused, here.language, status_of(answer.refused))
        return answer_of(answer, None, words)
    assert answer.result is not None
    return answer_of(answer, here.redacted(EventsTaken.of(answer.result)), None)
