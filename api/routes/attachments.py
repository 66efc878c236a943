"""Photos and scans of a case: sent, listed, saved."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from api.context import Context, may
from api.paging import BY_INSTANT, DEFAULT, Cursor, Limit, cut, place_of
from api.schemas.attachments import AttachmentPublic
from api.schemas.pages import Page
from api.schemas.problems import problems
from api.uploads import BODY, FILES, Sent, Upload, saved_as
from workflow.services import attaching

router = APIRouter(prefix="/cases/{case_id}/attachments", tags=["attachments 附件"])
Reading = Annotated[Context, may("attachment", "read")]
Writing = Annotated[Context, may("attachment", "write")]


@router.put(
    "/{attachment_id}",
    status_code=201,
    summary="上传附件 Attach a file",
    responses={
        200: {"description": "此前已收到过 It was known.", "model": AttachmentPublic},
        **problems(401, 403, 404, 409, 413, 415, 422),
    },
    openapi_extra=BODY,
)
def attach(
    case_id: UUID, attachment_id: UUID, here: Writing, sent: Upload, response: Response
) -> AttachmentPublic:
    """
    A photo or a scan, drawn anew and sealed under the person's key. The id is the client's: twice is harmless.

    What belongs to an event comes after it. A phone sends its queue first and the photos of each event behind it,
    with the id of the request by which the event came: so a photo is taken while its event waits for an approval or
    lies in quarantine, of somebody who left the phone's reach too. Of an event that was refused it waits on the phone.
    """
    found = _attached(here, case_id, attachment_id, sent)
    response.status_code = 200 if found.already_known else 201
    return AttachmentPublic.model_validate(found.entry)


@router.get(
    "",
    summary="附件列表 Attachments",
    response_model=Page[AttachmentPublic],
    responses=problems(401, 403, 404, 409, 422),
)
def list_attachments(
    case_id: UUID, here: Reading, cursor: Cursor = None, limit: Limit = DEFAULT
) -> Response:
    """What is attached to a case, in the order of recording."""
    after = place_of(cursor, BY_INSTANT)
    entries = here.read(lambda uow: attaching.attachments_of(uow, case_id, reach=here.reach))
    behind = [one for one in entries if after is None or (one.recorded_at, one.id) > after]
    shown, following = cut(behind, limit, lambda one: (one.recorded_at, one.id))
    return here.page([AttachmentPublic.model_validate(one) for one in shown], following)


@router.get(
    "/{attachment_id}",
    summary="下载附件 Save a file",
    response_class=Response,
    responses={
        200: {
            "description": "文件 The file.",
            "content": FILES,
        },
        **problems(401, 403, 404, 409, 422, 503),
    },
)
def save(case_id: UUID, attachment_id: UUID, here: Reading) -> Response:
    """The file as it was kept, to be saved and never shown in place."""
    files, reach = here.parts.files, here.reach
    found = here.read(
        lambda uow: attaching.read_attachment(
            uow, files, attachment_id, case_id=case_id, reach=reach
        )
    )
    return Response(found.content, headers=saved_as(found.file_name), media_type=found.media_type)


def _attached(here: Context, case_id: UUID, attachment_id: UUID, sent: Sent) -> attaching.Attached:
    return here.write(
        lambda uow: attaching.attach(
            uow,
            here.parts.files,
            attachment_id=attachment_id,
            case_id=case_id,
            content=sent.content,
            file_name=sent.file_name,
            caption=sent.caption,
            event_id=sent.event_id,
            request_id=sent.request_id,
            clock=here.clock,
            by=here.by,
            reach=here.reach,
        )
    )
