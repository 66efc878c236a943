"""What is owed (应办事项), as computed from the events, its rungs to come, and when it was first seen."""

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
        office_id: the office that owes it while it stands: the one that has the case, or the one that the
            person left; None once it does not stand.
        paused: that its notices wait, because the person is in hospital.
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
        Index(
            "ix_obligations_owing",
            "office_id",
            "due_on",
            "case_id",
            "kind",
            "occurrence",
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
    nominal_days: int = 0
    is_window: bool = False
    measure: int | None = None
    office_id: UUID | None = Field(default=None, foreign_key="offices.id")


class SightingRow(Row, table=True):
    """
    The day on which an obligation was first seen open. A fact and no result: inserted, never changed.

    Rungs before that day are told in one, on it. An obligation that falls away and comes back under its
    key is known since then: what was told about it is not told again.
    """

    __tablename__ = "sightings"

    case_id: UUID = Field(primary_key=True, foreign_key="cases.id")
    kind: str = Field(primary_key=True, sa_type=String(64))
    occurrence: str = Field(primary_key=True, sa_type=String(64))
    known_on: date


class RungRow(Row, table=True):
    """
    A rung that falls due before the case's rows change again: who is to be told on which day.

    Args:
        told_to: the role that stands behind the rung's own `role`.
    """

    __tablename__ = "rungs"

    case_id: UUID = Field(primary_key=True, foreign_key="cases.id")
    kind: str = Field(primary_key=True, sa_type=String(64))
    occurrence: str = Field(primary_key=True, sa_type=String(64))
    told_on: date = Field(primary_key=True, index=True)
    told_to: str = Field(primary_key=True, sa_type=String(64))
    role: str = Field(sa_type=String(64))
    rung: str = Field(sa_type=String(16))
