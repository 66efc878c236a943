"""The packs (规则包) that cases are pinned to, as they were, and the working days that an office set itself."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, LargeBinary, String, text
from sqlmodel import Field

from workflow.store.tables.columns import Row, UTCDateTime


class PackRow(Row, table=True):
    """
    A pack as it was when the first case was pinned to it, so that a later release changes no old case.

    Args:
        name: id and version, `cn-national@2026.11`.
        digest: SHA-256 of the content as canonical JSON.
        content: the whole pack, overlays laid on.
    """

    __tablename__ = "packs"

    name: str = Field(primary_key=True, sa_type=String(200))
    digest: bytes = Field(sa_type=LargeBinary)
    content: dict[str, Any] = Field(sa_type=JSON)
    recorded_at: datetime = Field(sa_type=UTCDateTime)


class PinRow(Row, table=True):
    """The pack that counts for a case since an instant; the last one is the case's `policy`."""

    __tablename__ = "pins"

    case_id: UUID = Field(primary_key=True, foreign_key="cases.id")
    number: int = Field(primary_key=True)
    pack: str = Field(sa_type=String(200), foreign_key="packs.name")
    recorded_at: datetime = Field(sa_type=UTCDateTime)
    recorded_by: str = Field(sa_type=String(64))


class CalendarOverrideRow(Row, table=True):
    """A day that is, or is not, worked, against the calendar that travels with the program; one stands a day."""

    __tablename__ = "calendar_overrides"
    __table_args__ = (
        Index(
            "uq_calendar_overrides_standing_day",
            "day",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    day: date = Field(index=True)
    is_working: bool
    name: str = Field(sa_type=String(200))
    recorded_at: datetime = Field(sa_type=UTCDateTime)
    recorded_by: str = Field(sa_type=String(64))
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    withdrawn_by: str | None = Field(default=None, sa_type=String(64))
