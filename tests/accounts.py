"""Accounts for tests: a house with a database and a wall clock, whose people log in with one password."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine

from tests.builders import RING
from workflow.rules.access import AccountRole
from workflow.services.accounts import NewAccount, create_account
from workflow.services.callers import Caller
from workflow.services.clock import Instant
from workflow.services.passwords import Passwords
from workflow.services.sessions import SessionKind, recognise
from workflow.services.signing_in import Attempt, Lasting, SignedIn, log_in
from workflow.services.staffing import add_staff
from workflow.store.unit_of_work import UnitOfWork

PASSWORD = "a long one, for tests"
OTHER_PASSWORD = "another, and as long"
QUICK = Passwords(time_cost=1, memory_kib=32)
"""Argon2id as it is, made quick: what a test opens is worth nothing."""
HOME, CAFE = "192.0.2.1", "198.51.100.7"


@dataclass
class House:
    """The services of logging in on one database; `pass_time` moves the clock on the wall."""

    engine: Engine
    passwords: Passwords = QUICK
    now: datetime = field(default=datetime(2026, 3, 2, 1, 30, tzinfo=UTC))

    def uow(self, *, reading: bool = False) -> UnitOfWork:
        return UnitOfWork(self.engine, RING, reading=reading)

    @property
    def clock(self) -> Instant:
        return Instant.at(self.now)

    @property
    def today(self) -> date:
        return self.clock.today

    def pass_time(self, **much: float) -> None:
        self.now += timedelta(**much)

    def account(self, handle: str, role: AccountRole = "administrator", **more: Any) -> UUID:
        """An account that may log in with `PASSWORD` at once; of staff, with their row on the staff list."""
        if role in ("supervisor", "worker", "helper"):
            self.staff(handle)
        password = None if role == "integration" else PASSWORD
        given = {"password": password, "must_change": False, **more}
        new = NewAccount(more.pop("id", None) or uuid4(), handle, role, **given)
        with self.uow() as uow:
            create_account(uow, new, passwords=self.passwords, clock=self.clock, by="a0")
        return new.id

    def staff(self, handle: str) -> UUID:
        staff_id = uuid4()
        who = {"staff_id": staff_id, "handle": handle, "name": f"某{handle}", "phone": None}
        with self.uow() as uow:
            add_staff(uow, **who, clock=self.clock, by="a0")  # type: ignore[arg-type]
        return staff_id

    def log_in(self, handle: str, password: str = PASSWORD, **more: Any) -> SignedIn:
        place = {"session_id": uuid4(), "address": HOME, **more}
        attempt = Attempt(handle=handle, password=password, **place)
        return log_in(self.uow, attempt, passwords=self.passwords, lasting=Lasting(), now=self.now)

    def lets_in(self, handle: str, password: str = PASSWORD, **more: Any) -> bool:
        """That a login is let in; what refuses it is raised."""
        return bool(self.log_in(handle, password, **more).secret)

    def caller(self, signed: SignedIn, kind: SessionKind = "browser") -> Caller:
        with self.uow(reading=True) as uow:
            return recognise(uow, signed.secret, kind, now=self.now, today=self.today)

    def do(self, work: Any, *args: Any, **more: Any) -> Any:
        """One service in a transaction of its own."""
        with self.uow() as uow:
            return work(uow, *args, **more)
