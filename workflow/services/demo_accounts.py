"""
Who may log in to a demo (演示账号): accounts whose password everybody may know, because no demo holds a real person.

They are made when a demo is loaded and only there: a database that is stamped for an
office has no account that nobody made, and no password that anybody printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from workflow.rules.access import ROLES, AccountRole
from workflow.rules.errors import Refused
from workflow.services.accounts import NewAccount, create_account
from workflow.services.clock import Instant
from workflow.services.modes import demo_today
from workflow.services.passwords import Passwords
from workflow.services.staffing import StaffProfile, read_staff
from workflow.store import accounts, offices, staff
from workflow.store.offices import OfficeOn
from workflow.store.tables import Found
from workflow.store.unit_of_work import UnitOfWork

PASSWORD = "guitu-demo-only"  # noqa: S105 (printed at each start of a demo, and good for nothing else)
ADMINISTRATOR = "admin"
MOST = 500
PRINTED = Passwords(time_cost=1, memory_kib=64)
"""Quick to hash: what is printed on every screen needs no stretching."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of a demo; `office_id` is that of an integration."""

    handle: str
    role: AccountRole
    office_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Login:
    """Who may log in, as it is shown; `name`, `chair` and `office` where the staff list knows them."""

    handle: str
    role: AccountRole
    name: str = ""
    chair: str = ""
    office: str = ""


def make_demo_accounts(uow: UnitOfWork, wanted: Iterable[DemoAccount], clock: Instant) -> None:
    """
    Make the accounts of a demo, each with the password of all; an integration waits for a token. Twice is harmless.

    Raises:
        Refused: `demo_only`: the database is not a demo's.
    """
    if demo_today(uow) is None:
        raise Refused("demo_only")
    for one in wanted:
        new = NewAccount(
            uuid5(NAMESPACE_URL, f"guitu:demo-account:{one.handle}"),
            one.handle,
            one.role,
            None if one.role == "integration" else PASSWORD,
            must_change=False,
            office_id=one.office_id,
        )
        create_account(uow, new, passwords=PRINTED, clock=clock, by=ADMINISTRATOR)


def demo_logins(uow: UnitOfWork, today: date) -> Sequence[Login]:
    """
    Who may log in to this demo, by role and handle; nobody where the database is none.

    Args:
        today: the day on which the staff list is asked who works where.
    """
    if demo_today(uow) is None:
        return ()
    rows = accounts.listed(uow.session, after=None, limit=MOST)
    people = read_staff(uow, [row.staff_id for row in rows if row.staff_id is not None])
    names = dict(_named(offices.as_of(uow.session, on=today)))
    found = [_login(uow, row, people.get(row.staff_id), names) for row in rows]
    return sorted(found, key=lambda one: (tuple(ROLES).index(one.role), one.handle))


def _login(
    uow: UnitOfWork, row: Found, known: StaffProfile | None, names: Mapping[UUID, str]
) -> Login:
    """An account with what the staff list says of whoever has it: a demo posts everybody once."""
    if known is None:
        return Login(row.handle, row.role, office=names.get(row.office_id, ""))
    posting = next(iter(staff.postings_of(uow.session, row.staff_id)))
    office = names.get(posting.office_id, "")
    return Login(row.handle, row.role, known.name, posting.role, office)


def _named(branches: Iterable[OfficeOn]) -> Iterator[tuple[UUID, str]]:
    """Every office of a tree with its name."""
    for each in branches:
        yield each.id, each.name
        yield from _named(each.below)
