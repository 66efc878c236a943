"""A question about the rows of some hundred others, written once; PostgreSQL is sent one array, and keeps its plan."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, any_, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from workflow.store.statements import Row, Statement, ask

AT_ONCE = 5000
"""Values a question: SQLite has no room for more."""


class OfMany:
    """
    Rows by a column.

    Args:
        query: what is asked, of whatever row.
        column: the ids by which they are found; first of all, however little the database knows of its tables.
    """

    def __init__(self, query: Select[Any], column: ColumnElement[UUID]) -> None:
        array = bindparam("these", type_=ARRAY(column.type))
        self._of_array = Statement(query.where(column == any_(array)))
        self._of_list = query.where(column.in_(bindparam("these", expanding=True)))

    def all(self, session: Session, ids: Collection[UUID], **values: Any) -> list[Row]:
        """The rows of these, with the other values that the question has."""
        known = list(ids)
        if not known:
            return []
        if session.get_bind().dialect.name == "postgresql":
            return ask(session, [(self._of_array, {**values, "these": known})])[0]
        found: list[Row] = []
        for start in range(0, len(known), AT_ONCE):
            asked = {**values, "these": known[start : start + AT_ONCE]}
            found += session.connection().execute(self._of_list, asked).all()
        return found
