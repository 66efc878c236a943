"""
What all tables share: their metadata with named constraints, and how an instant is kept.

Constraints have names from the first day, because SQLite changes a table by
copying it and can drop only what has a name. Codes are plain text: a native
enumeration or a CHECK would refuse tomorrow's word without any migration
noticing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import DateTime, Dialect, MetaData, Table
from sqlalchemy import Row as SelectedRow
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An aware instant, kept in UTC and given back in UTC; SQLite would drop the offset without a word."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses an instant without offset; "24 hours from" has no naive answer."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("an instant needs its offset")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Gives the offset back, whatever zone the session of a server is in."""
        if value is None:
            return None
        known: datetime = value if value.tzinfo else value.replace(tzinfo=UTC)
        return known.astimezone(UTC)


class Row(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING))):
    """A row of one of our tables. Table models check nothing: what is written was checked before."""


Found = SelectedRow[*tuple[Any, ...]]
"""A row as a query gives it back, its columns by name."""


def table_of(row: type[Row]) -> Table:
    """The table of a row class, for Core statements; the session's own way costs several times as much."""
    return cast(Table, row.__table__)  # type: ignore[attr-defined]
