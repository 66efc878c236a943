"""The proposals (待审批): what one person wants recorded and a second one has to approve."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, String, text
from sqlmodel import Field

from workflow.store.tables.columns import Row, UTCDateTime

WAITING = "outcome IS NULL"


class ProposalRow(Row, table=True):
    """
    One request that waits for a second person.

    Args:
        sealed: the events as they were sent, as JSON under the person's key; bound to the case and the proposer.
        outcome: `approved`, `declined` or `withdrawn`; None while it waits.
        reason: why it was declined or withdrawn, under the person's key; bound to the outcome and whose it is.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        Index(
            "ix_proposals_waiting",
            "proposed_at",
            "id",
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="cases.id", index=True)
    sealed: bytes = Field(sa_type=LargeBinary)
    proposed_at: datetime = Field(sa_type=UTCDateTime)
    proposed_by: str = Field(sa_type=String(64))
    outcome: str | None = Field(default=None, sa_type=String(16))
    reason: bytes | None = Field(default=None, sa_type=LargeBinary)
    decided_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    decided_by: str | None = Field(default=None, sa_type=String(64))
