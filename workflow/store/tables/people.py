"""The persons (本人) whom the cases are about."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import String
from sqlmodel import Field

from workflow.store.tables.columns import Row


class PersonRow(Row, table=True):
    """
    One person. `name` and `born` lie in plain text so far.

    Issue B encrypts them under a key of the person; until then a database holds invented persons only.
    """

    __tablename__ = "people"

    id: UUID = Field(primary_key=True)
    born: date | None = None
    name: str | None = Field(default=None, sa_type=String(200))
