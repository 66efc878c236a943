"""Attachments as they are listed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from api.schemas.values import Outgoing


class AttachmentPublic(Outgoing):
    """What is known of an attachment without opening it."""

    id: UUID
    event_id: str | None = Field(description="所属记录 The event that it belongs to.")
    media_type: str = Field(description="按内容认定 As found from its content.")
    plain_bytes: int
    file_name: str
    caption: str | None
    recorded_at: datetime
    recorded_by: str
