"""What happened (事件): the truth from which all the rest is computed. Inserted, never changed, never deleted."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlmodel import Field

from workflow.store.tables.columns import Row, UTCDateTime


class EventRow(Row, table=True):
    """
    One recorded event: its envelope in plain columns, what it says sealed.

    Args:
        seq: its place in the order of recording within the case; `rank` the place it took over, if it replaced one.
        id: made by the client, so that sending it twice is harmless.
        happened_on: the civil day (Asia/Shanghai) on which it was true; `happened_at` the instant, where known.
        captured_at: the device's clock, so that days without signal are no lateness.
        recorded_on: the civil day on which the server knew; `recorded_at` the instant.
        request_id: the same for all events that were taken together.
        sealed: its own fields in the words of the wire, and kind, occurrence and opening of each obligation
            that it closed when it was recorded, as JSON under the person's data key.
        chain: the hash of the event before it and of all columns of this one, `sealed` as ciphertext.
    """

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("case_id", "id"),)

    case_id: UUID = Field(primary_key=True, foreign_key="cases.id")
    seq: int = Field(primary_key=True)
    id: str = Field(sa_type=String(64), index=True)
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
    request_id: str = Field(sa_type=String(64))
    sealed: bytes = Field(sa_type=LargeBinary)
    chain: bytes = Field(sa_type=LargeBinary)
