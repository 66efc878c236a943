"""Where the outlooks are written; they are read beside their case (`store.cases.waiting`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from workflow.store.many import Deleting, Inserting
from workflow.store.statements import Order
from workflow.store.tables import OutlookRow, table_of

OUTLOOKS = table_of(OutlookRow)
_PUT = Inserting(OUTLOOKS, ("case_id", "basis", "content"), over=("case_id",))
_DROP = Deleting(OUTLOOKS, ("case_id",))


def to_put(rows: Sequence[tuple[UUID, bytes, str]]) -> Order:
    """Basis and content of the outlooks of cases, to be written in the place of those that they had."""
    return _PUT, rows


def to_drop(case_ids: Sequence[UUID]) -> Order:
    """These cases are to have none."""
    return _DROP, [(case_id,) for case_id in case_ids]
