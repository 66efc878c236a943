"""
The accounts (账号): made by an administrator, changed by their owners, disabled for good or until further notice.

Whoever stands on the staff list logs in under their handle there. The first
administrator is made at a terminal; there is no default account and no default
password. A password that somebody else set opens nothing but its own change.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
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
RESERVED = frozenset({"terminal", "engine", "system", "guitu", "standing"})
"""What records call those who are nobody: whoever had such an account could sign as them."""

OF_STAFF: frozenset[AccountRole] = frozenset({"supervisor", "worker", "helper"})
"""Roles that a member of the staff list has; of a county officer too, wherever there are offices."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """
    An account to make.

    Args:
        handle: how one logs in; of a member of staff, their handle on the staff list.
        password: None for an integration, which uses tokens only.
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


@dataclass(frozen=True, slots=True)
class AccountView:
    """
    An account as an administrator sees it.

    Args:
        has_password: that one logs in with a password; else it uses tokens only.
    """

    id: UUID
    handle: str
    role: AccountRole
    staff_id: UUID | None
    office_id: UUID | None
    has_password: bool
    must_change: bool
    created_at: datetime
    created_by: str
    disabled_at: datetime | None
    disabled_by: str | None


def is_handle(text: str) -> bool:
    """Whether somebody can be called so."""
    return HANDLE.fullmatch(text) is not None


# ------------------------------------------------------------------ looking at them


def account(uow: UnitOfWork, account_id: UUID) -> AccountView:
    """
    One account.

    Raises:
        NotFound: there is none of that id.
    """
    row = accounts.find(uow.session, account_id)
    if row is None:
        raise NotFound("not_found", what=str(account_id))
    return _view(row)


def all_accounts(
    uow: UnitOfWork, *, after: str | None = None, limit: int = 50
) -> Sequence[AccountView]:
    """
    Every account, disabled ones too, by handle.

    Args:
        after: the handle with which the page before ended.
    """
    return [_view(row) for row in accounts.listed(uow.session, after=after, limit=limit)]


def account_of(uow: UnitOfWork, handle: str) -> AccountView:
    """
    The account that logs in under a handle.

    Raises:
        NotFound: there is none.
    """
    row = accounts.by_handle(uow.session, handle) if is_handle(handle) else None
    if row is None:
        raise NotFound("not_found", what=handle)
    return _view(row)


# ------------------------------------------------------------------ making them


def create_account(
    uow: UnitOfWork, new: NewAccount, *, passwords: Passwords, clock: Instant, by: str
) -> None:
    """
    Make an account. Sending it twice is harmless.

    To be the first thing that its transaction does: nobody waits while a password is stretched.

    Raises:
        Invalid: `account_field_unusable` (handle or role), `password_unusable`, `password_guessable`.
        Conflict: `handle_taken`: somebody else logs in under it, or under one that looks the same;
            `conflict`: another account has this id.
        Refused: `password_needed`, `password_not_used`; `staff_needed`: the role is one of the staff list, and
            the handle is not on it; `unknown_office`, `office_needed`: of an integration.
        Unavailable: `logins_busy`.
    """
    _check(new)
    hashed = None if new.password is None else passwords.hashed(new.password, new.handle)
    turns.take(uow.session, f"account {new.id}", f"login {new.handle.lower()}")
    if known := accounts.find(uow.session, new.id):
        if (known.handle, known.role, known.office_id) != (new.handle, new.role, new.office_id):
            raise Conflict("conflict", id=str(new.id))
        return
    if accounts.taken(uow.session, new.handle):
        raise Conflict("handle_taken", handle=new.handle)
    row: dict[str, Any] = {
        "id": new.id,
        "handle": new.handle,
        "role": new.role,
        "staff_id": _staff_of(uow, new.handle, new.role),
        "office_id": _office_of(uow, new),
        "password_hash": hashed,
        "must_change": new.must_change and new.password is not None,
        "created_at": clock.now,
        "created_by": by,
    }
    accounts.add(uow.session, row)


def change_role(
    uow: UnitOfWork, account_id: UUID, role: AccountRole, *, clock: Instant, by: str
) -> None:
    """
    Let a member of staff have another role; their sessions end, so that nothing of the old one is left open.

    Raises:
        NotFound: there is no such account.
        Refused: `role_is_fixed`: it is no role of staff, before or after; `staff_needed`.
    """
    row = _held(uow, account_id)
    if row.role == role:
        return
    if {row.role, role} - OF_STAFF - {"county"}:
        raise Refused("role_is_fixed", handle=row.handle)
    staff_id = _staff_of(uow, row.handle, role)
    accounts.set_values(uow.session, account_id, role=role, staff_id=staff_id)
    accounts.revoke_all(uow.session, account_id, at=clock.now, by=by)


# ------------------------------------------------------------------ their passwords


def kept_password(uow: UnitOfWork, account_id: UUID) -> str | None:
    """
    The hash of an account's password; None where it uses tokens only.

    Raises:
        NotFound: there is no such account.
    """
    row = accounts.find(uow.session, account_id)
    if row is None:
        raise NotFound("not_found", what=str(account_id))
    found: str | None = row.password_hash
    return found


def put_own_password(
    uow: UnitOfWork, account_id: UUID, *, seen: str, hashed: str, clock: Instant, but: UUID
) -> None:
    """
    Put a password of one's own in the place of the old one; every other session ends.

    Args:
        seen: the hash that the old password was compared with.
        but: the session from which it is changed.

    Raises:
        Refused: `password_wrong`: it was changed meanwhile.
    """
    row = _held(uow, account_id)
    if row.password_hash != seen:
        raise Refused("password_wrong")
    accounts.set_values(uow.session, account_id, password_hash=hashed, must_change=False)
    accounts.revoke_all(uow.session, account_id, at=clock.now, by=row.handle, but=but)


def put_first_password(
    uow: UnitOfWork, account_id: UUID, *, hashed: str, clock: Instant, by: str
) -> None:
    """
    Put a password that somebody else chose: it opens nothing but its own change, and every session and token ends.

    Raises:
        NotFound: there is no such account.
        Refused: `password_not_used`: the account is one of tokens only.
    """
    row = _held(uow, account_id)
    if row.password_hash is None:
        raise Refused("password_not_used", handle=row.handle)
    accounts.set_values(uow.session, account_id, password_hash=hashed, must_change=True)
    accounts.revoke_all(uow.session, account_id, at=clock.now, by=by)


# ------------------------------------------------------------------ shutting them


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


# ------------------------------------------------------------------ what all of it rests on


def _held(uow: UnitOfWork, account_id: UUID) -> Found:
    row = accounts.find(uow.session, account_id, to_write=True)
    if row is None:
        raise NotFound("not_found", what=str(account_id))
    return row


def _check(new: NewAccount) -> None:
    if not is_handle(new.handle) or new.handle.lower() in RESERVED:
        raise Invalid("account_field_unusable", field="handle")
    if new.role not in ROLES:
        raise Invalid("account_field_unusable", field="role")
    if new.role == "integration" and new.password is not None:
        raise Refused("password_not_used", handle=new.handle)
    if new.role != "integration" and new.password is None:
        raise Refused("password_needed", handle=new.handle)


def _staff_of(uow: UnitOfWork, handle: str, role: AccountRole) -> UUID | None:
    """The member of staff who logs in; a county officer of a database without offices has none."""
    found: UUID | None = None
    if role in OF_STAFF or role == "county":
        row = staff.by_handle(uow.session, handle)
        found = row.id if row is not None else None
        if found is None and (role in OF_STAFF or offices.any_known(uow.session)):
            raise Refused("staff_needed", handle=handle)
    return found


def _office_of(uow: UnitOfWork, new: NewAccount) -> UUID | None:
    if new.role != "integration":
        return None
    if new.office_id is None:
        raise Refused("office_needed", handle=new.handle)
    if not offices.exists(uow.session, new.office_id):
        raise Refused("unknown_office")
    return new.office_id


def _view(row: Found) -> AccountView:
    return AccountView(
        id=row.id,
        handle=row.handle,
        role=row.role,
        staff_id=row.staff_id,
        office_id=row.office_id,
        has_password=row.password_hash is not None,
        must_change=row.must_change,
        created_at=row.created_at,
        created_by=row.created_by,
        disabled_at=row.disabled_at,
        disabled_by=row.disabled_by,
    )
