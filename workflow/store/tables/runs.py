"""The runs of jobs (定时运行): begun, ended, counted; one without an end is the alarm."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
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


class RunAccountRow(Row, table=True):
    """
    The completeness account of a run (不漏一人账), renewed by each look until the next run.

    Args:
        made_at: when it was last made.
        gap: what it does not account for: cases without a step, notices without a message, items that are
            nowhere. 0 where it closes.
        counts: every line of it, by its name, and the `version` of what is kept of it.
        unnamed: the first cases without a step that nothing explains, by id.
    """

    __tablename__ = "run_accounts"

    run_id: UUID = Field(primary_key=True, foreign_key="runs.id")
    made_at: datetime = Field(sa_type=UTCDateTime)
    gap: int
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    unnamed: list[str] = Field(default_factory=list, sa_type=JSON)


class AlarmRow(Row, table=True):
    """
    An alarm that was raised: one of a sort for a day, however often it is seen.

    Args:
        what: the sort of alarm (`workflow.services.run_reports.Alarm`).
        how_many: cases, messages or items, when it was first seen.
        posted_at: when the operators' webhook took it.
    """

    __tablename__ = "alarms"

    for_day: date = Field(primary_key=True)
    what: str = Field(primary_key=True, sa_type=String(32))
    run_id: UUID | None = None
    how_many: int = 0
    raised_at: datetime = Field(sa_type=UTCDateTime)
    posted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
