"""Stands in for what others are about to deliver; gone before this branch ends."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Way:
    """How somebody is reached."""

    channels: tuple[str, ...]
    addresses: Mapping[str, str]
    language: str = "zh"


@dataclass(frozen=True)
class Sources:
    """What the dispatch asks the others for."""

    withdraw_stale: Callable[[UnitOfWork, datetime, Collection[UUID]], int]
    items_of: Callable[[UnitOfWork, Collection[UUID], date], Mapping[UUID, Sequence[Any]]]
    places_of: Callable[[UnitOfWork, Collection[str], frozenset[str]], Mapping[str, Any]]
    next_higher: Callable[[UnitOfWork, Any, date], Sequence[Any]]
    content_of: Callable[..., Any]
    rendered: Callable[..., Any]
