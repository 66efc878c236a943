"""The attachments (附件): photos and scans, sealed under the person's data key and shredded with it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, String
from sqlmodel import Field

from workflow.store.tables.columns import Row, UTCDateTime


class AttachmentRow(Row, table=True):
    """
    What is known of an attachment.

    Args:
        details: its file name and caption as JSON, sealed.
        media_type: found from its content, never from its name.
        plain_bytes: its size before sealing.
        digest: SHA-256 of the ciphertext.
        kept: where the ciphertext lies: `database` or `disk`.
    """

    __tablename__ = "attachments"

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="cases.id", index=True)
    event_id: str | None = Field(default=None, sa_type=String(64))
    details: bytes = Field(sa_type=LargeBinary)
    media_type: str = Field(sa_type=String(64))
    plain_bytes: int
    digest: bytes = Field(sa_type=LargeBinary)
    kept: str = Field(sa_type=String(16))
    recorded_at: datetime = Field(sa_type=UTCDateTime)
    recorded_by: str = Field(sa_type=String(64))


class AttachmentBodyRow(Row, table=True):
    """The ciphertext of an attachment that is kept in the database."""

    __tablename__ = "attachment_bodies"

    attachment_id: UUID = Field(primary_key=True, foreign_key="attachments.id")
    body: bytes = Field(sa_type=LargeBinary)
