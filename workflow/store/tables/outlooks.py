"""The outlooks (预见): what each case will owe until it can become another one. Computed, and never asked for the truth."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import LargeBinary, Text
from sqlmodel import Field

from workflow.store.tables.columns import Row


class OutlookRow(Row, table=True):
    """
    What the sweep knows of a case without folding it; where there is none, or it does not fit, it is folded.

    Args:
        basis: a hash of all that it was computed from: the chain of events, the pack, the calendar, the rules.
        content: kinds, occurrences, days and roles, as the rows of obligations and chairs show them, as JSON.
    """

    __tablename__ = "outlooks"

    case_id: UUID = Field(primary_key=True, foreign_key="cases.id")
    basis: bytes = Field(sa_type=LargeBinary)
    content: str = Field(sa_type=Text)
