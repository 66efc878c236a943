"""The staff (工作人员): who they are, where they are posted, when they are on leave and who deputises."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import LargeBinary, String
from sqlmodel import Field

from workflow.store.tables.columns import Row, UTCDateTime


class StaffRow(Row, table=True):
    """
    One member of staff, or a helper from elsewhere.

    Args:
        handle: how events name them (`helper`, `recorded_by`); for good, and telling nothing.
        profile: name and phone as JSON, sealed under their own data key.
    """

    __tablename__ = "staff"

    id: UUID = Field(primary_key=True)
    handle: str = Field(sa_type=String(64), unique=True)
    profile: bytes = Field(sa_type=LargeBinary)
    recorded_at: datetime = Field(sa_type=UTCDateTime)
    recorded_by: str = Field(sa_type=String(64))


class PostingRow(Row, table=True):
    """Where a member of staff works as what, from a day to a day (None: it lasts), and since when that was known."""

    __tablename__ = "postings"

    id: UUID = Field(primary_key=True)
    staff_id: UUID = Field(foreign_key="staff.id", index=True)
    office_id: UUID = Field(foreign_key="offices.id", index=True)
    role: str = Field(sa_type=String(64))
    first_on: date
    last_on: date | None = None
    recorded_at: datetime = Field(sa_type=UTCDateTime)
    recorded_by: str = Field(sa_type=String(64))
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    withdrawn_by: str | None = Field(default=None, sa_type=String(64))


class LeaveRow(Row, table=True):
    """A leave, both days included, and who deputises (None: the office's supervisor is told instead)."""

    __tablename__ = "leaves"

    id: UUID = Field(primary_key=True)
    staff_id: UUID = Field(foreign_key="staff.id", index=True)
    deputy_id: UUID | None = Field(default=None, foreign_key="staff.id")
    first_on: date
    last_on: date
    recorded_at: datetime = Field(sa_type=UTCDateTime)
    recorded_by: str = Field(sa_type=String(64))
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    withdrawn_by: str | None = Field(default=None, sa_type=String(64))
