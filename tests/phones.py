"""A phone for tests: it pulls page by page, loses some on the way, and keeps just what the pages told it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from tests.accounts import PASSWORD, QUICK, House
from tests.builders import RING
from tests.counties import County
from workflow.rules.access import AccountRole, grant_of
from workflow.rules.remits import remit_of
from workflow.services import phones
from workflow.services.accounts import NewAccount, create_account
from workflow.services.callers import Caller
from workflow.services.clock import Instant
from workflow.services.phones import Asked, Page
from workflow.services.sessions import recognise
from workflow.store.unit_of_work import UnitOfWork

FIXED = {"forms": b"[]", "words": b"{}"}


def token_for(county: County, handle: str, role: AccountRole, now: Instant) -> str:
    """The secret of a login of somebody on the staff list, who gets an account for it."""
    house = House(county.engine, now=now.now)
    new = NewAccount(uuid4(), handle, role, password=PASSWORD, must_change=False)
    with county.uow() as uow:
        create_account(uow, new, passwords=QUICK, clock=now, by="root")
    return house.log_in(handle).secret


def caller(county: County, secret: str, clock: Instant, wall: Instant) -> Caller:
    """Who holds it, with the reach of the day."""
    with county.uow() as uow:
        return recognise(uow, secret, "browser", now=wall.now, today=clock.today)


@dataclass
class Phone:
    """One phone; `wall` is when it logged in, so that its login lasts whatever day the county has."""

    county: County
    secret: str
    wall: Instant
    cursor: UUID | None = None
    cases: dict[UUID, bytes] = field(default_factory=dict)
    sections: dict[str, bytes] = field(default_factory=dict)

    def ask(self, on: date, *, limit: int = 50) -> Page:
        """The next page, as it is sent; whether it arrives is another matter."""
        clock = Instant.on(on)
        asked = self._asked(clock, limit)
        with UnitOfWork(self.county.engine, RING, reading=True) as uow:
            page = phones.page_of(
                uow, asked, packs=self.county.packs, calendar=self.county.calendar, clock=clock
            )
        with self.county.uow() as uow:
            phones.note(uow, page, asked.caller.account_id, clock)
        return page

    def take(self, page: Page) -> None:
        """Apply a page whole, as the client has to."""
        if page.whole:
            self.cases, self.sections = {}, {}
        for gone in page.removed:
            del self.cases[gone]
        self.cases |= page.cases
        self.sections |= page.sections
        self.cursor = page.next

    def pull(self, on: date, *, limit: int = 50) -> list[Page]:
        """All pages there are."""
        pages = [self.ask(on, limit=limit)]
        self.take(pages[0])
        while pages[-1].more:
            pages.append(self.ask(on, limit=limit))
            self.take(pages[-1])
        return pages

    def another(self) -> Phone:
        """A new phone of the same person."""
        return Phone(self.county, self.secret, self.wall)

    def case(self, case_id: UUID) -> dict[str, Any]:
        """A case as it stands on the phone."""
        found: dict[str, Any] = json.loads(self.cases[case_id])
        return found

    @property
    def mirror(self) -> tuple[dict[UUID, bytes], dict[str, bytes]]:
        """All that it holds."""
        return dict(self.cases), dict(self.sections)

    def _asked(self, clock: Instant, limit: int) -> Asked:
        who = caller(self.county, self.secret, clock, self.wall)
        seen, told = grant_of(who.role, "sync", "read"), grant_of(who.role, "notice", "read")
        recording = grant_of(who.role, "sync", "record")
        assert seen is not None
        assert told is not None
        assert recording is not None
        remit = remit_of(recording, who.handle)
        return Asked(who, remit, seen.fields, told.fields, FIXED, self.cursor, limit)


def phone_of(county: County, handle: str, role: AccountRole, now: Instant) -> Phone:
    """A new phone of somebody who gets an account for it."""
    return Phone(county, token_for(county, handle, role, now), now)
