"""
Into which message of somebody a notice goes: the one of the day that still takes any, made or taken up again.

Decides nothing about hours (`workflow.rules.waking`) or people (`notifications.recipients`), and writes nothing:
what is to be written is read off it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, get_args
from uuid import UUID

from notifications.recipients import Told
from workflow.rules.team import OFFICE
from workflow.rules.waking import Daily, Hours, Standing, slot, waking_from
from workflow.services.clock import ZONE, Instant
from workflow.store.message_slots import COLUMNS, message_id
from workflow.store.tables import Found

DAILY: tuple[str, ...] = get_args(Daily)


@dataclass(frozen=True, slots=True)
class Place:
    """What a message is known by, and the instant before which it is not sent."""

    recipient: str
    for_day: date
    sort: str
    send_from: datetime
    subject: str = ""

    @property
    def id(self) -> UUID:
        """The id of the message."""
        return message_id(self.recipient, self.for_day, self.sort, self.subject)


@dataclass
class Messages:
    """
    The messages into which notices go, those that are there and those to be made.

    Args:
        first: that nothing was planned today yet.
        wishes: who wants their digest at which hour.
        known: those that are there, by id, in the order of their days.
        new: those to be made, by id.
        taken_up: those that are there and wait for another instant, or for somebody in another role.
    """

    clock: Instant
    hours: Hours
    first: bool
    wishes: Mapping[str, time]
    known: dict[UUID, Found]
    new: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    taken_up: dict[UUID, tuple[UUID, datetime, str]] = field(default_factory=dict)
    _daily: dict[str, Place] = field(default_factory=dict)

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """Those to be made, as they are written."""
        return [tuple(row[name] for name in COLUMNS) for row in self.new.values()]

    def daily(self, told: Told, office_id: UUID | None) -> UUID:
        """The message of a day of somebody who is told."""
        if told.is_nobody:
            return self._failed(told, office_id)
        if told.handle not in self._daily:
            self._daily[told.handle] = self._slot(told.handle)
        return self._take(self._daily[told.handle], told, office_id)

    def single(self, told: Told, office_id: UUID | None, notice: Found) -> UUID:
        """The message that holds one notice alone, and waits for nothing but the waking hours."""
        if told.is_nobody:
            return self._failed(told, office_id)
        subject = f"{notice.case_id}|{notice.kind}|{notice.occurrence}"
        at = waking_from(self._now, self.hours)
        return self._take(
            Place(told.handle, self.clock.today, "at_once", at, subject), told, office_id
        )

    @property
    def _now(self) -> datetime:
        return self.clock.now.astimezone(ZONE)

    @cached_property
    def _left(self) -> dict[str, Place]:
        """By person the first message of an earlier day that never went out: what is told since goes along with it."""
        today = self.clock.today
        left = (
            row
            for row in reversed(self.known.values())
            if row.for_day < today and row.sort in DAILY and _is_open(row)
        )
        return {
            row.recipient: Place(row.recipient, row.for_day, row.sort, row.send_from)
            for row in left
        }

    def _slot(self, handle: str) -> Place:
        def standing(sort: Daily, day: date) -> Standing:
            row = self.known.get(message_id(handle, day, sort))
            if row is None or _is_void(row):
                return "none"
            return "open" if _is_open(row) else "fixed"

        if handle in self._left:
            return self._left[handle]
        wish = self.wishes.get(handle)
        found = slot(self._now, self.hours, standing, wish=wish, first=self.first)
        return Place(handle, found.for_day, found.sort, found.send_from)

    def _take(self, place: Place, told: Told, office_id: UUID | None) -> UUID:
        """A message that takes a notice: it is there, or is made, or is taken up again."""
        found = place.id
        row = self.known.get(found)
        if row is None:
            made = self.new.setdefault(found, self._row(place, told, office_id))
            made["as_role"] = _higher(made["as_role"], told.as_role)
        elif _is_open(row) or _is_void(row):
            _, _, role = self.taken_up.get(found, (found, place.send_from, row.as_role))
            higher = _higher(role, told.as_role)
            waits = row.send_from if _is_open(row) else place.send_from
            if _is_void(row) or higher != row.as_role:
                self.taken_up[found] = (found, waits, higher)
        return found

    def _failed(self, told: Told, office_id: UUID | None) -> UUID:
        """What nobody can be told, as failed from the beginning: the county office has to see to it."""
        now = self.clock.now
        place = Place(told.handle, self.clock.today, "digest", now, str(office_id or ""))
        if place.id not in self.known:
            row = self._row(place, told, office_id)
            over = {"next_at": None, "failed_at": now}
            self.new[place.id] = {**row, **over, "failure": told.because, "owner": told.as_role}
        return place.id

    def _row(self, place: Place, told: Told, office_id: UUID | None) -> dict[str, Any]:
        return {
            "id": place.id,
            "recipient": told.handle,
            "as_role": told.as_role,
            "sort": place.sort,
            "for_day": place.for_day,
            "subject": place.subject,
            "office_id": office_id,
            "planned_at": self.clock.now,
            "send_from": place.send_from,
            "next_at": place.send_from,
            **dict.fromkeys(("failed_at", "failure", "owner")),
            **dict.fromkeys(("place", "tries", "fence"), 0),
        }


def _is_open(row: Found) -> bool:
    """Whether it still takes notices."""
    return row.next_at is not None and not row.fixed


def _is_void(row: Found) -> bool:
    """Whether it was withdrawn before anybody saw it."""
    return bool(row.withdrawn) and not row.fixed


def _higher(role: str, other: str) -> str:
    """The role that hears more: whoever leads is told exceptions, also what they owe themselves."""
    return max(role, other, key=lambda each: OFFICE.index(each) + 1 if each in OFFICE else 0)
