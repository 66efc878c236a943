"""A phone that was without a signal: what is new for it, and what it brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic_core import to_json

from api.context import Context, Knock, may, may_at_once, pause
from api.errors import in_words, status_of
from api.paging import DEFAULT, Limit
from api.schemas.events import EventsTaken, event_types
from api.schemas.problems import problems
from api.schemas.queues import QueueAnswers, QueueCreate
from api.schemas.sync import SyncPage
from workflow.rules.remits import Remit, remit_of
from workflow.rules.sentences.labels import (
    EVENT_LABELS,
    KINDS,
    NEED_LABELS,
    NOTICE_LABELS,
    ROLE_LABELS,
    STAGE_LABELS,
)
from workflow.services import phones, queues
from workflow.services.event_forms import bare_schema, dump
from workflow.services.phone_sections import stands_in_for
from workflow.services.queues import Answer, Bringing
from workflow.services.staffing import names_of
from workflow.store.unit_of_work import UnitOfWork

router = APIRouter(prefix="/sync", tags=["sync 同步"])
Pulling = Annotated[Knock, may_at_once("sync", "read")]
Pushing = Annotated[Context, may("sync", "record")]
Cursor = Annotated[
    UUID | None,
    Query(
        description="最近取得的一页的 cursor；新手机不填 The cursor of the last page that was taken; none for a new phone."
    ),
]


@router.get(
    "",
    summary="下行同步 What is new for a phone",
    response_model=SyncPage,
    responses=problems(401, 403, 409, 422),
)
def pull(knock: Pulling, cursor: Cursor = None, limit: Limit = DEFAULT) -> Response:
    """
    The cases that changed since the phone took the page with this cursor, and those that it must wipe.

    A page is applied whole or not at all, and only where the phone's cursor is still the one that it asked with.
    While `more` is true it asks on. A cursor that the server does not know begins anew (`whole`).
    """

    def found(here: Context, uow: UnitOfWork) -> tuple[Context, phones.Page, list[str]]:
        page = phones.page_of(uow, _asked(here, cursor, limit), **here.tools)
        return here, page, stands_in_for(uow, here.by, here.clock.today)

    here, page, away = knock.read(found)
    if page.is_news:
        here.write(lambda uow: phones.note(uow, page, here.caller.account_id, here.clock))
    return Response(_body(here, page, away), media_type="application/json")


@router.post(
    "",
    summary="上行同步 What a phone brings",
    response_model=QueueAnswers,
    responses=problems(401, 403, 422),
)
def push(sent: QueueCreate, here: Pushing) -> Response:
    """
    Each request is taken, proposed, refused, or kept for a person to decide, on its own and in the order of the items.

    Sending it again is harmless, whatever part of it was taken before. What is `refused` stays on the phone for its
    writer to mend; everything else is on the server, and the phone may let it go.
    """
    bringing = Bringing(
        here.parts.uow,
        **here.tools,
        caller=here.caller,
        remit=here.remit,
        proposes=here.may("proposal", "propose") is not None,
        pause=pause,
    )
    answers = queues.take(bringing, [item.read() for item in sent.items])
    return Response(_answered(here, answers), media_type="application/json")


def _asked(here: Context, cursor: UUID | None, limit: int) -> phones.Asked:
    recording, told = here.may("sync", "record"), here.may("notice", "read")
    remit = remit_of(recording or here.grant, here.by)
    return phones.Asked(
        caller=here.caller,
        remit=remit,
        fields=here.grant.fields,
        told=told.fields if told else (),
        fixed=_fixed(remit.kinds),
        cursor=cursor,
        limit=limit,
    )


@cache
def _fixed(kinds: tuple[str, ...]) -> dict[str, bytes]:
    """The forms of what somebody may record, and what codes are called: the same all day."""
    remit = Remit(kinds)
    names = ("event", "label", "by", "moves")
    forms = [
        {**{name: getattr(each, name) for name in names}, "form": bare_schema(each.event)}
        for each in event_types()
        if remit.covers(each.event)
    ]
    words = {
        "stages": STAGE_LABELS,
        "roles": ROLE_LABELS,
        "kinds": KINDS,
        "notices": NOTICE_LABELS,
        "events": EVENT_LABELS,
        "needs": NEED_LABELS,
    }
    called = {
        sort: {code: {"zh": label.zh, "en": label.en} for code, label in labels.items()}
        for sort, labels in words.items()
    }
    return {"forms": to_json(forms), "words": to_json(called)}


def _body(here: Context, page: phones.Page, away: list[str]) -> bytes:
    """A `SyncPage`, its cases and sections as they were made: their marks are of just these bytes."""
    head = {
        "cursor": page.next,
        "whole": page.whole,
        "more": page.more,
        "on": here.clock.today,
        "now": here.parts.wall().now,
        "stands_in_for": away,
        "removed": page.removed,
        "unreadable": page.unreadable,
    }
    cases = b",".join(page.cases.values())
    sections = b",".join(to_json(name) + b":" + text for name, text in page.sections.items())
    return to_json(head)[:-1] + b',"cases":[' + cases + b'],"sections":{' + sections + b"}}"


def _answered(here: Context, answers: Sequence[Answer]) -> bytes:
    """`QueueAnswers`."""
    deciding = {handle for each in answers for handle in each.waits_for}
    names = here.read(lambda uow: names_of(uow, deciding)) if deciding else {}
    items = [_answer(here, each, names) for each in answers]
    return to_json({"now": here.parts.wall().now, "items": items})


def _status(answer: Answer) -> int:
    """The status that a request has by itself."""
    if answer.refusal is not None:
        return status_of(answer.refusal)
    if answer.outcome == "proposed":
        return 202
    return 200 if answer.recorded is None or answer.recorded.already_known else 201


def _answer(here: Context, answer: Answer, names: Mapping[str, str]) -> dict[str, Any]:
    refusal, result, status = answer.refusal, answer.recorded, _status(answer)
    return {
        "id": answer.id,
        "case_id": answer.case_id,
        "outcome": answer.outcome,
        "status": status,
        "recorded": here.redacted(EventsTaken.of(result)) if result else None,
        "problem": in_words(refusal, here.language, status) if refusal else None,
        "theirs": [
            {
                "id": rec.id,
                "event": rec.event.name,
                "on": rec.on,
                "recorded_by": rec.recorded_by,
                "fields": dump(rec.event),
            }
            for rec in answer.theirs
        ],
        "waits_for": [{"handle": each, "name": names.get(each)} for each in answer.waits_for],
    }
