"""The way (全过程) of a case as computed from its events: one row a stretch in one stage, with its first day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import String
from sqlmodel import Field

from workflow.store.tables.columns import Row


class StayRow(Row, table=True):
    """The nth stretch of a case in one stage; it lasts until the next one begins."""

    __tablename__ = "stays"

    case_id: UUID = Field(primary_key=True, foreign_key="cases.id")
    position: int = Field(primary_key=True)
    stage: str = Field(sa_type=String(64))
    first_on: date
    begun_by: str = Field(sa_type=String(64))
