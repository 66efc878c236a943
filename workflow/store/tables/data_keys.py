"""The wrapped data keys: one a person or member of staff. Without a row, what is theirs is unreadable for good."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import LargeBinary, String
from sqlmodel import Field

from workflow.store.tables.columns import Row


class DataKeyRow(Row, table=True):
    """One owner's data key, wrapped by a root key of the ring (`root_key` is its id)."""

    __tablename__ = "data_keys"

    owner_id: UUID = Field(primary_key=True)
    root_key: str = Field(sa_type=String(64), index=True)
    wrapped: bytes = Field(sa_type=LargeBinary)
