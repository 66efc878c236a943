"""How a list is answered: a page of it, and where the next one begins."""

from __future__ import annotations

from typing import Generic, TypeVar

from pydantic import Field

from api.schemas.values import Outgoing

Item = TypeVar("Item")


class Page(Outgoing, Generic[Item]):
    """One page of a list, in an order that stays."""

    items: list[Item]
    next: str | None = Field(
        description="下一页的 cursor；没有下一页时为 null The cursor of the next page; null on the last one."
    )
