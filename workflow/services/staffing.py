"""
The staff (工作人员) as they come and go: added, posted to an office, on leave with a deputy, gone.

Their name and phone are sealed under a key of their own; all else knows them by a
handle that tells nothing and never changes. Postings and leaves are corrected by
withdrawing a row and writing another, so that who was told on a day can be
explained later by what was known then.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from workflow.rules.errors import Conflict, Invalid, NotFound, Refused
from workflow.services.clock import Instant
from workflow.store import chairs, data_keys, offices, staff, turns
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

LONGEST_CODE = 64
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StaffProfile:
    """Who a member of staff is; its `repr` shows nothing of them."""

    name: str
    phone: str | None = None

    def __repr__(self) -> str:
        return "StaffProfile(…)"


# ------------------------------------------------------------------ who they are


def add_staff(
    uow: UnitOfWork,
    *,
    staff_id: UUID,
    handle: str,
    name: str,
    phone: str | None,
    clock: Instant,
    by: str,
) -> None:
    """
    Write a new member of staff down, with a key of their own. Sending it twice is harmless.

    Raises:
        Conflict: `conflict`: there is one of that id with other content, or was one whose key is gone, or a person; `handle_taken`.
        Invalid: `staff_field_unusable`: the handle or the name.
    """
    _check_code("handle", handle)
    profile = StaffProfile(name.strip(), (phone or "").strip() or None)
    if not profile.name:
        raise Invalid("staff_field_unusable", field="name", longest=None)
    turns.take(uow.session, f"staff {staff_id}", f"handle {handle}")
    if known := staff.find(uow.session, staff_id):
        if known.handle != handle or _opened(uow, [known])[staff_id] != profile:
            raise Conflict("conflict", id=str(staff_id))
        return
    if staff.by_handle(uow.session, handle):
        raise Conflict("handle_taken", handle=handle)
    if data_keys.is_taken(uow.session, staff_id):
        raise Conflict("conflict", id=str(staff_id))
    key = data_keys.make(uow.session, uow.ring, staff_id)
    sealed = key.seal_json(asdict(profile), _place(staff_id))
    staff.add(uow.session, staff_id, handle=handle, profile=sealed, at=clock.now, by=by)


def read_staff(uow: UnitOfWork, staff_ids: Collection[UUID]) -> dict[UUID, StaffProfile | None]:
    """Who these are; None for one whose key was destroyed. An id that nobody has is left out."""
    return _opened(uow, staff.find_many(uow.session, staff_ids))


def names_of(uow: UnitOfWork, handles: Iterable[str]) -> dict[str, str]:
    """What those of these are called whose name can still be read, by handle."""
    rows = staff.with_handles(uow.session, sorted(handles))
    profiles = read_staff(uow, [row.id for row in rows])
    return {row.handle: profile.name for row in rows if (profile := profiles.get(row.id))}


def shred_staff(uow: UnitOfWork, *, staff_id: UUID, clock: Instant) -> None:
    """
    Destroy the key of one who has left: name and phone are unreadable for good; the handle stays in the record.

    Raises:
        NotFound: there is no such member of staff.
        Refused: `staff_still_posted`, `staff_in_chairs`, `staff_still_deputises`: they have not left yet.
    """
    handle = _held(uow, staff_id).handle
    if postings := staff.posted_since(uow.session, staff_id, clock.today):
        raise Refused("staff_still_posted", handle=handle, count=len(postings))
    if held := chairs.held_by(uow.session, handle):
        raise Refused("staff_in_chairs", handle=handle, count=len(held))
    if leaves := staff.leaves_deputised(uow.session, staff_id, clock.today):
        raise Refused("staff_still_deputises", handle=handle, count=len(leaves))
    data_keys.shred(uow.session, staff_id)


# ------------------------------------------------------------------ postings


def post(
    uow: UnitOfWork,
    *,
    posting_id: UUID,
    staff_id: UUID,
    office_id: UUID,
    role: str,
    first_on: date,
    last_on: date | None = None,
    clock: Instant,
    by: str,
) -> None:
    """
    Post a member of staff to an office in a role, from a day on. Sending it twice is harmless.

    Somebody may be posted to several offices, or in several roles. For a day ahead the
    office is taken to stay what it is today.

    Raises:
        Conflict: `conflict`: there is a posting of that id with other content.
        Invalid: `staff_field_unusable` (the role).
        NotFound: there is no such member of staff, or no such office.
        Refused: `dates_reversed`; `staff_gone`; `office_not_open` on the first day or since; `posting_overlaps`: they are
            posted there in this role already.
    """
    _check_code("role", role)
    _check_order(first_on, last_on)
    given = {"staff_id": staff_id, "office_id": office_id, "role": role}
    row = {"id": posting_id, **given, "first_on": first_on, "last_on": last_on}
    _active(uow, staff_id)
    if known := staff.find_posting(uow.session, posting_id):
        _refuse_other(known, row)
        return
    if not offices.exists(uow.session, office_id):
        raise NotFound("not_found", what=str(office_id))
    for day in (min(first_on, clock.today), min(last_on or clock.today, clock.today)):
        if not offices.held_open(uow.session, office_id, day):
            raise Refused("office_not_open", office=str(office_id), on=day)
    _refuse_same_post(uow, row)
    staff.add_posting(uow.session, row, at=clock.now, by=by)


def end_posting(
    uow: UnitOfWork, *, posting_id: UUID, last_on: date | None, clock: Instant, by: str
) -> UUID:
    """
    Let a posting end with a day, whether it had another last day or none; None lets it last again.

    Sending it twice is harmless. Gives back the id of the row that was written in its place.

    Raises:
        Conflict: `posting_replaced`: it was changed meanwhile.
        NotFound: there is no such posting.
        Refused: `dates_reversed`; `posting_overlaps`.
    """
    known = _find_held(uow, staff.find_posting, posting_id)
    new_id = uuid5(posting_id, str(last_on))
    if staff.find_posting(uow.session, new_id):
        return new_id
    if known.withdrawn_at is not None:
        raise Conflict("posting_replaced", id=str(posting_id))
    if known.last_on == last_on:
        return posting_id
    _check_order(known.first_on, last_on)
    kept = {key: getattr(known, key) for key in ("staff_id", "office_id", "role", "first_on")}
    row = {"id": new_id, **kept, "last_on": last_on}
    at = max(clock.now, known.recorded_at)
    staff.withdraw_posting(uow.session, posting_id, at=at, by=by)
    _refuse_same_post(uow, row)
    staff.add_posting(uow.session, row, at=at, by=by)
    return new_id


def unled(uow: UnitOfWork, office_ids: Collection[UUID], today: date) -> frozenset[UUID]:
    """Those of these offices that have no supervisor on a day, there or above: the county office hears for them."""
    posted = staff.all_posted(uow.session, today)
    leading = {row.office_id for row in posted if row.role == "supervisor"}
    return frozenset(office_ids) - offices.below_all(uow.session, leading, on=today)


# ------------------------------------------------------------------ leave


def record_leave(
    uow: UnitOfWork,
    *,
    leave_id: UUID,
    staff_id: UUID,
    first_on: date,
    last_on: date,
    deputy_id: UUID | None,
    clock: Instant,
    by: str,
) -> None:
    """
    Record a leave, both days included, past or to come. Sending it twice is harmless.

    Args:
        deputy_id: who hears instead; None: the office's supervisor does. A deputy may be away for
            part of the time: on those days their own deputy stands in.

    Raises:
        Conflict: `conflict`: there is a leave of that id with other content.
        NotFound: there is no such member of staff, or no such deputy.
        Refused: `dates_reversed`; `staff_gone` (either of them); `leave_overlaps`; `deputy_is_self`; `deputy_on_leave`:
            the deputy is away for all of it.
    """
    _check_order(first_on, last_on)
    given = {"staff_id": staff_id, "deputy_id": deputy_id}
    row = {"id": leave_id, **given, "first_on": first_on, "last_on": last_on}
    _active(uow, staff_id)
    if known := staff.find_leave(uow.session, leave_id):
        _refuse_other(known, row)
        return
    for other in staff.leaves_of(uow.session, staff_id):
        if _meet(other, first_on, last_on):
            raise Refused("leave_overlaps", first_on=other.first_on, last_on=other.last_on)
    if deputy_id is not None:
        _check_deputy(uow, staff_id, deputy_id, first_on, last_on)
    staff.add_leave(uow.session, row, at=clock.now, by=by)


def withdraw_leave(uow: UnitOfWork, *, leave_id: UUID, clock: Instant, by: str) -> None:
    """
    Take a leave back: from now on it is held never to have been. Sending it twice is harmless.

    A leave that became shorter or longer is taken back and recorded anew.

    Raises:
        NotFound: there is no such leave.
    """
    known = _find_held(uow, staff.find_leave, leave_id)
    at = max(clock.now, known.recorded_at)
    staff.withdraw_leave(uow.session, leave_id, at=at, by=by)


def _check_deputy(
    uow: UnitOfWork, staff_id: UUID, deputy_id: UUID, first_on: date, last_on: date
) -> None:
    """The deputy is somebody else, who is there on at least one of the days."""
    if deputy_id == staff_id:
        raise Refused("deputy_is_self")
    _active(uow, deputy_id, to_write=False)
    there_on = first_on
    for leave in staff.leaves_of(uow.session, deputy_id):
        if leave.first_on <= there_on <= leave.last_on:
            there_on = leave.last_on + DAY
    if there_on > last_on:
        raise Refused("deputy_on_leave", first_on=first_on, last_on=last_on)


# ------------------------------------------------------------------ what all of it rests on


def _held(uow: UnitOfWork, staff_id: UUID, *, to_write: bool = True) -> Found:
    """The row of a member of staff; nobody else changes what is theirs until this transaction ends."""
    found = staff.find(uow.session, staff_id, to_write=to_write)
    if found is None:
        raise NotFound("not_found", what=str(staff_id))
    return found


def _active(uow: UnitOfWork, staff_id: UUID, *, to_write: bool = True) -> None:
    """Refuses where there is no such member of staff, or their key was destroyed when they left."""
    row = _held(uow, staff_id, to_write=to_write)
    if not data_keys.of_many(uow.session, uow.ring, [staff_id]):
        raise Refused("staff_gone", handle=row.handle)


def _find_held(
    uow: UnitOfWork, find: Callable[[Session, UUID], Found | None], row_id: UUID
) -> Found:
    """A posting or a leave, read once nobody else can change it."""
    found = find(uow.session, row_id)
    if found is None:
        raise NotFound("not_found", what=str(row_id))
    _held(uow, found.staff_id)
    return find(uow.session, row_id) or found


def _opened(uow: UnitOfWork, rows: Sequence[Found]) -> dict[UUID, StaffProfile | None]:
    keys = data_keys.of_many(uow.session, uow.ring, [row.id for row in rows])
    found: dict[UUID, StaffProfile | None] = {row.id: None for row in rows}
    for row in rows:
        if row.id in keys:
            found[row.id] = StaffProfile(**keys[row.id].open_json(row.profile, _place(row.id)))
    return found


def _place(staff_id: UUID) -> str:
    return f"staff.profile|{staff_id}"


def _check_code(field: str, code: str) -> None:
    """A handle or a role: something that stands in a column as it is, and in every event."""
    if not 0 < len(code) <= LONGEST_CODE or re.search(r"\s", code):
        raise Invalid("staff_field_unusable", field=field, longest=LONGEST_CODE)


def _check_order(first_on: date, last_on: date | None) -> None:
    if last_on is not None and last_on < first_on:
        raise Refused("dates_reversed", first_on=first_on, last_on=last_on)


def _refuse_other(known: Found, row: Mapping[str, object]) -> None:
    """The same id with the same content is the same request, sent again; also after a correction."""
    if any(getattr(known, key) != value for key, value in row.items()):
        raise Conflict("conflict", id=str(known.id))


def _refuse_same_post(uow: UnitOfWork, row: Mapping[str, Any]) -> None:
    """Refuses where they are posted to this office in this role on one of these days already."""
    for other in staff.postings_of(uow.session, row["staff_id"]):
        same = (other.office_id, other.role) == (row["office_id"], row["role"])
        if same and _meet(other, row["first_on"], row["last_on"]):
            raise Refused("posting_overlaps", first_on=other.first_on, last_on=other.last_on)


def _meet(row: Found, first_on: date, last_on: date | None) -> bool:
    """Whether a row and a span of days share a day."""
    begins_before_its_end = row.last_on is None or first_on <= row.last_on
    return begins_before_its_end and (last_on is None or row.first_on <= last_on)
