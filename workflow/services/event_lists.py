"""
The events of a case (记录) one by one, in the order in which they were recorded, voided ones marked.

The timeline is in the order of days and shows what the calendar brought about as well; this is what was entered, by whom, when.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from workflow.rules.errors import NotFound
from workflow.rules.events import EventVoided
from workflow.rules.events.fields import Means
from workflow.services.case_files import opened
from workflow.services.clock import civil_day
from workflow.services.event_forms import dump
from workflow.store import cases, data_keys, events
from workflow.store.data_keys import DataKey
from workflow.store.reach import Reach
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

VOID = EventVoided.name


@dataclass(frozen=True, slots=True)
class EventEntry:
    """
    One recorded event.

    Args:
        seq: its place in the order of recording.
        closes: kind and occurrence of what it closed when it was recorded.
        entered_late: that it was captured on a later day than it happened.
    """

    seq: int
    id: str
    event: str
    label: Means
    on: date
    at: datetime | None
    captured_at: datetime | None
    recorded_at: datetime
    recorded_by: str | None
    approved_by: str | None
    fields: Mapping[str, Any]
    closes: tuple[tuple[str, str], ...]
    voided: bool
    entered_late: bool


def events_of(
    uow: UnitOfWork,
    case_id: UUID,
    *,
    limit: int,
    after: int = 0,
    by: str | None = None,
    reach: Reach | None = None,
) -> list[EventEntry]:
    """
    The events of a case behind a place in the order of recording, at most so many.

    Args:
        by: only what they recorded themselves; None for all.
        reach: which cases the caller may know of; None for the engine itself.

    Raises:
        NotFound: there is no such case within reach.
        Refused: `key_shredded`.
    """
    case = cases.find(uow.session, case_id, reach)
    if case is None:
        raise NotFound("not_found", what=str(case_id))
    key = data_keys.of(uow.session, uow.ring, case.person_id)
    rows = events.of_case(uow.session, case_id)
    shown = [row for row in rows if row.seq > after and by in (None, row.recorded_by)]
    voided = _voided(rows, key)
    return [_entry(row, key, voided=row.id in voided) for row in shown[:limit]]


def _voided(rows: Sequence[Found], key: DataKey) -> set[str]:
    voids = (opened(row, key).event for row in rows if row.name == VOID)
    return {event.event_id for event in voids if isinstance(event, EventVoided)}


def _entry(row: Found, key: DataKey, *, voided: bool) -> EventEntry:
    rec = opened(row, key)
    known = civil_day(row.captured_at) if row.captured_at else rec.recorded_on
    return EventEntry(
        seq=rec.seq,
        id=rec.id,
        event=rec.event.name,
        label=rec.event.label,
        on=rec.on,
        at=rec.at,
        captured_at=row.captured_at,
        recorded_at=row.recorded_at,
        recorded_by=rec.recorded_by,
        approved_by=rec.approved_by,
        fields=dump(rec.event),
        closes=rec.closes or (),
        voided=voided,
        entered_late=known > rec.on,
    )
