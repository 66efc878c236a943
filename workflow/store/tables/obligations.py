"""What is owed (应办事项), as computed from the events: dates, never states. Can be rebuilt at any time."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index, String, text
from sqlmodel import Field

from workflow.store.tables.columns import Row

STANDING = "closed_on IS NULL AND missed_on IS NULL AND excused_on IS NULL AND ended_on IS NULL AND NOT withdrawn"


class ObligationRow(Row, table=True):
    """
    One obligation. Its key is case, kind and occurrence: never an event's id, never a date.

    Args:
        opened_by, closed_by: the id of the event, or the name of what the calendar brought about.
        known_on: the day on which it was first seen open; rungs before it are told in one, on that day.
        paused: that its notices wait, because the person is in hospital.
        ref: what it is about, where one kind can be open for several things: a test, a ground, a proposal.
        measure: the ordinal of its measure; null where it hangs on none.
        is_window: that it is one of the windows that tile a term.
    """

    __tablename__ = "obligations"
    __table_args__ = (
        Index(
            "ix_obligations_standing",
            "case_id",
            "due_on",
            sqlite_where=text(STANDING),
            postgresql_where=text(STANDING),
        ),
    )

    case_id: UUID = Field(primary_key=True, foreign_key="cases.id")
    kind: str = Field(primary_key=True, sa_type=String(64))
    occurrence: str = Field(primary_key=True, sa_type=String(64))
    opens_on: date
    due_on: date
    owner: str = Field(sa_type=String(64))
    opened_by: str = Field(sa_type=String(64))
    closed_on: date | None = None
    closed_by: str | None = Field(default=None, sa_type=String(64))
    ended_on: date | None = None
    withdrawn: bool = False
    missed_on: date | None = None
    excused_on: date | None = None
    held_since: date | None = None
    paused: bool = False
    ref: str = Field(default="", sa_type=String(200))
    nominal_days: int = 0
    is_window: bool = False
    known_on: date | None = None
    measure: int | None = None


class FallenRow(Row, table=True):
    """
    An obligation that was known and then lost its reason, because an event was voided or entered late.

    Should it come back under its key, it is known since then: what was told about it is not told again.
    """

    __tablename__ = "fallen_obligations"

    case_id: UUID = Field(primary_key=True, foreign_key="cases.id")
    kind: str = Field(primary_key=True, sa_type=String(64))
    occurrence: str = Field(primary_key=True, sa_type=String(64))
    known_on: date
    fell_on: date
