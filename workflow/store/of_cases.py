"""Questions about the rows of several cases, each written once: making one anew costs more than asking it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam

from workflow.store.statements import Asker, Question, Statement, ask, connection_of
from workflow.store.tables import Found


class OfCases:
    """
    A question about the rows of cases; about a single one it is asked without a list.

    Args:
        query: what is asked, of whatever case.
        case_id: the column that says of which.
    """

    def __init__(self, query: Select[Any], case_id: ColumnElement[UUID]) -> None:
        self._one = query.where(case_id == bindparam("of_case_id"))
        self._of_one = Statement(self._one)
        self._many = query.where(case_id.in_(bindparam("of_case_ids", expanding=True)))

    def of(self, case_id: UUID) -> Question:
        """The question about one case, to be asked together with others."""
        return self._of_one, {"of_case_id": case_id}

    def all(
        self, asker: Asker, case_ids: Collection[UUID], *only: ColumnElement[bool]
    ) -> Sequence[Found]:
        """The rows of these cases; of them those `only` that these conditions let through."""
        if len(case_ids) == 1:
            (case_id,) = case_ids
            if not only:
                return ask(asker, [self.of(case_id)])[0]
            query = self._one
            values: dict[str, Any] = {"of_case_id": case_id}
        else:
            query, values = self._many, {"of_case_ids": list(case_ids)}
        found = connection_of(asker).execute(query.where(*only) if only else query, values)
        return found.all()
