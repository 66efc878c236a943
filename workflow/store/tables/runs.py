"""The runs of jobs (定时运行): begun, ended, counted; one without an end is the alarm."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import JSON, String
from sqlmodel import Field

from workflow.store.tables.columns import Row, UTCDateTime


class RunRow(Row, table=True):
    """One run of a job for a day."""

    __tablename__ = "runs"

    id: UUID = Field(primary_key=True)
    kind: str = Field(sa_type=String(32))
    for_day: date
    started_at: datetime = Field(sa_type=UTCDateTime, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    counts: dict[str, int] = Field(default_factory=dict, sa_type=JSON)


class RunFailureRow(Row, table=True):
    """One case that a run could not do, and why; written at once, so that a run that dies leaves it too."""

    __tablename__ = "run_failures"

    run_id: UUID = Field(primary_key=True, foreign_key="runs.id")
    case_id: UUID = Field(primary_key=True, foreign_key="cases.id")
    error: str = Field(sa_type=String(500))
    at: datetime = Field(sa_type=UTCDateTime)
