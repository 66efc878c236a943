"""
The accounts (账号): made by an administrator, changed by their owners, disabled for good or until further notice.

Whoever stands on the staff list logs in under their handle there. The first
administrator is made at a terminal; there is no default account and no default
password. A password that somebody else set opens nothing but its own change.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from workflow.rules.access import ROLES, AccountRole
from workflow.rules.errors import Conflict, Invalid, NotFound, Refused
from workflow.services.clock import Instant
from workflow.services.passwords import Passwords
from workflow.store import accounts, offices, staff, turns
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

HANDLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
OF_STAFF: frozenset[AccountRole] = frozenset({"supervisor", "worker", "helper"})
"""Roles that a member of the staff list has; of a county officer too, wherever there are offices."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """
    An account to make.

    Args:
        handle: how one logs in; of a member of staff, their handle on the staff list.
        password: None for one that is used by tokens only.
        must_change: whether it opens nothing before its owner has set a password of their own.
        office_id: the office of an integration.
    """

    id: UUID
    handle: str
    role: AccountRole
    password: str | None = None
    must_change: bool = True
    office_id: UUID | None = None

    def __repr__(self) -> str:
        return f"NewAccount({self.handle}, {self.role})"


def create_account(
    uow: UnitOfWork, new: NewAccount, *, passwords: Passwords, clock: Instant, by: str
) -> None:
    """
    Make an account. Sending it twice is harmless.

    Raises:
        Invalid: `account_field_unusable` (handle or role), `password_unusable`.
        Conflict: `handle_taken`: somebody else logs in under it; `conflict`: another account has this id.
        Refused: `staff_needed`: the role is one of the staff list, and the handle is not on it;
            `unknown_office`, `office_needed`: of an integration.
    """
    _check(new)
    hashed = passwords.hashed(new.password) if new.password is not None else None
    turns.take(uow.session, f"account {new.id}", f"login {new.handle}")
    if known := accounts.find(uow.session, new.id):
        if (known.handle, known.role, known.office_id) != (new.handle, new.role, new.office_id):
            raise Conflict("conflict", id=str(new.id))
        return
    if accounts.by_handle(uow.session, new.handle) is not None:
        raise Conflict("handle_taken", handle=new.handle)
    row: dict[str, Any] = {
        "id": new.id,
        "handle": new.handle,
        "role": new.role,
        "staff_id": _staff_of(uow, new),
        "office_id": _office_of(uow, new),
        "password_hash": hashed,
        "must_change": new.must_change and new.password is not None,
        "created_at": clock.now,
        "created_by": by,
    }
    accounts.add(uow.session, row)


def change_password(
    uow: UnitOfWork,
    account_id: UUID,
    *,
    old: str,
    new: str,
    passwords: Passwords,
    clock: Instant,
    but: UUID | None = None,
) -> None:
    """
    Put a password of one's own in the place of the old one; every other session ends.

    Args:
        but: the session from which it is changed.

    Raises:
        Refused: `password_wrong`: the old one is not right; `password_same`: the new one is the old one.
        Invalid: `password_unusable`.
    """
    row = _held(uow, account_id)
    if not passwords.matches(old, row.password_hash):
        raise Refused("password_wrong")
    if old == new:
        raise Refused("password_same")
    hashed = passwords.hashed(new)
    accounts.set_values(uow.session, account_id, password_hash=hashed, must_change=False)
    accounts.revoke_all(uow.session, account_id, at=clock.now, by=row.handle, but=but)


def reset_password(
    uow: UnitOfWork,
    account_id: UUID,
    *,
    new: str,
    passwords: Passwords,
    clock: Instant,
    by: str,
) -> None:
    """
    Set a password for somebody who forgot theirs; it opens nothing but its own change, and every session ends.

    Raises:
        NotFound, Invalid: `password_unusable`.
        Refused: `password_not_used`: the account is one of tokens only.
    """
    row = _held(uow, account_id)
    if row.password_hash is None:
        raise Refused("password_not_used", handle=row.handle)
    hashed = passwords.hashed(new)
    accounts.set_values(uow.session, account_id, password_hash=hashed, must_change=True)
    accounts.revoke_all(uow.session, account_id, at=clock.now, by=by)


def disable_account(uow: UnitOfWork, account_id: UUID, *, clock: Instant, by: str) -> None:
    """
    Let nobody log in under an account any more; its sessions end at once. Sending it twice is harmless.

    Raises:
        NotFound: there is no such account.
        Refused: `last_administrator`: nobody could make accounts any more.
    """
    turns.take(uow.session, "administrators")
    row = _held(uow, account_id)
    if row.disabled_at is not None:
        return
    accounts.set_values(uow.session, account_id, disabled_at=clock.now, disabled_by=by)
    if row.role == "administrator" and not accounts.any_of_role(uow.session, "administrator"):
        raise Refused("last_administrator", handle=row.handle)
    accounts.revoke_all(uow.session, account_id, at=clock.now, by=by)


def enable_account(uow: UnitOfWork, account_id: UUID) -> None:
    """
    Let somebody log in again under an account that was disabled.

    Raises:
        NotFound: there is no such account.
    """
    _held(uow, account_id)
    accounts.set_values(uow.session, account_id, disabled_at=None, disabled_by=None)


def _held(uow: UnitOfWork, account_id: UUID) -> Found:
    row = accounts.find(uow.session, account_id, to_write=True)
    if row is None:
        raise NotFound("not_found", what=str(account_id))
    return row


def _check(new: NewAccount) -> None:
    if not HANDLE.fullmatch(new.handle):
        raise Invalid("account_field_unusable", field="handle")
    if new.role not in ROLES:
        raise Invalid("account_field_unusable", field="role")


def _staff_of(uow: UnitOfWork, new: NewAccount) -> UUID | None:
    """The member of staff who logs in; a county officer of a database without offices has none."""
    found: UUID | None = None
    if new.role in OF_STAFF or new.role == "county":
        row = staff.by_handle(uow.session, new.handle)
        found = row.id if row is not None else None
        if found is None and (new.role in OF_STAFF or offices.any_known(uow.session)):
            raise Refused("staff_needed", handle=new.handle)
    return found


def _office_of(uow: UnitOfWork, new: NewAccount) -> UUID | None:
    if new.role != "integration":
        return None
    if new.office_id is None:
        raise Refused("office_needed", handle=new.handle)
    if not offices.exists(uow.session, new.office_id):
        raise Refused("unknown_office")
    return new.office_id
