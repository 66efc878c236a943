"""The chairs of the 4+X team (帮扶小组) as computed from the events: who helps whom, and who has said "I know"."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index, String
from sqlmodel import Field

from workflow.store.tables.columns import Row


class ChairRow(Row, table=True):
    """
    One chair of a case as it stands.

    Args:
        helper: who sits there; None where it is waived.
        since: the day on which they took it, or on which it was waived.
        acknowledge_by: the day by which they must have said "I know"; None where nobody needs to.
    """

    __tablename__ = "chairs"
    __table_args__ = (Index("ix_chairs_helper", "helper"),)

    case_id: UUID = Field(primary_key=True, foreign_key="cases.id")
    role: str = Field(primary_key=True, sa_type=String(64))
    helper: str | None = Field(default=None, sa_type=String(64))
    since: date
    acknowledge_by: date | None = None
    acknowledged_on: date | None = None
