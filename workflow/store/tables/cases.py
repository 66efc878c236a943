"""The cases (个案): what the record knows of one besides its events, and when to look at it next."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, String, text
from sqlmodel import Field

from workflow.store.tables.columns import Row, UTCDateTime


class CaseRow(Row, table=True):
    """
    One case. The stage is no column: it is a row of `stays`, with its first day.

    Args:
        person_id: whom it was opened about, and whose data key seals its events.
        subject_id: whom it is about as now known: another only where persons were merged. One open case each.
        follows_id: the case of the same person that ended before this one was opened.
        office_id: the office that has it now; None in a database without offices.
        policy: the id of the pack that counts.
        team: `recorded`, or `standing` for a worked case that names no helpers.
        projected_on: the day for which its rows were last computed.
        next_change_on: the first day on which the calendar alone can change its rows; the only thing that the
            sweep asks for. Null: nothing can, until something is recorded.
        team_since: the day from which its team stands; None before an order or a release.
        version: raised by each recording; a writer who saw an older one is told so.
        chain: the hash of its last event, which covers all before it.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index(
            "ix_cases_next_change_on",
            "next_change_on",
            sqlite_where=text("next_change_on IS NOT NULL"),
            postgresql_where=text("next_change_on IS NOT NULL"),
        ),
        Index("ix_cases_opened_on", "opened_on", "id"),
        Index(
            "uq_cases_open_subject_id",
            "subject_id",
            unique=True,
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    person_id: UUID = Field(foreign_key="people.id", index=True)
    subject_id: UUID = Field(foreign_key="people.id", index=True)
    follows_id: UUID | None = Field(default=None, foreign_key="cases.id")
    office_id: UUID | None = Field(default=None, foreign_key="offices.id", index=True)
    policy: str = Field(sa_type=String(200))
    team: str = Field(sa_type=String(20))
    opened_on: date
    projected_on: date | None = None
    next_change_on: date | None = None
    ended_on: date | None = None
    team_since: date | None = None
    version: int = 0
    chain: bytes = Field(sa_type=LargeBinary)


class PlacementRow(Row, table=True):
    """
    Which office has a case from a day on (交接): one row a hand-over, with the receipt of the other side.

    Args:
        from_office_id: who had it before; None for the office that opened it.
        from_on: the civil day from which it is theirs; `recorded_at` the instant at which that was known.
        event_id: the `moved` that brought it about, if one did.
        received_at, received_by: the receipt of the new office.
    """

    __tablename__ = "placements"

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="cases.id", index=True)
    office_id: UUID = Field(foreign_key="offices.id", index=True)
    from_office_id: UUID | None = Field(default=None, foreign_key="offices.id")
    from_on: date
    event_id: str | None = Field(default=None, sa_type=String(64))
    recorded_at: datetime = Field(sa_type=UTCDateTime)
    recorded_by: str = Field(sa_type=String(64))
    received_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    received_by: str | None = Field(default=None, sa_type=String(64))
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
