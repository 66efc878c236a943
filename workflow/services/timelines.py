"""
The timeline (时间线) of a case: what happened, what was told, where the case went, what was attached; one list in order.

As true on a day and as known at an instant, like every other view. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from workflow.rules.workdays import WorkDays
from workflow.services.attaching import AttachmentEntry, attachments_of
from workflow.services.clock import AsOf, Instant, civil_day
from workflow.services.projecting import Packs
from workflow.services.viewing import case_view
from workflow.services.views import EventView, NoticeView
from workflow.store import placements
from workflow.store.reach import Reach
from workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class HandOverView:
    """The case passed to an office: from whom, and since when that office has said "received"."""

    to_office_id: UUID
    from_office_id: UUID | None
    received_at: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `known_at` is the instant at which it was recorded, None for what the calendar brought about."""

    on: date
    kind: Literal["event", "notice", "hand_over", "attachment"]
    what: EventView | NoticeView | HandOverView | AttachmentEntry
    known_at: datetime | None = None


def timeline(
    uow: UnitOfWork,
    case_id: UUID,
    *,
    packs: Packs,
    clock: Instant,
    calendar: WorkDays | None = None,
    as_of: AsOf | None = None,
    reach: Reach | None = None,
) -> list[Line]:
    """
    Everything about a case in the order of days; within a day what happened comes before what was told.

    Raises:
        NotFound: there is no such case within reach.
    """
    as_of = as_of or AsOf(clock.today)
    view = case_view(
        uow, case_id, packs=packs, calendar=calendar, clock=clock, as_of=as_of, reach=reach
    )
    lines = [Line(one.on, "event", one) for one in view.events]
    lines += _hand_overs(uow, case_id, as_of)
    lines += _attachments(uow, case_id, as_of)
    lines += [Line(one.on, "notice", one) for one in view.notices]
    return sorted((one for one in lines if one.on <= as_of.on), key=lambda one: one.on)


def _hand_overs(uow: UnitOfWork, case_id: UUID, as_of: AsOf) -> Iterator[Line]:
    for row in placements.of_case(uow.session, case_id, as_of.known_at):
        received = row.received_at
        if as_of.known_at is not None and received is not None and received > as_of.known_at:
            received = None
        view = HandOverView(row.office_id, row.from_office_id, received)
        yield Line(row.from_on, "hand_over", view, row.recorded_at)


def _attachments(uow: UnitOfWork, case_id: UUID, as_of: AsOf) -> Iterator[Line]:
    for entry in attachments_of(uow, case_id):
        if as_of.known_at is None or entry.recorded_at <= as_of.known_at:
            yield Line(civil_day(entry.recorded_at), "attachment", entry, entry.recorded_at)
