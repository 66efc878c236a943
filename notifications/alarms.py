"""
Raises alarms (告警): what somebody has to look into is said once a day, to whoever can do something about it.

What an alarm is stands in `workflow.services.run_reports`. Raised, it is a line in the log, a message to
each of the county's staff through the same outbox as every other, and a post to the operators' webhook. The
row in `alarms` makes it one of a sort for a day, whichever machine sees it and however often. It holds a sort,
a day, a run and a number, and nothing of any case or person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol
from uuid import UUID, uuid5

import structlog

from notifications.post import hours_in
from workflow.rules.waking import Hours, waking_from
from workflow.services.clock import ZONE, Instant
from workflow.services.projecting import Packs
from workflow.services.run_reports import Alarm, What, alarms
from workflow.store import alarms as kept
from workflow.store import contacts, message_slots, staff
from workflow.store.many import Values
from workflow.store.unit_of_work import UnitOfWork, UnitsOfWork, in_one_go

COUNTY = "county_office"
STILL_POSTED = timedelta(days=7)
"""An alarm that the operators' webhook has not taken by then is not posted any more."""

SPACE = UUID("6f0b1d0e-6d65-7373-9167-657300000039")
"""In which the ids of alarms are made of their day and sort, so that whoever has one drops the second."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Post:
    """
    An alarm as the operators' webhook is told of it.

    Args:
        id: the same at every attempt.
    """

    id: UUID
    what: What
    for_day: date
    run_id: UUID | None
    count: int
    raised_at: datetime


class Operators(Protocol):
    """Takes alarms for whoever runs the server; `notifications.gateways.operators.Webhook` is it."""

    def post(self, alarm: Post) -> str:
        """Hand one over; an empty word where it was taken, else a stable code of why not."""

    def close(self) -> None:
        """Let go of what it keeps open."""


def raise_alarms(
    make_uow: UnitsOfWork, *, clock: Instant, packs: Packs, operators: Operators | None = None
) -> list[Alarm]:
    """
    Raise what was not raised yet, and post what the operators' webhook has not taken; gives back all that stand.

    Args:
        operators: None where nobody set an address up.
    """
    found, new = in_one_go(make_uow, lambda uow: _raise(uow, clock, packs))
    for one in new:
        run = str(one.run_id) if one.run_id else None
        day = one.for_day.isoformat()
        log.error("alarm", what=one.what, for_day=day, run_id=run, count=one.count)
    if operators is not None:
        _post(make_uow, operators, clock.now)
    return found


def _raise(uow: UnitOfWork, clock: Instant, packs: Packs) -> tuple[list[Alarm], list[Alarm]]:
    """Write down what is new, and tell the county's staff of it; gives back all that stand, and what is new."""
    found = alarms(uow, clock)
    first: dict[tuple[date, str], Alarm] = {}
    for one in found:
        first.setdefault((one.for_day, one.what), one)
    rows = [_row(one, clock.now) for one in first.values()]
    new = _together([first[key] for key in sorted(kept.add_new(uow.session, rows))])
    if new:
        messages = _messages(uow, clock, new, hours_in(uow, packs))
        message_slots.add(uow.session, messages)
    return found, new


def _together(new: Iterable[Alarm]) -> list[Alarm]:
    """One of each sort, of its latest day: a month that was missed is one alarm, and no storm."""
    by_sort: dict[What, list[Alarm]] = defaultdict(list)
    for one in new:
        by_sort[one.what].append(one)
    return [replace(some[-1], count=sum(one.count for one in some)) for some in by_sort.values()]


def _row(one: Alarm, now: datetime) -> Mapping[str, object]:
    said = {"for_day": one.for_day, "what": one.what, "run_id": one.run_id}
    return {**said, "how_many": one.count, "raised_at": now, "posted_at": None}


def _messages(uow: UnitOfWork, clock: Instant, new: Sequence[Alarm], hours: Hours) -> list[Values]:
    """One for each of the county's staff and each sort, in the columns of `message_slots`; it has no items."""
    at = waking_from(clock.now.astimezone(ZONE), hours)
    rows = []
    for handle, office_id in _county_staff(uow, clock.today).items():
        for one in new:
            key = (handle, clock.today, "alarm", one.what)
            rows.append(
                (
                    *(message_slots.message_id(*key), handle, COUNTY, "alarm"),
                    *(clock.today, one.what, office_id, clock.now, at, at),
                    *(None, None, None, 0, 0, 0),
                )
            )
    return rows


def _county_staff(uow: UnitOfWork, day: date) -> dict[str, UUID | None]:
    """Who is at a county office on a day, deputies for those on leave, and its accounts that are on no list of staff."""
    found: dict[str, UUID | None] = dict.fromkeys(contacts.house_accounts(uow.session, "county"))
    leave = staff.on_leave(uow.session, day)
    for row in staff.all_posted(uow.session, day):
        handle = leave.get(row.handle, row.handle)
        if row.role == COUNTY and handle is not None:
            found[handle] = row.office_id
    return found


def _post(make_uow: UnitsOfWork, operators: Operators, now: datetime) -> None:
    """Outside of any transaction: whoever waits for a peer holds nobody up."""
    with make_uow() as uow:
        waiting = kept.not_posted(uow.session, now - STILL_POSTED)
    rows = {(row.for_day, row.what): row for row in waiting}
    for one in _together(Alarm(row.what, row.for_day, row.run_id, row.how_many) for row in waiting):
        post_id = uuid5(SPACE, f"{one.for_day}|{one.what}")
        raised_at = rows[one.for_day, one.what].raised_at
        if code := operators.post(
            Post(post_id, one.what, one.for_day, one.run_id, one.count, raised_at)
        ):
            log.warning("alarm_not_posted", what=one.what, code=code)
            return  # the next look tries again, and nobody waits for the others now
        with make_uow() as uow:
            kept.note_posted(uow.session, one.what, through=one.for_day, at=now)
