"""
Pages of a list: how long one is, and the cursor with which the next one begins.

A cursor says where a page ended, in words that only we read. It holds days and ids and
nothing about a person, and it opens nothing: the query behind it carries the caller's
reach like any other.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, TypeAdapter, ValidationError
from pydantic_core import to_json

from workflow.rules.errors import Invalid

DEFAULT, MOST = 50, 200
LONGEST = 512
Limit = Annotated[int, Query(ge=1, le=MOST, description="一页多少条 How many of them make a page.")]
Cursor = Annotated[
    str | None,
    Query(
        max_length=LONGEST,
        description="上一页答复里的 `next` The `next` of the page before; left out for the first page.",
    ),
]
Place = TypeVar("Place")
Item = TypeVar("Item")

BY_INSTANT: TypeAdapter[tuple[datetime, UUID]] = TypeAdapter(tuple[AwareDatetime, UUID])
"""The place in a list that goes by an instant, and by the id among those of the same one."""


def cursor_of(place: Sequence[Any]) -> str:
    """The cursor of the page that begins behind this place."""
    return urlsafe_b64encode(to_json(place)).rstrip(b"=").decode()


def place_of(cursor: str | None, form: TypeAdapter[Place]) -> Place | None:
    """
    The place behind which a page begins; None for the first one.

    Raises:
        Invalid: `cursor_unreadable`: it is none of ours, or one of another list.
    """
    if cursor is None:
        return None
    try:
        return form.validate_json(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, ValidationError) as error:
        raise Invalid("cursor_unreadable") from error


def cut(
    found: Sequence[Item], limit: int, place: Callable[[Item], Sequence[Any]]
) -> tuple[Sequence[Item], str | None]:
    """A page of those that were found, one more than it holds if there are more, and the cursor of the next one."""
    shown = found[:limit]
    return shown, cursor_of(place(shown[-1])) if len(found) > limit else None
