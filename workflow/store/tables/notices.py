"""What was told (通知), to whom, on which day. Inserted, never changed, never deleted."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, String
from sqlmodel import Field

from workflow.store.tables.columns import Row, UTCDateTime


class NoticeRow(Row, table=True):
    """
    One thing told to one role on one day; its key makes a second run of the tick harmless.

    Args:
        told_to: the role that stood behind the rung's own `role` on that day.
    """

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_told_on", "told_on"),)

    case_id: UUID = Field(primary_key=True, foreign_key="cases.id")
    kind: str = Field(primary_key=True, sa_type=String(64))
    occurrence: str = Field(primary_key=True, sa_type=String(64))
    told_on: date = Field(primary_key=True)
    told_to: str = Field(primary_key=True, sa_type=String(64))
    role: str = Field(sa_type=String(64))
    rung: str = Field(sa_type=String(16))
    told_at: datetime = Field(sa_type=UTCDateTime)
