"""
By which channels somebody can be told: those that they chose and that work, and the inbox of whoever has an account.

What they chose is read and written in `contact_rows`. Here it is asked for many at once, by handle.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import time
from types import MappingProxyType
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from workflow.rules.errors import Refused
from workflow.store import data_keys
from workflow.store.contact_rows import open_addresses
from workflow.store.data_keys import DataKey
from workflow.store.tables import AccountRow, ContactRow, Found, StaffRow, table_of
from workflow.store.unit_of_work import UnitOfWork

ACCOUNTS, CONTACTS, STAFF = table_of(AccountRow), table_of(ContactRow), table_of(StaffRow)
INBOX = "inbox"
NO_PERSON = ("integration",)
"""Accounts behind which nobody sits who could read."""
AT_ONCE = 5000
"""Handles a question: a statement has room for so many values on both databases."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Way:
    """
    How somebody is told; its `repr` shows no address.

    Args:
        channels: in the order in which they are tried. The inbox is the last one unless they put it before
            others. Empty: nobody can tell them anything.
        addresses: of the channels that need one.
        language: `zh` or `en`.
    """

    channels: tuple[str, ...]
    addresses: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    language: str = "zh"


def places_of(
    uow: UnitOfWork, handles: Collection[str], working: Collection[str]
) -> dict[str, Way]:
    """
    How each of these can be told; every handle has an answer.

    Whose row is damaged has no address left, as if they had set none, and keeps nobody from hearing of anything.

    Args:
        working: the names of the channels that are set up. The inbox always works, for those who have an
            account that is not disabled.
    """
    with_inbox = inboxes_of(uow.session, handles)
    rows = _chosen(uow.session, handles)
    wanted = [row.staff_id for row in rows.values() if row.addresses is not None]
    keys = data_keys.that_open(uow.session, uow.ring, wanted) if wanted else {}
    found = {}
    for handle in handles:
        row = rows.get(handle)
        key = keys.get(row.staff_id) if row is not None else None
        addresses = _addresses(key, row.addresses) if row is not None and key else {}
        found[handle] = _way(row, addresses, frozenset(working), has_inbox=handle in with_inbox)
    return found


def addressed(
    uow: UnitOfWork, working: Collection[str], *, but: Collection[str] = ()
) -> frozenset[str]:
    """
    Who has an address in one of these channels and chose it.

    Args:
        but: whom nobody asks about.
    """
    query = select(STAFF.c.handle).join(CONTACTS, CONTACTS.c.staff_id == STAFF.c.id)
    found = uow.session.execute(query.where(CONTACTS.c.addresses.is_not(None))).scalars()
    return frozenset(
        handle
        for some in _portions([one for one in found if one not in but])
        for handle, way in places_of(uow, some, working).items()
        if way.addresses
    )


def inboxes_of(session: Session, handles: Collection[str] | None = None) -> frozenset[str]:
    """Who of these has an inbox: an account of a person that is not disabled; of all without any named."""
    query = select(ACCOUNTS.c.handle).where(
        ACCOUNTS.c.disabled_at.is_(None), ACCOUNTS.c.role.not_in(NO_PERSON)
    )
    if handles is None:
        return frozenset(session.execute(query).scalars())
    return frozenset(
        handle
        for some in _portions(handles)
        for handle in session.execute(query.where(ACCOUNTS.c.handle.in_(some))).scalars()
    )


def hours_of(session: Session, handles: Collection[str]) -> dict[str, time]:
    """At which hour those of these want their digest who chose one; what is no hour counts as none."""
    chosen = {handle: _hour(row) for handle, row in _chosen(session, handles).items()}
    return {handle: at for handle, at in chosen.items() if at is not None}


def house_accounts(session: Session, role: str) -> list[str]:
    """Who has an account of this role and no place on the list of staff, so that no posting says where they are."""
    query = select(ACCOUNTS.c.handle).where(
        ACCOUNTS.c.role == role, ACCOUNTS.c.staff_id.is_(None), ACCOUNTS.c.disabled_at.is_(None)
    )
    return list(session.execute(query.order_by(ACCOUNTS.c.handle)).scalars())


def _chosen(session: Session, handles: Collection[str]) -> dict[str, Found]:
    columns = (CONTACTS.c.staff_id, CONTACTS.c.addresses, CONTACTS.c.channels)
    query = select(STAFF.c.handle, *columns, CONTACTS.c.digest_at, CONTACTS.c.language)
    query = query.join(STAFF, STAFF.c.id == CONTACTS.c.staff_id)
    return {
        row.handle: row
        for some in _portions(handles)
        for row in session.execute(query.where(STAFF.c.handle.in_(some)))
    }


def _addresses(key: DataKey, sealed: bytes) -> Mapping[str, str]:
    """None where the row is damaged."""
    try:
        return open_addresses(key, sealed)
    except Refused as error:
        log.error("contact_unreadable", staff_id=str(key.owner), error=error.code)
        return {}


def _hour(row: Found) -> time | None:
    try:
        return None if row.digest_at is None else time.fromisoformat(row.digest_at)
    except ValueError:
        log.error("contact_unreadable", staff_id=str(row.staff_id), error="digest_at")
        return None


def _way(
    row: Any, addresses: Mapping[str, str], working: frozenset[str], *, has_inbox: bool
) -> Way:
    if row is None:
        return Way((INBOX,) if has_inbox else ())
    usable = {name for name in addresses if name in working} | ({INBOX} if has_inbox else set())
    wanted = [*row.channels, INBOX]
    channels = tuple(dict.fromkeys(name for name in wanted if name in usable))
    kept = {name: addresses[name] for name in channels if name in addresses}
    return Way(channels, MappingProxyType(kept), row.language)


def _portions(handles: Collection[str]) -> list[list[str]]:
    known = sorted(set(handles))
    return [known[start : start + AT_ONCE] for start in range(0, len(known), AT_ONCE)]
