"""The cases (个案): what the record knows of one besides its events, and when to look at it next."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index, String, text
from sqlmodel import Field

from workflow.store.tables.columns import Row


class CaseRow(Row, table=True):
    """
    One case. The stage is no column: it is a row of `stays`, with its first day.

    Args:
        policy: the id of the pack that counts.
        team: `recorded`, or `standing` for a worked case that names no helpers.
        next_change_on: the first day on which the calendar alone can change something; the only thing that the
            tick asks for. Null: nothing can, until something is recorded.
        version: raised by each recording; a writer who saw an older one is told so.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index(
            "ix_cases_next_change_on",
            "next_change_on",
            sqlite_where=text("next_change_on IS NOT NULL"),
            postgresql_where=text("next_change_on IS NOT NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="people.id", index=True)
    policy: str = Field(sa_type=String(200))
    team: str = Field(sa_type=String(20))
    opened_on: date
    next_change_on: date | None = None
    ended_on: date | None = None
    version: int = 0
