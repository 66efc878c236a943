"""
Where it is read and written how somebody wants to be told: channels in order, hour, language, addresses.

Addresses are sealed under the staff member's own data key, as JSON by channel: `{"email": "...", "wecom":
"...", "webhook": "..."}`. When the key is destroyed, so are they.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from workflow.store.data_keys import DataKey
from workflow.store.tables import ContactRow, Found, table_of

CONTACTS = table_of(ContactRow)


def find(session: Session, staff_id: UUID) -> Found | None:
    """What a member of staff set, or None where they set nothing."""
    return session.execute(select(CONTACTS).where(CONTACTS.c.staff_id == staff_id)).first()


def add(session: Session, row: Mapping[str, Any]) -> None:
    """Write down what somebody sets for the first time."""
    session.execute(insert(CONTACTS), [dict(row)])


def set_values(session: Session, staff_id: UUID, values: Mapping[str, Any]) -> None:
    """Write down what somebody sets anew."""
    session.execute(update(CONTACTS).where(CONTACTS.c.staff_id == staff_id).values(dict(values)))


def seal_addresses(key: DataKey, addresses: Mapping[str, str]) -> bytes | None:
    """Addresses by channel, sealed for the row of the key's owner; None where there are none."""
    return key.seal_json(dict(addresses), _place(key.owner)) if addresses else None


def open_addresses(key: DataKey, sealed: bytes | None) -> dict[str, str]:
    """
    The addresses by channel in the row of the key's owner; none where none were set.

    Raises:
        Refused: `key_does_not_open`.
    """
    if sealed is None:
        return {}
    found: dict[str, str] = key.open_json(sealed, _place(key.owner))
    return found


def _place(staff_id: UUID) -> str:
    return f"contacts.addresses|{staff_id}"
