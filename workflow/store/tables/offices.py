"""The offices (机构): a tree below the county, as dated facts, so that a merger leaves no case behind."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import String
from sqlmodel import Field

from workflow.store.tables.columns import Row, UTCDateTime


class OfficeRow(Row, table=True):
    """
    One office.

    Args:
        division: the GB/T 2260 code (six digits) of its province, city or county.
        level: `province`, `city`, `county`, `township` or `community`.
    """

    __tablename__ = "offices"

    id: UUID = Field(primary_key=True)
    division: str = Field(sa_type=String(12), index=True)
    level: str = Field(sa_type=String(16))
    recorded_at: datetime = Field(sa_type=UTCDateTime)
    recorded_by: str = Field(sa_type=String(64))


class OfficeSpanRow(Row, table=True):
    """
    What an office was called and to whom it belonged, from a day to a day.

    Args:
        last_on: the last day, None while it lasts; after the last span of an office it is closed.
        successor_id: the office that took over when it closed, if one did.
        recorded_at, withdrawn_at: from when to when this was held to be true.
    """

    __tablename__ = "office_spans"

    id: UUID = Field(primary_key=True)
    office_id: UUID = Field(foreign_key="offices.id", index=True)
    parent_id: UUID | None = Field(default=None, foreign_key="offices.id", index=True)
    successor_id: UUID | None = Field(default=None, foreign_key="offices.id")
    name: str = Field(sa_type=String(200))
    first_on: date
    last_on: date | None = None
    recorded_at: datetime = Field(sa_type=UTCDateTime)
    recorded_by: str = Field(sa_type=String(64))
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    withdrawn_by: str | None = Field(default=None, sa_type=String(64))
