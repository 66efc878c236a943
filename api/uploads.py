"""
A file as it is sent: its bytes are the body, what is known of it stands in headers.

What a file is called may name a person, so it stands in no address. A header holds
no Chinese; both texts are percent-encoded UTF-8, as in a form.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import quote, unquote
from uuid import UUID

from fastapi import Depends, Header, Request

from api.schemas.values import clean
from workflow.rules.errors import Invalid
from workflow.services.photos import SUFFIXES

NAME, CAPTION, EVENT, QUEUED = "X-File-Name", "X-Caption", "X-Event-Id", "X-Queue-Id"
Name = Annotated[
    str,
    Header(
        alias=NAME,
        max_length=2000,
        description="文件名，百分号编码的 UTF-8 Its name, percent-encoded UTF-8.",
    ),
]
Caption = Annotated[
    str,
    Header(
        alias=CAPTION,
        max_length=6000,
        description="说明，百分号编码的 UTF-8 What it shows, percent-encoded UTF-8.",
    ),
]
Event = Annotated[
    str,
    Header(
        alias=EVENT, max_length=64, description="所属记录的编号 Id of the event that it belongs to."
    ),
]
Queue = Annotated[
    str,
    Header(
        alias=QUEUED,
        pattern=r"^([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})?$",
        description="所属记录随同步里的哪一份提交而来；该记录还在待审批或待核时必填 "
        "Id of the queued request by which that event came; needed while it is proposed or in quarantine.",
    ),
]
BYTES: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
FILES = dict.fromkeys(SUFFIXES, BYTES)
"""What is kept, for the documentation of what is answered."""
BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {**FILES, "application/octet-stream": BYTES}}
}
"""The body of such a request, for its documentation."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was sent."""

    content: bytes = field(repr=False)
    file_name: str = field(repr=False)
    caption: str | None = field(repr=False)
    event_id: str | None
    request_id: UUID | None


async def _sent(
    request: Request,
    name: Name = "",
    caption: Caption = "",
    event_id: Event = "",
    request_id: Queue = "",
) -> Sent:
    content = await request.body()
    words = _text(NAME, name), _text(CAPTION, caption) or None
    return Sent(content, *words, event_id or None, UUID(request_id) if request_id else None)


Upload = Annotated[Sent, Depends(_sent)]


def saved_as(file_name: str) -> dict[str, str]:
    """The headers with which a file is saved under its name and never shown in place."""
    return {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }


def _text(header: str, given: str) -> str:
    try:
        text = unquote(given, errors="strict")
        clean(text)
    except ValueError as error:
        raise Invalid("malformed_body", field=header) from error
    return text
