"""The phones (手机): what each was given, so that it is told only what is new; and whose people an account ever carried."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, String, text
from sqlmodel import Field

from workflow.store.tables.columns import Row, UTCDateTime

WAITING = "outcome IS NULL"


class PhoneRow(Row, table=True):
    """
    What a phone holds once it has taken a page: made with the page, and known to be true when its cursor comes back.

    Args:
        id: the cursor; drawn by chance, so that one from before a restore is nobody's.
        line: the same for all pages of one phone; two of them are kept, the last taken and the last given.
        held: by case and by section, the marks of what was sent (`workflow.services.phone_marks`).
    """

    __tablename__ = "phones"

    id: UUID = Field(primary_key=True)
    line: UUID = Field(index=True)
    account_id: UUID = Field(foreign_key="accounts.id", index=True)
    made_at: datetime = Field(sa_type=UTCDateTime)
    held: bytes = Field(sa_type=LargeBinary)


class CarriedRow(Row, table=True):
    """That a case was given to a phone of an account, and when first: unsent work on it is theirs to bring."""

    __tablename__ = "carried"

    account_id: UUID = Field(primary_key=True, foreign_key="accounts.id")
    case_id: UUID = Field(primary_key=True, foreign_key="cases.id")
    first_at: datetime = Field(sa_type=UTCDateTime)


class QuarantineRow(Row, table=True):
    """
    What a phone brought and the record could not take, though it may be true; a named person decides (待核记录).

    Args:
        id: the one that the phone gave the request.
        why: `conflict`, `reach_lost` or `case_ended`; `code` is the refusal that it met.
        sealed: the events as they were sent, as JSON under the person's key; bound to the case and the sender.
        outcome: `recorded` or `dismissed`; None while it waits.
        reason: why it was dismissed, under the person's key; bound to the outcome and whose it is.
    """

    __tablename__ = "quarantine"
    __table_args__ = (
        Index(
            "ix_quarantine_waiting",
            "brought_at",
            "id",
            sqlite_where=text(WAITING),
            postgresql_where=text(WAITING),
        ),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(foreign_key="cases.id", index=True)
    why: str = Field(sa_type=String(16))
    code: str = Field(sa_type=String(64))
    sealed: bytes = Field(sa_type=LargeBinary)
    brought_at: datetime = Field(sa_type=UTCDateTime)
    brought_by: str = Field(sa_type=String(64))
    outcome: str | None = Field(default=None, sa_type=String(16))
    reason: bytes | None = Field(default=None, sa_type=LargeBinary)
    decided_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    decided_by: str | None = Field(default=None, sa_type=String(64))
