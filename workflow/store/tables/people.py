"""The persons (本人) whom the cases are about: sealed profiles, blind marks to find them by, and merges."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, String
from sqlmodel import Field

from workflow.store.tables.columns import Row, UTCDateTime


class PersonRow(Row, table=True):
    """
    One person. Nothing about them lies here in plain text.

    Args:
        profile: name, birth date, numbers, address and note as JSON, sealed under the person's data key.
        merged_into: the person whom they were found to be; their own row, key and cases stay as they are.
        changed_at, changed_by: when and by whom the profile was last written; for a shredded person, shredded.
    """

    __tablename__ = "people"

    id: UUID = Field(primary_key=True)
    profile: bytes | None = Field(default=None, sa_type=LargeBinary)
    merged_into: UUID | None = Field(default=None, foreign_key="people.id", index=True)
    registered_at: datetime = Field(sa_type=UTCDateTime)
    changed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    changed_by: str | None = Field(default=None, sa_type=String(64))


class PersonMarkRow(Row, table=True):
    """
    A blind mark (HMAC) of something that a person can be found by; tells only who has the same.

    Args:
        kind: `identity_no`, `phone`, or `name_born`.
        root_key: the key of the ring that made it.
    """

    __tablename__ = "person_marks"
    __table_args__ = (Index("ix_person_marks_kind_digest", "kind", "digest"),)

    person_id: UUID = Field(primary_key=True, foreign_key="people.id")
    kind: str = Field(primary_key=True, sa_type=String(16))
    root_key: str = Field(primary_key=True, sa_type=String(64))
    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)


class PersonMergeRow(Row, table=True):
    """Two rows found to be one person, by whom and why; undone by writing who undid it and when."""

    __tablename__ = "person_merges"

    id: UUID = Field(primary_key=True)
    kept_id: UUID = Field(foreign_key="people.id", index=True)
    merged_id: UUID = Field(foreign_key="people.id", index=True)
    reason: bytes = Field(sa_type=LargeBinary)
    merged_at: datetime = Field(sa_type=UTCDateTime)
    merged_by: str = Field(sa_type=String(64))
    undone_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    undone_by: str | None = Field(default=None, sa_type=String(64))
