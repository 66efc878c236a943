"""
From a role to the people who are told: the chair, its deputy, and whoever is next above where nobody can be.

Found when told and never stored ahead (domain.md sections 6 and 9). What is asked of the database is asked once
for all notices; the rest is looked up in small tables of the day. Never nobody: where nobody at all is posted,
that is said, and the county office owns it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Protocol
from uuid import UUID

from workflow.rules.team import OFFICE, Seat, behind, recipient
from workflow.store import contacts, filled_items, offices, staff
from workflow.store.message_items import PERSON, STANDS_FOR_PERSON, Situation
from workflow.store.unit_of_work import UnitOfWork

SUPERVISOR, COUNTY = OFFICE
NOBODY = "nobody_posted"
WORKER = "community_worker"
"""Who stands in every chair until there is a team, beside the police of the office (domain.md section 6)."""


@dataclass(frozen=True, slots=True)
class Told:
    """
    Somebody who is told, in which role, and why they are.

    Args:
        handle: of a member of staff or an account; `county_office` where there is nobody.
        because: as `workflow.store.tables.MessageItemRow.because` says it.
    """

    handle: str
    as_role: str
    because: str

    @property
    def is_nobody(self) -> bool:
        """Whether nobody at all could be found."""
        return self.handle == COUNTY


@dataclass(frozen=True, slots=True)
class NextRecipient:
    """Who is next above somebody who could not be reached, and in which role they are told."""

    handle: str
    as_role: str


class Message(Protocol):
    """What is asked of the row of a message."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def recipient(self) -> str:
        """Who could not be reached."""

    @property
    def as_role(self) -> str:
        """In which role they were told."""


_NOBODY = (Told(COUNTY, COUNTY, NOBODY),)
Found = tuple[Sequence[str], str]
"""Who hears, and where nobody does, why: `nobody_posted`, `on_leave` or `no_channel`."""


@dataclass(slots=True)
class Directory:
    """
    Who is posted where, who is away and who can be told, on one day.

    Args:
        leave: who is away, and who deputises.
        uppers: the office above each.
        posted: the handles by office and role.
        inboxes: who has an account.
        house: the county's accounts that are on no list of staff; they hear for cases without an office.
        reached: whether somebody can be told by any channel.
    """

    day: date
    leave: Mapping[str, str | None]
    uppers: Mapping[UUID, UUID | None]
    posted: Mapping[tuple[UUID, str], list[str]]
    house: Sequence[str]
    reached: Callable[[str], bool]
    _known: dict[tuple[UUID | None, str], Found] = field(default_factory=dict)

    @classmethod
    def of(cls, uow: UnitOfWork, day: date, working: Collection[str]) -> Directory:
        """As the database knows it now."""
        posted: dict[tuple[UUID, str], list[str]] = defaultdict(list)
        for row in staff.all_posted(uow.session, day):
            posted[row.office_id, row.role].append(row.handle)
        return cls(
            day=day,
            leave=staff.on_leave(uow.session, day),
            uppers=offices.uppers(uow.session, on=day),
            posted=posted,
            house=contacts.house_accounts(uow.session, "county"),
            reached=_reached(uow, frozenset(working)),
        )

    def told(self, one: Situation) -> tuple[Told, ...]:
        """Who is told a notice."""
        if one.told_to not in OFFICE:
            handles, because = self._in_chair(one)
            if handles:
                return _each(handles, one.told_to, because)
        else:
            because = self._why_office(one)
        if one.told_to == COUNTY:
            return self.county(one.office_id, because)
        return self.supervisors(one.office_id, because)

    def supervisors(
        self, office_id: UUID | None, because: str, *, but: Collection[str] = ()
    ) -> tuple[Told, ...]:
        """The supervisors of an office or of the nearest above it that can be told, else the county office."""
        handles, why = self._nearest(office_id, SUPERVISOR)
        found = [handle for handle in handles if handle not in but]
        if found:
            return _each(found, SUPERVISOR, because)
        higher = "failed" if handles else why
        return self.county(office_id, higher if office_id else because, but=but)

    def county(
        self, office_id: UUID | None, because: str, *, but: Collection[str] = ()
    ) -> tuple[Told, ...]:
        """The county office of an office, as far as it can be told; else nobody."""
        handles, _ = self._nearest(office_id, COUNTY)
        if office_id is None:
            handles = [handle for handle in self.house if self.reached(handle)]
        found = [handle for handle in handles if handle not in but]
        return _each(found, COUNTY, because) if found else _NOBODY

    # -------------------------------------------------------------- a chair

    def _in_chair(self, one: Situation) -> Found:
        """Who hears for a chair, with why they do; or nobody, and why not."""
        role = STANDS_FOR_PERSON if one.told_to == PERSON else one.told_to
        if one.helper is None or one.no_names or self._left(one, role):
            if one.team_open and not one.no_names and not one.elsewhere:
                return (), "empty"
            return self._of_office(one.office_id, role)
        seat = Seat(one.helper, date.min if one.late else None, one.known)
        found = recipient(role, self.day, team_open=True, seat=seat, leave=self.leave)
        if found.helper is None:
            return (), found.because
        return ([found.helper], found.because) if self.reached(found.helper) else ((), "no_channel")

    def _left(self, one: Situation, role: str) -> bool:
        """Whether the chair is another office's now, while the one that was left still owes this."""
        if not one.elsewhere or one.office_id is None:
            return False
        return one.helper not in self.posted.get((one.office_id, role), ())

    def _of_office(self, office_id: UUID | None, role: str) -> Found:
        """Who is posted there as this; where that is nobody, the worker of the office."""
        for each in dict.fromkeys((role, WORKER)):
            handles, why = self._nearest(office_id, each)
            if handles:
                return handles, "office"
        return (), why

    def _why_office(self, one: Situation) -> str:
        """Why the office is told: the rung says so, or a chair below it is empty."""
        held = None if one.helper is None else Seat(one.helper, _by(one), one.known)
        _, why = behind(one.role, self.day, team_open=one.team_open, seat=held)
        if one.role in OFFICE:
            return "office"
        return why if why in ("empty", "unacknowledged") else "empty"

    # -------------------------------------------------------------- an office

    def _nearest(self, office_id: UUID | None, role: str) -> Found:
        """Those who can be told at the first office on the way up that has any; else why nobody can."""
        if (office_id, role) not in self._known:
            self._known[office_id, role] = self._climbed(office_id, role)
        return self._known[office_id, role]

    def _climbed(self, office_id: UUID | None, role: str) -> Found:
        why = NOBODY
        for each in self._way(office_id):
            handles = self.posted.get((each, role), [])
            there = [self.leave.get(handle, handle) for handle in handles]
            present = [handle for handle in there if handle is not None]
            if found := [handle for handle in dict.fromkeys(present) if self.reached(handle)]:
                return found, ""
            if handles and why == NOBODY:
                why = "no_channel" if present else "on_leave"
        return (), why

    def _way(self, office_id: UUID | None) -> Iterable[UUID]:
        """The office and those above it."""
        seen: set[UUID] = set()
        at = office_id
        while at is not None and at not in seen:
            seen.add(at)
            yield at
            at = self.uppers.get(at)


def next_higher(uow: UnitOfWork, message: Message, directory: Directory) -> list[NextRecipient]:
    """
    Who is told instead of somebody who could not be reached: all of a message, so only whoever leads all of it.

    That is the supervisors of the office; the county office where its items are of several offices, so that
    none hears of the cases of another. Nobody is above the county office: then the message has failed, and
    the county office owns that.
    """
    if message.as_role == COUNTY:
        return []
    but = (message.recipient,)
    owing = filled_items.offices_of(uow.session, message.id)
    above = directory.supervisors if message.as_role != SUPERVISOR else directory.county
    if len(owing) > 1:
        above = directory.county
    told = [above(office_id, "failed", but=but) for office_id in owing]
    common = [each for each in told[0] if all(each in some for some in told)] if told else []
    return [NextRecipient(one.handle, one.as_role) for one in common if not one.is_nobody]


def _each(handles: Iterable[str], as_role: str, because: str) -> tuple[Told, ...]:
    role = STANDS_FOR_PERSON if as_role == PERSON else as_role
    return tuple(Told(handle, role, because) for handle in handles)


def _by(one: Situation) -> date | None:
    return date.min if one.late else None


def _reached(uow: UnitOfWork, working: frozenset[str]) -> Callable[[str], bool]:
    """Whether somebody can be told: they have an inbox, or an address in a channel that works."""
    inboxes = contacts.inboxes_of(uow.session)

    @cache
    def others() -> frozenset[str]:
        return contacts.addressed(uow, working, but=inboxes)

    return lambda handle: handle in inboxes or handle in others()
