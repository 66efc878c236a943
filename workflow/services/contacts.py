"""
How somebody wants to be told (联系方式): read and set by themselves, and by nobody else.

Addresses are sealed under their own key; whoever leaves takes them along when it is destroyed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from workflow.rules.contacts import Wishes, check_wishes
from workflow.rules.errors import Conflict, NotFound, Refused
from workflow.services.clock import Instant
from workflow.store import contact_rows, data_keys, staff
from workflow.store.data_keys import DataKey
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Contact:
    """
    What somebody set.

    Args:
        version: how often they set it; 0 where they never did.
    """

    wishes: Wishes
    version: int
    updated_at: datetime | None


def contact_of(uow: UnitOfWork, staff_id: UUID | None) -> Contact:
    """
    What a member of staff set; the wishes of somebody who wishes nothing where they set nothing.

    Raises:
        Refused: `not_on_the_staff_list`: an account behind which nobody of the staff stands; `staff_gone`.
    """
    if staff_id is None:
        raise Refused("not_on_the_staff_list")
    key = _key(uow, staff_id)
    return _contact(key, contact_rows.find(uow.session, staff_id))


def set_contact(
    uow: UnitOfWork,
    staff_id: UUID | None,
    wishes: Wishes,
    *,
    expected: int | None,
    clock: Instant,
    by: str,
) -> Contact:
    """
    Set all of it anew. Sending it twice is harmless.

    Args:
        expected: the version that the caller saw; None where they do not mind.

    Raises:
        Invalid: what `check_wishes` raises.
        Refused: as `contact_of`.
        Conflict: `contact_changed`: it was set meanwhile, to something else.
    """
    if staff_id is None:
        raise Refused("not_on_the_staff_list")
    check_wishes(wishes)
    key = _key(uow, staff_id, to_write=True)
    known = contact_rows.find(uow.session, staff_id)
    before = _contact(key, known)
    if known is not None and before.wishes == wishes:
        return before
    if expected not in (None, before.version):
        raise Conflict("contact_changed")
    values = _values(key, wishes, before.version + 1, clock.now, by)
    if known is None:
        contact_rows.add(uow.session, {"staff_id": staff_id, **values})
    else:
        contact_rows.set_values(uow.session, staff_id, values)
    return Contact(wishes, before.version + 1, clock.now)


def _key(uow: UnitOfWork, staff_id: UUID, *, to_write: bool = False) -> DataKey:
    """Their own key; nobody else sets what is theirs until the transaction ends, where it is to be written."""
    row = staff.find(uow.session, staff_id, to_write=to_write)
    if row is None:
        raise NotFound("not_found", what=str(staff_id))
    key = data_keys.of_many(uow.session, uow.ring, [staff_id]).get(staff_id)
    if key is None:
        raise Refused("staff_gone", handle=row.handle)
    return key


def _contact(key: DataKey, row: Found | None) -> Contact:
    if row is None:
        return Contact(Wishes(), 0, None)
    wishes = Wishes(
        channels=tuple(row.channels),
        digest_at=time.fromisoformat(row.digest_at) if row.digest_at else None,
        language=row.language,
        addresses=contact_rows.open_addresses(key, row.addresses),
    )
    return Contact(wishes, row.version, row.updated_at)


def _values(key: DataKey, wishes: Wishes, version: int, at: datetime, by: str) -> Mapping[str, Any]:
    digest_at = wishes.digest_at
    return {
        "addresses": contact_rows.seal_addresses(key, wishes.addresses),
        "channels": list(wishes.channels),
        "digest_at": digest_at.strftime("%H:%M") if digest_at else None,
        "language": wishes.language,
        "version": version,
        "updated_at": at,
        "updated_by": by,
    }
