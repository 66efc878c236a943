"""What a database says of itself: whether it is a demo, and which day it is there."""

from __future__ import annotations

from sqlalchemy import String
from sqlmodel import Field

from workflow.store.tables.columns import Row


class StampRow(Row, table=True):
    """One word about the database and its value: `mode` is `demo` or `production`, `demo_today` a day."""

    __tablename__ = "stamps"

    key: str = Field(primary_key=True, sa_type=String(64))
    value: str = Field(sa_type=String(200))
