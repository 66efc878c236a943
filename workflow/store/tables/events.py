"""What happened (事件): the truth from which all the rest is computed. Inserted, never changed, never deleted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, String, UniqueConstraint
from sqlmodel import Field

from workflow.store.tables.columns import Row, UTCDateTime


class EventRow(Row, table=True):
    """
    One recorded event.

    Args:
        id: made by the client, so that sending it twice is harmless.
        seq: its place in the order of recording within the case; `rank` the place it took over, if it replaced one.
        happened_on: the civil day (Asia/Shanghai) on which it was true; `happened_at` the instant, where known.
        captured_at: the device's clock, so that days without signal are no lateness.
        recorded_on: the civil day on which the server knew; `recorded_at` the instant.
        closes: kind, occurrence and opening of each that it closed when it was recorded; it keeps them.
        request_id: the same for all events that were taken together.
        payload: its own fields, in the words of the wire. Issue B encrypts the sensitive ones.
    """

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("case_id", "seq"),)

    id: str = Field(primary_key=True, sa_type=String(64))
    case_id: UUID = Field(foreign_key="cases.id")
    seq: int
    name: str = Field(sa_type=String(64))
    version: int
    happened_on: date
    happened_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    captured_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    recorded_on: date
    recorded_at: datetime = Field(sa_type=UTCDateTime)
    recorded_by: str | None = Field(default=None, sa_type=String(64))
    approved_by: str | None = Field(default=None, sa_type=String(64))
    rank: int
    closes: list[list[str]] = Field(sa_type=JSON)
    request_id: str = Field(sa_type=String(64))
    payload: dict[str, Any] = Field(sa_type=JSON)
